"""Orders that stations seal to keyd itself, because their ERP can only send consignees in the clear.

Only keyd sees their content; it seals them again for the vault.
"""

from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.agent.boxes import open_box
from waybillguard.agent.protocol_intake import INFO, ArrivedOrder, bound_to
from waybillguard.keys.hierarchy import KeyHolder
from waybillguard.keys.hierarchy import Purpose as KeyPurpose
from waybillguard.seal import SealInput
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

_CONTEXT: Final = b"intake/"


class IntakeKey(messages.Request, frozen=True):
    """Ask for the public key that a tenant's stations seal to."""

    tenant: str


class IntakePublic(msgspec.Struct, frozen=True):
    """An X25519 public key, 32 bytes."""

    key: bytes


class Arrived(msgspec.Struct, frozen=True, array_like=True):
    """One sealed order: its origin, which the box is bound to, and the fields that the vault indexes."""

    device: str
    task: str
    document: str
    sealed: bytes
    order_uid: bytes
    day: int
    shop: str
    order_no: str
    waybill_no: str


class SealArrived(messages.Request, frozen=True):
    """Seal arrived orders into the vault; no plaintext is returned. Answer: `messages.SealedBatch`."""

    tenant: str
    epochs: list[messages.WrappedEpoch]
    rows: list[Arrived]
    roots: list[messages.IndexRoot]


AnyIntakeRequest = IntakeKey | SealArrived


def private_key(holder: KeyHolder, tenant: str) -> X25519PrivateKey:
    """Return the private key for the tenant's stations. It is derived, so it is stored nowhere."""
    secret = holder.derive(KeyPurpose.SERVICE, _CONTEXT + tenant.encode())
    return X25519PrivateKey.from_private_bytes(bytes(secret))


def intake_key(holder: KeyHolder, request: IntakeKey) -> IntakePublic:
    """Return the public key."""
    return IntakePublic(private_key(holder, request.tenant).public_key().public_bytes_raw())


def seal_arrived(ops: "Operations", holder: KeyHolder, request: SealArrived) -> messages.SealedBatch:
    """Open each box and seal its content like rows of an import.

    Raises:
        RequestRefusedError: a box does not open; nothing was sealed.
    """
    key = private_key(holder, request.tenant)
    rows = []
    for row in request.rows:
        bound = bound_to(row.device, row.task, row.document, row.shop)
        content = open_box(row.sealed, key=key, info=INFO, bound=bound)
        if content is None:
            raise _does_not_open()
        try:
            order = msgspec.msgpack.decode(content, type=ArrivedOrder)
        except msgspec.MsgspecError:
            raise _does_not_open() from None
        rows.append(
            SealInput(
                order_uid=row.order_uid, contact=order.contact, shop=row.shop, day=row.day,
                order_no=row.order_no, waybill_no=row.waybill_no, row=order.identity,
            )
        )  # fmt: skip
    return ops.seal_batch(
        messages.SealBatch(tenant=request.tenant, epochs=request.epochs, rows=rows, roots=request.roots)
    )


def _does_not_open() -> RequestRefusedError:
    return RequestRefusedError(
        zh="收到的订单无法打开，未入库。请让 ERP 重新发送。",
        en="an arrived order does not open; nothing was taken in. Let the ERP send it again.",
    )
