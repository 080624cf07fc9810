"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, needs

ENTRIES = (
    Entry(
        Group.RISK,
        30,
        "print_pcs",
        _("Print PCs"),
        "device-desktop-analytics",
        needs(Permission.LEAD),
        pages=("print_pc",),
    ),
)
