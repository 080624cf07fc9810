"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.api"
    label = "api"
