"""Incoming orders: a self-exciting process with weekdays, evenings and sale days."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from waybillguard.simulate.floor.people import Floor, Shop
from waybillguard.simulate.floor.plan import DAY, Plan, at

#: Share of an ordinary day's orders by local hour; sums to one after scaling.
_HOURS = np.array([2, 1, 1, 1, 1, 1, 2, 3, 4, 6, 7, 6, 5, 5, 6, 6, 6, 5, 6, 8, 10, 10, 8, 5], dtype=float)
#: Local dates (month, day) of sales.
_SALE_DAYS = frozenset({(6, 1), (6, 18), (11, 1), (11, 11), (12, 12), (3, 8)})
#: An order number is its day times this, plus its index in the day.
A_DAY = 1_000_000
#: Share of orders triggered by another order of the last minutes (a live show, a voucher).
_EXCITED = 0.35


@dataclass(slots=True)
class Parcel:
    """An order on its way. ``printed_at`` and the following fields are 0 until they happen; µs UTC."""

    number: int
    shop: Shop
    created_at: int
    printed_at: int = 0
    printed_by: str = ""
    printed_on: str = ""
    shipped_at: int = 0


def intake(plan: Plan, floor: Floor, day: int, level: float, rng: Generator) -> list[Parcel]:
    """Return the orders of one local day, by time."""
    count = min(int(rng.poisson(plan.parcels * floor.size * level * day_factor(day))), A_DAY)
    if not count:
        return []
    own = int(count * (1 - _EXCITED))
    hours = rng.choice(24, size=own, p=_HOURS / _HOURS.sum())
    seconds = hours * 3600.0 + rng.random(own) * 3600
    mothers = seconds[rng.integers(0, max(1, own), size=count - own)] if own else np.zeros(count)
    children = mothers + rng.exponential(420.0, size=len(mothers))
    moments = np.sort(np.minimum(np.concatenate([seconds, children]), DAY - 1.0))
    weights = np.array([shop.weight for shop in floor.shops])
    shops = rng.choice(len(floor.shops), size=len(moments), p=weights / weights.sum())
    return [
        Parcel(
            number=day * A_DAY + i,
            shop=floor.shops[shop],
            created_at=at(day, float(moment)),
        )
        for i, (moment, shop) in enumerate(zip(moments, shops, strict=True))
    ]


def levels(days: int, rng: Generator) -> NDArray[np.float64]:
    """Return the slow drift of a warehouse's volume: a log-normal AR(1) around one."""
    drift = np.zeros(days)
    for i in range(1, days):
        drift[i] = 0.85 * drift[i - 1] + rng.normal(0, 0.08)
    return np.exp(drift)


def day_factor(day: int) -> float:
    """Return a date's multiple of an ordinary day's orders: weekday and sales."""
    date = np.datetime64(day, "D").astype(object)
    if (date.month, date.day) in _SALE_DAYS:
        return 3.2
    return (1.0, 1.02, 1.0, 1.0, 1.08, 1.15, 0.9)[date.weekday()]
