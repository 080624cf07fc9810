"""This process's way to the key process."""

from functools import cache

from django.conf import settings

from waybillguard.service.keyd.client import KeydClient


@cache
def keyd() -> KeydClient:
    """Return this process's way to the key process."""
    return KeydClient(settings.CONFIG.keyd_socket, patience=settings.KEYD_PATIENCE)
