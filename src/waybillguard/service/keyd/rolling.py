"""Replacing the root key: put the new one in use, and rewrap everything the old one wrapped.

Nobody receives a key: secrets arrive wrapped and leave wrapped. As in `operations`, the ledger is written first.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.keys import rollover
from waybillguard.keys.hierarchy import FileHolder
from waybillguard.keys.rollover import RolledHolder
from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, Purpose
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

MOST_RENEWED: Final = 1_000
"""Maximum secrets rewrapped per request."""


class WrappedSecret(msgspec.Struct, frozen=True, array_like=True):
    """A wrapped secret, and the contexts it may be bound to."""

    wrapped: bytes
    contexts: list[bytes]


class RenewWrapped(messages.Request, frozen=True):
    """Rewrap secrets under the current root key. Requires an owner's code of the last 5 minutes. Answer: `Renewed`."""

    context: messages.Context
    secrets: list[WrappedSecret]


class Renewed(msgspec.Struct, frozen=True):
    """The same secrets in the same order: unchanged if already rewrapped, empty if no root key opens them."""

    wrapped: list[bytes]


class EndRenewal(messages.Request, frozen=True):
    """Stop opening anything that an earlier root key wrapped. Requires an owner's code of the last five minutes."""

    context: messages.Context
    renewed: int
    unopened: int


AnyRollingRequest = RenewWrapped | EndRenewal


def take_into_use(ledger: Ledger, holder: FileHolder) -> None:
    """Record the new root key in every warehouse's ledger, then move the staged file into place.

    Raises:
        LedgerError: the ledger cannot write; the file stays staged, and the next start tries again.
    """
    if not isinstance(holder, RolledHolder) or not rollover.is_staged(holder):
        return  # already done before the ledger was opened again
    detail: dict[str, str | int] = {
        "change": "root_key_replaced", "key_id": holder.key_id, "before": holder.earlier[-1].key_id,
    }  # fmt: skip
    tenants = sorted({name.rpartition("-")[0] for name in ledger.shards()})
    if tenants:
        ledger.append([
            Entry(
                time_us=ledger.now_us(), kind=EntryKind.KEY, tenant=tenant, actor="shell", detail=dict(detail),
                purpose=Purpose.MAINTENANCE,
            )
            for tenant in tenants
        ])  # fmt: skip
    rollover.settle(holder.path)


def renew_wrapped(ops: "Operations", request: RenewWrapped) -> Renewed:
    """Rewrap secrets, after recording their number in the ledger.

    Raises:
        NotGrantedError: no owner has just confirmed by a code.
    """
    holder = _rolled(ops, request.context)
    if len(request.secrets) > MOST_RENEWED:
        raise RequestRefusedError(zh="一次提交的密钥过多", en="too many keys in one request")
    _write(ops, request.context, {"change": "wrapped_again", "secrets": len(request.secrets)})
    return Renewed([holder.renew(one.wrapped, one.contexts) for one in request.secrets])


def end_renewal(ops: "Operations", request: EndRenewal) -> messages.Recorded:
    """Record that everything is rewrapped, then discard the earlier root keys.

    Raises:
        NotGrantedError: no owner has just confirmed by a code.
        KeysError: the key file cannot be written; the earlier keys stay in use.
    """
    holder = _rolled(ops, request.context)
    done = _write(
        ops,
        request.context,
        {
            "change": "root_key_renewed", "key_id": holder.key_id, "secrets": request.renewed,
            "unopened": request.unopened,
        },
    )  # fmt: skip
    rollover.end_renewal(holder)
    return done


def _rolled(ops: "Operations", context: messages.Context) -> RolledHolder:
    if ops.gate.fresh_session(context).role != OWNER:
        raise NotGrantedError(
            zh="更换根密钥需要负责人确认，未做更改。",
            en="replacing the root key takes an owner's code; nothing changed.",
        )
    if not isinstance(ops.holder, RolledHolder):
        raise RequestRefusedError(
            zh="根密钥从未更换，无需重新包裹", en="the root key was never replaced; nothing to wrap again"
        )
    return ops.holder


def _write(ops: "Operations", context: messages.Context, detail: dict[str, str | int]) -> messages.Recorded:
    (receipt,) = ops.write([
        ops.entry(context, EntryKind.KEY, FieldClass.NONE, detail=detail, purpose=Purpose.MAINTENANCE)
    ])  # fmt: skip
    return messages.Recorded(receipt.index, receipt.leaf_hash.hex(), receipt.origin)
