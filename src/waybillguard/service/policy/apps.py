"""The policy app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.policy"
    label = "policy"
