"""Errors of imports and searches."""

from waybillguard.orders.errors import UnreadableFileError
from waybillguard.service.platform.errors import VaultError


class SearchError(VaultError):
    """The search is incomplete; the message tells what to add."""

    code = "search"


class TooManySearchesError(SearchError):
    """The person's searches for this shift are used up."""

    code = "too_many_searches"


def too_many_searches() -> TooManySearchesError:
    """Return the error for one search too many; it repeats nothing of the search."""
    return TooManySearchesError(
        zh="本班次按人查询的次数已用完，未进行本次查询，并已告知负责人。请联系负责人；所有查询都有记录。",
        en="the searches for persons of this shift are used up; this one was not made, and the owner was told. "
        "All are recorded.",
    )


class IdempotencyError(VaultError):
    """The idempotency key was already used for another call."""

    code = "idempotency"


class StillRunningError(IdempotencyError):
    """The call under this key is still running."""

    code = "idempotency_running"


def no_rows() -> UnreadableFileError:
    """Return the error for a file with a header and no rows."""
    return UnreadableFileError(
        zh="文件只有表头，没有订单行。请确认导出的日期范围后重新导出。",
        en="the file has a header and no order under it. Check the days of the export and export it again.",
    )


def no_day() -> SearchError:
    """Return the error for a missing day."""
    return SearchError(zh="请指明要销毁的日期", en="name the day to shred")


def nothing_to_shred() -> SearchError:
    """Return the error for an empty selection."""
    return SearchError(
        zh="没有可销毁的订单：号码或日期不对，或已经销毁。",
        en="there is no order to destroy: another number or day, or it was destroyed before.",
    )
