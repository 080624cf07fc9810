"""Find leaks: search every warehouse while base rates and lag laws are learned from all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Final, Self

import numpy as np

from waybillguard.trace import base
from waybillguard.trace.field import THETAS, Field, Floats, Slot, Times, times_of
from waybillguard.trace.laws import PACES, START_ORDER, USUAL_DELAYS, Law, Waiting, reported_by
from waybillguard.trace.material import EVERYTHING, Material
from waybillguard.trace.search import Chain, State, sweep

_ROUNDS: Final = 2
_SWEEPS: Final = 8
_QUICK: Final = ((0.4, False),)
_STARTS: Final = ((1.0, False), (0.4, False), (0.1, False), (0.4, True))
"""Starts of a search: share of victims that the base explains, and whether accounts and stations come first.

A leak that is most of the victims hides in a base fitted to all of them.
"""
_HALF: Final = 0.5
"""Weight of a victim in the first law from order to call: half of the victims may be of leaks here."""
_MARGIN: Final = 5.0
"""Nats by which a start with a source of all orders or labels must be better: such a source looks like a base."""


type Fit = Callable[[Floats], base.Base]


@dataclass(slots=True)
class Solved:
    """One warehouse after the search: its field, leaks, and the posterior of each from the sweeps."""

    state: State
    chain: Chain
    base: base.Base
    weights: Floats
    """Each victim's chance of belonging to the base."""
    waiting: Waiting
    refit: Fit

    @property
    def field(self) -> Field:
        """The likelihood."""
        return self.state.field

    def responsibility(self, place: int) -> Floats:
        """Return each victim's chance of coming from that leak."""
        rates = self.state.without(None)
        return self.field.rates(self.state.slots[place]) / np.maximum(rates, 1e-300)


def solve(material: Material, *, seed: int = 0) -> list[Solved]:
    """Find the leaks of every warehouse; the same seed gives the same sweeps."""
    delays = _delays(material)
    times = [times_of(ground) for ground in material.grounds]
    # Gangs differ more in pace than a fit of one law can bridge: each pace is tried, and the best is continued. A
    # wrong pace looks better at first if it explains little, so some rounds are learned with each before the
    # choice.
    order = _orders_to_calls(times)

    def learned(one: _Round) -> _Round:
        for _ in range(_ROUNDS):
            laws = _learn(one.found, times, one.lag)
            one = _Round(material, times, delays, *laws).go_on(one.found)
        return one

    worth = attrgetter("worth")
    paces = [_Round(material, times, delays, lag, order).begin(_QUICK) for lag in PACES]
    best = max(map(learned, paces), key=worth)
    anew = _Round(material, times, delays, best.lag, best.order).begin(_STARTS)
    best = max(learned(anew), best, key=worth)
    draw = np.random.default_rng(seed)
    return [
        Solved(
            one.state,
            sweep(one.state, draw, sweeps=_SWEEPS),
            one.base,
            one.weights,
            best.waiting,
            best.refits[at],
        )
        for at, one in enumerate(best.found)
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    """One warehouse after a round: leaks, base, each victim's chance to belong to it, and the log posterior."""

    state: State
    base: base.Base
    weights: Floats
    worth: float


class _Round:
    """One pass over all warehouses with the same laws of waiting."""

    def __init__(self, material: Material, times: list[Times], delays: Floats, lag: Law, order: Law) -> None:
        self.lag, self.order, self.waiting = lag, order, Waiting.of(lag, delays)
        reach, order_reach = reported_by(lag, delays), reported_by(order, delays)
        grounds, close = material.grounds, material.close
        self._fields = [
            Field(ground, when, self.waiting, reach, close)
            for ground, when in zip(grounds, times, strict=True)
        ]
        until = Waiting.of(order, delays)
        self._fits = [
            partial(base.fit, ground, when, until, order_reach, close)
            for ground, when in zip(grounds, times, strict=True)
        ]
        self.refits: list[Fit] = [partial(fit, factors=True) for fit in self._fits]
        self.found: list[_Found] = []

    @property
    def worth(self) -> float:
        """Log posterior over all warehouses."""
        return sum(one.worth for one in self.found)

    def begin(self, starts: Sequence[tuple[float, bool]]) -> Self:
        """Search from the given starts, without earlier leaks; the best start is kept for each warehouse."""
        self.found = []
        for field, fit in zip(self._fields, self._fits, strict=True):
            plain = partial(fit, factors=False)
            everyone = np.ones(len(field.ground.victims))
            self.found.append(
                max(
                    (
                        _climbed(field, plain, everyone * room, [], again=True, inside=inside)
                        for room, inside in starts
                    ),
                    key=_handicapped,
                )
            )
        return self

    def go_on(self, before: Sequence[_Found]) -> Self:
        """Search from the leaks of an earlier round."""
        for field, fit, one in zip(self._fields, self.refits, before, strict=True):
            self.found.append(_climbed(field, fit, one.weights, one.state.slots))
        return self


def _handicapped(one: _Found) -> float:
    """Return the log posterior, reduced by a margin if a source of all orders or labels is used."""
    keys = one.state.field.keys
    return one.worth - _MARGIN * any(keys[slot.key].actor in EVERYTHING for slot in one.state.slots)


def _climbed(
    field: Field, fit: Fit, weight: Floats, slots: list[Slot], *, again: bool = False, inside: bool = False
) -> _Found:
    """Search from one start. ``again``: search once more with the base fitted after the first search.

    ``inside``: first with accounts and stations only, which a source of all orders or labels would hide.
    """
    for turn in range(2 if again else 1):
        rates = fit(weight)
        state = State(field, rates.shares, list(slots))
        state.climb(inside=inside and turn == 0)
        slots = state.slots
        weight = np.clip(rates.shares / np.maximum(state.without(None), 1e-300), 0.0, 1.0)
    return _Found(state, rates, weight, _objective(state, rates))


def _objective(state: State, rates: base.Base) -> float:
    """Return the log posterior of slots and base, up to a constant, to compare starts."""
    field = state.field
    total = float(np.log(np.maximum(state.without(None), 1e-300)).sum()) - rates.expected
    for slot in state.slots:
        total -= slot.theta * float(field.cost[slot.key, slot.lo : slot.hi].sum())
        total += float(field.slot_prior[slot.key] - np.log(len(THETAS)))
    return total


def _orders_to_calls(times: list[Times]) -> Law:
    """Return the law from order to call over all victims, before any leak is known."""
    waits = np.concatenate([np.empty(0), *((when.contact - when.created)[~when.late] for when in times)])
    waits = waits[~np.isnan(waits)]
    return START_ORDER.refitted(waits, np.full(len(waits), _HALF), np.ones(len(waits)))


def _delays(material: Material) -> Floats:
    found = np.array([one.reported - one.contacted for one in material.census.joined], dtype=np.float64)
    found = found[(found >= 0) & ~np.isnan(found)]
    return found if len(found) else USUAL_DELAYS


def _learn(found: Sequence[_Found], times: list[Times], pace: Law) -> tuple[Law, Law]:
    """Refit both waiting times from the victims that the leaks and the base explain."""
    waits, shares, reaches = [], [], []
    order_waits, order_shares = [], []
    for one, when in zip(found, times, strict=True):
        state, field, rates = one.state, one.state.field, one.state.without(None)
        for slot in state.slots:
            mine = field.of_key[slot.key]
            inside = mine[(field.hit_bin[mine] >= slot.lo) & (field.hit_bin[mine] < slot.hi)]
            victims = field.hit_victim[inside]
            timed = ~when.late[victims]
            inside, victims = inside[timed], victims[timed]
            waits.append(when.contact[victims] - field.hit_time[inside])
            shares.append(slot.theta * field.hit_rate[inside] / np.maximum(rates[victims], 1e-300))
            reaches.append(field.reach[field.hit_bin[inside]])
        known = ~np.isnan(when.created) & ~when.late
        order_waits.append((when.contact - when.created)[known])
        order_shares.append(one.weights[known])
    lag, order = pace, START_ORDER
    if waits:
        lag = pace.refitted(np.concatenate(waits), np.concatenate(shares), np.concatenate(reaches))
    if order_waits:
        joined = np.concatenate(order_waits)
        order = START_ORDER.refitted(joined, np.concatenate(order_shares), np.ones(len(joined)))
    return lag, order
