"""Say which error a test expects, where its class alone does not tell."""

from collections.abc import Callable

from waybillguard.errors import WaybillGuardError


def has_code(code: str) -> Callable[[WaybillGuardError], bool]:
    """Return a check for `pytest.raises` that the error has ``code``."""
    return lambda error: error.code == code
