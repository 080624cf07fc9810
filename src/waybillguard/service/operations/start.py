"""Set up Django in a process of the service; its secret comes from keyd, never from a file."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import PATIENCE, KeydClient
from waybillguard.service.platform.config import Config, default_data_dir, use_process_secret
from waybillguard.structs import build_structs

START_PATIENCE: Final = 180.0
"""Seconds that a process of the service waits for keyd, which may restart slowly on a busy machine."""


def start_django(patience: float = PATIENCE) -> None:
    """Fetch this installation's secret from keyd and set up Django; does nothing if it is already set up.

    ``patience``: seconds to wait for a keyd that is starting.

    Raises:
        KeydError: keyd does not answer; Django is not set up.
    """
    from django.apps import apps

    if apps.ready:
        return
    client = KeydClient(Config(default_data_dir()).keyd_socket, patience=patience)
    secret = client.call(messages.Derive(purpose="django"), messages.Secret)
    client.close()
    use_process_secret(secret.value)
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waybillguard.service.platform.settings")
    with loading():
        django.setup()
        build_structs()


def load_rooms() -> None:
    """Import the modules that the first request needs, before the process has more than one thread."""
    from django.urls import get_resolver

    with loading():
        get_resolver().url_patterns  # noqa: B018 - reading it imports every room
        build_structs()


@contextmanager
def loading() -> Iterator[None]:
    """Exclude modules loaded in the block from garbage collection: they stay, and scanning takes 10 % of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
