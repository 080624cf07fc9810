"""Errors of imports and searches."""

from typing import ClassVar

from waybillguard.orders.errors import UnreadableFileError
from waybillguard.service.platform.errors import VaultError


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


def no_rows() -> UnreadableFileError:
    """Say that a file has a header and nothing under it."""
    return UnreadableFileError(
        zh="文件只有表头，没有订单行。请确认导出的日期范围后重新导出。",
        en="the file has a header and no order under it. Check the days of the export and export it again.",
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
