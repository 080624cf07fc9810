"""Menu entries of orders, calls and quotas."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.SHIP,
        20,
        "orders",
        _("Orders"),
        "list-search",
        needs(Permission.VIEW),
        tabs=(
            Tab("orders", _("Orders"), pages=("order_detail", "order_search", "reveal", "reveal_show")),
            Tab("lanes", _("Orders by lane")),
        ),
        pages=("looks",),
    ),
    Entry(
        Group.SHIP,
        40,
        "calls",
        _("Call the consignee"),
        "phone-call",
        needs(Permission.CALL),
        pages=("call",),
    ),
)
