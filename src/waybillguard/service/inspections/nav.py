"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "inspections",
        _("Inspections"),
        "shield-check",
        Group.PROOF,
        10,
        Permission.LEDGER,
        (
            "inspection",
            "health_check",
            "label_samples",
            "label_sample",
            "inspection_documents",
            "inspection_document_add",
            "register_entries",
            "register_entry",
        ),
    ),
)
