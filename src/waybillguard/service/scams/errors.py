"""Errors of checks, warning lists and requests. Messages never name a person, an order or a message."""

from waybillguard.errors import WaybillGuardError


class ScamServiceError(WaybillGuardError):
    """The action is not possible; the text says why and what to do."""

    code = "scams"
