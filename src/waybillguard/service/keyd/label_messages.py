"""What the other processes may ask about labels in use: their steps, and what a scanned reference says."""

import msgspec

from waybillguard.service.keyd.messages import Context, Request


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


AnyLabelRequest = RecordTicketSteps | OpenReferences
