"""Name leaks: the source of each leak, its ties, and its period.

An account, its station and the pair of both often saw the same orders. Their chances are then added up. Sources
that cannot be told apart are reported as a tie instead of being chosen at random.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from waybillguard.trace.field import Field, Floats, Slot
from waybillguard.trace.material import BINS_A_DAY, EVERYTHING, NAMED, Ground, Key
from waybillguard.trace.solve import Solved

SURE: Final = 0.9
ALONE: Final = 0.99
"""Below this chance an account is named together with its station, if the pair is more certain."""
_BETTER: Final = 0.02
_TIE: Final = 0.05
_COUNTS: Final = 0.3
"""Least chance from which a victim counts towards a leak's window."""
PRINTED: Final = frozenset("PESA")
"""Kernels of printed labels, and of any look at a station, which is mostly printing."""
_AT_HOME: Final = 0.95
"""Least share of an account's prints at one station, or of a station's reads by one account, to treat both as one."""
_QUIET_DAYS: Final = 7.0
_QUIET_TIMES: Final = 4.0
_FEWEST_PART: Final = 4
_WIDE: Final = 0.5
_TOGETHER: Final = 0.5
_COINCIDENCE: Final = 300.0
"""Odds, for each further warehouse, of one platform's leak against two independent photographers.

A second leak (a quarter of all warehouses), of this kind (one in eight), in these days (one in ten).
"""

type Actor = tuple[str, str, str, str]
"""Kind, account, station, shop or carrier."""


@dataclass(frozen=True, slots=True)
class Named:
    """A named leak. ``members`` are the actors whose chances add up to ``posterior``."""

    ground: int
    place: int
    actor: Actor
    members: frozenset[Actor]
    posterior: float
    tie: tuple[Actor, ...]
    kernel: str
    first: float
    last: float
    explained: float
    explained_by_work: float
    looked_at: int
    seen: float
    log_odds: float
    slots: tuple[int, ...]
    outside: float
    """Chance that it is any source outside the warehouse's accounts and stations: platform, shop, carrier, photos."""

    @property
    def named(self) -> bool:
        """Whether it is an account or a station of the warehouse."""
        return self.actor[0] in NAMED


def settle_joint(solved: Sequence[Solved]) -> None:
    """Treat simultaneous leaks of all orders or all labels in several warehouses as one platform's leak.

    Within one warehouse, a photographer of all labels and an ERP vendor have the same data. That two warehouses of
    one ERP (or of unknown ERPs) had photographers in the same days is less likely than one platform's leak.
    """
    wide: list[tuple[int, int, float, float]] = []
    for at, found in enumerate(solved):
        keys = found.field.keys
        for place, masses in enumerate(found.chain.key_mass):
            if sum(mass for key, mass in masses.items() if keys[key].actor in EVERYTHING) >= _WIDE:
                slot, first = found.state.slots[place], found.field.ground.first_bin
                wide.append((at, place, (slot.lo + first) / BINS_A_DAY, (slot.hi + first) / BINS_A_DAY))
    for at, place, lo, hi in wide:
        mine = solved[at].field.ground.erps
        others = {
            other
            for other, _, start, end in wide
            if other != at
            and min(hi, end) - max(lo, start) > _TOGETHER * min(hi - lo, end - start)
            and (not mine or not solved[other].field.ground.erps or mine & solved[other].field.ground.erps)
        }
        if others:
            keys, masses = solved[at].field.keys, solved[at].chain.key_mass[place]
            raised = {
                key: mass
                * (
                    _COINCIDENCE ** len(others)
                    if keys[key].kind == "platform" and not keys[key].detail
                    else 1.0
                )
                for key, mass in masses.items()
            }
            total, before = sum(raised.values()), sum(masses.values())
            solved[at].chain.key_mass[place] = {key: mass * before / total for key, mass in raised.items()}


def names_of(solved: Solved, at: int) -> list[Named]:
    """Name every leak of one warehouse; leaks of one source that overlap or follow each other are merged."""
    found: list[Named] = []
    for place in range(len(solved.state.slots)):
        if solved.chain.none_mass[place] < SURE:
            found += _named(solved, at, place)
    return _merged(found)


def _named(solved: Solved, at: int, place: int) -> Iterator[Named]:
    field, ground = solved.field, solved.field.ground
    masses = solved.chain.key_mass[place]
    actor, members, posterior, tie = _choose(
        {ground.keys[key]: mass for key, mass in masses.items()}, _homes(ground)
    )
    key = _main_key(ground, masses, members)
    slot = replace(solved.state.slots[place])
    if ground.keys[slot.key].actor not in members:
        slot = Slot(key, slot.lo, slot.hi, slot.theta)
    share = solved.responsibility(place)
    for part in _parts(field, slot, share):
        inside = part & (share > _COUNTS)
        if not inside.any():
            continue
        times, explained = _looks_of(field, slot, inside)
        lo, hi = float(times.min()), float(times.max())
        yield Named(
            ground=at,
            place=place,
            actor=actor,
            members=members,
            posterior=posterior,
            tie=tie,
            kernel=ground.keys[slot.key].kernel,
            first=lo,
            last=hi,
            explained=float(share[part].sum()),
            explained_by_work=explained,
            looked_at=round(float(_between(ground, field.ground.exposure[slot.key], lo, hi))),
            seen=float(_between(ground, field.cost[slot.key], lo, hi)),
            log_odds=solved.chain.log_odds[place],
            slots=(place,),
            outside=sum(mass for at, mass in masses.items() if ground.keys[at].kind not in NAMED),
        )


def name_of(ground: Ground, masses: dict[int, float]) -> tuple[Actor, float]:
    """Return the most likely name given the chances by key, and its chance."""
    actor, _, posterior, _ = _choose({ground.keys[key]: mass for key, mass in masses.items()}, _homes(ground))
    return actor, posterior


def _homes(ground: Ground) -> dict[Actor, str]:
    """Return the station of each account that prints at only one: its prints and the station's are one leak."""
    at = {key: counts.sum() for key, counts in zip(ground.keys, ground.exposure, strict=True)}
    return {
        ("account", key.account, "", ""): key.workstation
        for key, here in at.items()
        if key.kind == "pair" and key.kernel == "P" and here > _AT_HOME * at.get(_account_prints(key), np.inf)
    }


def only_reader(ground: Ground, station: str) -> str:
    """Return the only account that reads at a station; empty if several do, or none."""
    at = {key: float(counts.sum()) for key, counts in zip(ground.keys, ground.exposure, strict=True)}
    everybody = at.get(Key("workstation", "", station, "R"), np.inf)
    readers = (
        key.account
        for key, here in at.items()
        if (key.kind, key.workstation, key.kernel) == ("pair", station, "R") and here > _AT_HOME * everybody
    )
    return next(readers, "")


def _account_prints(key: Key) -> Key:
    return Key("account", key.account, kernel="P")


def _choose(
    masses: dict[Key, float], homes: dict[Actor, str]
) -> tuple[Actor, frozenset[Actor], float, tuple[Actor, ...]]:
    """Return the most likely name, the actors it stands for, its chance, and its ties.

    A leak by prints is a leak of the station, regardless of the account. An account that prints at only one station
    (``homes``) is therefore the same source as that station.
    """
    by_actor: dict[Actor, float] = defaultdict(float)
    printed = read = 0.0
    for key, mass in masses.items():
        home = homes.get(key.actor) if key.kernel == "P" else None
        by_actor[("workstation", "", home, "") if home else key.actor] += mass
        if key.kind in NAMED:
            printed += mass if key.kernel in PRINTED else 0.0
            read += 0.0 if key.kernel in PRINTED else mass
    wider: dict[Actor, set[Actor]] = defaultdict(set)
    for one in by_actor:
        kind, account, station, detail = one
        if kind in {"account", "pair"}:
            wider["account", account, "", ""].add(one)
        if kind in {"workstation", "pair"}:
            wider["workstation", "", station, ""].add(one)
        if kind not in NAMED:
            wider[one].add(one)
            if kind == "unlogged" and detail:
                wider["unlogged", "", "", ""].add(one)
    chance = {name: sum(by_actor[one] for one in members) for name, members in wider.items()}
    best = max(chance, key=lambda one: chance[one])
    members = wider[best]
    if best[0] == "unlogged":
        # All labels or one carrier's: name the carrier only if it is certain.
        carrier = max((one for one in members if one[3]), key=lambda one: by_actor[one], default=best)
        best = carrier if by_actor[carrier] >= SURE * chance[best] else best
    elif best[0] in NAMED:
        best, members = _account_or_station(chance, wider, best, by_actor, printed=printed > read)
    total = min(1.0, sum(by_actor[one] for one in members))
    pair = [("account", best[1], "", ""), ("workstation", "", best[2], "")] if best[0] == "pair" else []
    ties = [
        *pair,
        *(one for one in chance if one[0] != "pair" and _overlap(one, best, by_actor, wider, members)),
    ]
    return best, frozenset(members), total, tuple(dict.fromkeys(ties))


def _overlap(
    one: Actor, best: Actor, by_actor: dict[Actor, float], wider: dict[Actor, set[Actor]], members: set[Actor]
) -> bool:
    """Return whether another name has chance of its own beside the best."""
    return one != best and sum(by_actor[part] for part in wider[one] - members) >= _TIE


def _account_or_station(
    mass: dict[Actor, float],
    wider: dict[Actor, set[Actor]],
    best: Actor,
    mass_of: dict[Actor, float],
    *,
    printed: bool,
) -> tuple[Actor, set[Actor]]:
    """Choose an account or its station, or name both if the looks do not tell them apart."""
    accounts = [one for one in mass if one[0] == "account"]
    stations = [one for one in mass if one[0] == "workstation"]
    if not accounts or not stations:
        return best, wider[best]
    account, station = max(accounts, key=lambda one: mass[one]), max(stations, key=lambda one: mass[one])
    if mass[best] >= ALONE:
        other = station if best == account else account
        if mass[other] >= SURE:
            pair = ("pair", account[1], station[2], "")
            best = station if printed and mass_of.get(pair, 0.0) < SURE else pair
        return best, (wider[account] | wider[station] if best[0] == "pair" else wider[best])
    if printed:
        return station, wider[station]
    union = wider[account] | wider[station]
    if ("pair", account[1], station[2], "") in union or mass[best] + _BETTER < mass[account] + mass[station]:
        return ("pair", account[1], station[2], ""), union
    return best, wider[best]


def _main_key(ground: Ground, masses: dict[int, float], members: frozenset[Actor]) -> int:
    return max(masses, key=lambda key: masses[key] if ground.keys[key].actor in members else -1.0)


def _inside(field: Field, slot: Slot) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    mine = field.of_key[slot.key]
    return np.asarray(
        mine[(field.hit_bin[mine] >= slot.lo) & (field.hit_bin[mine] < slot.hi)], dtype=np.int64
    )


def _looks_of(
    field: Field, slot: Slot, victims: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Floats, float]:
    """Return when the victims' orders were looked at, and the share of those looks that have a work reason."""
    hits = _inside(field, slot)
    hits = hits[victims[field.hit_victim[hits]]]
    if not len(hits):
        edge = np.array([slot.lo, slot.hi], dtype=np.float64) + field.ground.first_bin
        return edge / BINS_A_DAY, 0.0
    return field.hit_time[hits], float(field.hit_explained[hits].mean())


def _parts(field: Field, slot: Slot, share: Floats) -> Iterator[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Split a window at a quiet time far longer than any other in it: two thefts by one source."""
    hits = _inside(field, slot)
    hits = hits[share[field.hit_victim[hits]] > _COUNTS]
    order = hits[np.argsort(field.hit_time[hits])]
    times = field.hit_time[order]
    everyone = np.zeros(len(share), dtype=bool)
    everyone[field.hit_victim[_inside(field, slot)]] = True
    if len(times) < 2 * _FEWEST_PART:
        yield everyone
        return
    gaps = np.diff(times)
    widest = int(gaps.argmax())
    rest = np.delete(gaps, widest)
    many = min(widest + 1, len(times) - widest - 1) >= _FEWEST_PART
    if many and gaps[widest] > max(_QUIET_DAYS, _QUIET_TIMES * float(rest.mean())):
        middle = (times[widest] + times[widest + 1]) / 2
        early = np.zeros(len(share), dtype=bool)
        inside = _inside(field, slot)
        early[field.hit_victim[inside[field.hit_time[inside] < middle]]] = True
        yield early
        yield everyone & ~early
        return
    yield everyone


def _between(ground: Ground, counts: Floats, first: float, last: float) -> float:
    lo = int(np.floor(first * BINS_A_DAY)) - ground.first_bin
    hi = int(np.floor(last * BINS_A_DAY)) - ground.first_bin + 1
    return float(counts[max(0, lo) : max(0, hi)].sum())


def _merged(found: list[Named]) -> list[Named]:
    """Merge leaks of one source that overlap or follow within a day: one theft found in two pieces."""
    result: list[Named] = []
    for one in sorted(found, key=lambda named: -named.explained):
        for at, other in enumerate(result):
            if _same_source(one, other) and one.first <= other.last + 1 and other.first <= one.last + 1:
                result[at] = _joined(other, one)
                break
        else:
            result.append(one)
    return result


def _same_source(one: Named, other: Named) -> bool:
    if not (one.named and other.named):
        return one.actor == other.actor
    if one.actor == other.actor:
        return True
    # A pair includes its account and its station; a separate print leak of the station stays separate.
    if (one.kernel in PRINTED) != (other.kernel in PRINTED):
        return False
    small, wide = (one, other) if len(one.members) <= len(other.members) else (other, one)
    return wide.actor[0] == "pair" and small.actor in wide.members


def _joined(main: Named, other: Named) -> Named:
    actor = main.actor if main.actor[0] == "pair" or other.actor[0] != "pair" else other.actor
    return replace(
        main,
        actor=actor,
        members=main.members | other.members,
        posterior=max(main.posterior, other.posterior),
        tie=tuple(dict.fromkeys((*main.tie, *other.tie))),
        first=min(main.first, other.first),
        last=max(main.last, other.last),
        explained=main.explained + other.explained,
        explained_by_work=(
            main.explained_by_work * main.explained + other.explained_by_work * other.explained
        )
        / max(1e-9, main.explained + other.explained),
        looked_at=main.looked_at + other.looked_at,
        seen=main.seen + other.seen,
        log_odds=max(main.log_odds, other.log_odds),
        slots=(*main.slots, *other.slots),
        outside=min(main.outside, other.outside),
    )
