"""Keeps the counts of past days and derives each day's limits from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.detect.catalogue import COUNTS, Detector
from waybillguard.detect.expectation import Floats, Past, expect, relax, weekly_drift

WITH_LEVEL: Final = frozenset(
    {"unexplained", "volume", "reprint", "burst", "browse", "leaving", "sleeping", "shared"}
)
"""Counts expected to grow with the orders of a sale day.

Counts of labels are excluded: the level is computed from prints, so a thief's own prints would raise it.
"""
_RELAXED: Final = WITH_LEVEL | {"export", "unscanned", "unordered"}
_MOST_DAYS: Final = 90
_OWN_DAYS: Final = 5
"""In logs without explanations, days of its own that an account needs before it is judged over several days."""
_AT_LEAST: Final = 1.5
_EXPLAINED_VOLUME: Final = 4.0
_EXPLAINED_LEAST: Final = 150.0
_FORTNIGHT: Final = 14
_EXPLAINED_LONG: Final = 3.0
_EXPLAINED_LONG_LEAST: Final = 100.0
"""Explained work counts as theft only far above its usual amount: on one day, or over two weeks."""
_WITHOUT_REASONS: Final = 1.0
"""Reduction of rarity in logs without explanations, where only the count of all looks shows a slow theft.

Ten times the false alarms are accepted.
"""
_BY_HAND: Final = 150.0
"""In logs without explanations, orders that ten minutes of manual work may show."""


@dataclass(frozen=True, slots=True)
class People:
    """The A accounts of a day, in the book's order.

    Attributes:
        site: index of the pair of tenant and role.
        group: index of the role.
        new: whether the tenant's log began less than three days ago.
        explains: whether the tenant's log explains its looks.
        mean, scatter: prior expectation for the kind of role, without any history, (A, C).
        level: the tenant's orders relative to a usual day, at least 1.
        active: whether the account worked today.
        newcomer: whether the account first appeared less than three weeks ago, at least a week after the log began.
    """

    site: NDArray[np.int64]
    group: NDArray[np.int64]
    new: NDArray[np.bool_]
    explains: NDArray[np.bool_]
    mean: Floats
    scatter: Floats
    level: Floats
    active: NDArray[np.bool_]
    newcomer: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits by account and count, (A, C).

    Attributes:
        need: the smallest count of today that exceeds the limit.
        days: number of days that the limit covers, today included.
        before: the count on the days before today.
        expected: the usual count for those days.
        usual: the usual count for today alone.
    """

    need: Floats
    days: NDArray[np.int64]
    before: Floats
    expected: Floats
    usual: Floats


class Book:
    """Counts by account, day and kind of count; grows one day at a time and keeps ninety days."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        by = {one.counts: one for one in detectors}
        self._rarity: Floats = np.array([by[name].rarity.value for name in COUNTS])
        self._least: Floats = np.array([by[name].least.value for name in COUNTS])
        # Acts that no honest account does (prior mean 0) need no history: their limit is the owner's ``least``.
        self._never = np.array([not any(mean for mean, _ in by[name].prior.values()) for name in COUNTS])
        self._lengths = {
            length: np.array([length in by[name].days for name in COUNTS])
            for length in sorted({length for one in detectors for length in one.days})
        }
        self._counts = np.zeros((0, 0, len(COUNTS)))
        self._weights = np.zeros((0, 0, len(COUNTS)))
        self._days: list[int] = []

    def limits(self, day: int, today: Floats, people: People) -> Limits:
        """Return the limits for a day.

        Args:
            day: the day, later than every day learnt.
            today: the day's counts, (A, C). They can only raise a limit, where many accounts rise together.
            people: the accounts.
        """
        shape = today.shape
        need = np.full(shape, np.inf)
        days = np.ones(shape, dtype=np.int64)
        before, expected_of, usual = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        present = np.where(people.active[:, None], today, 0.0)
        present[:, COUNTS.index("shared")] = 0.0  # everybody at a shared station has the same count
        bare = ~people.explains[:, None] & (np.arange(shape[1]) == COUNTS.index("unexplained"))
        rarity = self._rarity - _WITHOUT_REASONS * bare
        for length, past in self._pasts(day, people, shape[0]):
            expected, limit = expect(past, present, rarity)
            limit = np.maximum(limit, self._least - past.window)
            limit = np.maximum(limit, _AT_LEAST * expected - past.window)
            limit = np.where(self._never[None, :], self._least - past.window, limit)
            if length == 1:
                usual = expected
                limit = _one_day(limit, today, expected, people)
            else:
                limit = _many_days(limit, past, expected, people)
            better = self._lengths[length][None, :] & (limit < need)
            need = np.where(better, limit, need)
            days = np.where(better, length, days)
            before = np.where(better, past.window, before)
            expected_of = np.where(better, expected, expected_of)
        return Limits(np.ceil(np.maximum(need, 1.0)), days, before, expected_of, usual)

    def learn(self, day: int, counts: Floats, people: People) -> None:
        """Add a day's counts to the history; a count over its limit is passed as its usual value."""
        count = counts.shape[0]
        weights = np.where(people.active, 1.0, 0.0)[:, None] * _weight(people)
        self._counts = np.concatenate([_grown(self._counts, count), counts[:, None]], axis=1)[:, -_MOST_DAYS:]
        self._weights = np.concatenate([_grown(self._weights, count), weights[:, None]], axis=1)[
            :, -_MOST_DAYS:
        ]
        self._days = [*self._days, day][-_MOST_DAYS:]

    def _pasts(self, day: int, people: People, count: int) -> Iterator[tuple[int, Past]]:
        number = np.array(self._days, dtype=np.int64)
        counts, weights = _grown(self._counts, count), _grown(self._weights, count)
        drift = weekly_drift(counts, weights, people.group)
        for length in self._lengths:
            inside = number > day - length
            before = counts[:, ~inside]
            yield (
                length,
                Past(
                    own=before.sum(axis=1),
                    days=weights[:, ~inside].sum(axis=1),
                    squares=np.square(before).sum(axis=1),
                    window=counts[:, inside].sum(axis=1),
                    window_days=weights[:, inside].sum(axis=1),
                    site=people.site,
                    group=people.group,
                    mean=people.mean,
                    scatter=people.scatter,
                    level=_weight(people),
                    drift=drift,
                    length=length,
                    newcomer=people.newcomer,
                ),
            )


def _weight(people: People) -> Floats:
    """Return today's weight in usual days, (A, C)."""
    grows = np.array([name in WITH_LEVEL for name in COUNTS])
    return np.where(grows[None, :], people.level[:, None], 1.0)


def _grown(array: Floats, count: int) -> Floats:
    more = np.zeros((count - array.shape[0], *array.shape[1:]))
    return np.concatenate([array, more])


def _one_day(limit: Floats, today: Floats, expected: Floats, people: People) -> Floats:
    columns = [n for n, name in enumerate(COUNTS) if name in _RELAXED]
    limit[:, columns] = relax(limit, today, people.group, people.new)[:, columns]
    burst, volume = COUNTS.index("burst"), COUNTS.index("volume")
    by_hand = np.maximum(limit[:, burst], _BY_HAND)
    limit[:, burst] = np.where(people.explains, limit[:, burst], by_hand)
    firm = np.maximum(_EXPLAINED_VOLUME * expected[:, volume], _EXPLAINED_LEAST)
    limit[:, volume] = np.where(people.explains, np.maximum(limit[:, volume], firm), limit[:, volume])
    return limit


def _many_days(limit: Floats, past: Past, expected: Floats, people: People) -> Floats:
    own = max(_OWN_DAYS, past.length / 2)
    unknown = people.new | (~people.explains & (past.days[:, 0] < own))
    limit = np.where(unknown[:, None], np.inf, np.maximum(limit, 2.0))
    volume = COUNTS.index("volume")
    firm = np.full(len(limit), np.inf)
    if past.length >= _FORTNIGHT:
        firm = (
            np.maximum(_EXPLAINED_LONG * expected[:, volume], _EXPLAINED_LONG_LEAST) - past.window[:, volume]
        )
    limit[:, volume] = np.where(people.explains, np.maximum(limit[:, volume], firm), limit[:, volume])
    return limit
