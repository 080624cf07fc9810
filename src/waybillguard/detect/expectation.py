"""How far an honest account goes on one day: a limit from its own history, its peers and the day's orders.

Counts of an account's day scatter around a mean of its own (own days, and peers' days where own ones are few), wider
than Poisson; how much wider is learnt from the peers' scatter. The mean itself is known the better the more it has been
seen, and moves from week to week; how much is learnt from the peers' weeks. So a steady account is held to its own past
closely, a new or unsteady one is not.
The limit is the mean plus what Bernstein's inequality (1946) leaves to chance once in 10^rarity days: with variance v
and jump b, ``P(X >= mean + t) <= exp(-t^2 / (2 (v + b t / 3)))``. No distribution is assumed, none is fitted. Of windows of n days there are
n times fewer that do not overlap, so their rarity is less by log10 n.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_OWN: Final = 5.0
"""Peers weigh as many days of an account's own history."""
_NEW: Final = 20.0
"""Whoever has worked for fewer days may still practise: careful colleagues do not lower what is expected of him."""
_GROUP: Final = 10.0
"""The wider group weighs as many account-days of the narrower."""
_PRIOR: Final = 20.0
"""What is expected of anybody weighs as many account-days."""
_DIFFER: Final = 0.5
"""Relative variance between accounts' means, before anything is known of them."""
_DIFFER_WEIGHT: Final = 4.0
_DRIFT: Final = 0.05
"""The same of an account's mean from week to week: a quarter up or down."""
_DRIFT_WEIGHT: Final = 3.0
_MOST_DRIFT: Final = 1.0
_WEEK: Final = 7
_FULL_WEEK: Final = 3.0
_LEAST_MEAN: Final = 0.3
_MOST_SCATTER: Final = 400.0
_RISE: Final = 5.0
_MOST_RISE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Past:
    """What is known before a day: A accounts, C counts, for one length of window.

    Attributes:
        own, days: learnt counts before the window and the active days they come from, (A, C); a busy day counts as
            more than one.
        squares: sum of squared learnt counts before the window, (A, C).
        window, window_days: counts within the window before today, and active days, (A, C).
        site, group: number of the account's tenant and role together, and of its role.
        mean, scatter: what is expected of the account's kind of role by nobody's history, (A, C).
        level: today's orders against a usual day's, (A, C), at least 1.
        drift: relative variance of an account's mean from week to week, (A, C).
        length: days of the window.
        newcomer: who may still practise, (A,): careful colleagues do not lower what is expected of them.
    """

    own: Floats
    days: Floats
    squares: Floats
    window: Floats
    window_days: Floats
    site: NDArray[np.int64]
    group: NDArray[np.int64]
    mean: Floats
    scatter: Floats
    level: Floats
    drift: Floats
    length: int
    newcomer: NDArray[np.bool_]


def expect(past: Past, today: Floats, rarity: Floats) -> tuple[Floats, Floats]:
    """Return (what is expected of the window with today in it, how many today are too many), both (A, C).

    Args:
        past: what is known.
        today: the day's counts, (A, C): where colleagues do more than expected too, it is the work, not the person.
        rarity: (A, C).
    """
    days = past.days
    peers = _peer_mean(past)
    peers = np.where(past.newcomer[:, None], np.maximum(peers, past.mean), peers)
    mean = (past.own + _OWN * peers) / (days + _OWN)
    scatter, differ = _scatter(past)
    expected = mean * (past.window_days + past.level)
    expected *= _shared_rise(past, today, expected)
    unknown = 1.0 / (1.0 / differ + days * mean / scatter)
    variance = scatter * expected + (past.drift + unknown) * np.square(expected)
    logs = np.maximum(rarity - np.log10(past.length), 1.0) * np.log(10.0)
    jump = scatter * logs / 3.0
    limit = expected + jump + np.sqrt(np.square(jump) + 2.0 * variance * logs)
    return expected, np.ceil(limit) - past.window


def _shared_rise(past: Past, today: Floats, expected: Floats) -> Floats:
    """Return how far most of an account's colleagues are above what is expected of them: their median, at least 1."""
    ratio = (past.window + today + _RISE) / (expected + _RISE)
    rise = np.ones_like(ratio)
    order = np.argsort(past.site, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(past.site[order])) + 1):
        if len(members) < 3:  # noqa: PLR2004 - one colleague is no majority
            continue
        middle = (len(members) - 2) // 2
        ranked = np.sort(ratio[members], axis=0)
        mine = ratio[members] <= ranked[middle]
        rise[members] = np.where(mine, ranked[middle + 1], ranked[middle])
    return np.clip(rise, 1.0, _MOST_RISE)


def _peer_mean(past: Past) -> Floats:
    days = past.days
    group, group_days = _others(past.own, days, past.group)
    wide = (group + _PRIOR * past.mean) / (group_days + _PRIOR)
    site, site_days = _others(past.own, days, past.site)
    return (site + _GROUP * wide) / (site_days + _GROUP)


def _others(values: Floats, days: Floats, which: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the sums of everybody else in each one's group."""
    return _summed(values, which) - values, _summed(days, which) - days


def _summed(values: Floats, which: NDArray[np.int64]) -> Floats:
    sums = np.zeros((int(which.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(sums, which, values)
    return np.asarray(sums[which])


def _scatter(past: Past) -> tuple[Floats, Floats]:
    """Return variance over mean within accounts, and relative variance between them, by group."""
    days = past.days
    busy = np.maximum(days, 1.0)
    within = past.squares - np.square(past.own) / busy
    weight = _PRIOR * np.maximum(past.mean, 1.0)
    scatter = (_summed(within, past.group) + weight * past.scatter) / (_summed(past.own, past.group) + weight)
    scatter = np.clip(scatter, 1.0, _MOST_SCATTER)
    counted = (days >= 3).astype(np.float64)  # noqa: PLR2004 - fewer days make no mean
    group_mean = _summed(past.own, past.group) / np.maximum(_summed(days, past.group), 1.0)
    own_mean = past.own / busy
    apart = np.square(own_mean - group_mean) - scatter * group_mean / busy
    relative = counted * apart / np.square(np.maximum(group_mean, 0.05))
    known = _summed(counted, past.group)
    differ = (np.maximum(_summed(relative, past.group), 0.0) + _DIFFER_WEIGHT * _DIFFER) / (
        known + _DIFFER_WEIGHT
    )
    return scatter, np.clip(differ, 0.05, 4.0)


def weekly_drift(counts: Floats, weights: Floats, group: NDArray[np.int64]) -> Floats:
    """Return the relative variance of an account's mean from week to week, as its group's others have it, (A, C).

    Args:
        counts: learnt, (A, D, C), oldest first.
        weights: how many usual days each day counts as, (A, D, C).
        group: number of the role, (A,).
    """
    weeks = counts.shape[1] // _WEEK
    shape = (counts.shape[0], weeks, _WEEK, counts.shape[2])
    made = counts[:, counts.shape[1] - weeks * _WEEK :].reshape(shape).sum(axis=2)
    days = weights[:, weights.shape[1] - weeks * _WEEK :].reshape(shape).sum(axis=2)
    full = days >= _FULL_WEEK
    made, days = made * full, days * full
    known = np.maximum(full.sum(axis=1) - 1.0, 0.0)
    total = np.maximum(days.sum(axis=1), 1.0)
    mean = made.sum(axis=1) / total
    squares = np.square(days).sum(axis=1)
    moved = np.square(made - days * mean[:, None]).sum(axis=1)
    within = np.maximum(mean, _LEAST_MEAN) * (total - squares / total)
    relative = (moved - within) / (np.square(np.maximum(mean, _LEAST_MEAN)) * np.maximum(squares, 1.0))
    moves, weeks_known = _others(
        known * relative, known, group
    )  # a thief's own rise must not loosen his limit
    pooled = np.maximum(moves, 0.0) + _DRIFT_WEIGHT * _DRIFT
    return np.minimum(pooled / (weeks_known + _DRIFT_WEIGHT), _MOST_DRIFT)


def relax(limit: Floats, today: Floats, which: NDArray[np.int64], new: NDArray[Any]) -> Floats:
    """Return limits of accounts without history, never below three times what most peers do on the same day.

    Args:
        limit: (A, C).
        today: the day's counts, (A, C).
        which: number of the role, (A,).
        new: which accounts this holds for, (A,).
    """
    loosened = limit.copy()
    for group in np.unique(which[new]):
        members = np.flatnonzero(which == group)
        if len(members) < 3:  # noqa: PLR2004 - two are no majority
            continue
        usual = 3.0 * np.quantile(today[members], 0.75, axis=0)
        mine = members[new[members]]
        loosened[mine] = np.maximum(loosened[mine], usual)
    return loosened
