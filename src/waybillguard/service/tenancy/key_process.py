"""This process's way to the key process."""

from functools import cache

from django.conf import settings

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydError


@cache
def keyd() -> KeydClient:
    """Return this process's way to the key process."""
    return KeydClient(settings.CONFIG.keyd_socket, patience=settings.KEYD_PATIENCE)


def keyd_state() -> messages.StatusAnswer | None:
    """Ask the key process how it is; None where it does not answer at once."""
    client = KeydClient(settings.CONFIG.keyd_socket, timeout=5.0, patience=0)
    try:
        return client.call(messages.Status(), messages.StatusAnswer)
    except KeydError:
        return None
    finally:
        client.close()
