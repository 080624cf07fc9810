"""Errors that several applications raise."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class VaultError(WaybillGuardError):
    """Base of what can go wrong around the vault."""

    code: ClassVar[str] = "vault"


class NotNowError(VaultError):
    """The import is in a state that does not allow this."""

    code: ClassVar[str] = "not_now"


class NotAllowedError(VaultError):
    """The person's role does not allow this."""

    code: ClassVar[str] = "not_allowed"


class StepUpError(NotAllowedError):
    """What cannot be taken back asks for a sign-in of just now."""

    code: ClassVar[str] = "step_up"


class DatabaseRefusedError(VaultError):
    """The database did not write: its disk is full, or it went away. What was begun did not happen."""

    code: ClassVar[str] = "database"


def database_refused() -> DatabaseRefusedError:
    """Make the error for a database that does not write; its own text may quote a row and goes nowhere."""
    return DatabaseRefusedError(
        zh="数据库无法写入（磁盘已满，或数据库已断开）；未完成的部分没有生效，已完成的仍然有效。"
        "请检查磁盘空间与数据库后重试。",
        en="the database does not write (its disk is full, or it is gone); what was not finished did not happen, "
        "what was finished stays. Check disk space and database, then try again.",
    )


def not_allowed() -> NotAllowedError:
    """Make the error for a role that may not do this."""
    return NotAllowedError(zh="您的角色无权进行此操作", en="your role does not allow this")


def sign_in_again() -> StepUpError:
    """Make the error for a sign-in that is too old for what cannot be taken back."""
    return StepUpError(
        zh="此操作无法撤销，需要五分钟内的登录。请重新登录后再试：waybillguard login",
        en="this cannot be taken back and needs a sign-in of the last five minutes. Sign in again: waybillguard login",
    )
