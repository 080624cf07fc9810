"""Mandates: one job that two people agreed to, each with a factor just shown; and machine grants, made by an owner.

The first person proposes, the second agrees; a proposal opens nothing. Both halves name the digest of the job, so what
was agreed to is what is done. A young factor agrees to nothing: who makes himself a second person today is none.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass, Ledger
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError
from waybillguard.ledger.person import words_of
from waybillguard.ledger.view import ShardView
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import LimitReachedError, NotGrantedError, RequestRefusedError
from waybillguard.service.keyd.grants import MANDATE_S, Grant, Kind, action_digest
from waybillguard.service.keyd.limits import first_since

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

MACHINE_DAYS: Final = 366
"""The longest time a machine key works."""
_AGAIN: Final = 400
"""Records that a job may open beyond its number: a part whose answer was lost is made again."""


class Job(msgspec.Struct, frozen=True):
    """One job that two people agree to.

    Attributes:
        kind: ``export``.
        target: to whom: a recipient's fingerprint.
        number: the row it is done for; empty: none.
    """

    kind: str
    target: str
    number: str = ""

    @property
    def digest(self) -> bytes:
        """Return what a mandate for it names."""
        return action_digest(self.kind, self.number, self.target)


class Propose(messages.Request, frozen=True):
    """Propose a job of at most ``records`` records; takes a code confirmed for it."""

    context: messages.Context
    job: Job
    records: int = 0


class Agree(messages.Request, frozen=True):
    """Agree to another person's proposal; takes a code confirmed for it, of a factor that is not young."""

    context: messages.Context
    proposal: bytes


class Granted(msgspec.Struct, frozen=True):
    """A proposal, a mandate or a machine grant; it may wait beside its job."""

    grant: bytes

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Granted()"


class GrantMachine(messages.Request, frozen=True):
    """Grant a machine key (``key-3``) for so many days; takes an owner's code confirmed for it."""

    context: messages.Context
    key: str
    days: int


AnyMandateRequest = Propose | Agree | GrantMachine


def export_job(export: int, recipient: str) -> Job:
    """Return the job of one export to one recipient (by fingerprint)."""
    return Job("export", recipient, str(export))


def propose(ops: "Operations", request: Propose) -> Granted:
    """Make one person's half, once that stands in the ledger."""
    context = request.context
    grown(ops, ops.gate.session(context))
    session = ops.gate.bound(request, context)
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
    """Make the mandate, once the second person's word stands in the ledger.

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
    grown(ops, session)
    ops.gate.bound(request, context)
    _write(ops, context, "agreed", asked_by=first.holder, records=first.limit)
    _, token = ops.grants.make(
        Kind.MANDATE, first.tenant, first.holder, MANDATE_S, role=first.role, factor=first.factor,
        action=first.action, limit=first.limit, agreed_by=session.holder,
    )  # fmt: skip
    return Granted(token)


def grant_machine(ops: "Operations", request: GrantMachine) -> Granted:
    """Grant a machine key, once that stands in the ledger."""
    context = request.context
    if not request.key or not 0 < request.days <= MACHINE_DAYS:
        raise RequestRefusedError(zh="接口密钥的期限不正确", en="a machine key ends within a year")
    session = ops.gate.bound(request, context, role=OWNER)
    _write(ops, context, "machine_granted", key=request.key, days=request.days)
    _, token = ops.grants.make(
        Kind.MACHINE, context.tenant, request.key, request.days * 86_400, agreed_by=session.holder
    )
    return Granted(token)


def mandated(ops: "Operations", context: messages.Context, job: Job) -> Grant:
    """Return the mandate in a context, if it is for this job and asked for by its first person.

    Raises:
        NotGrantedError: it is not.
    """
    mandate = ops.grants.read(context.grant, Kind.MANDATE, context.tenant)
    if mandate.action != job.digest or mandate.holder != context.actor:
        raise NotGrantedError(
            zh="授权不是为这项任务签署的，未打开任何数据。",
            en="what two people agreed to is another job; nothing was opened.",
        )
    return mandate


class Jobs:
    """Counts what mandates have opened; after a restart, anew from the ledger."""

    def __init__(self, ops: "Operations") -> None:
        self._ops = ops
        self._opened: dict[tuple[str, int], int] = {}

    def charge(self, mandate: Grant, export: int, records: int) -> None:
        """Count records of an export that are about to be opened.

        Raises:
            LimitReachedError: they are more than two people agreed to.
        """
        place = (mandate.tenant, export)
        if place not in self._opened:
            self._opened[place] = self._in_ledger(mandate, export)
        if self._opened[place] + records > mandate.limit + _AGAIN:
            raise LimitReachedError(
                zh=f"两人同意的是 {mandate.limit} 条，已达到，未打开更多数据。",
                en=f"two people agreed to {mandate.limit} records, which are done; no more was opened.",
            )
        self._opened[place] += records

    def _in_ledger(self, mandate: Grant, export: int) -> int:
        ledger, found = self._ops.ledger, 0
        for name in ledger.shards_of(mandate.tenant)[-2:]:
            ledger.checkpoint(name)
            view = ShardView(ledger.shard(name).store)
            first = first_since(view, mandate.issued_us // 1_000_000)
            for index, data in enumerate(view.entries(first, view.size), first):
                leaf = decode_leaf(data)
                if isinstance(leaf, Leaf) and (leaf.kind, leaf.field_class) == (
                    EntryKind.EXPORT,
                    FieldClass.CONTACT,
                ):
                    found += _is_of(ledger, name, index, export)
        return found


def _is_of(ledger: Ledger, name: str, index: int, export: int) -> bool:
    try:
        detail = words_of(ledger, name, index).get("detail", {})
    except BadEntryError:
        return False
    return bool(detail.get("export") == export)


def grown(ops: "Operations", session: Grant) -> None:
    """Refuse a factor that is young.

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
