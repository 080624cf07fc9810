"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "register",
        _("Outside accounts"),
        "key",
        Group.RULES,
        70,
        Permission.ADMINISTER,
        ("register_list", "leaving"),
    ),
)
