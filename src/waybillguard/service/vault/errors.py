"""Errors of imports and searches."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class VaultError(WaybillGuardError):
    """Base of what can go wrong around the vault."""

    code: ClassVar[str] = "vault"


class NotNowError(VaultError):
    """The import is in a state that does not allow this."""

    code: ClassVar[str] = "not_now"


class SearchError(VaultError):
    """The search is incomplete; the message says what to add."""

    code: ClassVar[str] = "search"


class IdempotencyError(VaultError):
    """An idempotency key was used before for something else."""

    code: ClassVar[str] = "idempotency"


class StillRunningError(IdempotencyError):
    """The call under this key has not come to an answer yet."""

    code: ClassVar[str] = "idempotency_running"


class NotAllowedError(VaultError):
    """The person's role does not allow this."""

    code: ClassVar[str] = "not_allowed"


def not_allowed() -> NotAllowedError:
    """Make the error for a role that may not do this."""
    return NotAllowedError(zh="您的岗位无权进行此操作", en="your role does not allow this")
