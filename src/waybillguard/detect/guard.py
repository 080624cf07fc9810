"""Judges each request before anything is shown, by leaky counts of the account's acts.

Promise: constant work and memory per request; only one small record of the account is read. Counts leak continuously,
so nobody can wait for the edge of a window. Refused acts are not counted, so a blocked account recovers by itself.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import msgspec

from waybillguard.detect.catalogue import Setting
from waybillguard.detect.errors import DetectInputError
from waybillguard.shipped import read_yaml

type Act = Literal["reveal", "search", "export"]
type Kind = Literal["allow", "slow", "step_up", "refuse"]

GAP_S: Final = 45
"""Seconds between two acts of an account that is slowed down."""
CONFIRMED_FOR_S: Final = 1800
"""Seconds for which a confirmation, or a request for one, is valid."""
MAX_PLACES: Final = 20
"""Places remembered per account; the least recently used one is dropped first."""
_MICRO: Final = 1_000_000
_LEAKS: Final = ("burst", "hour", "out")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule (``data/guard.yaml`` explains each field); ``answers`` by act, weakest answer first."""

    id: str
    counts: Literal["decoy", "burst", "hour", "out", "place"]
    window_s: int
    name_zh: str
    name_en: str
    zh: str
    en: str
    source_zh: str
    source_en: str
    answers: Mapping[str, Mapping[str, Setting]]


class Pace(msgspec.Struct, frozen=True, array_like=True):
    """Leaky counts of one kind of act at ``at_us``.

    Attributes:
        since: the burst since the last confirmation.
        last_us: time of the last act, in microseconds.
    """

    at_us: int = 0
    burst: float = 0.0
    hour: float = 0.0
    out: float = 0.0
    since: float = 0.0
    last_us: int = 0


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """The stored state of one account.

    Attributes:
        paces: leaky counts by act.
        asked: when each rule last asked for a confirmation, in microseconds.
        places: identifiers of known places, with the time of their last use.
    """

    paces: dict[str, Pace] = {}
    asked: dict[str, int] = {}
    places: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Moment:
    """One request that the guard judges.

    Attributes:
        act: kind of act.
        at_us: time of the request, in microseconds.
        amount: number of acts; an export counts once, regardless of its records.
        in_shift: whether the person is on shift.
        place: identifier of computer or network; empty if unknown or enrolled, which is never judged.
        decoy: whether the orders include a decoy.
        confirmed_us: last confirmation by second factor, in microseconds; 0 for none.
        can_confirm: whether the person has a second factor; without one, ``step_up`` becomes ``slow``.
        ease: factor on the limits, from the day's workload; 2 on a sale day.
    """

    act: Act
    at_us: int
    amount: int = 1
    in_shift: bool = True
    place: str = ""
    decoy: bool = False
    confirmed_us: int = 0
    can_confirm: bool = True
    ease: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The guard's answer; ``rule`` is empty if the request is allowed."""

    kind: Kind = "allow"
    rule: str = ""
    zh: str = ""
    en: str = ""
    count: int = 0
    limit: int = 0
    wait_s: int = 0


ALLOW: Final = Answer()
_STRENGTH: Final[Mapping[str, int]] = {"allow": 0, "slow": 1, "step_up": 2, "refuse": 3}


@cache
def guard_rules() -> tuple[Rule, ...]:
    """Return the rules as shipped."""
    return tuple(read_yaml("waybillguard.detect", "data/guard.yaml", list[Rule]))


def guard_changed(changes: Mapping[str, float]) -> tuple[Rule, ...]:
    """Return the rules with an owner's changes, keyed by ``rule.act.answer``, such as ``guard_burst.reveal.refuse``.

    Raises:
        DetectInputError: no such threshold, or a value outside its range.
    """
    left = dict(changes)
    made = []
    for rule in guard_rules():
        answers = {
            act: {kind: _moved(f"{rule.id}.{act}.{kind}", setting, left) for kind, setting in kinds.items()}
            for act, kinds in rule.answers.items()
        }
        made.append(msgspec.structs.replace(rule, answers=answers))
    if left:
        name = next(iter(left))[:60]
        raise DetectInputError(zh=f"没有名为 {name} 的阈值", en=f"no threshold is called {name}")
    return tuple(made)


def _moved(name: str, setting: Setting, changes: dict[str, float]) -> Setting:
    value = changes.pop(name, None)
    if value is None:
        return setting
    low, high = setting.limits
    if not low <= value <= high:
        raise DetectInputError(
            zh=f"阈值 {name} 须在 {low:g} 到 {high:g} 之间", en=f"{name} must be {low:g} to {high:g}"
        )
    return Setting(value, setting.limits)


def judge(memory: Memory, now: Moment, rules: Sequence[Rule]) -> tuple[Answer, Memory]:
    """Judge one request; return the answer and the account's new state.

    If the clock jumps back, no time has passed: no count leaks.
    """
    before = memory.paces.get(now.act, Pace())
    windows: dict[str, int] = {rule.counts: rule.window_s for rule in rules}
    leaked = _leak(before, max(now.at_us, before.at_us), windows)
    if leaked.since and _confirmed(memory.asked.get("guard_burst", 0), now):
        leaked = msgspec.structs.replace(leaked, since=0.0)
    new_place = bool(now.place) and bool(memory.places) and now.place not in memory.places
    worst, asked = ALLOW, memory.asked
    for rule in rules:
        answer = _answer(rule, leaked, now, new_place=new_place, asked=asked.get(rule.id, 0))
        if answer.kind == "step_up" and not _open(asked.get(rule.id, 0), now):
            asked = {**asked, rule.id: now.at_us}
        if _STRENGTH[answer.kind] > _STRENGTH[worst.kind]:
            worst = answer
    if worst.kind != "allow":
        return worst, Memory({**memory.paces, now.act: leaked}, asked, memory.places)
    counted = Pace(
        leaked.at_us, leaked.burst + now.amount, leaked.hour + now.amount,
        leaked.out + (0 if now.in_shift else now.amount), leaked.since + now.amount, now.at_us,
    )  # fmt: skip
    return ALLOW, Memory({**memory.paces, now.act: counted}, asked, _with_place(memory.places, now))


def wants_confirmation(memory: Memory, confirmed_us: int) -> str:
    """Return the rule that still waits for a confirmation; empty if none does."""
    last = max(memory.asked, key=lambda one: memory.asked[one], default="")
    return last if last and memory.asked[last] > confirmed_us else ""


def _answer(rule: Rule, pace: Pace, now: Moment, *, new_place: bool, asked: int) -> Answer:
    answers = rule.answers.get(now.act)
    if answers is None or (rule.counts == "out" and now.in_shift):
        return ALLOW
    count, fresh = _counts(rule, pace, now, new_place=new_place)
    if "refuse" in answers and count >= answers["refuse"].value:
        return _said("refuse", rule, count, answers["refuse"], 0)
    if "step_up" in answers and fresh >= answers["step_up"].value:
        if not now.can_confirm:
            return _slowed(rule, count, answers["step_up"], pace, now)
        if not _confirmed(asked, now):
            return _said("step_up", rule, count, answers["step_up"], 0)
    if "slow" in answers and count >= answers["slow"].value:
        return _slowed(rule, count, answers["slow"], pace, now)
    return ALLOW


def _counts(rule: Rule, pace: Pace, now: Moment, *, new_place: bool) -> tuple[int, int]:
    """Return the count including this act, and the count since the last confirmation."""
    if rule.counts in _LEAKS:
        count = round((getattr(pace, rule.counts) + now.amount) / now.ease)
        return count, round((pace.since + now.amount) / now.ease) if rule.counts == "burst" else count
    found = int(now.decoy if rule.counts == "decoy" else new_place)
    return found, found


def _slowed(rule: Rule, count: int, setting: Setting, pace: Pace, now: Moment) -> Answer:
    wait = GAP_S - max(now.at_us - pace.last_us, 0) // _MICRO if pace.last_us else 0
    return _said("slow", rule, count, setting, int(wait)) if wait > 0 else ALLOW


def _said(kind: Kind, rule: Rule, count: int, setting: Setting, wait: int) -> Answer:
    zh, en = rule.zh.format(count=count), rule.en.format(count=count)
    return Answer(kind, rule.id, zh, en, count, int(setting.value), wait)


def _open(asked: int, now: Moment) -> bool:
    """Return whether a requested confirmation is still missing."""
    return asked > now.confirmed_us and now.at_us - asked < CONFIRMED_FOR_S * _MICRO


def _confirmed(asked: int, now: Moment) -> bool:
    """Return whether a confirmation came after the guard asked for it and is still valid."""
    return 0 < asked <= now.confirmed_us and now.at_us - now.confirmed_us < CONFIRMED_FOR_S * _MICRO


def _leak(pace: Pace, at_us: int, windows: Mapping[str, int]) -> Pace:
    gone = (at_us - pace.at_us) / _MICRO if pace.at_us else math.inf

    def left(value: float, window: int) -> float:
        return value * math.exp(-gone / window) if value and window else 0.0

    burst = windows.get("burst", 0)
    return Pace(
        at_us, left(pace.burst, burst), left(pace.hour, windows.get("hour", 0)),
        left(pace.out, windows.get("out", 0)), left(pace.since, burst), pace.last_us,
    )  # fmt: skip


def _with_place(places: dict[str, int], now: Moment) -> dict[str, int]:
    if not now.place:
        return places
    kept = {**places, now.place: now.at_us}
    if len(kept) > MAX_PLACES:
        del kept[min(kept, key=lambda one: kept[one])]
    return kept
