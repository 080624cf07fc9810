"""Visibility per actor, chain of custody, and similar criminal cases."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from waybillguard.inspect.cases import (
    Attachment,
    Case,
    CriminalCase,
    Event,
    Reference,
    Task,
    advance,
    alike,
    hand_over,
    view_for,
    whole,
)
from waybillguard.inspect.errors import InspectError

DAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
CASE = advance(
    Case(title="测试", agency="post", warehouses=("甲仓", "乙仓")),
    Event(on=DAY, kind="clue", actor="police", note="investigators only"),
)
TASKS = tuple(
    Task(warehouse=name, item="1", authority=authority, owner="warehouse", due=DAY)
    for name, authority in (("甲仓", "post"), ("乙仓", "police"))
)
FILE = Attachment(kind="sensor_report", name="扫描报告", sha256="ab" * 32, size=10)


@pytest.mark.parametrize("actor", ["procuratorate", "police"])
def test_procuratorate_and_police_see_the_whole_file(actor: str) -> None:
    view = view_for(actor, CASE, TASKS, [FILE])
    assert view.complete
    assert (len(view.tasks), len(view.attachments)) == (2, 1)


def test_another_authority_sees_its_own_tasks_and_no_notes_or_files() -> None:
    view = view_for("post", CASE, TASKS, [FILE])
    assert [task.warehouse for task in view.tasks] == ["甲仓"]
    assert view.case.warehouses == ("甲仓",)
    assert not view.attachments
    assert not view.case.events[0].note


def test_a_warehouse_sees_nothing_of_another() -> None:
    view = view_for("warehouse", CASE, TASKS, [FILE], own="乙仓")
    assert [task.warehouse for task in view.tasks] == ["乙仓"]
    with pytest.raises(InspectError):
        view_for("stranger", CASE, TASKS, [FILE])


def test_custody_is_whole_until_an_entry_is_changed() -> None:
    held = hand_over(hand_over(FILE, "警员甲", "检察官乙", AT), "检察官乙", "档案室", AT)
    assert whole(held)
    first = msgspec.structs.replace(held.custody[0], place="别处")
    assert not whole(msgspec.structs.replace(held, custody=(first, held.custody[1])))


def test_only_the_holder_hands_over() -> None:
    with pytest.raises(InspectError):
        hand_over(hand_over(FILE, "警员甲", "检察官乙", AT), "警员甲", "档案室", AT)


def test_several_cases_of_the_same_kind_are_seen() -> None:
    cases = [
        CriminalCase(reference=Reference("公安局", f"{n}号", DAY), warehouse=where, way_in=how, gang=gang)
        for n, where, how, gang in (
            (1, "甲仓", "usb", "A"),
            (2, "乙仓", "usb", "B"),
            (3, "甲仓", "window", "B"),
        )
    ]
    found = {(group.by, group.value): len(group.cases) for group in alike(cases)}
    assert found == {("warehouse", "甲仓"): 2, ("way_in", "usb"): 2, ("gang", "B"): 2}
