"""Menu entry of external accounts."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, needs

ENTRIES = (
    Entry(
        Group.PEOPLE,
        20,
        "register",
        _("External accounts"),
        "key",
        needs(Permission.ADMINISTER),
        pages=("register_list", "leaving"),
    ),
)
