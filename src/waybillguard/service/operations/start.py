"""Start Django in a process of the service: the secret comes from keyd, never from a file."""

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.platform.config import Config, default_data_dir, use_process_secret
from waybillguard.structs import build_structs


def start_django() -> None:
    """Fetch this installation's secret from keyd and set Django up.

    Raises:
        KeydError: keyd does not answer; then nothing starts.
    """
    client = KeydClient(Config(default_data_dir()).keyd_socket)
    secret = client.call(messages.Derive(purpose="django"), messages.Secret)
    client.close()
    use_process_secret(secret.value)
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waybillguard.service.platform.settings")
    django.setup()
    build_structs()


def load_rooms() -> None:
    """Load what a process with many threads would load at its first request, before there is a second thread."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - reading it imports every room
    build_structs()
