"""Find the leaks that best explain a warehouse's victims: local search over slots, then Gibbs sweeps."""

import dataclasses
from dataclasses import dataclass
from typing import Final

import numpy as np

from waybillguard.trace.field import THETAS, Field, Floats, Ints, Slot

MAX_SLOTS: Final = 8
_CYCLES: Final = 4
_NEAR: Final = 14.0
"""Keys this many nats below the best are ignored."""
_MOST_KEYS: Final = 40


@dataclass(slots=True)
class Scan:
    """Posterior weights of one slot given all others: every key, window and share, and no leak."""

    keys: list[int]
    starts: list[Ints]
    ends: list[Ints]
    logs: list[Floats]
    """Log weights by share and window, prior included, one array per key."""
    key_logs: Floats
    """Log weight of each key, summed over shares and windows."""

    @property
    def log_total(self) -> float:
        """Log odds of one further leak against none."""
        return float(log_sum(self.key_logs)) if len(self.key_logs) else -np.inf


def log_sum(values: Floats) -> float:
    """Return the log of the sum of exponentials."""
    top = float(values.max(initial=-np.inf))
    return top if not np.isfinite(top) else top + float(np.log(np.exp(values - top).sum()))


def scan(field_: Field, without: Floats, *, most: int = _MOST_KEYS, inside: bool = False) -> Scan:
    """Weigh every key, window and share given the other rates. ``inside``: accounts and stations only."""
    gains = field_.bin_gains(without)
    bound = field_.best_by_key(gains) + field_.slot_prior
    if inside:
        bound = np.where(field_.inside, bound, -np.inf)
    order = np.argsort(-bound)
    near = (
        [int(k) for k in order[:most] if bound[k] > max(-1e9, bound[order[0]] - _NEAR)] if len(order) else []
    )
    # A key that only looked after the calls explains nothing and has no window.
    keys = [key for key in near if len(field_.of_key[key])]
    made = Scan(keys, [], [], [], np.empty(0))
    logs = []
    for key in keys:
        starts, ends, gain = field_.windows(key, gains)
        weight = gain - np.log(len(THETAS)) + field_.log_prior[key]
        made.starts.append(starts)
        made.ends.append(ends)
        made.logs.append(weight)
        logs.append(log_sum(weight))
    made.key_logs = np.array(logs)
    return made


def best_of(found: Scan) -> tuple[Slot, float] | None:
    """Return the best window of the best key, chosen with its share summed out, and its log odds against none."""
    best: tuple[Slot, float] | None = None
    for at, key in enumerate(found.keys):
        by_window = np.logaddexp.reduce(found.logs[at], axis=0)
        window = int(by_window.argmax())
        weight = float(by_window[window])
        if best is None or weight > best[1]:
            theta = float(THETAS[int(found.logs[at][:, window].argmax())])
            best = (Slot(key, int(found.starts[at][window]), int(found.ends[at][window]), theta), weight)
    return best


@dataclass(slots=True)
class State:
    """Slots of one warehouse and the rates they add."""

    field: Field
    base: Floats
    slots: list[Slot] = dataclasses.field(default_factory=list)
    inside: bool = False

    def without(self, place: int | None) -> Floats:
        """Return the rates of the base and all slots but one."""
        rates = self.base.copy()
        for at, slot in enumerate(self.slots):
            if at != place:
                rates += self.field.rates(slot)
        return rates

    def climb(self, *, inside: bool = False) -> None:
        """Improve the slots until nothing changes: move, drop, add and merge.

        ``inside``: with accounts and stations only.
        """
        self.inside = inside
        for cycle in range(_CYCLES):
            before = list(self.slots)
            self._move()
            self._add()
            if cycle == 0:
                self._merge()
            if self.slots == before:
                return

    def _move(self) -> None:
        place = 0
        while place < len(self.slots):
            found = best_of(scan(self.field, self.without(place), most=12, inside=self.inside))
            if found is None or found[1] < 0:
                del self.slots[place]
            else:
                self.slots[place] = found[0]
                place += 1

    def _add(self) -> None:
        while len(self.slots) < MAX_SLOTS:
            found = best_of(scan(self.field, self.without(None), most=12, inside=self.inside))
            if found is None or found[1] <= 0:
                return
            self.slots.append(found[0])

    def _merge(self) -> None:
        """Try to replace two overlapping slots by one: a tap on a station first looks like its accounts."""
        done = False
        while not done:
            done = True
            for a in range(len(self.slots)):
                for b in range(a + 1, len(self.slots)):
                    if self._merge_two(a, b):
                        done = False
                        break
                if not done:
                    break

    def _merge_two(self, a: int, b: int) -> bool:
        one, two = self.slots[a], self.slots[b]
        if one.lo >= two.hi or two.lo >= one.hi:
            return False
        rest = [slot for at, slot in enumerate(self.slots) if at not in {a, b}]
        rates = State(self.field, self.base, rest).without(None)
        found = best_of(scan(self.field, rates, most=12, inside=self.inside))
        if found is None or self.worth(found[0], rates) < self.worth(one, rates) + self.worth(
            two, rates + self.field.rates(one)
        ):
            return False
        self.slots = [*rest, found[0]]
        return True

    def worth(self, slot: Slot, without: Floats) -> float:
        """Return the log odds of one window (share summed out) against no leak."""
        gains = np.array(
            [self.field.gain(Slot(slot.key, slot.lo, slot.hi, float(theta)), without) for theta in THETAS]
        )
        return float(log_sum(gains) - np.log(len(THETAS)) + self.field.slot_prior[slot.key])


@dataclass(slots=True)
class Chain:
    """Results of the sweeps by slot: counts of each key, and summed weights of windows."""

    key_mass: list[dict[int, float]]
    none_mass: list[float]
    log_odds: list[float]


def sweep(state: State, draw: np.random.Generator, *, sweeps: int) -> Chain:
    """Run Gibbs sweeps over slots, masses Rao-Blackwellised.

    They start at the climbed slots, so slot indexes keep their meaning.
    """
    start = list(state.slots)
    count = len(start)
    mass: list[dict[int, float]] = [{} for _ in range(count)]
    none = [0.0] * count
    odds = [0.0] * count
    current: list[Slot | None] = list(start)
    for turn in range(sweeps):
        for place in range(count):
            others = [slot for at, slot in enumerate(current) if at != place and slot is not None]
            rates = State(state.field, state.base, others).without(None)
            found = scan(state.field, rates)
            logs = np.append(found.key_logs, 0.0)
            chance = np.exp(logs - log_sum(logs))
            for key, share in zip(found.keys, chance, strict=False):
                mass[place][key] = mass[place].get(key, 0.0) + float(share) / sweeps
            none[place] += float(chance[-1]) / sweeps
            if turn == 0:
                odds[place] = found.log_total
            pick = int(draw.choice(len(chance), p=chance / chance.sum()))
            current[place] = None if pick == len(found.keys) else _pick(found, pick, draw)
    return Chain(mass, none, odds)


def _pick(found: Scan, at: int, draw: np.random.Generator) -> Slot:
    weights = np.exp(found.logs[at] - found.logs[at].max()).ravel()
    place = int(draw.choice(len(weights), p=weights / weights.sum()))
    theta, window = divmod(place, found.logs[at].shape[1])
    return Slot(
        found.keys[at], int(found.starts[at][window]), int(found.ends[at][window]), float(THETAS[theta])
    )
