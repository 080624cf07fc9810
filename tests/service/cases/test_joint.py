"""Joint cases: state computed from entries, and no lost edits."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import yaml
from django_scopes import scope

from waybillguard.inspect.cases import Event, Reference, Task, deadlines, report_step, state_of
from waybillguard.inspect.errors import InspectError
from waybillguard.service.cases.joint import (
    ChangedError,
    JointError,
    StepTaken,
    append,
    append_when_free,
    open_joint,
    read,
    seen_by,
)
from waybillguard.service.cases.models import Case, JointCase

pytestmark = pytest.mark.django_db
REAL = sorted((Path(__file__).parents[2] / "inspect" / "cases" / "real").glob("*.yaml"))
OPENED = Event(on=date(2026, 11, 2), kind="open", actor="procuratorate")
TASK = Task(warehouse="甲仓", item="1", authority="post", owner="warehouse", due=date(2026, 12, 1))


@pytest.fixture
def joint(warehouse: SimpleNamespace) -> Any:
    with scope(tenant=warehouse.tenant):
        made = open_joint(warehouse.owner, "procuratorate", "测试案", "post", ["police", "cac"], OPENED)
        yield SimpleNamespace(case=made, by=warehouse.owner)


def event(kind: str, day: int, **more: Any) -> Event:
    return Event(on=date(2026, 11, day), kind=kind, actor="procuratorate", **more)


def add(joint: Any, seen: int, value: Any, kind: Any = "event") -> None:
    append(joint.case, seen, kind, value, by=joint.by, authority="procuratorate")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_case_entered_step_by_step_has_its_state_and_dates(
    path: Path, warehouse: SimpleNamespace
) -> None:
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    first, *rest = msgspec.convert(given["events"], tuple[Event, ...])
    with scope(tenant=warehouse.tenant):
        made = open_joint(warehouse.owner, "procuratorate", given["title"], given["agency"], [], first)
        for seen, one in enumerate(rest, start=1):
            append(made, seen, "event", one, by=warehouse.owner, authority="procuratorate")
        course = read(made).course
    assert state_of(course).id == given["expected"]["state"]
    assert {one.rule.id: one.due for one in deadlines(course, date(2024, 1, 1))} == given["expected"][
        "deadlines"
    ]


def test_it_has_a_record_among_the_cases(joint: Any) -> None:
    assert joint.case.case.kind == Case.Kind.JOINT
    assert JointCase.objects.count() == 1


def test_the_second_writer_is_refused_and_sees_what_the_first_wrote(joint: Any) -> None:
    add(joint, 1, event("site_visit", 3, note="看过现场"))
    with pytest.raises(ChangedError) as refused:
        add(joint, 1, event("round_table", 4))
    assert [entry.payload["note"] for entry in refused.value.since] == ["看过现场"]
    assert read(joint.case).version == 2
    add(joint, 2, event("round_table", 4))
    assert state_of(read(joint.case).course).id == "consultation"


def test_a_step_that_does_not_follow_writes_nothing(joint: Any) -> None:
    with pytest.raises(InspectError):
        add(joint, 1, event("suit", 3))
    assert read(joint.case).version == 1


def test_a_date_that_lies_ahead_does_not_shut_the_case_for_later_steps(joint: Any) -> None:
    slip = Event(on=date(2062, 11, 3), kind="site_visit", actor="procuratorate")
    paper = Reference("procuratorate", "义检〔2062〕1号", date(2062, 11, 3))
    for wrong in (slip, event("site_visit", 3, document=paper)):
        with pytest.raises(JointError, match="lies ahead"):
            add(joint, 1, wrong)
    add(joint, 1, event("site_visit", 3))
    assert read(joint.case).version == 2


def test_a_document_number_used_twice_is_refused_also_in_another_case(joint: Any) -> None:
    paper = Reference("procuratorate", "义检建〔2026〕7号", date(2026, 11, 5))
    add(joint, 1, event("site_visit", 3))
    add(joint, 2, event("proposal", 5, document=paper))
    with pytest.raises(InspectError):
        add(joint, 3, event("follow_up", 6, document=msgspec.structs.replace(paper, date=date(2026, 11, 6))))
    first = msgspec.structs.replace(OPENED, document=paper)
    with pytest.raises(JointError):
        open_joint(joint.by, "procuratorate", "另一案", "post", [], first)
    assert JointCase.objects.count() == 1


def test_who_sees_all_and_who_sees_own_tasks(joint: Any) -> None:
    add(joint, 1, event("site_visit", 3, note="内部记录"))
    add(joint, 2, (TASK, msgspec.structs.replace(TASK, item="4", authority="police")), "tasks")
    whole, version = seen_by(joint.case, "police")
    assert (len(whole.tasks), whole.complete, version) == (2, True, 3)
    own, _ = seen_by(joint.case, "post")
    assert [task.item for task in own.tasks] == ["1"]
    assert all(one.note == "" for one in own.case.events)
    with pytest.raises(JointError):
        seen_by(joint.case, "market")


def test_a_warehouses_word_closes_no_task(joint: Any) -> None:
    add(joint, 1, (TASK,), "tasks")
    after = report_step(TASK, "self_certified", "甲仓", datetime(2026, 11, 20, tzinfo=UTC))
    add(joint, 2, StepTaken(warehouse="甲仓", item="1", step=after.steps[-1]), "step")
    assert not read(joint.case).task("甲仓", "1").closed


def test_what_no_person_decides_is_added_after_whoever_was_first(joint: Any) -> None:
    raced = []

    def make(now: Any) -> Any:
        if not raced:
            raced.append(now.version)
            add(joint, now.version, event("site_visit", 3))
        return "tasks", (TASK,)

    append_when_free(joint.case, make, by=joint.by, authority="post")
    assert read(joint.case).version == 3
