"""Messages about plaintext that leaves the installation: sealed exports and calls."""

import msgspec

from waybillguard.service.keyd.messages import Context, Request, SealedRef, WrappedEpoch


class ExportOrder(msgspec.Struct, frozen=True, array_like=True):
    """One order of an export: sealed as stored in the database, and the numbers exported with the contact."""

    ref: SealedRef
    order_no: str
    waybill_no: str
    day: str


class SealExport(Request, frozen=True):
    """Open orders and seal them to a recipient, after recording each in the ledger; no plaintext is returned.

    ``head`` is the beginning of the file, ``number`` the index of this part. The context's grant is the mandate of two
    people. ``policies`` and ``policy_version`` name the policies that allowed it.
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
    """One part of the file, the number of records in it, and their positions in the ledger."""

    sealed: bytes
    records: int
    first_index: int
    origin: str


class BindNumber(Request, frozen=True):
    """Have a provider bind a virtual number to an order's telephone, after recording the hand-over in the ledger.

    ``reference`` names the call. The real number goes to the provider and is never returned.
    """

    context: Context
    provider: str
    reference: str
    epoch: WrappedEpoch
    order: SealedRef
    policies: list[str]
    policy_version: str


class BoundNumber(msgspec.Struct, frozen=True):
    """The number to dial, its expiry (POSIX seconds), and the receipt recorded before."""

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
    """The binding has ended."""


AnyExportRequest = SealExport | BindNumber | ReleaseNumber
