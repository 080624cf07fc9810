"""Menu entries of the record of looks."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission, Role
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

_STAFF = needs(Permission.LEDGER)

ENTRIES = (
    Entry(
        Group.COMPLY,
        10,
        "activity",
        _("Access records"),
        "clock",
        roles=frozenset({Role.OWNER, Role.SUPERVISOR, Role.INSPECTOR, Role.MERCHANT}),
        tabs=(
            Tab("activity", _("By month"), pages=("order_activity", "order_looks")),
            Tab("activity_events", _("One by one")),
            Tab("activity_logs", _("Logs of other systems"), _STAFF, ("activity_log", "activity_log_map")),
            Tab("platform_logs", _("Platform logs"), _STAFF, ("platform_shop_add",)),
            Tab("siem", _("SIEM"), needs(Permission.ADMINISTER)),
            Tab("ledger", _("Ledger"), _STAFF, ("ledger_verify",)),
            Tab("protections", _("Protections"), needs(Permission.ADMINISTER)),
        ),
    ),
)
