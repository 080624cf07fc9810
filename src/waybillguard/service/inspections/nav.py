"""Menu entries of inspections."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.inspections.health import not_yet_inspected
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

_LEADS = needs(Permission.LEAD)

ENTRIES = (
    Entry(
        Group.TODAY,
        5,
        "health_check",
        _("Health check"),
        "list-check",
        needs(Permission.ADMINISTER),
        due=not_yet_inspected,
    ),
    Entry(
        Group.COMPLY,
        20,
        "inspections",
        _("Inspections"),
        "clipboard-check",
        needs(Permission.LEDGER),
        tabs=(
            Tab("inspections", _("Inspections"), pages=("inspection",)),
            Tab("health_check", _("Health check")),
            Tab("label_samples", _("Label samples"), pages=("label_sample", "inspection_photos")),
            Tab("inspection_documents", _("Documents"), pages=("inspection_document_add",)),
            Tab("register_entries", _("Incidents and requests"), _LEADS, ("register_entry",)),
        ),
    ),
)
