"""Working days in China, from the package ``chinese_calendar`` with the project's own corrections."""

from datetime import date, timedelta
from functools import cache
from typing import Final

import chinese_calendar
import msgspec

from waybillguard.inspect.catalogue import read_yaml

_WEEKEND: Final = 5
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Corrections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days that are wrong or missing in the package, and the last year with a published holiday notice."""

    announced_through: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]


@cache
def corrections() -> Corrections:
    """Return the project's own corrections."""
    return read_yaml("cases/working_days.yaml", Corrections)


def is_working_day(day: date) -> bool:
    """Return whether authorities work on a day: weekdays except holidays, plus make-up days on weekends.

    For years that the package does not cover, weekdays except the fixed holidays of the State Council's Regulation
    on Public Holidays, Article 2 (1 January, 1 and 2 May, 1 to 3 October). ``certain`` returns False for these years.
    """
    own = corrections()
    if day in own.workdays or day in own.holidays:
        return day in own.workdays
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year that the package does not cover
        return day.weekday() < _WEEKEND and (day.month, day.day) not in _FIXED


def next_working_day(day: date) -> date:
    """Return the day itself if it is a working day, otherwise the next working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, amount: int) -> date:
    """Return the ``amount``-th working day after ``day``."""
    while amount:
        day += timedelta(days=1)
        amount -= is_working_day(day)
    return day


def certain(day: date) -> bool:
    """Return whether the holiday notice of that year was published when this version was made."""
    return day.year <= corrections().announced_through
