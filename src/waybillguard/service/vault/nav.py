"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry("imports", _("Import"), "cloud-upload", Group.DAY, 20, Permission.IMPORT, ("import_detail",)),
    Entry("keys", _("Vault keys"), "lock", Group.PROOF, 10, Permission.ADMINISTER),
    Entry(
        "retention", _("Retention"), "archive", Group.PROOF, 20, Permission.ADMINISTER, ("retention_destroy",)
    ),
)
