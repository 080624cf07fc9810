"""The pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.pages"
    label = "pages"
