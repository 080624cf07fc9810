"""Cases in the menu."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.RISK,
        20,
        "cases",
        _("Cases"),
        "briefcase",
        needs(Permission.ADMINISTER, Permission.SECOND),
        tabs=(Tab("cases", _("Cases"), pages=("case", "case_tab")),),
    ),
)
