"""Computes the limit for an honest account's count from its own history, its peers and the day's orders.

An account's daily counts scatter around its own mean, which is estimated from its own days and, where these are few,
from its peers' days. The variance is larger than Poisson's; by how much is learnt from the peers. The mean becomes more
certain with more days and drifts from week to week; the drift is learnt from the peers' weeks. A steady account
therefore gets a tight limit, a new or unsteady one a wide limit.

The limit is the mean plus the deviation that Bernstein's inequality (1946) allows once in 10^rarity days: with variance
v and jump b, ``P(X >= mean + t) <= exp(-t^2 / (2 (v + b t / 3)))``. No distribution is assumed or fitted. There are n
times fewer windows of n days that do not overlap, so their rarity is reduced by log10 n.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_OWN: Final = 5.0
"""Weight of the peers' mean, in days of the account's own history."""
_NEW: Final = 20.0
"""Below this many days of history an account may still be in training: careful peers do not lower its expectation."""
_GROUP: Final = 10.0
"""Weight of the role's mean over all tenants, in account days of the role at one tenant."""
_PRIOR: Final = 20.0
"""Weight of the prior expectation, in account days."""
_DIFFER: Final = 0.5
"""Prior relative variance between the accounts' means."""
_DIFFER_WEIGHT: Final = 4.0
_DRIFT: Final = 0.05
"""Prior relative variance of an account's mean from week to week: about a quarter up or down."""
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
    """The history before a day for one window length: A accounts, C counts.

    Attributes:
        own, days: sum of learnt counts before the window, and the active days they come from, (A, C); a busy day
            counts as more than one.
        squares: sum of squared learnt counts before the window, (A, C).
        window, window_days: counts and active days within the window before today, (A, C).
        site: index of the pair of tenant and role.
        group: index of the role.
        mean, scatter: prior expectation for the account's kind of role, without any history, (A, C).
        level: today's orders relative to a usual day, (A, C), at least 1.
        drift: relative variance of an account's mean from week to week, (A, C).
        length: days of the window.
        newcomer: whether the account may still be in training, (A,): careful peers do not lower its expectation.
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
    """Return the expected count of the window including today, and the count of today that is too high, both (A, C).

    Args:
        past: the history.
        today: the day's counts, (A, C). If the colleagues rise as well, the expectation rises with them.
        rarity: decimal logarithm of the days between two false alarms, (A, C).
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
    """Return by which factor an account's colleagues exceed their expectation: the median, at least 1."""
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
    """Return for each account the sums over the other accounts of its group."""
    return _summed(values, which) - values, _summed(days, which) - days


def _summed(values: Floats, which: NDArray[np.int64]) -> Floats:
    sums = np.zeros((int(which.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(sums, which, values)
    return np.asarray(sums[which])


def _scatter(past: Past) -> tuple[Floats, Floats]:
    """Return by group the ratio of variance to mean within accounts, and the relative variance between accounts."""
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
    """Return the relative variance of a mean from week to week, from the other accounts of the group, (A, C).

    Args:
        counts: learnt counts, (A, D, C), oldest day first.
        weights: weight of each day in usual days, (A, D, C).
        group: index of the role, (A,).
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
    """Raise the limits of accounts without history to three times the upper quartile of their peers on the same day.

    Args:
        limit: the limits, (A, C).
        today: the day's counts, (A, C).
        which: index of the role, (A,).
        new: whether the account has no history, (A,).
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
