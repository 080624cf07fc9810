"""Scam prevention in the menu."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, needs

ENTRIES = (
    Entry(
        Group.RISK,
        40,
        "scams",
        _("Scam prevention"),
        "message-report",
        needs(Permission.CALL),
        pages=("scams_check", "warning_new", "warning"),
    ),
)
