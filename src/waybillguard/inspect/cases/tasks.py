"""Tasks of a warehouse: one per item, closed only by somebody else's re-test."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import msgspec

from waybillguard.inspect.cases.model import Step, Task
from waybillguard.inspect.errors import InspectError
from waybillguard.inspect.model import Evidence, Status, Verdict
from waybillguard.inspect.sheet import ORDER, fill, items

_FOLLOWS: Final = {
    "notified": {"in_work", "self_certified"},
    "in_work": {"self_certified"},
    "self_certified": {"retest_passed", "retest_failed"},
    "retest_failed": {"in_work", "self_certified"},
    "retest_passed": {"retest_failed"},
}


def tasks_from(warehouse: str, verdicts: Iterable[Verdict], due: date) -> tuple[Task, ...]:
    """Return one task for each open item of the twelve-item sheet."""
    return tuple(
        Task(
            warehouse=warehouse,
            item=str(line.item.number),
            authority=line.item.authority,
            owner=line.item.owner,
            due=due,
        )
        for line in fill(verdicts)
        if line.status in ORDER[:2]
    )


def report_step(task: Task, to: str, by: str, at: datetime, *, evidence_sha256: str = "") -> Task:
    """Record a report by the warehouse: work started, or done (自报完成). It never closes a task.

    Raises:
        InspectError: the step cannot follow the current state, or is a re-test.
    """
    if to not in {"in_work", "self_certified"}:
        raise _refused(
            "单位自报不能关闭任务，须由他人复测", "a self-report closes no task; somebody else re-tests"
        )
    return _step(
        task, msgspec.convert({"at": at, "to": to, "by": by, "evidence_sha256": evidence_sha256}, Step)
    )


def retest(
    task: Task, verdicts: Iterable[Verdict], evidence: Iterable[Evidence], by: str, at: datetime
) -> Task:
    """Close or reopen a task by a re-test.

    The re-test must be done by somebody other than the warehouse. The evidence of every control of the item must have
    been collected by somebody else (``claim`` retested) after the warehouse reported the task as done.

    Raises:
        InspectError: the re-test is by the warehouse itself, before its report, or without evidence of a re-test.
    """
    by_control = {verdict.control: verdict for verdict in verdicts}
    pieces = {piece.control: piece for piece in evidence}
    wanted = next(item.controls for item in items() if str(item.number) == task.item)
    if by == task.warehouse or any(step.by == by for step in task.steps if step.to == "self_certified"):
        raise _refused("被检查单位不能自行复测", "the warehouse cannot re-test itself")
    if not task.steps or task.steps[-1].to not in {"self_certified", "retest_passed"}:
        raise _refused("仓库尚未报告完成", "the warehouse has not reported that it is done")
    since = task.steps[-1].at
    judged = [by_control[name] for name in wanted if name in by_control]
    for verdict in judged:
        piece = pieces.get(verdict.control)
        if verdict.status is not Status.NOT_APPLICABLE and (
            piece is None
            or piece.claim != "retested"
            or piece.observed_from < since
            or piece.sha256 != verdict.evidence_sha256
        ):
            raise _refused(
                "证据不是报告完成之后的复测", "the evidence is not from a re-test after the report"
            )
    good = len(judged) == len(wanted) and all(
        verdict.status in {Status.SATISFIED, Status.NOT_APPLICABLE} for verdict in judged
    )
    proof = ",".join(sorted(verdict.evidence_sha256 for verdict in judged if verdict.evidence_sha256))
    return _step(task, Step(at, "retest_passed" if good else "retest_failed", by, proof))


def open_tasks(tasks: Iterable[Task], today: date) -> tuple[tuple[Task, bool], ...]:
    """Return the open tasks, most urgent first, each with whether it is overdue."""
    return tuple(
        (task, today > task.due)
        for task in sorted(tasks, key=lambda one: (one.due, one.warehouse))
        if not task.closed
    )


def _step(task: Task, step: Step) -> Task:
    if step.to not in _FOLLOWS[task.state]:
        raise _refused("顺序不对", "the step does not follow from the last one")
    if task.steps and step.at < task.steps[-1].at:
        raise _refused("时间早于上一步", "the time lies before the last step")
    return msgspec.structs.replace(task, steps=(*task.steps, step))


def _refused(zh: str, en: str) -> InspectError:
    return InspectError(zh=f"任务未更新：{zh}。", en=f"the task was not changed: {en}.")
