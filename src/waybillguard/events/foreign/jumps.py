"""Finds rows of a log whose clock had jumped: far out of the order of all others."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

FAR: Final = 6 * 3_600 * 1_000_000
"""Minimum distance in microseconds of an out-of-order row from its neighbours."""
_ORDERED: Final = 0.9
_FEWEST: Final = 5


def jumps(times: Sequence[int]) -> frozenset[int]:
    """Return the indexes of rows written while the clock was wrong.

    A log is written in order of time, or exported latest first. If nine in ten rows keep one such order, rows
    outside the longest ordered run that are more than six hours off the surrounding rows are jumps. If no order is
    kept, or more than a tenth of the rows is outside it, as in concatenated logs of several stations, no jumps are
    reported.

    Args:
        times: microseconds, in file order.

    >>> hour = 3_600_000_000
    >>> sorted(jumps([1 * hour, 2 * hour, 3 * hour, -90 * hour, 4 * hour, 5 * hour, 6 * hour, 7 * hour] * 1 + [8 * hour] * 9))
    [3]
    """
    if len(times) < _FEWEST:
        return frozenset()
    pairs = len(times) - 1
    rising = sum(times[n] <= times[n + 1] for n in range(pairs))
    falling = sum(times[n] >= times[n + 1] for n in range(pairs))
    if max(rising, falling) < pairs * _ORDERED - 2:
        return frozenset()
    series = list(times) if rising >= falling else [-time for time in times]
    kept = _longest_run(series)
    inside = set(kept)
    found = set()
    for place, time in enumerate(series):
        if place in inside:
            continue
        after = bisect_right(kept, place)
        near = [series[kept[n]] for n in (after - 1, after) if 0 <= n < len(kept)]
        if all(abs(time - other) > FAR for other in near):
            found.add(place)
    most = max(_FEWEST // 2, int(len(times) * (1 - _ORDERED)))
    return frozenset(found) if len(found) <= most else frozenset()


def _longest_run(series: Sequence[int]) -> list[int]:
    """Return the indexes of a longest non-decreasing subsequence (patience sorting)."""
    tails: list[int] = []
    values: list[int] = []
    before: list[int] = []
    for place, value in enumerate(series):
        at = bisect_right(values, value)
        before.append(tails[at - 1] if at else -1)
        if at == len(tails):
            tails.append(place)
            values.append(value)
        else:
            tails[at], values[at] = place, value
    run: list[int] = []
    place = tails[-1] if tails else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]
