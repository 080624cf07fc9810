"""Working days in China: the package ``chinese_calendar``, corrected by the project's own file."""

from datetime import date, timedelta
from functools import cache
from typing import Final

import chinese_calendar
import msgspec

from waybillguard.inspect.catalogue import read_yaml

_WEEKEND: Final = 5
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Corrections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days that the package has wrong or not yet, and the last year whose notice was out."""

    announced_through: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]


@cache
def corrections() -> Corrections:
    """Return the project's own rows."""
    return read_yaml("cases/working_days.yaml", Corrections)


def is_working_day(day: date) -> bool:
    """Say whether authorities work on a day: weekdays but holidays, and weekend days worked in exchange.

    Of a year whose holidays the package does not know, weekdays but the fixed holidays of the State Council's
    Regulation on Public Holidays, Article 2 (1 January, 1 and 2 May, 1 to 3 October); ``certain`` is False then.
    """
    own = corrections()
    if day in own.workdays or day in own.holidays:
        return day in own.workdays
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year outside its tables
        return day.weekday() < _WEEKEND and (day.month, day.day) not in _FIXED


def next_working_day(day: date) -> date:
    """Return the day itself if it is worked, else the first working day after it."""
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
    """Say whether the notice on the holidays of that year was out when this version was made."""
    return day.year <= corrections().announced_through
