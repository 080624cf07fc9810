"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "policies",
        _("Policies"),
        "shield-check",
        Group.RULES,
        20,
        Permission.ADMINISTER,
        ("policy_edit", "policy_version", "looks_of", "duty"),
    ),
)
