"""Messages about labels: carrier numbers, references, ticket steps, and the content of scanned references."""

import msgspec

from waybillguard.service.keyd.messages import Context, IndexRoot, Request, SealedRef, WrappedEpoch


class AssignCarrier(Request, frozen=True):
    """Have the carrier assign numbers to orders. keyd passes on the plaintext; the caller never sees it."""

    context: Context
    carrier: str
    epochs: list[WrappedEpoch]
    orders: list[SealedRef]
    roots: list[IndexRoot] = msgspec.field(default_factory=list)


class CarrierNumbers(msgspec.Struct, frozen=True, array_like=True):
    """A carrier's answer for one order; ``refused`` gives the reason if there are no numbers."""

    waybill_no: str
    sort_code: str
    hub: str
    carrier: str
    simulated: bool
    waybill_index: bytes
    refused_zh: str = ""
    refused_en: str = ""


class CarrierAnswer(msgspec.Struct, frozen=True):
    """Answers in the order asked."""

    numbers: list[CarrierNumbers]


class TicketToIssue(msgspec.Struct, frozen=True, array_like=True):
    """One attempt to print one order; ``again`` means that a label of it was handed out before."""

    ticket: bytes
    order_uid: bytes
    attempt: int
    again: bool = False


class IssueReferences(Request, frozen=True):
    """Make the sealed references of labels. Each is recorded in the ledger as a print or reprint."""

    context: Context
    tickets: list[TicketToIssue]


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """The 72 base45 characters of a label's QR code and its position in the ledger."""

    text: str
    ledger_index: int


class References(msgspec.Struct, frozen=True):
    """References in the order asked."""

    references: list[Reference]


class TicketStep(msgspec.Struct, frozen=True, array_like=True):
    """One step of one ticket: ``sent``, ``uncertain``, ``confirmed`` or ``void``, and how it was reported."""

    ticket: bytes
    order_uid: bytes
    attempt: int
    step: str
    how: str = ""


class RecordTicketSteps(Request, frozen=True):
    """Record steps of tickets in the ledger, one entry each; they are durable when the answer arrives."""

    context: Context
    steps: list[TicketStep]


class StepsRecorded(msgspec.Struct, frozen=True):
    """Positions in the ledger, in the order asked."""

    indexes: list[int]


class OpenReferences(Request, frozen=True):
    """Ask what scanned references name. Counts as a look at the masked view and is recorded first."""

    context: Context
    texts: list[str]
    origin: str = "check"


class OpenedReference(msgspec.Struct, frozen=True, array_like=True):
    """What a reference names; ``genuine`` is False if this warehouse's key did not make it."""

    genuine: bool
    kind: str = ""
    uid: bytes = b""
    attempt: int = 0


class OpenedReferences(msgspec.Struct, frozen=True):
    """Answers in the order asked."""

    references: list[OpenedReference]


AnyLabelRequest = AssignCarrier | IssueReferences | RecordTicketSteps | OpenReferences
