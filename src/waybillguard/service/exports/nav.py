"""Menu entry of exports."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission, Role
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.COMPLY,
        30,
        "exports",
        _("Export approvals"),
        "download",
        needs(Permission.EXPORT),
        roles=frozenset({Role.OWNER, Role.SUPERVISOR, Role.INSPECTOR}),
        tabs=(
            Tab("exports", _("Export approvals"), pages=("export", "export_new")),
            Tab("recipients", _("Recipients"), needs(Permission.SECOND)),
        ),
    ),
)
