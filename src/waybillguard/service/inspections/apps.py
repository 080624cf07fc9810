"""The inspections app."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.inspections"
    label = "inspections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the pages that accept file uploads."""
        from waybillguard.service.identity.models import Permission
        from waybillguard.service.vault.uploads import UPLOAD_PAGES

        UPLOAD_PAGES.update(
            {
                "inspection_document_add": Permission.LEAD,
                "inspection_photos": Permission.LEAD,
            }
        )
