"""States 0–9 of a joint case, and the events that lead from one to the next."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from waybillguard.inspect.cases.model import Actor, Case, Event, State
from waybillguard.inspect.catalogue import read_yaml
from waybillguard.inspect.errors import InspectError

#: Events that do not change the state.
SIDE_EVENTS: Final = frozenset(
    {"served", "filed", "referred", "assigned", "suspended", "resumed", "return_visit", "judgment"}
)

_STOPS_CLOCKS: Final = {"suspended": ("procuratorate",), "resumed": ("procuratorate",)}
"""Actors that may suspend and resume a review. The agency under deadline is not one of them."""


@cache
def states() -> tuple[State, ...]:
    """Return the states in order of their number."""
    return tuple(read_yaml("cases/states.yaml", list[State]))


@cache
def actors() -> Mapping[str, Actor]:
    """Return the actors by their id."""
    return {actor.id: actor for actor in read_yaml("cases/actors.yaml", list[Actor])}


def state_of(case: Case) -> State:
    """Return the current state of a case; a case without events is in the first state, a clue."""
    by_event = {state.event: state for state in states()}
    found = states()[0]
    for event in case.events:
        found = by_event.get(event.kind, found)
    return found


def advance(case: Case, event: Event) -> Case:
    """Return the case with one more event.

    Raises:
        InspectError: the event cannot follow the current state, is earlier than the last one, has an actor that is
            unknown or not entitled, or uses a number that the authority already used for another document.
    """
    state, by_event = state_of(case), {one.event: one for one in states()}
    target = by_event.get(event.kind)
    if event.actor not in actors():
        raise _refused("办理单位未登记", "the actor is unknown")
    if target is None and event.kind not in SIDE_EVENTS:
        raise _refused("没有这种事件", "there is no such event")
    if not case.events and event.kind not in {"clue", "open"}:
        raise _refused("案件从线索或立案开始", "a case begins with a clue or its opening")
    if case.events and event.on < case.events[-1].on:
        raise _refused("日期早于上一步", "the date lies before the last step")
    if target is not None and case.events and target.id not in state.next and target.id != state.id:
        raise _refused(
            f"“{state.zh}”之后不能直接“{target.zh}”", f'"{target.en}" does not follow "{state.en}"'
        )
    if target is not None and not may_act(target, event):
        raise _not_theirs(target.zh, target.en, target.actors)
    if event.kind in _STOPS_CLOCKS and not _may(_STOPS_CLOCKS[event.kind], event):
        raise _not_theirs("中止审查或恢复审查", "suspending or resuming review", _STOPS_CLOCKS[event.kind])
    if event.kind == "close" and state.id == "follow_up" and _last(case, "follow_up").passed is not True:
        raise _refused("跟进调查未通过，不能终结", "the follow-up was not passed")
    if event.document is not None:
        _check_number(case, event)
    return msgspec.structs.replace(case, events=(*case.events, event))


def may_act(state: State, event: Event) -> bool:
    """Return whether the actor of an event may do it, or may enter the document of an authority that may."""
    return _may(state.actors, event)


def _may(whose: tuple[str, ...], event: Event) -> bool:
    theirs = event.document.authority if event.document is not None else ""
    return event.actor in whose or theirs in whose


def replay(title: str, agency: str, events: tuple[Event, ...], **more: object) -> Case:
    """Build a case from events. Raises the errors of :func:`advance`."""
    case = msgspec.convert({"title": title, "agency": agency, **more}, Case)
    for event in events:
        case = advance(case, event)
    return case


def _check_number(case: Case, event: Event) -> None:
    """Refuse a document number that was already used with another date or kind of event."""
    mine = event.document
    for other in case.events:
        theirs = other.document
        if (
            mine is not None
            and theirs is not None
            and (theirs.authority, theirs.number) == (mine.authority, mine.number)
            and (theirs.date != mine.date or other.kind != event.kind)
        ):
            raise _refused(
                f"文号 {mine.number} 已用于另一份文书",
                f"the number {mine.number} is used for another document",
            )


def _last(case: Case, kind: str) -> Event:
    return next(event for event in reversed(case.events) if event.kind == kind)


def _not_theirs(zh: str, en: str, whose: tuple[str, ...]) -> InspectError:
    who_zh = "、".join(actors()[name].zh for name in whose)
    who_en = ", ".join(actors()[name].en for name in whose)
    return _refused(
        f"“{zh}”由{who_zh}办理；登记其文书请选择文书单位并填写文号",
        f'"{en}" is for {who_en}; to enter their document choose whose it is and type its number',
    )


def _refused(zh: str, en: str) -> InspectError:
    return InspectError(
        zh=f"此步未记录：{zh}。请核对后重试。", en=f"the step was not recorded: {en}. Check it and try again."
    )
