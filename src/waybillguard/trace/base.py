"""Base rates: calls from other leaks and wrong reports, by goods class, shop, carrier and day.

The rates are shrunk hard towards the warehouse's average. A freely fitted base would explain the leaks away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from waybillguard.trace.field import Floats, Times
from waybillguard.trace.laws import UNTIMED, Reach, Waiting
from waybillguard.trace.material import BINS_A_DAY, Ground

_CLASS_WEIGHT: Final = 20.0
"""Weight of the warehouse's average against a goods class, in pseudo-victims."""
_FACTORS: Final = ((1, 60.0, 1.15), (2, 60.0, 1.15))
"""Index in the cell (shop, carrier), weight in pseudo-victims, and the largest factor."""
_DAY_WEIGHT, _DAY_WIDEST, _DAY_SMOOTH = 150.0, 1.1, 9
_FLOOR: Final = 1e-3
_SENTINEL: Final = 0.02
"""Base rate of a sentinel as a share of the ordinary rate. Nobody else has its number: only wrong numbers remain."""


@dataclass(frozen=True, slots=True)
class Base:
    """Rates of one warehouse: by cell, and a smooth factor by day of the order."""

    by_cell: Floats
    by_day: Floats
    shares: Floats
    """Rate of each victim at the time of the call."""
    ordinary: Floats
    """The same rates with sentinels counted as ordinary victims, so that a permutation compares like with like."""
    expected: float
    """Number of victims on the list that these rates expect."""


def fit(
    ground: Ground,
    times: Times,
    waiting: Waiting,
    reach: Reach,
    close: float,
    weights: Floats,
    *,
    factors: bool,
) -> Base:
    """Fit the rates to the victims, each weighted by its chance of belonging to the base (``weights``).

    Args:
        ground: victims and order cells.
        times: when the victims were called.
        waiting: from order to call or report.
        reach: chance of being on the list, by days since the order.
        close: when the list was closed.
        weights: chance of belonging to the base, by victim.
        factors: also fit shops, carriers and days; only once the leaks are found.
    """
    sentinel = np.array([at in ground.sentinels for at in range(len(ground.victims))], dtype=np.bool_)
    weights = np.where(sentinel, 0.0, weights)
    places = {cell: at for at, cell in enumerate(ground.cells)}
    cell = np.array([places[one.category, one.shop, one.carrier] for one in ground.victims])
    middles = (ground.first_bin + np.arange(ground.cell_orders.shape[1]) + 0.5) / BINS_A_DAY
    seen = ground.cell_orders * reach(close - middles)
    exposure = seen.sum(axis=1)
    total = max(float(exposure.sum()), 1.0)
    average = max(float(weights.sum()), 0.5) / total
    rate = np.full(len(ground.cells), average)
    for group in _groups([one[0] for one in ground.cells]):
        found = weights[np.isin(cell, group)].sum()
        rate[group] = (found + _CLASS_WEIGHT) / (exposure[group].sum() + _CLASS_WEIGHT / average)
    by_day = np.ones(len(middles))
    if factors:
        for place, pseudo, widest in _FACTORS:
            for group in _groups([one[place] for one in ground.cells]):
                factor = (weights[np.isin(cell, group)].sum() + pseudo) / (
                    (exposure * rate)[group].sum() + pseudo
                )
                rate[group] *= min(widest, max(1 / widest, factor))
        by_day = _by_day(ground, times, weights, (seen * rate[:, None]).sum(axis=0))
    known = ~np.isnan(times.created)
    waits = np.where(known, times.contact - times.created, np.nan)
    density = waiting.density(waits, times.late)
    at = np.where(known, np.nan_to_num(times.created) * BINS_A_DAY - ground.first_bin, 0).astype(np.int64)
    day = by_day[np.clip(at, 0, len(by_day) - 1)] if len(by_day) else np.ones(len(cell))
    expected = float((seen * by_day * rate[:, None]).sum())
    shares = rate[cell] * day * np.maximum(density, UNTIMED * _FLOOR)
    return Base(rate, by_day, np.where(sentinel, _SENTINEL * shares, shares), shares, expected)


def _groups(names: Sequence[str]) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    array = np.array(names)
    return [np.flatnonzero(array == name) for name in np.unique(array)]


def _by_day(ground: Ground, times: Times, weights: Floats, expected: Floats) -> Floats:
    size = len(expected)
    known = ~np.isnan(times.created)
    at = np.clip((times.created[known] * BINS_A_DAY - ground.first_bin).astype(np.int64), 0, size - 1)
    found = np.bincount(at, weights[known], size)
    kernel = np.ones(_DAY_SMOOTH * BINS_A_DAY)

    def smooth(values: Floats) -> Floats:
        # Keep the length of the input, also if it is shorter than the kernel.
        whole = np.convolve(values, kernel)
        begin = (len(kernel) - 1) // 2
        return whole[begin : begin + size]

    factor = (smooth(found) + _DAY_WEIGHT) / (smooth(expected) + _DAY_WEIGHT)
    return np.clip(factor, 1 / _DAY_WIDEST, _DAY_WIDEST)
