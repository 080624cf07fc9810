"""Training records as evidence, and the lessons that are due."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

import msgspec

from waybillguard.inspect.catalogue import read_yaml
from waybillguard.inspect.model import Fact
from waybillguard.inspect.training.course import Lesson, course


class Learner(msgspec.Struct, frozen=True):
    """A person with an account; ``person`` is a pseudonym or key, never a name."""

    person: str
    role: str


class Record(msgspec.Struct, frozen=True):
    """A passed lesson. Nothing else about training is stored."""

    person: str
    lesson: str
    version: int
    passed_at: datetime


class Due(msgspec.Struct, frozen=True):
    """A lesson that is due for a person, with the reason: never done, changed, too long ago, or a finding."""

    person: str
    lesson: str
    why: Literal["first", "changed", "refresh", "finding"]


class Refresher(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lessons that must be repeated when a control fails."""

    finding: str
    lessons: tuple[str, ...]


@cache
def refreshers() -> Mapping[str, tuple[str, ...]]:
    """Return the lessons to repeat, by failed control."""
    return {row.finding: row.lessons for row in read_yaml("training/refreshers.yaml", list[Refresher])}


def due(
    learners: Iterable[Learner],
    records: Iterable[Record],
    now: datetime,
    *,
    findings: Mapping[str, datetime] | None = None,
) -> tuple[Due, ...]:
    """Return the lessons that are due. Records dated in the future are ignored.

    ``findings`` maps failed controls to the time of failure. Their lessons count only if passed after that time.
    """
    newest: dict[tuple[str, str], Record] = {}
    for record in sorted(records, key=lambda one: one.passed_at):
        if record.passed_at <= now:
            newest[record.person, record.lesson] = record
    since: dict[str, datetime] = {}
    for control, at in (findings or {}).items():
        for name in refreshers().get(control, ()):
            since[name] = max(at, since.get(name, at))
    found = []
    for learner in learners:
        for lesson in course().for_role(learner.role):
            why = _why(lesson, newest.get((learner.person, lesson.id)), now, since.get(lesson.id))
            if why:
                found.append(Due(learner.person, lesson.id, why))
    return tuple(found)


def training_facts(
    learners: Iterable[Learner],
    records: Iterable[Record],
    now: datetime,
    *,
    findings: Mapping[str, datetime] | None = None,
) -> dict[str, Fact]:
    """Return the facts of PPL-01 and PPL-02. Roles without a lesson (merchants, inspectors) are not counted."""
    people = {one.person: one for one in learners if course().for_role(one.role)}
    open_ones = due(people.values(), records, now, findings=findings)
    anti_fraud = {one.person for one in open_ones if course().lesson(one.lesson).anti_fraud}
    return {
        "people": len(people),
        "people_untrained": len({one.person for one in open_ones}),
        "people_without_fraud_lesson": len(anti_fraud),
    }


def _why(
    lesson: Lesson, record: Record | None, now: datetime, finding: datetime | None
) -> Literal["first", "changed", "refresh", "finding"] | None:
    if record is None:
        return "first"
    if record.version != lesson.version:
        return "changed"
    if now - record.passed_at > timedelta(days=lesson.refresh_days):
        return "refresh"
    if finding is not None and record.passed_at < finding:
        return "finding"
    return None
