"""Tasks close only by somebody else's re-test."""

from datetime import date, datetime, timedelta

import pytest
from support.inspecting import CLOCK, CONTROLS, NOW, all_green, evidence_for, red_facts

from waybillguard.inspect import Evidence, Organisation, Verdict, catalogue, inspect
from waybillguard.inspect.cases import Task, open_tasks, report_step, retest, tasks_from
from waybillguard.inspect.errors import InspectError

DONE = NOW - timedelta(minutes=30)
EPT = "EPT-01"


def judged(evidence: list[Evidence]) -> tuple[Verdict, ...]:
    return inspect(catalogue(), Organisation("测试仓库"), evidence, CLOCK).verdicts


def piece(
    control: str = EPT, *, red: bool = False, since: datetime = DONE, claim: str = "retested"
) -> Evidence:
    facts = next(red_facts(CONTROLS[control]))[1] if red else None
    return evidence_for(CONTROLS[control], facts, observed_from=since + timedelta(minutes=5), claim=claim)


@pytest.fixture
def task() -> Task:
    rest = [one for one in all_green() if one.control != EPT]
    (made,) = tasks_from("测试仓库", judged([*rest, piece(red=True)]), date(2026, 12, 28))
    return made


def finished(task: Task) -> Task:
    return report_step(task, "self_certified", "测试仓库", DONE)


def test_an_open_item_becomes_a_task_with_its_authority_and_owner(task: Task) -> None:
    assert (task.item, task.authority, task.owner, task.state) == ("4", "police", "warehouse", "notified")


def test_a_self_report_closes_nothing(task: Task) -> None:
    assert not finished(task).closed
    with pytest.raises(InspectError):
        report_step(task, "retest_passed", "测试仓库", DONE)


def test_a_retest_by_somebody_else_closes_the_task(task: Task) -> None:
    evidence = [piece()]
    assert retest(finished(task), judged(evidence), evidence, "police", NOW).closed


def test_a_failed_retest_reopens_it(task: Task) -> None:
    evidence = [piece(red=True)]
    assert retest(finished(task), judged(evidence), evidence, "police", NOW).state == "retest_failed"


def test_the_warehouse_cannot_retest_itself(task: Task) -> None:
    evidence = [piece()]
    with pytest.raises(InspectError, match="itself"):
        retest(finished(task), judged(evidence), evidence, "测试仓库", NOW)


@pytest.mark.parametrize(
    "found",
    [piece(claim="self_reported"), piece(since=DONE - timedelta(minutes=20))],
    ids=["claimed", "older"],
)
def test_evidence_that_is_no_retest_is_refused(task: Task, found: Evidence) -> None:
    with pytest.raises(InspectError, match="re-test"):
        retest(finished(task), judged([found]), [found], "police", NOW)


def test_an_item_with_a_control_untested_stays_open() -> None:
    rest = [one for one in all_green() if one.control != "LBL-01"]
    (task,) = tasks_from("测试仓库", judged([*rest, piece("LBL-01", red=True)]), date(2026, 12, 28))
    evidence = [piece("LBL-01")]
    with pytest.raises(InspectError):
        retest(finished(task), judged(evidence), evidence, "post", NOW)


def test_before_the_warehouse_reports_nothing_is_retested(task: Task) -> None:
    evidence = [piece()]
    with pytest.raises(InspectError, match="has not reported"):
        retest(task, judged(evidence), evidence, "police", NOW)


def test_overdue_tasks_are_marked(task: Task) -> None:
    assert open_tasks([task], date(2026, 12, 28)) == ((task, False),)
    assert open_tasks([task], date(2026, 12, 29)) == ((task, True),)
