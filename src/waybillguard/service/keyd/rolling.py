"""What keyd does when the root key is replaced: takes the new one into use, and wraps again what the old one wrapped.

Neither gives anybody a key: what comes in wrapped goes out wrapped. The rule of `operations` holds: the ledger first.
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
"""Most secrets one request may have wrapped again."""


class WrappedSecret(msgspec.Struct, frozen=True, array_like=True):
    """A wrapped secret, and the contexts that it may be bound to."""

    wrapped: bytes
    contexts: list[bytes]


class RenewWrapped(messages.Request, frozen=True):
    """Wrap secrets under the root key in force. It takes an owner's code of the last five minutes. Answer: `Renewed`."""

    context: messages.Context
    secrets: list[WrappedSecret]


class Renewed(msgspec.Struct, frozen=True):
    """The same secrets in the same order: unchanged where nothing was to do, empty where no root key opens them."""

    wrapped: list[bytes]


class EndRenewal(messages.Request, frozen=True):
    """Open nothing any more that an earlier root key wrapped. It takes an owner's code of the last five minutes."""

    context: messages.Context
    renewed: int
    unopened: int


AnyRollingRequest = RenewWrapped | EndRenewal


def take_into_use(ledger: Ledger, holder: FileHolder) -> None:
    """Write to every warehouse's ledger that the root key is replaced, then put the staged file in its place.

    Raises:
        LedgerError: the ledger does not write; the file stays staged, and the next start does this again.
    """
    if not isinstance(holder, RolledHolder) or not rollover.is_staged(holder):
        return  # done, before the ledger was opened once more
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
    """Wrap again, once it stands in the ledger how many.

    Raises:
        NotGrantedError: no owner has just confirmed by a code.
    """
    holder = _rolled(ops, request.context)
    if len(request.secrets) > MOST_RENEWED:
        raise RequestRefusedError(zh="一次提交的密钥过多", en="too many keys in one request")
    _write(ops, request.context, {"change": "wrapped_again", "secrets": len(request.secrets)})
    return Renewed([holder.renew(one.wrapped, one.contexts) for one in request.secrets])


def end_renewal(ops: "Operations", request: EndRenewal) -> messages.Recorded:
    """Write that all is wrapped again, then close the earlier root keys.

    Raises:
        NotGrantedError: no owner has just confirmed by a code.
        KeysError: the key file cannot be written; the earlier ones stay open.
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
