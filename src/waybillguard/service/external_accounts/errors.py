"""Errors of the register. None of them names an account or a person."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class RegisterServiceError(WaybillGuardError):
    """Base of what can go wrong around lists, proofs and leavers."""

    code: ClassVar[str] = "register_service"
