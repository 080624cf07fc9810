"""This process's client of keyd."""

from functools import cache

from django.conf import settings

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydError


@cache
def keyd() -> KeydClient:
    """Return this process's client of keyd."""
    return KeydClient(settings.CONFIG.keyd_socket, patience=settings.KEYD_PATIENCE)


def keyd_state() -> messages.StatusAnswer | None:
    """Return keyd's status, or None if it does not answer at once."""
    client = KeydClient(settings.CONFIG.keyd_socket, timeout=5.0, patience=0)
    try:
        return client.call(messages.Status(), messages.StatusAnswer)
    except KeydError:
        return None
    finally:
        client.close()
