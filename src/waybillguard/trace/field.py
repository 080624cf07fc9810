"""The likelihood of one warehouse: how likely each source makes each victim's call, and the cost of a source.

Rare-event limit of a noisy-or: victim i is called at the rate ``base_i + sum of theta * certainty_i * g(t_i - s)``
over the sources that looked at the order. A source costs ``theta`` times the looks whose victims could be on the
list by now. Gains are additive over six-hour bins, so every contiguous window comes from cumulative sums.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.trace.laws import Reach, Waiting
from waybillguard.trace.material import BINS_A_DAY, NAMED, Ground, Key

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

THETAS: Final = np.exp(np.linspace(np.log(0.0003), np.log(0.9), 15))
"""Shares of a source's orders that ended in a report: chance to be copied × called × reported."""
TYPE_PRIOR: Final = {
    "account": 0.32,
    "workstation": 0.22,
    "pair": 0.14,
    "unlogged": 0.13,
    "shop": 0.13,
    "platform": 0.06,
}
KERNEL_PRIOR: Final = {
    # Printing alone gives an account nothing: data leak by prints at the station.
    "account": {"R": 0.38, "U": 0.38, "X": 0.2, "P": 0.02},
    "workstation": {"R": 0.2, "P": 0.35, "E": 0.15, "A": 0.1, "S": 0.2},
    "pair": {"R": 0.33, "U": 0.33, "X": 0.2, "P": 0.02, "E": 0.1},
    "unlogged": {"P": 0.5, "S": 0.3},
    "shop": {"orders": 1.0},
    # Callers who target one class of goods (womenswear, baby) get it from platforms and from anywhere else.
    "platform": {"orders": 0.4, "labels": 0.3, "goods": 0.3},
}
SLOT_PRIOR: Final = 0.25
"""Expected number of further leaks in a warehouse."""
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Slot:
    """One leak in the search: key, window of bins [lo, hi), share."""

    key: int
    lo: int
    hi: int
    theta: float


@dataclass(frozen=True, slots=True)
class Times:
    """The victims' times in days: of the call, or of the report if only that is known (``late``), and the certainty."""

    contact: Floats
    late: NDArray[np.bool_]
    certainty: Floats
    created: Floats

    @property
    def untimed(self) -> NDArray[np.bool_]:
        """Victims without a time of call or report."""
        return np.isnan(self.contact)


def times_of(ground: Ground) -> Times:
    """Return the victims' times."""
    contacted = np.array([one.contacted for one in ground.victims])
    reported = np.array([one.reported for one in ground.victims])
    late = np.isnan(contacted)
    created = np.array([one.created for one in ground.victims])
    certainty = np.array([one.certainty for one in ground.victims])
    return Times(np.where(late, reported, contacted), late, certainty, created)


class Field:
    """Gains of every key, window and share in one warehouse, given all other rates."""

    def __init__(self, ground: Ground, times: Times, waiting: Waiting, reach: Reach, close: float) -> None:
        self.ground, self.times, self.close = ground, times, close
        hits = ground.hits
        self.keys: tuple[Key, ...] = ground.keys
        self.bins = ground.exposure.shape[1]
        waits = times.contact[hits.victim] - hits.time
        density = waiting.density(waits, times.late[hits.victim])
        bins = np.floor(hits.time * BINS_A_DAY).astype(np.int64) - ground.first_bin
        # Looks before the counted days have no base traffic to compare with.
        good = (density > 0) & (bins >= 0) & (bins < self.bins)
        self.hit_key, self.hit_victim = hits.key[good], hits.victim[good]
        self.hit_time, self.hit_explained = hits.time[good], hits.explained[good]
        self.hit_bin = bins[good]
        self.hit_rate = density[good] * times.certainty[self.hit_victim]
        middles = (ground.first_bin + np.arange(self.bins) + 0.5) / BINS_A_DAY
        self.reach = reach(close - middles)
        self.cost = ground.exposure * self.reach
        """Looks whose victims could be on the list by now, by key and bin."""
        self.order = np.argsort(self.hit_key, kind="stable")
        bounds = np.searchsorted(self.hit_key[self.order], np.arange(len(self.keys) + 1))
        self.of_key = [self.order[bounds[k] : bounds[k + 1]] for k in range(len(self.keys))]
        self.log_prior = np.array([self._key_prior(key) for key in self.keys])
        self.active = [self._active(key) for key in range(len(self.keys))]
        """Bins with traffic, by key; its windows begin and end among them."""
        many = np.array([max(1, len(bins)) for bins in self.active], dtype=np.float64)
        self.window_prior = -np.log(many * (many + 1) / 2)
        """Log prior of any one window, by key: looks in three nights allow six windows, not those of a whole month."""
        self.slot_prior = self.log_prior + self.window_prior
        self.inside = np.array([key.kind in NAMED for key in self.keys], dtype=np.bool_)
        """Whether each key is an account or a station of the warehouse."""

    def _key_prior(self, key: Key) -> float:
        # Shared among the actors with such looks: one night reader among ten accounts has the whole prior of "X".
        many = max(1, self.ground.holders[key.way])
        kernels = KERNEL_PRIOR[key.kind]
        kernel = kernels.get(key.kernel, 0.1)
        if key.kernel == "R" and not self.ground.explained_known:
            kernel += kernels.get("U", 0.0)  # without known work, both kernels are the same looks
        return float(np.log(SLOT_PRIOR * TYPE_PRIOR[key.kind] * kernel / many))

    def _active(self, key: int) -> Ints:
        passed = np.flatnonzero(self.ground.exposure[key] > 0)
        return np.union1d(passed, self.hit_bin[self.of_key[key]]).astype(np.int64)

    def rates(self, slot: Slot) -> Floats:
        """Return what a slot adds to each victim's rate."""
        found = np.zeros(len(self.times.contact))
        mine = self.of_key[slot.key]
        inside = mine[(self.hit_bin[mine] >= slot.lo) & (self.hit_bin[mine] < slot.hi)]
        np.add.at(found, self.hit_victim[inside], slot.theta * self.hit_rate[inside])
        return found

    def gain(self, slot: Slot, without: Floats) -> float:
        """Return a slot's gain in log-likelihood over the rates without it."""
        added = self.rates(slot)
        return float(
            np.log1p(added / np.maximum(without, _TINY)).sum()
            - slot.theta * self.cost[slot.key, slot.lo : slot.hi].sum()
        )

    def bin_gains(self, without: Floats, rate: Floats | None = None, thetas: Floats = THETAS) -> Floats:
        """Return the gain of each bin alone: shares by keys by bins."""
        rate = self.hit_rate if rate is None else rate
        ratio = rate / np.maximum(without[self.hit_victim], _TINY)
        flat = self.hit_key * self.bins + self.hit_bin
        size = len(self.keys) * self.bins
        table = np.empty((len(thetas), len(self.keys), self.bins))
        for at, theta in enumerate(thetas):
            table[at] = np.bincount(flat, np.log1p(theta * ratio), size).reshape(len(self.keys), self.bins)
            table[at] -= theta * self.cost
        return table

    def best_by_key(self, gains: Floats) -> Floats:
        """Return the gain of each key's best window over all shares."""
        sums = np.concatenate([np.zeros((*gains.shape[:2], 1)), np.cumsum(gains, axis=2)], axis=2)
        lowest = np.minimum.accumulate(sums, axis=2)
        return np.asarray((sums - lowest).max(axis=(0, 2)), dtype=np.float64)

    def windows(self, key: int, gains: Floats) -> tuple[Ints, Ints, Floats]:
        """Return every window of a key that starts and ends with a victim's look: lo, hi, log weight by share.

        A weight sums over all windows with the same victims, which differ by quiet bins at either end.
        """
        active = self.active[key]
        bins = np.unique(self.hit_bin[self.of_key[key]])
        place = np.searchsorted(active, bins)
        sums = np.concatenate([np.zeros((gains.shape[0], 1)), np.cumsum(gains[:, key, :], axis=1)], axis=1)
        begins = -sums[:, active[: place[-1] + 1]]
        ends = sums[:, active[place[0] :] + 1]
        left = np.logaddexp.reduceat(begins, np.concatenate([[0], place[:-1] + 1]), axis=1)
        right = np.logaddexp.reduceat(ends, place - place[0], axis=1)
        lo, hi = np.triu_indices(len(bins))
        return bins[lo], bins[hi] + 1, left[:, lo] + right[:, hi] + self.window_prior[key]
