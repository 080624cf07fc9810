"""Errors raised by several applications."""

from waybillguard.errors import WaybillGuardError


class VaultError(WaybillGuardError):
    """Base class of errors about the vault."""

    code = "vault"


class NotAllowedError(VaultError):
    """The person's role does not allow the operation."""

    code = "not_allowed"


def database_refused() -> VaultError:
    """Make the error for a failed write; the database's own message may quote a row and is not included."""
    return VaultError(
        code="database",
        zh="数据库无法写入（磁盘已满，或数据库已断开）；未完成的部分没有生效，已完成的仍然有效。"
        "请检查磁盘空间与数据库后重试。",
        en="the database does not write (its disk is full, or it is gone); what was not finished did not happen, "
        "what was finished stays. Check disk space and database, then try again.",
    )


def not_allowed() -> NotAllowedError:
    """Make the error for a role that does not allow the operation."""
    return NotAllowedError(zh="您的角色无权进行此操作", en="your role does not allow this")


def sign_in_again() -> NotAllowedError:
    """Make the error for a sign-in that is too old for an irreversible operation."""
    return NotAllowedError(
        code="step_up",
        zh="此操作无法撤销，需要五分钟内的登录。请重新登录后再试：waybillguard login",
        en="this cannot be taken back and needs a sign-in of the last five minutes. Sign in again: waybillguard login",
    )
