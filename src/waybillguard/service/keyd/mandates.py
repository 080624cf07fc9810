"""Mandates: one job that two people agreed to, each with a factor just shown. Also machine grants, made by an owner.

The first person proposes, the second agrees; a proposal alone opens nothing. Both halves carry the digest of the job,
so keyd does exactly what was agreed to. A young factor cannot agree, so nobody can create a second person on the spot.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.person import entries_since
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import LimitReachedError, NotGrantedError, RequestRefusedError
from waybillguard.service.keyd.grants import MANDATE_S, Grant, Kind
from waybillguard.service.keyd.messages import Job

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

MACHINE_DAYS: Final = 366
"""Maximum lifetime of a machine key."""
_REPEAT_ALLOWANCE: Final = 400
"""Extra records a job may open, at most doubling its number: a part whose answer was lost is repeated."""
EXPORT: Final = "export"
"""The only kind of job agreed to with `propose`; keyd makes the mandates of all others itself."""


class Propose(messages.Request, frozen=True):
    """Propose a job of at most ``records`` records; requires a code confirmed for it."""

    context: messages.Context
    job: Job
    records: int = 0


class Agree(messages.Request, frozen=True):
    """Agree to another person's proposal; requires a code confirmed for it with a factor that is not young."""

    context: messages.Context
    proposal: bytes


class Granted(msgspec.Struct, frozen=True):
    """A proposal, a mandate or a machine grant; it may be stored with its job."""

    grant: bytes

    def __repr__(self) -> str:
        """Hide the grant."""
        return "Granted()"


class GrantMachine(messages.Request, frozen=True):
    """Grant a machine key (``key-3``) for a number of days; requires an owner's code confirmed for it."""

    context: messages.Context
    key: str
    days: int


AnyMandateRequest = Propose | Agree | GrantMachine


def export_job(export: int, recipient: str) -> Job:
    """Return the job of one export to one recipient (by fingerprint)."""
    return Job(EXPORT, recipient, str(export))


def propose(ops: "Operations", request: Propose) -> Granted:
    """Create the first person's half of a mandate, after recording it in the ledger.

    Raises:
        RequestRefusedError: it is not an export, or the number of records is negative.
    """
    context = request.context
    if request.job.kind != EXPORT or request.records < 0:
        raise RequestRefusedError(
            zh="两人只能约定导出，销毁和轮换另有确认方式，未做更改。",
            en="two people agree to exports alone; destroying and rotating are confirmed in their own way. "
            "Nothing changed.",
        )
    require_mature_factor(ops, ops.gate.session(context))
    session = ops.gate.confirmed_session(request, context)
    job = request.job
    _write(
        ops, context, "proposed", job=job.kind, target=job.target, number=job.number, records=request.records
    )
    _, token = ops.grants.make(
        Kind.PROPOSAL, context.tenant, context.actor, MANDATE_S, role=session.role, factor=session.factor,
        action=job.digest, limit=request.records,
    )  # fmt: skip
    return Granted(token)


def agree(ops: "Operations", request: Agree) -> Granted:
    """Create the mandate, after recording the second person's agreement in the ledger.

    Raises:
        NotGrantedError: the same person, a young factor, or the proposal has ended.
    """
    context = request.context
    session = ops.gate.session(context)
    first = ops.grants.read(request.proposal, Kind.PROPOSAL, context.tenant)
    if first.holder == session.holder or first.factor == session.factor:
        raise NotGrantedError(
            zh="同一个人不能既申请又同意，未做更改。请由另一人同意。",
            en="one person cannot both ask and agree; nothing changed. Somebody else has to agree.",
        )
    require_mature_factor(ops, session)
    ops.gate.confirmed_session(request, context)
    _write(ops, context, "agreed", asked_by=first.holder, records=first.limit)
    _, token = ops.grants.make(
        Kind.MANDATE, first.tenant, first.holder, MANDATE_S, role=first.role, factor=first.factor,
        action=first.action, limit=first.limit, agreed_by=session.holder,
    )  # fmt: skip
    return Granted(token)


def grant_machine(ops: "Operations", request: GrantMachine) -> Granted:
    """Grant a machine key, after recording it in the ledger."""
    context = request.context
    if not request.key or not 0 < request.days <= MACHINE_DAYS:
        raise RequestRefusedError(zh="接口密钥的期限不正确", en="an interface key ends within a year")
    session = ops.gate.confirmed_session(request, context, role=OWNER)
    _write(ops, context, "machine_granted", key=request.key, days=request.days)
    _, token = ops.grants.make(
        Kind.MACHINE, context.tenant, request.key, request.days * 86_400, agreed_by=session.holder
    )
    return Granted(token)


def mandated(ops: "Operations", context: messages.Context, job: Job) -> Grant:
    """Return the mandate in a context, if it is for this job and its first person asks.

    Raises:
        NotGrantedError: it is not.
    """
    return for_job(ops, context, job, context.actor)


def for_job(ops: "Operations", context: messages.Context, job: Job, holder: str) -> Grant:
    """Return the mandate in a context, if it is for this job and was made for this holder.

    Raises:
        NotGrantedError: it is not.
    """
    mandate = ops.grants.read(context.grant, Kind.MANDATE, context.tenant)
    if mandate.action != job.digest or mandate.holder != holder:
        raise NotGrantedError(
            zh="授权不是为这项任务签署的，未打开任何数据。",
            en="what was agreed to is another job; nothing was opened.",
        )
    return mandate


class Jobs:
    """Counts what was done under mandates, and recounts it from the ledger after a restart. Thread-safe."""

    def __init__(self, ops: "Operations") -> None:
        self._ops = ops
        self._done: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def charge(
        self,
        mandate: Grant,
        kind: EntryKind,
        field: FieldClass,
        about: dict[str, str | int],
        records: int,
        *,
        one_import: bool = False,
    ) -> None:
        """Count records that are about to be opened, or orders that are about to be destroyed.

        Args:
            mandate: the mandate to charge.
            kind: kind of the ledger entries that record the work.
            field: their class.
            about: fields that each of these entries has, and no entry of another job.
            records: how many; an entry without a number of orders counts as one.
            one_import: they are orders of one import; some may have come in after these were counted.

        Raises:
            LimitReachedError: more records than agreed.
        """
        with self._lock:  # also while reading: a concurrent charge would overwrite the count
            done = self._done.get(mandate.uid)
            if done is None:
                done = self._done[mandate.uid] = self._in_ledger(mandate, kind, field, about)
            records = max(records, 0)
            again = _REPEAT_ALLOWANCE if one_import else min(_REPEAT_ALLOWANCE, mandate.limit)
            if done + records > mandate.limit + again:
                raise LimitReachedError(
                    zh=f"授权的是 {mandate.limit} 条，已达到，未再处理任何数据。",
                    en=f"what was agreed to is {mandate.limit} records, which are done; nothing more was.",
                )
            self._done[mandate.uid] = done + records

    def _in_ledger(
        self, mandate: Grant, kind: EntryKind, field: FieldClass, about: dict[str, str | int]
    ) -> int:
        ledger, found = self._ops.ledger, 0
        for name in ledger.shards_of(mandate.tenant)[-2:]:
            for leaf, words in entries_since(ledger, name, mandate.issued_us // 1_000_000):
                if (leaf.kind, leaf.field_class) == (kind, field):
                    found += _records_of(words, about)
        return found


def _records_of(words: Callable[[], dict[str, Any]], about: dict[str, str | int]) -> int:
    """Return how many records an entry stands for; 0 if it is about something else, 1 if erased or damaged."""
    try:
        detail = words().get("detail", {})
    except LedgerError:
        return 1
    if any(detail.get(key) != value for key, value in about.items()):
        return 0
    return max(int(detail.get("orders", 1)), 0)


def require_mature_factor(ops: "Operations", session: Grant) -> None:
    """Refuse a session whose factor is young.

    Raises:
        NotGrantedError: it is.
    """
    if ops.now_us() < session.full_us:
        raise NotGrantedError(
            zh="验证方式启用未满三天，暂不能申请或同意此操作。",
            en="a factor that is not three days old neither asks for this nor agrees to it.",
        )


def _write(ops: "Operations", context: messages.Context, change: str, **more: str | int) -> None:
    detail: dict[str, str | int] = {"change": change, **more}
    ops.write([ops.entry(context, EntryKind.ACCOUNT, FieldClass.STAFF, detail=detail)])
