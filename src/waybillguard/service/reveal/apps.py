"""The reveal app."""

from django.apps import AppConfig


class RevealConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.reveal"
    label = "reveal"
