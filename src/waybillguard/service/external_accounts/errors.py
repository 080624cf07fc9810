"""Errors of external accounts. Messages never name an account or a person."""

from waybillguard.errors import WaybillGuardError


class RegisterServiceError(WaybillGuardError):
    """Base class of errors in lists, proofs and offboarding."""

    code = "register_service"
