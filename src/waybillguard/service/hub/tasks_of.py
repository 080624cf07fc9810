"""Tasks of warehouses in joint cases: made from open items, closed only by an inspector's re-test."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from django.db import transaction

from waybillguard.inspect.cases import Task, retest
from waybillguard.inspect.catalogue import catalogue, digest
from waybillguard.inspect.model import Evidence, Status, Verdict
from waybillguard.inspect.sheet import items
from waybillguard.service.cases.joint import Joint, JointError, Kind, StepTaken, append, append_when_free
from waybillguard.service.cases.models import Case, JointCase
from waybillguard.service.hub.models import CaseWarehouse, Check, Warehouse
from waybillguard.service.identity.models import User

type Origin = Literal["proposal", "special", "pledge", "plan"]
_OPEN = {"not_satisfied", "no_evidence"}


def tasks_for(
    warehouse: Warehouse,
    due: date,
    joint: Joint,
    *,
    chosen: Collection[str] = (),
    origin: Origin = "proposal",
) -> tuple[Task, ...]:
    """Return a task for each open item of a warehouse, or each chosen item, that has no task in the case yet.

    Raises:
        JointError: no item needs a new task.
    """
    has = {task.item for task in joint.tasks if task.warehouse == warehouse.name}
    found = warehouse.summary.get("items", {})
    made = tuple(
        Task(
            warehouse=warehouse.name,
            item=str(item.number),
            authority=item.authority,
            owner=item.owner,
            due=due,
            origin=origin,
        )
        for item in items()
        if str(item.number) not in has
        and (
            str(item.number) in chosen if chosen else found.get(str(item.number), ["no_evidence"])[0] in _OPEN
        )
    )
    if not made:
        raise JointError(
            zh="该仓库没有新的未完成项目。", en="nothing is open at this warehouse that has no task yet."
        )
    return made


def give_tasks(
    joint: JointCase, seen: int, warehouse: Warehouse, tasks: tuple[Task, ...], *, by: User, authority: str
) -> None:
    """Add tasks to a case; the warehouse receives them with its next report.

    Raises:
        ChangedError: another user changed the case first.
    """
    with transaction.atomic():
        append(joint, seen, "tasks", tasks, by=by, authority=authority)
        CaseWarehouse.objects.get_or_create(tenant=joint.tenant, joint=joint, warehouse=warehouse)


def close_by_retest(check: Check, authority: str, by: User) -> int:
    """Add an inspector's re-test to every open case that has a task for its item; return how many cases changed.

    A finding that is not a re-test, or is older than the warehouse's own report of the task, changes nothing.
    """
    if check.claim != "retested" or check.found_at is None:
        return 0
    found_at, name, changed = check.found_at, check.warehouse.name, 0

    def make(joint: Joint) -> tuple[Kind, StepTaken] | None:
        task = next((one for one in joint.tasks if (one.warehouse, one.item) == (name, check.item)), None)
        if task is None or not task.steps or task.steps[-1].to not in {"self_certified", "retest_passed"}:
            return None
        if task.steps[-1].at >= found_at:
            return None
        after = retest(task, *_proof(check, found_at), authority, found_at)
        return "step", StepTaken(warehouse=name, item=check.item, step=after.steps[-1])

    open_cases = JointCase.objects.filter(tenant=check.tenant).exclude(case__state=Case.State.CLOSED)
    for joint in open_cases.select_related("tenant"):
        changed += append_when_free(joint, make, by=by, authority=authority) is not None
    return changed


def _proof(check: Check, at: datetime) -> tuple[list[Verdict], list[Evidence]]:
    """Return a finding as verdicts and evidence of its item's controls; the digest includes the photos' hashes."""
    controls = catalogue().by_id()
    item = next(one for one in items() if str(one.number) == check.item)
    status = Status.SATISFIED if check.result == Check.Result.PASSED else Status.NOT_SATISFIED
    photos = tuple(check.photos.filter(tenant=check.tenant).order_by("uid").values_list("sha256", flat=True))
    sha256 = digest((check.uid, check.item, check.warehouse.name, check.result, at, photos))
    evidence, verdicts = [], []
    for name in item.controls:
        version = controls[name].version
        evidence.append(
            Evidence(
                control=name, control_version=version, facts={}, observed_from=at, observed_to=at, collected_at=at,
                source="special inspection", collector=f"u{check.found_by_id}", method="by_hand", claim="retested",
                sha256=sha256,
            )
        )  # fmt: skip
        verdicts.append(
            Verdict(
                control=name, control_version=version, control_sha256="", status=status, flags=(), reason_zh=check.note,
                reason_en=check.note, judged_at=at, witnessed_at=None, evidence_sha256=sha256, observed_from=at,
                observed_to=at, collected_at=at, effective_at=None, ledger_position=-1, claim="retested",
            )
        )  # fmt: skip
    return verdicts, evidence
