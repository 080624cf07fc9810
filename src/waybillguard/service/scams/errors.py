"""Errors of checks, warning lists and requests. None of them names a person, an order or a message."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class ScamServiceError(WaybillGuardError):
    """What was asked cannot be done; the text says why and what to do."""

    code: ClassVar[str] = "scams"
