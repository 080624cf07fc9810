"""The duty app."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.duty"
    label = "duty"
