"""Menu entries for import, retention and keys."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.SHIP,
        10,
        "imports",
        _("Import"),
        "cloud-upload",
        needs(Permission.IMPORT),
        pages=("import_detail",),
    ),
    Entry(
        Group.COMPLY,
        40,
        "retention",
        _("Retention and destruction"),
        "archive",
        needs(Permission.ADMINISTER),
        tabs=(
            Tab("retention", _("Retention and destruction"), pages=("retention_destroy", "plan")),
            Tab("keys", _("Keys and indexes"), needs(Permission.ADMINISTER)),
        ),
    ),
)
