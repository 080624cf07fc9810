"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "activity",
        _("Activity"),
        "clock",
        Group.PROOF,
        30,
        pages=(
            "activity_events",
            "order_activity",
            "activity_logs",
            "activity_log",
            "platform_logs",
            "platform_shop_add",
        ),
    ),
    Entry("ledger", _("Ledger"), "certificate", Group.PROOF, 40, Permission.LEDGER),
)
