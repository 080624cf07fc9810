"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "printing",
        _("Print"),
        "printer",
        Group.DAY,
        40,
        Permission.PRINT,
        ("run_detail", "wave", "stations", "scans"),
    ),
)
