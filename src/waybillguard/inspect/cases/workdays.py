"""Working days in China: the package ``holidays``, corrected by the project's own file."""

from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays
import msgspec

from waybillguard.inspect.catalogue import read_yaml

_WEEKEND: Final = 5
_FIRST_YEAR, _LAST_YEAR = 2010, 2040


class Corrections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days that the package has wrong or not yet, and the last year whose notice was out."""

    announced_through: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]


@cache
def corrections() -> Corrections:
    """Return the project's own rows."""
    return read_yaml("cases/working_days.yaml", Corrections)


@cache
def _china() -> tuple[frozenset[date], frozenset[date]]:
    found = holidays.country_holidays("CN", years=range(_FIRST_YEAR, _LAST_YEAR))
    worked = frozenset(getattr(found, "weekend_workdays", ()))
    return frozenset(found), worked


def is_working_day(day: date) -> bool:
    """Say whether authorities work on a day: weekdays but holidays, and weekend days worked in exchange."""
    own = corrections()
    if day in own.workdays:
        return True
    if day in own.holidays:
        return False
    free, worked = _china()
    return day in worked or (day.weekday() < _WEEKEND and day not in free)


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
