"""What the other processes may ask about labels: a carrier's numbers, references, steps, what a scanned reference says."""

import msgspec

from waybillguard.service.keyd.messages import Context, IndexRoot, Request, SealedRef, WrappedEpoch


class AssignCarrier(Request, frozen=True):
    """Have the carrier give numbers to orders. keyd hands the plaintext over; the asker never sees it."""

    context: Context
    carrier: str
    epochs: list[WrappedEpoch]
    orders: list[SealedRef]
    roots: list[IndexRoot] = msgspec.field(default_factory=list)


class CarrierNumbers(msgspec.Struct, frozen=True, array_like=True):
    """What a carrier answered for one order; ``refused`` says why there are no numbers."""

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
    """One attempt to print one order; ``again``: a label of it was handed out before."""

    ticket: bytes
    order_uid: bytes
    attempt: int
    again: bool = False


class IssueReferences(Request, frozen=True):
    """Make the sealed references of labels. Written to the ledger as print or reprint, one entry each."""

    context: Context
    tickets: list[TicketToIssue]


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """The 72 base45 characters of a label's QR and where the ledger has it."""

    text: str
    ledger_index: int


class References(msgspec.Struct, frozen=True):
    """References in the order asked."""

    references: list[Reference]


class TicketStep(msgspec.Struct, frozen=True, array_like=True):
    """One step of one ticket: ``sent``, ``uncertain``, ``confirmed`` or ``void``, and how it came."""

    ticket: bytes
    order_uid: bytes
    attempt: int
    step: str
    how: str = ""


class RecordTicketSteps(Request, frozen=True):
    """Write steps of tickets to the ledger, one entry each; they are durable when the answer arrives."""

    context: Context
    steps: list[TicketStep]


class StepsRecorded(msgspec.Struct, frozen=True):
    """Positions in the ledger, in the order asked."""

    indexes: list[int]


class OpenReferences(Request, frozen=True):
    """Ask what scanned references name. Counted as a look at the masked view; the ledger is written first."""

    context: Context
    texts: list[str]
    origin: str = "check"


class OpenedReference(msgspec.Struct, frozen=True, array_like=True):
    """What a reference names; ``genuine`` is False for one that this warehouse's key did not make."""

    genuine: bool
    kind: str = ""
    uid: bytes = b""
    attempt: int = 0


class OpenedReferences(msgspec.Struct, frozen=True):
    """Answers in the order asked."""

    references: list[OpenedReference]


AnyLabelRequest = AssignCarrier | IssueReferences | RecordTicketSteps | OpenReferences
