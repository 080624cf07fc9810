"""Start Django in a process of the service: the secret comes from keyd, never from a file."""

from waybillguard.service.config import Config, default_data_dir, use_process_secret
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient


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

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waybillguard.service.settings")
    django.setup()
