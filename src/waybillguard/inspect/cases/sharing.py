"""Visibility of a case per actor, referral to higher and assignment to lower levels, and similar criminal cases."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from waybillguard.inspect.cases.model import Attachment, Case, Event, Level, Reference, Task
from waybillguard.inspect.cases.states import actors, advance
from waybillguard.inspect.errors import InspectError

LEVELS: Final[tuple[Level, ...]] = ("county", "city", "province")


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a case that one actor may see."""

    case: Case
    tasks: tuple[Task, ...]
    attachments: tuple[Attachment, ...]
    complete: bool


class CriminalCase(msgspec.Struct, frozen=True, kw_only=True):
    """An imported criminal case: number, date, and the properties used to find similar cases. No person is named.

    ``way_in`` is the method of the theft, such as temp with a USB stick, burglary, remote control or leaver's account;
    ``gang`` is the investigator's own label.
    """

    reference: Reference
    warehouse: str
    way_in: str
    gang: str = ""
    filed_with: str = ""


class Group(msgspec.Struct, frozen=True):
    """Criminal cases that share a property."""

    by: Literal["warehouse", "way_in", "gang"]
    value: str
    cases: tuple[Reference, ...]


def view_for(
    actor: str, case: Case, tasks: Iterable[Task], attachments: Iterable[Attachment], *, own: str = ""
) -> View:
    """Return what an actor may see. All but procuratorate and police see only own tasks and the course of the case.

    ``own``: the warehouse's name if the actor is a warehouse. Notes and attachments are shown only to actors who see
    the whole case.

    Raises:
        InspectError: the actor is unknown.
    """
    if actor not in actors():
        raise InspectError(
            zh="单位未登记，不能查看案件。", en="the actor is unknown and may not see the case."
        )
    if actors()[actor].sees == "all":
        return View(case=case, tasks=tuple(tasks), attachments=tuple(attachments), complete=True)
    mine = tuple(
        task for task in tasks if (task.warehouse == own if actor == "warehouse" else task.authority == actor)
    )
    warehouses = tuple(sorted({task.warehouse for task in mine}))
    events = tuple(msgspec.structs.replace(event, note="") for event in case.events)
    shown = msgspec.structs.replace(case, events=events, warehouses=warehouses)
    return View(case=shown, tasks=mine, attachments=(), complete=False)


def refer_up(case: Case, event: Event) -> Case:
    """Refer a clue or case to the next higher level for approval.

    Raises:
        InspectError: there is no higher level, the given level is not the next one, or the event is not allowed.
    """
    at = LEVELS.index(case.level)
    if event.kind != "referred" or at + 1 == len(LEVELS) or event.level != LEVELS[at + 1]:
        raise InspectError(
            zh="只能逐级上报：县、市、省。", en="a case goes up one level at a time: county, city, province."
        )
    return msgspec.structs.replace(advance(case, event), level=LEVELS[at + 1])


def assign_down(case: Case, event: Event) -> Case:
    """Assign a case to a lower level (交办).

    Raises:
        InspectError: the level is not below the case's, or the event is not allowed.
    """
    if (
        event.kind != "assigned"
        or event.level is None
        or LEVELS.index(event.level) >= LEVELS.index(case.level)
    ):
        raise InspectError(zh="交办须指定下级单位。", en="a case is assigned to a lower level.")
    return msgspec.structs.replace(advance(case, event), level=event.level)


def alike(cases: Iterable[CriminalCase]) -> tuple[Group, ...]:
    """Return groups of two or more criminal cases with the same warehouse, method or gang, largest first."""
    found: dict[tuple[str, str], set[Reference]] = defaultdict(set)
    for case in cases:
        for by in ("warehouse", "way_in", "gang"):
            if value := getattr(case, by):
                found[by, value].add(case.reference)
    groups = [
        msgspec.convert({"by": by, "value": value, "cases": sorted(references)}, Group, from_attributes=True)
        for (by, value), references in found.items()
        if len(references) > 1
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.cases), group.by, group.value)))
