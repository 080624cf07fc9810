"""The training app."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the facts for inspections."""
        from waybillguard.service.audit.facts import FACTS, FactSource
        from waybillguard.service.training.services import observe

        FACTS.add(FactSource("training", observe))
