"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "exports",
        _("Exports"),
        "download",
        Group.DAY,
        50,
        Permission.EXPORT,
        ("export", "export_new", "recipients"),
    ),
)
