"""Authorises destruction: a person with a freshly confirmed code, or a job with a mandate.

Shredding cannot be undone from any backup, so no process may start it alone. An owner confirms a code for exactly this
act; a few single orders a day need only a session. Later work needs a mandate with a number of orders and an end time:

- End of a contract: needs a code confirmed for that end and number of orders. Each part has its own mandate and covers
  only its own orders (`contract_ends`).
- Undoing an import: needs the session of the person who asks. Without one (a badge) it waits like a plan. It reaches
  only orders of that import; those older than seven days after 72 hours, or at once with an owner's code.
- Retention rules: from 72 hours after the plan was recorded in the ledger, by keyd's own clock.

Destroying more orders than imports may add in a day also needs an owner's code. Waiting work is kept in keyd's own list
(`people.OpenPlans`) until it is done or stopped, so it stays visible even if the database is tampered with.
"""

import hashlib
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.errors import reason_in_chinese
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
"""Maximum single orders that people may destroy with a session only, per warehouse in 24 hours."""
WAIT_S: Final = 72 * 3_600
"""How long a plan waits after it was announced."""
LASTS_S: Final = 90 * 86_400
"""How long a mandate to destroy is valid once it begins; a legal hold may interrupt it."""
YOUNGEST_DAYS: Final = 7
"""Plans never reach days younger than this, nor orders imported within this time."""
RETENTION: Final = "retention"
UNDO: Final = "undo"
CONTRACT_END: Final = "contract_end"
HOLDER: Final = ":destroying"
"""Holder of mandates to destroy. Not the person who asked: if that person left, the orders would never be destroyed."""
_SCOPES: Final = frozenset({"orders", "day", "tenant"})
_KINDS: Final = frozenset({RETENTION, UNDO, CONTRACT_END})
_DAY_S: Final = 86_400
_UID, _TIME, _MARK = 16, 6, 4
"""Layout of an order's uid in bytes: time of import (milliseconds), then the mark of its import."""


class AllowUndoing(messages.Request, frozen=True):
    """Allow this number of orders of an undone import to be destroyed."""

    context: messages.Context
    number: str
    orders: int


class PlanDestruction(messages.Request, frozen=True):
    """Announce what retention rules make due up to a day (days since 1970-01-01); destruction begins 72 hours later."""

    context: messages.Context
    number: str
    orders: int
    up_to_day: int


class MarkImport(messages.Request, frozen=True):
    """Ask for the mark that the uids of an import's orders carry (`uid_of`); undoing the import checks it."""

    tenant: str
    number: str


class ImportMark(msgspec.Struct, frozen=True):
    """Four bytes, always the same for the same import."""

    mark: bytes


AnyDestroyRequest = AllowUndoing | PlanDestruction | MarkImport | ShredLog


def uid_of(mark: bytes, now_ns: int) -> bytes:
    """Return a new order uid: 6 bytes of time in milliseconds, the mark of its import, 6 random bytes."""
    return (now_ns // 1_000_000).to_bytes(6) + mark + secrets.token_bytes(6)


def allow_undoing(ops: "Operations", request: AllowUndoing) -> Granted:
    """Create the mandate after recording it in the ledger.

    Raises:
        NotGrantedError: too many orders without a code freshly confirmed by an owner.
    """
    context = request.context
    if request.orders < 0:
        raise unknown_job()
    begins_us, by_owner = 0, _just_confirmed_by_owner(ops, context)
    if not ops.usage.within_limit(
        context.tenant, "undo", request.orders, ops.limits_of(context.tenant).sealed_day
    ):
        require_role(ops.gate.fresh_session(context), {OWNER})
    elif not _asked_by_somebody(ops, context):
        begins_us = ops.now_us() + WAIT_S * 1_000_000
    job = messages.Job(UNDO, "", request.number)
    return _make(ops, context, job, request.orders, begins_us, role=OWNER if by_owner else "")


def plan_destruction(ops: "Operations", request: PlanDestruction) -> Granted:
    """Create a mandate that begins in 72 hours, after recording the plan in the ledger.

    Raises:
        NotGrantedError: a large plan without a code freshly confirmed by an owner.
        RequestRefusedError: the plan reaches days that no rule makes due.
    """
    context = request.context
    if request.orders < 0 or request.up_to_day > _last_due(ops):
        raise RequestRefusedError(
            zh=f"销毁计划不能包含最近 {YOUNGEST_DAYS} 天的订单，未作计划。",
            en=f"no plan destroys orders of the last {YOUNGEST_DAYS} days; nothing was planned.",
        )
    if request.orders > ops.limits_of(context.tenant).sealed_day:
        require_role(ops.gate.fresh_session(context), {OWNER})
    job = messages.Job(RETENTION, str(request.up_to_day), request.number)
    return _make(ops, context, job, request.orders, ops.now_us() + WAIT_S * 1_000_000)


def import_mark(ops: "Operations", request: MarkImport) -> ImportMark:
    """Return the mark of an import."""
    return ImportMark(_mark(ops, request.tenant, request.number))


def admit(ops: "Operations", request: messages.Shred) -> None:
    """Check that a person or a mandate authorises a shredding, and count it.

    Raises:
        NotGrantedError: neither does.
        StepUpNeededError: more than a few orders, and no code was confirmed for exactly these.
        LimitReachedError: the mandate was for fewer orders.
        RequestRefusedError: the orders, day or number are not valid.
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
    require_role(ops.gate.session(context), {OWNER})
    few = what.scope == "orders" and ops.usage.within_limit(
        context.tenant, "shred", len(what.uids), FEW_A_DAY
    )
    if not few:
        ops.gate.confirmed_session(request, context, role=OWNER)


def shredding_of(request: messages.Shred) -> tuple[str | int | bytes, ...]:
    """Return the fields that identify this shredding for a confirmed code."""
    what = request.what
    return ("shred", what.scope, what.day, part_of(what.uids))


def shred(ops: "Operations", request: messages.Shred) -> messages.Recorded:
    """Record the shredding in the ledger, then add it to the list of what is never opened again.

    Raises:
        RequestRefusedError: the disk has no room for the list; nothing is destroyed.
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
    # A repeated part adds no line. The existing line matches the entry (`doctor` compares both).
    kept = msgspec.structs.replace(what, uids=[]) if again else what
    try:
        ops.shredded.add(ShredLine(receipt.leaf_hash.hex(), tenant, ops.now_us(), kept))
    except OSError as error:
        raise RequestRefusedError(
            zh=f"销毁清单无法写入（{reason_in_chinese(error)}），未销毁任何内容，刚写入台账的销毁证明不成立。请腾出磁盘空间后再销毁一次。",
            en=f"the list of what was shredded cannot be written ({error.strerror}); nothing was destroyed, and the "
            "certificate just entered in the ledger does not hold. Make room on the disk and shred again.",
        ) from error
    ops.forget_epochs(tenant)
    return messages.Recorded(index=receipt.index, leaf_hash=receipt.leaf_hash.hex(), origin=receipt.origin)


def shred_log(ops: "Operations", _request: ShredLog) -> ShredLines:
    """Return everything that was shredded."""
    return ShredLines(list(ops.shredded.lines))


def _orders_of(request: messages.Shred) -> int:
    """Return how many orders are destroyed. Named orders are counted here; for a day the caller gives the number."""
    return len(request.what.uids) if request.what.scope == "orders" else request.orders


def _under_mandate(ops: "Operations", request: messages.Shred, job: messages.Job) -> None:
    what = request.what
    if job.kind not in _KINDS:
        raise unknown_job()
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
        return  # the mandate is bounded by its list of orders
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
    """Refuse orders that are not exactly those of the agreed part.

    Raises:
        NotGrantedError: an order is missing, different or additional; nothing was destroyed.
    """
    if len(uids) > mandate.limit or part_of(uids) != job.target:
        raise NotGrantedError(
            zh="授权只包含合同终止时确认的那些订单，未销毁任何数据。",
            en="what was allowed is the orders that were named when the contract ended; nothing was destroyed.",
        )


def part_of(uids: Iterable[bytes]) -> str:
    """Return the name of a part of a contract's end: 64 hex digits, independent of the sequence of its orders."""
    return hashlib.sha256(frame(*sorted(uids))).hexdigest()


def _refuse_foreign(ops: "Operations", mandate: "Grant", job: messages.Job, uids: list[bytes]) -> None:
    """Refuse orders outside the undone import or the retention plan, judged by the import and time in their uids.

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
            and any(_imported_us(uid) < _young(mandate.issued_us) for uid in uids)
        ):
            raise NotGrantedError(
                zh=f"导入已超过 {YOUNGEST_DAYS} 天，撤销后须满 72 小时才销毁；负责人确认后立即销毁。",
                en=f"this import is older than {YOUNGEST_DAYS} days: its orders go 72 hours after it was taken out, or "
                "at once by an owner's code.",
            )
    elif (
        job.kind == RETENTION
        and mandate.from_us
        and any(_imported_us(uid) > _young(ops.now_us()) for uid in uids)
    ):
        raise NotGrantedError(
            zh=f"销毁计划不包含最近 {YOUNGEST_DAYS} 天导入的订单，未销毁任何数据。",
            en=f"no plan destroys orders imported within {YOUNGEST_DAYS} days; nothing was destroyed.",
        )


def _mark(ops: "Operations", tenant: str, number: str) -> bytes:
    key = bytes(ops.holder.derive(KeyPurpose.SERVICE, b"import mark"))
    return hashlib.blake2b(frame(tenant.encode(), number.encode()), key=key, digest_size=_MARK).digest()


def _imported_us(uid: bytes) -> int:
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
    """Return whether a person's session or a machine key was sent. Refuses one that belongs to somebody else."""
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
    """Create a mandate after recording it in the ledger. A mandate that begins later is added to the open plans."""
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


def require_role(session: "Grant", roles: set[str]) -> None:
    """Refuse a person whose role is not in ``roles``.

    Raises:
        NotGrantedError: the role is another one.
    """
    if session.role not in roles:
        raise NotGrantedError(
            zh="销毁和轮换需要负责人确认，未做更改。",
            en="destroying and rotating take an owner's confirmation; nothing changed.",
        )


def unknown_job() -> NotGrantedError:
    """Return the error for a job that nobody agreed to."""
    return missing(Kind.MANDATE)


def _last_due(ops: "Operations") -> int:
    """Return the last day that any rule can make due; a warehouse's time zone may be a day ahead."""
    return ops.now_us() // 1_000_000 // _DAY_S + 1 - YOUNGEST_DAYS


def write_allowed(ops: "Operations", context: messages.Context, detail: dict[str, str | int]) -> None:
    """Record in the ledger what may be destroyed, now or later."""
    ops.write([
        ops.entry(context, EntryKind.POLICY, FieldClass.NONE, detail=detail, purpose=LedgerPurpose.MAINTENANCE)
    ])  # fmt: skip
