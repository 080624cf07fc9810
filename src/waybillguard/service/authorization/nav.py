"""Menu entries of the policies."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, needs

ENTRIES = (
    Entry(
        Group.SETTINGS,
        10,
        "policies",
        _("Permission rules"),
        "shield-check",
        needs(Permission.ADMINISTER),
        pages=("policy_edit", "policy_version"),
    ),
    Entry(
        Group.SETTINGS,
        12,
        "limits",
        _("Limits and shifts"),
        "calendar-event",
        needs(Permission.ADMINISTER),
        pages=("limits_check",),
    ),
)
