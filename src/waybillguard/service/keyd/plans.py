"""Waiting destruction in keyd's own list, so that it stays visible whatever the database contains.

A mandate that waits (`destroying`) is valid only while it is on this list. It is removed when done, stopped or expired.
"""

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import LimitReachedError, NotGrantedError
from waybillguard.service.keyd.people import Plan

if TYPE_CHECKING:
    from waybillguard.service.keyd.grants import Grant
    from waybillguard.service.keyd.operations import Operations

MAX_OPEN: Final = 64
"""Maximum open plans of one warehouse."""


class StopDestruction(messages.Request, frozen=True):
    """End an open plan by its mark, early or because it is ``done``.

    This takes power away and needs no grant.
    """

    context: messages.Context
    mark: bytes
    done: bool = False


class ListPlans(messages.Request, frozen=True):
    """Ask for the waiting destruction. The answer has only numbers and account names, so it needs no grant."""

    tenant: str


class PlansAnswer(msgspec.Struct, frozen=True):
    """Plans that wait, or have begun and are not done, oldest first."""

    plans: list[Plan]


AnyPlanRequest = StopDestruction | ListPlans


def mark_of(token: bytes) -> bytes:
    """Return the name of a mandate on the list of open plans."""
    return hashlib.sha256(token).digest()[:16]


def add(ops: "Operations", context: messages.Context, job: messages.Job, made: "Grant", token: bytes) -> None:
    """Add a waiting mandate to the list, durably. The caller holds the lock of `people`."""
    plan = Plan(
        made.uid, mark_of(token), job.kind, job.number, made.limit, int(job.target or -1), context.actor, made.from_us,
        made.until_us,
    )  # fmt: skip
    ops.people.put_plans(made.tenant, (*_living(ops, made.tenant), plan))


def refuse_many(ops: "Operations", tenant: str) -> None:
    """Refuse another plan if too many are open.

    Raises:
        LimitReachedError: too many are open.
    """
    if len(_living(ops, tenant)) >= MAX_OPEN:
        raise LimitReachedError(
            zh=f"已有 {MAX_OPEN} 项销毁计划在等待，未再接受新的计划。请先停止不需要的计划。",
            en=f"{MAX_OPEN} plans wait already; no more is taken. Stop those that are not wanted.",
        )


def refuse_ended(ops: "Operations", mandate: "Grant") -> None:
    """Refuse a mandate that waited and is no longer on the list.

    Raises:
        NotGrantedError: it was stopped, or is done.
    """
    if mandate.from_us and all(one.uid != mandate.uid for one in ops.people.plans(mandate.tenant)):
        raise NotGrantedError(
            zh="这项销毁计划已结束或已被停止，未销毁任何数据。",
            en="this plan has ended or was stopped; nothing was destroyed.",
        )


def stop_destruction(ops: "Operations", request: StopDestruction) -> messages.Done:
    """End a plan, after recording it in the ledger. A plan that is not open counts as ended."""
    tenant = request.context.tenant
    with ops.people.lock:
        plans = ops.people.plans(tenant)
        gone = next((one for one in plans if one.mark == request.mark), None)
        if gone is not None:
            change = "destruction_done" if request.done else "destruction_stopped"
            detail: dict[str, str | int] = {"change": change, "job": gone.kind, "number": gone.number}
            ops.write([
                ops.entry(
                    request.context, EntryKind.POLICY, FieldClass.NONE, detail=detail, purpose=LedgerPurpose.MAINTENANCE
                )
            ])  # fmt: skip
            ops.people.put_plans(tenant, tuple(one for one in plans if one != gone))
    return messages.Done()


def list_plans(ops: "Operations", request: ListPlans) -> PlansAnswer:
    """Return the plans that wait or are not done."""
    return PlansAnswer(list(_living(ops, request.tenant)))


def _living(ops: "Operations", tenant: str) -> tuple[Plan, ...]:
    return tuple(one for one in ops.people.plans(tenant) if one.until_us > ops.now_us())
