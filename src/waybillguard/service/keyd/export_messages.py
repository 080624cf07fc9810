"""What the other processes may ask about plaintext that leaves the house: sealed exports, calls."""

import msgspec

from waybillguard.service.keyd.messages import Context, Request, SealedRef, WrappedEpoch


class ExportOrder(msgspec.Struct, frozen=True, array_like=True):
    """One order of an export: sealed as the database keeps it, and the numbers that stand beside the contact."""

    ref: SealedRef
    order_no: str
    waybill_no: str
    day: str


class SealExport(Request, frozen=True):
    """Open orders and seal them to a recipient, once each stands in the ledger; no plaintext comes back.

    ``head`` is the file's beginning, ``number`` which part this is; the context's grant is the mandate of two people;
    ``policies`` and ``policy_version`` say what allowed it.
    """

    context: Context
    export: int
    recipient: bytes
    head: bytes
    number: int
    epochs: list[WrappedEpoch]
    orders: list[ExportOrder]
    policies: list[str]
    policy_version: str


class SealedPart(msgspec.Struct, frozen=True):
    """One part of the file, how many records it holds, and where the ledger has them."""

    sealed: bytes
    records: int
    first_index: int
    origin: str


class BindNumber(Request, frozen=True):
    """Have a provider bind a virtual number to an order's telephone, once the hand-over stands in the ledger.

    ``reference`` names the call; the real number goes to the provider and never comes back.
    """

    context: Context
    provider: str
    reference: str
    epoch: WrappedEpoch
    order: SealedRef
    policies: list[str]
    policy_version: str


class BoundNumber(msgspec.Struct, frozen=True):
    """What is dialled, until when (POSIX seconds), and the receipt that was written before."""

    number: str
    extension: str
    until_s: int
    sample: bool
    index: int
    leaf_hash: str
    origin: str


class ReleaseNumber(Request, frozen=True):
    """Have a provider end a binding."""

    context: Context
    provider: str
    reference: str


class Released(msgspec.Struct, frozen=True):
    """It has ended."""


AnyExportRequest = SealExport | BindNumber | ReleaseNumber
