"""The calendar of a warehouse: sale days, weekends, the spring festival, and the hours in which people buy.

The factors are set by hand from published trade figures (ten times a normal day on 11.11, a dead week at the spring
festival); they are not measured.
"""

from datetime import date, timedelta
from typing import Final

import numpy as np

from waybillguard.simulate.model import Array

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
#: China has one time zone without summer time.
OFFSET: Final = 8 * HOUR
EPOCH: Final = date(1970, 1, 1)

#: New Year's Day of the lunar calendar (public).
_FESTIVAL: Final = (
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
)
#: (month, day) of a sale's peak → multiple of a normal day, days of rise before, days of decline after.
_SALES: Final = {
    (3, 8): (1.9, 3, 1), (6, 1): (2.0, 1, 1), (6, 18): (4.5, 4, 2), (9, 9): (1.6, 1, 1), (10, 31): (2.0, 1, 1),
    (11, 1): (2.6, 0, 1), (11, 11): (6.0, 5, 2), (12, 12): (2.4, 2, 1),
}  # fmt: skip
_WEEKDAY: Final = (1.06, 1.04, 1.02, 1.0, 0.98, 0.94, 0.96)
#: Orders by hour of an ordinary day, with peaks at noon and in the evening.
_HOURS: Final = (
    2.6, 1.5, 0.8, 0.5, 0.4, 0.6, 1.2, 2.2, 3.6, 5.2, 6.4, 6.2, 5.6, 5.8, 5.6, 5.4, 5.2, 4.8, 4.6, 5.4, 7.4, 8.2, 7.6, 4.9,
)  # fmt: skip


def number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - EPOCH).days


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return EPOCH + timedelta(days=day)


def midnight(day: int) -> int:
    """Return the local midnight at the start of a day, in microseconds UTC."""
    return day * DAY - OFFSET


def stamp(day: int) -> int:
    """Return yymmdd, the first digits of a day's order numbers."""
    when = date_of(day)
    return when.year % 100 * 10_000 + when.month * 100 + when.day


def sale_factor(day: date) -> float:
    """Return the sale's multiple of a normal day's orders (1 without a sale)."""
    best = 1.0
    for (month, peak_day), (factor, before, after) in _SALES.items():
        away = (day - date(day.year, month, peak_day)).days
        if away == 0:
            best = max(best, factor)
        elif -before <= away < 0:
            best = max(best, 1 + (factor - 1) * 0.25 * (before + 1 + away) / (before + 1))
        elif 0 < away <= after:
            best = max(best, 1 + (factor - 1) * 0.35 / away)
    return best


def festival_factor(day: date) -> float:
    """Return the share of orders left during the spring festival, when couriers stop and workers are at home."""
    for first in _FESTIVAL:
        away = (day - first).days
        if -4 <= away <= 6:  # noqa: PLR2004 - the dead days around the first
            return 0.04
        if -9 <= away < -4 or 6 < away <= 11:  # noqa: PLR2004 - leaving and coming back
            return 0.4
    return 1.0


def volume(day: int) -> float:
    """Return the factor for a warehouse's daily orders."""
    when = date_of(day)
    return _WEEKDAY[when.weekday()] * sale_factor(when) * festival_factor(when)


def weekday(day: int) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    return date_of(day).weekday()


def buying_hours(day: int) -> Array:
    """Return the share of a day's orders per ten-minute window; a sale begins with a burst at 0:00 or 20:00."""
    when = date_of(day)
    shares = np.repeat(np.asarray(_HOURS), 6)
    shares /= shares.sum()
    peak = sale_factor(when)
    if peak >= 1.9:  # noqa: PLR2004 - a day that people wait for
        burst = np.zeros(144)
        opening = 0 if when.month in {11, 12} else 120
        burst[opening : opening + 9] = np.geomspace(1.0, 0.08, 9)
        weight = min(0.55, 0.1 * peak)
        shares = (1 - weight) * shares + weight * burst / burst.sum()
    return shares
