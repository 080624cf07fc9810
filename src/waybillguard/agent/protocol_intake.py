"""The messages from a station in compatibility mode to the service: sealed orders that an ERP sent in the clear.

The messages follow `waybillguard.agent.protocol`. Only ``sealed`` contains the consignee; it is made in a child
process of the station and opened by keyd (`waybillguard.agent.shim.child`). The other fields are those that the
vault stores in the clear anyway: numbers, shop, place down to the district, and the masked view.

==============  ================  =================================================================
address         request           answer
==============  ================  =================================================================
``INTAKE_KEY``  `IntakeKeyAsk`    `IntakeKey`; refused (``compatibility_off``) unless an owner turned it on
``INTAKE``      `Intake`          `IntakeTaken`; a repeated ``key`` stores nothing again
==============  ================  =================================================================
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from waybillguard.agent.boxes import seal_box
from waybillguard.agent.protocol import Key, Message, Part, Request, ShortText
from waybillguard.agent.protocol_desk import MOST_DOCUMENTS, DocumentNumber, Key64
from waybillguard.keys.primitives import Random, frame
from waybillguard.orders import Masked
from waybillguard.seal import Contact

INTAKE_KEY: Final = "/api/v1/devices/intake/key"
INTAKE: Final = "/api/v1/devices/intake"
INFO: Final = b"waybillguard arrived order v1"
"""The purpose of the boxes (`waybillguard.agent.boxes`)."""


class IntakeKeyAsk(Request, frozen=True, kw_only=True):
    """Request the key to seal to, on behalf of an ERP."""

    erp: ShortText


class IntakeKey(Message, frozen=True, kw_only=True):
    """keyd's public key for this tenant (X25519)."""

    key: Key


class ArrivedOrder(msgspec.Struct, frozen=True, array_like=True):
    """The content to seal: the contact, and the data that identifies the order line."""

    contact: Contact
    identity: bytes

    def __repr__(self) -> str:
        """Show only the type."""
        return "ArrivedOrder(…)"


class SealedDocument(Part, frozen=True, kw_only=True):
    """One sealed order, or why there is none (``reason``: a code of ``orders read``, or ``none``, ``opaque``)."""

    document: DocumentNumber
    reason: Annotated[str, Meta(max_length=40)] = ""
    sealed: Annotated[bytes, Meta(max_length=65_536)] = b""
    order_no: ShortText = ""
    waybill_no: ShortText = ""
    carrier: Annotated[str, Meta(max_length=40)] = ""
    sort_code: Annotated[str, Meta(max_length=60)] = ""
    shop: ShortText = ""
    platform: Annotated[str, Meta(max_length=40)] = ""
    province: Annotated[str, Meta(max_length=30)] = ""
    city: Annotated[str, Meta(max_length=30)] = ""
    district: Annotated[str, Meta(max_length=30)] = ""
    goods: Annotated[str, Meta(max_length=40)] = ""
    quantity: Annotated[str, Meta(max_length=20)] = ""
    masked: Masked = Masked()


class Intake(Request, frozen=True, kw_only=True):
    """The orders of one print task; ``key`` is that of its `waybillguard.agent.protocol_desk.PrintAsk`."""

    key: Key64
    erp: ShortText
    documents: Annotated[list[SealedDocument], Meta(min_length=1, max_length=MOST_DOCUMENTS)]


class IntakeTaken(Message, frozen=True, kw_only=True):
    """How many orders were sealed into the vault now, and how many were known or refused."""

    sealed: int = 0
    known: int = 0
    refused: int = 0


def seal_arrived(
    order: ArrivedOrder, *, device: str, task: str, document: str, shop: str, key: bytes, random: Random
) -> bytes:
    """Seal an order to keyd, bound to device, task key, document and shop; empty if the public key is invalid."""
    content = msgspec.msgpack.encode(order)
    bound = bound_to(device, task, document, shop)
    return seal_box(content, key=key, info=INFO, bound=bound, random=random) or b""


def bound_to(device: str, task: str, document: str, shop: str) -> bytes:
    """Return the data that a sealed order is bound to; ``shop`` is the clear field that the service uses."""
    return frame(INFO, device.encode(), task.encode(), document.encode(), shop.encode())
