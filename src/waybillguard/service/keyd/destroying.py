"""What destroys, and who may: a person with a code of just now, or one job that was allowed before.

Shredding cannot be undone by any backup, so no process starts it alone. A person (an owner) shows a code confirmed for
that very act; a few single orders a day go with a session. Work that follows later has a mandate with its number of
orders and its end:

- the end of a contract: by a code confirmed for that very end and so many orders, part by part, each part by its
  orders and no others (`contract_ends`);
- an import taken out: by the session of whoever asks; without one (a badge) it waits like a plan. It reaches the
  orders of that import alone, and those of more than seven days ago after 72 hours, or by an owner's code;
- what the rules of retention make due: from 72 hours after the plan stood in the ledger, by keyd's own clock.

What is more than imports may bring in a day takes an owner's code as well. What waits stands in keyd's own list
(`people.OpenPlans`) until it is done or stopped, so whoever asks keyd sees it, whatever the database says.
"""

import hashlib
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.keys.hierarchy import Purpose as KeyPurpose
from waybillguard.keys.primitives import frame
from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.service.keyd import messages, plans
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError
from waybillguard.service.keyd.grants import Kind, missing
from waybillguard.service.keyd.mandates import Granted, for_job
from waybillguard.service.keyd.shredlog import ShredLine, ShredLines, ShredLog

if TYPE_CHECKING:
    from waybillguard.service.keyd.grants import Grant
    from waybillguard.service.keyd.operations import Operations

FEW_A_DAY: Final = 10
"""Single orders that people destroy with a session alone, within 24 hours and a warehouse."""
WAIT_S: Final = 72 * 3_600
"""How long a plan waits after it was announced."""
LASTS_S: Final = 90 * 86_400
"""How long a mandate to destroy lasts from when it begins: a legal hold may lie in between."""
YOUNGEST_DAYS: Final = 7
"""No plan reaches a day as young as this, nor an order that was imported since, whatever it says."""
RETENTION: Final = "retention"
UNDO: Final = "undo"
CONTRACT_END: Final = "contract_end"
HOLDER: Final = ":destroying"
"""Who holds a mandate to destroy: not the person who asked, whose leaving would keep what was to go."""
_SCOPES: Final = frozenset({"orders", "day", "tenant"})
_KINDS: Final = frozenset({RETENTION, UNDO, CONTRACT_END})
_DAY_S: Final = 86_400
_UID, _TIME, _MARK = 16, 6, 4
"""Bytes of an order's uid, of it: when it was imported (milliseconds), and the mark of its import."""


class AllowUndoing(messages.Request, frozen=True):
    """Allow to destroy so many orders of an import that was taken out."""

    context: messages.Context
    number: str
    orders: int


class PlanDestruction(messages.Request, frozen=True):
    """Announce what the rules make due, up to a day (number from 1970-01-01); it begins 72 hours later."""

    context: messages.Context
    number: str
    orders: int
    up_to_day: int


class MarkImport(messages.Request, frozen=True):
    """Ask for the mark that the uids of an import's orders carry (`uid_of`), by which an undoing knows its own."""

    tenant: str
    number: str


class ImportMark(msgspec.Struct, frozen=True):
    """Four bytes, the same for the same import at any time."""

    mark: bytes


AnyDestroyRequest = AllowUndoing | PlanDestruction | MarkImport | ShredLog


def uid_of(mark: bytes, now_ns: int) -> bytes:
    """Return a new uid of an order: 6 bytes of time in milliseconds, the mark of its import, 6 random ones."""
    return (now_ns // 1_000_000).to_bytes(6) + mark + secrets.token_bytes(6)


def allow_undoing(ops: "Operations", request: AllowUndoing) -> Granted:
    """Make the mandate, once that stands in the ledger.

    Raises:
        NotGrantedError: they are very many, and no owner has just confirmed by a code.
    """
    context = request.context
    if request.orders < 0:
        raise no_such()
    begins_us, by_owner = 0, _just_confirmed_by_owner(ops, context)
    if not ops.usage.fits(context.tenant, "undo", request.orders, ops.limits_of(context.tenant).sealed_day):
        refuse_others(ops.gate.fresh_session(context), {OWNER})
    elif not _asked_by_somebody(ops, context):
        begins_us = ops.now_us() + WAIT_S * 1_000_000
    job = messages.Job(UNDO, "", request.number)
    return _make(ops, context, job, request.orders, begins_us, role=OWNER if by_owner else "")


def plan_destruction(ops: "Operations", request: PlanDestruction) -> Granted:
    """Make a mandate that begins in 72 hours, once the plan stands in the ledger.

    Raises:
        NotGrantedError: it is large, and no owner has just confirmed by a code.
        RequestRefusedError: it reaches days that no rule makes due.
    """
    context = request.context
    if request.orders < 0 or request.up_to_day > _last_due(ops):
        raise RequestRefusedError(
            zh=f"销毁计划不能包含最近 {YOUNGEST_DAYS} 天的订单，未作计划。",
            en=f"no plan destroys orders of the last {YOUNGEST_DAYS} days; nothing was planned.",
        )
    if request.orders > ops.limits_of(context.tenant).sealed_day:
        refuse_others(ops.gate.fresh_session(context), {OWNER})
    job = messages.Job(RETENTION, str(request.up_to_day), request.number)
    return _make(ops, context, job, request.orders, ops.now_us() + WAIT_S * 1_000_000)


def import_mark(ops: "Operations", request: MarkImport) -> ImportMark:
    """Make the mark of an import."""
    return ImportMark(_mark(ops, request.tenant, request.number))


def admit(ops: "Operations", request: messages.Shred) -> None:
    """Let a shredding pass that a person asks for, or a mandate allows, and count it.

    Raises:
        NotGrantedError: neither is there.
        StepUpNeededError: more than a few orders, and no code was confirmed for just these.
        LimitReachedError: the mandate was for fewer orders.
        RequestRefusedError: what is named is no order, day or number of them.
    """
    context, what = request.context, request.what
    if what.scope not in _SCOPES or (what.scope == "day" and what.day < 0) or request.orders < 0:
        raise RequestRefusedError(
            zh="未知的销毁范围，未销毁任何数据。",
            en="unknown scope of shredding; nothing was destroyed.",
        )
    if any(len(uid) != _UID for uid in what.uids):
        raise RequestRefusedError(zh=f"订单编号应为 {_UID} 字节", en=f"an order's uid has {_UID} bytes")
    if request.job is not None:
        _under_mandate(ops, request, request.job)
        return
    refuse_others(ops.gate.session(context), {OWNER})
    few = what.scope == "orders" and ops.usage.fits(context.tenant, "shred", len(what.uids), FEW_A_DAY)
    if not few:
        ops.gate.bound(request, context, role=OWNER)


def shredding_of(request: messages.Shred) -> tuple[str | int | bytes, ...]:
    """Return what makes this shredding the one a code is confirmed for."""
    what = request.what
    return ("shred", what.scope, what.day, part_of(what.uids))


def shred(ops: "Operations", request: messages.Shred) -> messages.Recorded:
    """Write the shredding to the ledger, then to the list of what never opens again.

    Raises:
        RequestRefusedError: the list found no room; then nothing is destroyed.
    """
    what = request.what
    detail: dict[str, str | int] = {"scope": what.scope, "orders": _orders_of(request)}
    if what.scope == "day":
        detail["day"] = what.day
    if request.job is not None:
        detail |= {"job": request.job.kind, "number": request.job.number}
    if request.certificate:
        detail["certificate"] = request.certificate[:4000]
    record = what.uids[0] if what.scope == "orders" and len(what.uids) == 1 else None
    (receipt,) = ops.write([
        ops.entry(
            request.context, EntryKind.SHRED, FieldClass.CONTACT, record=record, detail=detail,
            purpose=LedgerPurpose.MAINTENANCE,
        )
    ])  # fmt: skip
    tenant = request.context.tenant
    again = what.scope == "orders" and len(ops.shredded.forbidden_of(tenant, what.uids)) == len(what.uids)
    # Who repeats a part names nothing new; the line itself answers for the entry (`doctor` compares both).
    kept = msgspec.structs.replace(what, uids=[]) if again else what
    try:
        ops.shredded.add(ShredLine(receipt.leaf_hash.hex(), tenant, ops.now_us(), kept))
    except OSError as error:
        raise RequestRefusedError(
            zh=f"销毁清单无法写入（{error.strerror}），未销毁任何内容，刚写入台账的销毁证明不成立。请腾出磁盘空间后再销毁一次。",
            en=f"the list of what was shredded cannot be written ({error.strerror}); nothing was destroyed, and the "
            "certificate just entered in the ledger does not hold. Make room on the disk and shred again.",
        ) from error
    ops.forget_epochs(tenant)
    return messages.Recorded(index=receipt.index, leaf_hash=receipt.leaf_hash.hex(), origin=receipt.origin)


def shred_log(ops: "Operations", _request: ShredLog) -> ShredLines:
    """Tell everything that was shredded."""
    return ShredLines(list(ops.shredded.lines))


def _orders_of(request: messages.Shred) -> int:
    """Return how many orders go: those that are named are counted here, of a day the caller knows it."""
    return len(request.what.uids) if request.what.scope == "orders" else request.orders


def _under_mandate(ops: "Operations", request: messages.Shred, job: messages.Job) -> None:
    what = request.what
    if job.kind not in _KINDS:
        raise no_such()
    mandate = for_job(ops, request.context, job, HOLDER)
    plans.refuse_ended(ops, mandate)
    due = job.kind == RETENTION and what.day <= min(int(job.target), _last_due(ops))
    if what.scope != "orders" and not (what.scope == "day" and due):
        raise NotGrantedError(
            zh="授权不包含这一天或全部数据，未销毁任何数据。",
            en="what was allowed is not that day, nor everything; nothing was destroyed.",
        )
    if job.kind == CONTRACT_END:
        _refuse_other_part(mandate, job, [*what.uids, *request.gone])
        return  # its orders are its bound
    _refuse_foreign(ops, mandate, job, what.uids)
    ops.jobs.charge(
        mandate,
        EntryKind.SHRED,
        FieldClass.CONTACT,
        {"job": job.kind, "number": job.number},
        _orders_of(request),
        one_import=job.kind == UNDO,
    )


def _refuse_other_part(mandate: "Grant", job: messages.Job, uids: list[bytes]) -> None:
    """Refuse orders that are not just those of the part that was agreed to.

    Raises:
        NotGrantedError: one is missing, another, or more; nothing was destroyed.
    """
    if len(uids) > mandate.limit or part_of(uids) != job.target:
        raise NotGrantedError(
            zh="授权只包含合同终止时确认的那些订单，未销毁任何数据。",
            en="what was allowed is the orders that were named when the contract ended; nothing was destroyed.",
        )


def part_of(uids: Iterable[bytes]) -> str:
    """Return the name of a part of a contract's end, by its orders in any order: 64 hexadecimal digits."""
    return hashlib.sha256(frame(*sorted(uids))).hexdigest()


def _refuse_foreign(ops: "Operations", mandate: "Grant", job: messages.Job, uids: list[bytes]) -> None:
    """Refuse orders that an undoing, or a plan by rule, is not about: what their uids say of import and time.

    Raises:
        NotGrantedError: there are such orders; nothing was destroyed.
    """
    if job.kind == UNDO:
        mark = _mark(ops, mandate.tenant, job.number)
        if any(uid[_TIME : _TIME + _MARK] != mark for uid in uids):
            raise NotGrantedError(
                zh="授权只包含该次导入的订单，未销毁任何数据。",
                en="what was allowed is the orders of that import alone; nothing was destroyed.",
            )
        waited = mandate.from_us or ops.now_us() >= mandate.issued_us + WAIT_S * 1_000_000
        if (
            not waited
            and mandate.role != OWNER
            and any(_taken_in(uid) < _young(mandate.issued_us) for uid in uids)
        ):
            raise NotGrantedError(
                zh=f"导入已超过 {YOUNGEST_DAYS} 天，撤销后须满 72 小时才销毁；负责人确认后立即销毁。",
                en=f"this import is older than {YOUNGEST_DAYS} days: its orders go 72 hours after it was taken out, or "
                "at once by an owner's code.",
            )
    elif (
        job.kind == RETENTION
        and mandate.from_us
        and any(_taken_in(uid) > _young(ops.now_us()) for uid in uids)
    ):
        raise NotGrantedError(
            zh=f"销毁计划不包含最近 {YOUNGEST_DAYS} 天导入的订单，未销毁任何数据。",
            en=f"no plan destroys orders imported within {YOUNGEST_DAYS} days; nothing was destroyed.",
        )


def _mark(ops: "Operations", tenant: str, number: str) -> bytes:
    key = bytes(ops.holder.derive(KeyPurpose.SERVICE, b"import mark"))
    return hashlib.blake2b(frame(tenant.encode(), number.encode()), key=key, digest_size=_MARK).digest()


def _taken_in(uid: bytes) -> int:
    """Return when an order was imported, microseconds since 1970."""
    return int.from_bytes(uid[:_TIME]) * 1_000


def _young(now_us: int) -> int:
    return now_us - YOUNGEST_DAYS * _DAY_S * 1_000_000


def _just_confirmed_by_owner(ops: "Operations", context: messages.Context) -> bool:
    try:
        return ops.gate.fresh_session(context).role == OWNER
    except NotGrantedError:
        return False


def _asked_by_somebody(ops: "Operations", context: messages.Context) -> bool:
    """Tell whether a person's session or a machine key is shown; one that is another's is refused."""
    if not context.grant:
        return False
    if ops.gate.by_machine(context):
        return True
    ops.gate.session(context)
    return True


def _make(
    ops: "Operations",
    context: messages.Context,
    job: messages.Job,
    orders: int,
    begins_us: int,
    role: str = "",
) -> Granted:
    """Make a mandate, once that stands in the ledger; one that begins later stands among the open plans."""
    detail: dict[str, str | int] = {
        "change": "destruction_allowed", "job": job.kind, "number": job.number, "orders": orders,
    }  # fmt: skip
    if begins_us:
        detail |= {"change": "destruction_planned", "from_s": begins_us // 1_000_000}
    if job.target:
        detail["up_to_day"] = int(job.target)
    seconds = LASTS_S + (WAIT_S if begins_us else 0)
    with ops.people.lock:
        if begins_us:
            plans.refuse_many(ops, context.tenant)
        write_allowed(ops, context, detail)
        made, token = ops.grants.make(
            Kind.MANDATE, context.tenant, HOLDER, seconds, role=role, action=job.digest, limit=orders,
            from_us=begins_us,
        )  # fmt: skip
        if begins_us:
            plans.add(ops, context, job, made, token)
    return Granted(token)


def refuse_others(session: "Grant", roles: set[str]) -> None:
    """Refuse whoever has another role.

    Raises:
        NotGrantedError: this person has.
    """
    if session.role not in roles:
        raise NotGrantedError(
            zh="销毁和轮换需要负责人确认，未做更改。",
            en="destroying and rotating take an owner's confirmation; nothing changed.",
        )


def no_such() -> NotGrantedError:
    """Make the error for a job that nobody agreed to."""
    return missing(Kind.MANDATE)


def _last_due(ops: "Operations") -> int:
    """Return the last day that any rule makes due; a warehouse's zone may be a day ahead of ours."""
    return ops.now_us() // 1_000_000 // _DAY_S + 1 - YOUNGEST_DAYS


def write_allowed(ops: "Operations", context: messages.Context, detail: dict[str, str | int]) -> None:
    """Write what may be destroyed from now on, or later."""
    ops.write([
        ops.entry(context, EntryKind.POLICY, FieldClass.NONE, detail=detail, purpose=LedgerPurpose.MAINTENANCE)
    ])  # fmt: skip
