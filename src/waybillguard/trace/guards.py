"""Three guards before a source is named: false discovery rate, permutation within strata, e-value.

Each guard alone would do if its assumptions held. They fail in different ways, so a source must pass all three.
Sources outside the log (shop, platform, unlogged) cannot be permuted within their own strata. Their guard is that
their victims do not concentrate on one station or account of the warehouse, which would explain them as well.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from waybillguard.events.engines.queries import TRACE_CONTROLS, VICTIMS_LOOKS
from waybillguard.trace.field import THETAS, Field, Floats
from waybillguard.trace.joining import DAY_US, Asking, Joined
from waybillguard.trace.material import BINS_A_DAY, NAMED, Ground, Touched, touched_by
from waybillguard.trace.naming import PRINTED, Actor, Named
from waybillguard.trace.roster import Shifts
from waybillguard.trace.search import State, log_sum, scan
from waybillguard.trace.solve import Solved

ALPHA: Final = 0.01
BY_CHANCE: Final = 0.03
"""Largest p of the permutation (already doubled for two families) at which a source is named.

Not 0.01: an account that exported nearly all orders of some days also exported most of the control orders.
"""
DRAWS: Final = 60
_CLOSE: Final = (0.002, 0.1)
"""Range of p from the Gumbel fit within which more permutations are drawn and decide."""
_MORE_DRAWS: Final = 1_199
_CONTROLS: Final = 40
_FEW: Final = 12
_LARGE: Final = 0.1
_FAMILIES: Final = 2
_EULER: Final = 0.5772156649
_COARSE: Final = THETAS[::2]


class Controls:
    """Control orders of each victim: same warehouse, day, goods class and shop.

    With fewer than twelve orders, the shop is dropped, then the class.
    """

    def __init__(self, engine: Asking, ground: Ground, shifts: Shifts) -> None:
        self._touched: dict[str, Touched] = {}
        self.of_victim: list[list[str]] = [[] for _ in ground.victims]
        self._created: dict[str, float] = {}
        waiting = {at for at, one in enumerate(ground.victims) if not np.isnan(one.created)}
        known: dict[str, Joined] = {}
        for drop in ("", "shop", "category"):
            strata = {at: _stratum(ground.victims[at], drop) for at in waiting}
            if not strata:
                break
            engine.table("strata", sorted(set(strata.values())))
            found: dict[tuple[int, str, str], list[str]] = defaultdict(list)
            for row in engine.ask(TRACE_CONTROLS, tenant=ground.tenant, most=_CONTROLS):
                found[row.day, row.category, row.shop].append(row.order_id)
                self._created[row.order_id] = row.created_us / DAY_US
            for at, stratum in strata.items():
                others = [one for one in found[stratum] if one != ground.victims[at].order_id]
                if len(others) >= _FEW or drop == "category":
                    self.of_victim[at] = others
                    waiting.discard(at)
                    for one in others:
                        known.setdefault(one, _like(ground.victims[at], one, self._created[one]))
        self._read(engine, ground, shifts, known)
        self.some = np.array([bool(others) for others in self.of_victim])
        """Whether each victim has controls."""
        self.met = self._met(len(ground.keys))
        """Share of each victim's controls that each key touched, victims by keys."""

    def _met(self, keys: int) -> Floats:
        found = np.zeros((len(self.of_victim), keys))
        for at, others in enumerate(self.of_victim):
            for one in others:
                found[at, self.keys[one][0]] += 1 / len(others)
        return found

    def _read(self, engine: Asking, ground: Ground, shifts: Shifts, known: dict[str, Joined]) -> None:
        engine.table("victims", [(one,) for one in sorted(known)])
        looks = defaultdict(list)
        for look in engine.ask(VICTIMS_LOOKS, tenant=ground.tenant, first_day=-(10**6), last_day=10**6):
            looks[look.order_id].append(look)
        place = {key: at for at, key in enumerate(ground.keys) if key.kind in NAMED}
        self.keys: dict[str, tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]] = {}
        for order, victim in known.items():
            found = touched_by(victim, looks.get(order, ()), shifts, blind=ground.blind)
            rows = [(place[key], time) for key, (time, _) in found.items() if key in place]
            self.keys[order] = (
                np.array([key for key, _ in rows], dtype=np.int64),
                np.array([time for _, time in rows], dtype=np.float64),
            )


def _stratum(one: Joined, drop: str) -> tuple[int, str, str]:
    shop = "" if drop else one.shop
    return int(np.floor(one.created)), "" if drop == "category" else one.category, shop


def _like(victim: Joined, order: str, created: float) -> Joined:
    return Joined(
        order,
        victim.tenant,
        np.nan,
        np.nan,
        created,
        victim.certainty,
        victim.category,
        victim.shop,
        "",
        victim.lane,
    )


def permutation_p(
    solved: Solved, named: Named, controls: Controls, density: "Density", draw: np.random.Generator
) -> float:
    """Return the chance that control orders give any account or station of the warehouse as much gain.

    Readers and printers are two families, each with its own null distribution, and p is doubled. Everything is printed
    somewhere, so a slightly wrong base rate moves the printers' maxima and would hide every reader. The rates of the
    other leaks are kept, or a large leak would fill the null distribution of a small one.
    """
    field = solved.field
    without = _without(solved, named)
    printing = named.kernel in PRINTED
    targets = np.array([key.kind in NAMED and (key.kernel in PRINTED) == printing for key in field.keys])
    members = [at for at, key in enumerate(field.keys) if targets[at] and key.actor in named.members]
    gains = field.best_by_key(field.bin_gains(without, thetas=_COARSE)) + field.slot_prior
    mine = gains[members].max(initial=-np.inf)
    return family_p(mine, lambda: _null(field, without, controls, density, targets, draw))


def family_p(mine: float, draw: Callable[[], float]) -> float:
    """Return the p of a gain against maxima from ``draw``, for one of two families.

    The tail beyond the first draws follows Gumbel's law of maxima, which is heavier than that of sums over many
    victims. If the result is close, more draws decide alone. They stop early once the source fails.
    """
    null = np.array([draw() for _ in range(DRAWS)])
    above, made = int((null >= mine).sum()), DRAWS
    spread = max(float(null.std()) * np.sqrt(6) / np.pi, 1e-6)
    tail = float(-np.expm1(-np.exp(-(mine - float(null.mean())) / spread - _EULER)))
    counted = (above + 1) / (made + 1)
    p = _FAMILIES * (counted if above > 1 else max(tail, 1e-9))
    if _CLOSE[0] < p < _CLOSE[1]:
        while made < _MORE_DRAWS and above + 1 <= BY_CHANCE / _FAMILIES * (_MORE_DRAWS + 1):
            above += draw() >= mine
            made += 1
        p = _FAMILIES * (above + 1) / (made + 1)
    return min(1.0, p)


class Density:
    """The lag law as the field uses it, for looks that did not happen."""

    def __init__(self, solved: Solved) -> None:
        self._times = solved.field.times
        self._waiting = solved.waiting

    def __call__(self, victims: np.ndarray[tuple[int], np.dtype[np.int64]], times: Floats) -> Floats:
        """Return densities of the victims' calls given looks at these times, multiplied by certainty."""
        waits = self._times.contact[victims] - times
        return self._waiting.density(waits, self._times.late[victims]) * self._times.certainty[victims]


def _null(
    field: Field,
    without: Floats,
    controls: Controls,
    density: Density,
    targets: np.ndarray[tuple[int], np.dtype[np.bool_]],
    draw: np.random.Generator,
) -> float:
    keys, victims, times = [], [], []
    for at, others in enumerate(controls.of_victim):
        if others:
            key, time = controls.keys[others[int(draw.integers(len(others)))]]
            keys.append(key)
            times.append(time)
            victims.append(np.full(len(key), at, dtype=np.int64))
    if not keys:
        return float(field.slot_prior[targets].max(initial=0.0))
    key, time, victim = np.concatenate(keys), np.concatenate(times), np.concatenate(victims)
    bins = np.floor(time * BINS_A_DAY).astype(np.int64) - field.ground.first_bin
    good = (bins >= 0) & (bins < field.bins)
    key, time, victim, bins = key[good], time[good], victim[good], bins[good]
    rate = density(victim, time)
    ratio = rate / np.maximum(without[victim], 1e-12)
    flat = key * field.bins + bins
    size = len(field.keys) * field.bins
    gains = np.empty((len(_COARSE), len(field.keys), field.bins))
    for place, theta in enumerate(_COARSE):
        gains[place] = np.bincount(flat, np.log1p(theta * ratio), size).reshape(len(field.keys), field.bins)
        gains[place] -= theta * field.cost
    return float((field.best_by_key(gains) + field.slot_prior)[targets].max(initial=-np.inf))


def _without(solved: Solved, named: Named) -> Floats:
    """Return the rates of everything else; the base is refitted as if this leak's victims belonged to it.

    Sentinels count as ordinary victims here: their controls are ordinary orders.
    """
    rest = [slot for at, slot in enumerate(solved.state.slots) if at not in named.slots]
    mine = np.sum([solved.responsibility(place) for place in named.slots], axis=0)
    base = solved.refit(np.clip(solved.weights + mine, 0.0, 1.0))
    return State(solved.field, base.ordinary, rest).without(None)


def log_e(solved: Solved, named: Named) -> float:
    """Return the log of the e-value: the mixture over kernels, windows and shares against everything else.

    The mixture's weights are fixed before the data. The expectation under "no leak here" is therefore at most one,
    as far as the base rates hold, also if it is computed again after every new victim.
    """
    field = solved.field
    found = scan(field, _without(solved, named), most=len(field.keys))
    weights = [
        log
        for key, log in zip(found.keys, found.key_logs, strict=True)
        if field.keys[key].actor in named.members
    ]
    priors = [float(field.log_prior[at]) for at, key in enumerate(field.keys) if key.actor in named.members]
    if not weights:
        return -np.inf
    return log_sum(np.array(weights)) - log_sum(np.array(priors))


def concentration(solved: Solved, named: Named, controls: Controls) -> float:
    """Return by how many standard errors the victims of an outside source concentrate on one station or account.

    Victims of an outside leak are spread over stations and accounts like their strata; those of a tap are not.
    """
    field = solved.field
    share = np.sum([solved.responsibility(place) for place in named.slots], axis=0)
    worst = 0.0
    for at, key in enumerate(field.keys):
        if key.kind not in {"account", "workstation"} or key.kernel not in "PR":
            continue
        hit = np.zeros(len(share))
        hit[field.hit_victim[field.of_key[at]]] = 1.0
        expected = np.where(controls.some, controls.met[:, at], hit)
        variance = float((share**2 * expected * (1 - expected)).sum())
        excess = float((share * (hit - expected)).sum())
        # Among a thousand victims every unevenness is significant, so the excess must also be large.
        if variance > 0 and excess > _LARGE * float(share.sum()):
            worst = max(worst, excess / np.sqrt(variance))
    return worst


def cover(solved: Solved, named: Named) -> tuple[float, Actor]:
    """Return the station or account that covers most of an outside source's victims, with that share."""
    field = solved.field
    share = np.sum([solved.responsibility(place) for place in named.slots], axis=0)
    most: tuple[float, Actor] = 0.0, named.actor
    for at, key in enumerate(field.keys):
        if key.kind in {"account", "workstation"}:
            hit = np.unique(field.hit_victim[field.of_key[at]])
            most = max(most, (float(share[hit].sum() / max(1e-9, share.sum())), key.actor))
    return most


def discovery_rates(posteriors: Sequence[float]) -> list[float]:
    """Return, for each lead in any order, the expected share of wrong names among it and all stronger leads."""
    order = np.argsort(-np.array(posteriors)) if posteriors else np.array([], dtype=np.int64)
    rates = [1.0] * len(posteriors)
    wrong = 0.0
    for count, at in enumerate(order.tolist(), 1):
        wrong += 1 - posteriors[at]
        rates[at] = wrong / count
    return rates


def e_passes(logs: Sequence[float], hypotheses: int, alpha: float = ALPHA) -> list[bool]:
    """Return which e-values pass Benjamini-Hochberg over all hypotheses (Wang and Ramdas 2022)."""
    ranked = sorted(logs, reverse=True)
    cut = np.inf
    for count, value in enumerate(ranked, 1):
        if value >= np.log(max(1, hypotheses) / (count * alpha)):
            cut = value
    return [value >= cut for value in logs]
