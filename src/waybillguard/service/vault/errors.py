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


class TooManySearchesError(SearchError):
    """The searches for persons of this shift are used up."""

    code: ClassVar[str] = "too_many_searches"


def too_many_searches() -> TooManySearchesError:
    """Make the error for one search too many; it says nothing of what was asked."""
    return TooManySearchesError(
        zh="本班次按人查询的次数已用完，未进行本次查询，并已告知负责人。请联系负责人；所有查询都有记录。",
        en="the searches for persons of this shift are used up; this one was not made, and the owner was told. "
        "All are recorded.",
    )


class IdempotencyError(VaultError):
    """An idempotency key was used before for something else."""

    code: ClassVar[str] = "idempotency"


class StillRunningError(IdempotencyError):
    """The call under this key has not come to an answer yet."""

    code: ClassVar[str] = "idempotency_running"


class StateTimeError(VaultError):
    """A reported state has a time that cannot be."""

    code: ClassVar[str] = "state_time"


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
    return NotAllowedError(zh="您的岗位无权进行此操作", en="your role does not allow this")


def sign_in_again() -> StepUpError:
    """Make the error for a sign-in that is too old for what cannot be taken back."""
    return StepUpError(
        zh="此操作无法撤销，需要五分钟内的登录。请重新登录后再试：waybillguard login",
        en="this cannot be taken back and needs a sign-in of the last five minutes. Sign in again: waybillguard login",
    )


def no_day() -> SearchError:
    """Say that a day must be named."""
    return SearchError(zh="请指明要销毁的日期", en="name the day to shred")


def nothing_to_shred() -> SearchError:
    """Say that what was named holds nothing to destroy."""
    return SearchError(
        zh="没有可销毁的订单：号码或日期不对，或已经销毁。",
        en="there is no order to destroy: another number or day, or it was destroyed before.",
    )
