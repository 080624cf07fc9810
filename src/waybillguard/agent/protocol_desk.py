"""The messages from a station's shim to the service: labels requested by number, their outcomes, notes.

The messages follow `waybillguard.agent.protocol`. They hold order and waybill numbers and names of printers and
ERPs, and no personal data.

=============  =====================  ==============================================================
address        request                answer
=============  =====================  ==============================================================
``PRINT``      `PrintAsk`             `PrintTaken`; the same ``key`` gets the same answer
``OUTCOMES``   `OutcomesAsk`          `Outcomes`
``NOTES``      `Notes`                `NotesTaken`
=============  =====================  ==============================================================
"""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from waybillguard.agent.protocol import NO_NULL, Id, Message, Part, PrinterName, Request, ShortText

PRINT: Final = "/api/v1/devices/print"
OUTCOMES: Final = "/api/v1/devices/outcomes"
NOTES: Final = "/api/v1/devices/notes"

MOST_DOCUMENTS: Final = 1000
MOST_NOTES: Final = 200

type Number = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{2,79}$")]
"""An order or waybill number."""
type DocumentNumber = Annotated[str, Meta(min_length=1, max_length=128, pattern=NO_NULL)]
type Key64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class AskedDocument(Part, frozen=True, kw_only=True):
    """One label: the ERP's number for it, and the number of the sealed order."""

    document: DocumentNumber
    reference: Number


class PrintAsk(Request, frozen=True, kw_only=True):
    """Request labels. ``key`` is the same for the same task, so a repeated request prints nothing twice."""

    key: Key64
    erp: ShortText = ""
    printer: PrinterName
    documents: Annotated[list[AskedDocument], Meta(min_length=1, max_length=MOST_DOCUMENTS)]


class TakenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One label: the ticket issued for it, or the reason why there is none (in both languages)."""

    document: str
    ticket: str = ""
    zh: str = ""
    en: str = ""


class PrintTaken(Message, frozen=True, kw_only=True):
    """Every requested document, in the same order."""

    documents: list[TakenDocument]


class OutcomesAsk(Request, frozen=True, kw_only=True):
    """Request the outcomes of tickets."""

    tickets: Annotated[list[Id], Meta(min_length=1, max_length=MOST_DOCUMENTS)]


class TicketOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a ticket; empty while the label is not finished."""

    ticket: Id
    outcome: Literal["", "printed", "failed", "uncertain"] = ""
    zh: str = ""
    en: str = ""


class Outcomes(Message, frozen=True, kw_only=True):
    """The outcomes of the known tickets of this device."""

    tickets: list[TicketOutcome]


class Note(Part, frozen=True, kw_only=True):
    """A record to store: a refused message (its code), or a platform's waybill that was forwarded.

    A station's first note with a given ``number`` is stored. Unset: a station older than this field.
    """

    kind: Literal["refused", "passed_on"]
    at: datetime
    code: ShortText = ""
    erp: ShortText = ""
    document: Annotated[str, Meta(max_length=128, pattern=NO_NULL)] = ""
    printer: ShortText = ""
    number: Id | UnsetType = UNSET


class Notes(Request, frozen=True, kw_only=True):
    """Notes, oldest first."""

    notes: Annotated[list[Note], Meta(min_length=1, max_length=MOST_NOTES)]


class NotesTaken(Message, frozen=True, kw_only=True):
    """How many notes were stored."""

    kept: int
