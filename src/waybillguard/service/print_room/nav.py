"""Menu entries of the print room."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.SHIP,
        30,
        "printing",
        _("Print"),
        "printer",
        needs(Permission.PRINT),
        tabs=(
            Tab("printing", _("Print"), pages=("run_detail", "wave")),
            Tab("scans", _("Scans")),
            Tab("stations", _("Stations"), needs(Permission.LEAD)),
        ),
    ),
)
