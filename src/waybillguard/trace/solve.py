"""From material to leaks: search in every warehouse, while base rates and lag laws learn from all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from waybillguard.trace import base
from waybillguard.trace.field import THETAS, Field, Floats, Slot, Times, times_of
from waybillguard.trace.laws import START_LAG, START_ORDER, Law, reported_by
from waybillguard.trace.material import Material
from waybillguard.trace.search import Chain, State, sweep

_ROUNDS: Final = 3
_SWEEPS: Final = 8
_DELAY: Final = 1.5
"""Days from call to report where no row of the list says."""
_ROOM: Final = 0.4
"""Share of the victims that the second start's base explains."""
_MARGIN: Final = 5.0
"""Nats by which the second start must be better: a source of everything looks much like a base."""


type Fit = Callable[[Floats], base.Base]


@dataclass(slots=True)
class Solved:
    """One warehouse after the search: its field, leaks, and the sweeps' posterior of each."""

    state: State
    chain: Chain
    base: base.Base
    weights: Floats
    """Each victim's chance to be base."""
    lag: Law
    refit: Fit

    @property
    def field(self) -> Field:
        """The likelihood."""
        return self.state.field

    def responsibility(self, place: int) -> Floats:
        """Return each victim's chance to come from that leak."""
        rates = self.state.without(None)
        return self.field.rates(self.state.slots[place]) / np.maximum(rates, 1e-300)


def solve(material: Material, *, seed: int = 0) -> list[Solved]:
    """Find the leaks of every warehouse; the seed makes the sweeps repeatable."""
    delays = _delays(material)
    delay = float(np.median(delays)) if len(delays) else _DELAY
    times = [times_of(ground, delay) for ground in material.grounds]
    lag, order = START_LAG, START_ORDER
    weights = [np.ones(len(ground.victims)) for ground in material.grounds]
    slots: list[list[Slot]] = [[] for _ in material.grounds]
    solved: list[tuple[State, base.Base]] = []
    refits: list[Fit] = []
    used = lag
    for turn in range(_ROUNDS):
        reach, order_reach = reported_by(lag, delays), reported_by(order, delays)
        solved, refits, used = [], [], lag
        for at, ground in enumerate(material.grounds):
            field = Field(ground, times[at], lag, reach, material.close)

            fit = partial(base.fit, ground, times[at], order, order_reach, material.close, factors=turn > 0)
            # A leak that is half of all victims hides in a base fitted to all: a second start leaves it room.
            starts = [(weights[at], slots[at])] if turn else [(weights[at], []), (weights[at] * _ROOM, [])]
            found = [_climbed(field, fit, weight, begin, again=turn == 0) for weight, begin in starts]
            worth = [_objective(state, rates) for state, rates, _ in found]
            state, rates, weights[at] = found[int(len(worth) > 1 and worth[-1] > worth[0] + _MARGIN)]
            refits.append(fit)
            slots[at] = state.slots
            solved.append((state, rates))
        lag, order = _learn(solved, times, weights)
    draw = np.random.default_rng(seed)
    return [
        Solved(state, sweep(state, draw, sweeps=_SWEEPS), rates, weight, used, refit)
        for (state, rates), weight, refit in zip(solved, weights, refits, strict=True)
    ]


def _climbed(
    field: Field, fit: Fit, weight: Floats, slots: list[Slot], *, again: bool
) -> tuple[State, base.Base, Floats]:
    """Search from one start; where the base was only a start (``again``), once more with the base that follows."""
    for _ in range(2 if again else 1):
        rates = fit(weight)
        state = State(field, rates.shares, list(slots))
        state.climb()
        slots = state.slots
        weight = np.clip(rates.shares / np.maximum(state.without(None), 1e-300), 0.0, 1.0)
    return state, rates, weight


def _objective(state: State, rates: base.Base) -> float:
    """Return the log posterior of slots and base, up to a constant, to choose between two starts."""
    field = state.field
    total = float(np.log(np.maximum(state.without(None), 1e-300)).sum()) - rates.expected
    for slot in state.slots:
        total -= slot.theta * float(field.cost[slot.key, slot.lo : slot.hi].sum())
        window = field.window_prior(np.array([slot.lo]), np.array([slot.hi]))[0]
        total += float(field.log_prior[slot.key] + window - np.log(len(THETAS)))
    return total


def _delays(material: Material) -> Floats:
    found = np.array([one.reported - one.contacted for one in material.census.joined], dtype=np.float64)
    return found[(found >= 0) & ~np.isnan(found)]


def _learn(
    solved: list[tuple[State, base.Base]], times: list[Times], weights: list[Floats]
) -> tuple[Law, Law]:
    """Refit both waiting times from what the leaks and the base explain."""
    waits, shares, reaches = [], [], []
    order_waits, order_shares = [], []
    for (state, _), when, base_share in zip(solved, times, weights, strict=True):
        field, rates = state.field, state.without(None)
        for slot in state.slots:
            mine = field.of_key[slot.key]
            inside = mine[(field.hit_bin[mine] >= slot.lo) & (field.hit_bin[mine] < slot.hi)]
            victims = field.hit_victim[inside]
            timed = ~when.untimed[victims]
            inside, victims = inside[timed], victims[timed]
            waits.append(when.contact[victims] - field.hit_time[inside])
            shares.append(slot.theta * field.hit_rate[inside] / np.maximum(rates[victims], 1e-300))
            reaches.append(field.reach[field.hit_bin[inside]])
        known = ~np.isnan(when.created) & ~when.untimed
        order_waits.append((when.contact - when.created)[known])
        order_shares.append(base_share[known])
    lag, order = START_LAG, START_ORDER
    if waits:
        lag = START_LAG.refitted(np.concatenate(waits), np.concatenate(shares), np.concatenate(reaches))
    if order_waits:
        joined = np.concatenate(order_waits)
        order = START_ORDER.refitted(joined, np.concatenate(order_shares), np.ones(len(joined)))
    return lag, order
