"""Menu entries of the hub."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

_LEADS = needs(Permission.ADMINISTER)

ENTRIES = (
    Entry(
        Group.COMPLY,
        30,
        "town",
        _("Town"),
        "building-warehouse",
        needs(Permission.LEDGER),
        tabs=(
            Tab("town", _("Common gaps"), pages=("town_warehouse",)),
            Tab("specials", _("Special inspections"), pages=("special", "special_phone")),
            Tab(
                "joint_cases",
                _("Joint cases"),
                pages=(
                    "joint_case",
                    "joint_event",
                    "joint_tasks",
                    "joint_step",
                    "joint_attach",
                    "joint_parties",
                    "joint_room",
                ),
            ),
            Tab("criminal_cases", _("Criminal cases"), pages=("screenings", "screening")),
            Tab("town_notices", _("Town notices"), pages=("town_notice",)),
            Tab("hub_inbox", _("From the hub")),
            Tab("town_settings", _("Town settings"), _LEADS, ("town_warehouse_code",)),
            Tab("hub_link", _("Report to a hub"), _LEADS),
        ),
    ),
)
