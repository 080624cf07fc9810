"""What the shim of a station says to the service: labels asked for by number, their outcomes, notes.

The messages follow `waybillguard.agent.protocol`. Numbers of orders and waybills, names of printers and of ERPs
travel here, and nothing of any person.

=============  =====================  ==============================================================
address        request                answer
=============  =====================  ==============================================================
``PRINT``      `PrintAsk`             `PrintTaken`; the same ``key`` again is answered alike
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
    """Ask for labels; ``key`` is the same for the same task, so that asking again prints nothing again."""

    key: Key64
    erp: ShortText = ""
    printer: PrinterName
    documents: Annotated[list[AskedDocument], Meta(min_length=1, max_length=MOST_DOCUMENTS)]


class TakenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One label: the ticket that was issued for it, or why there is none (both languages)."""

    document: str
    ticket: str = ""
    zh: str = ""
    en: str = ""


class PrintTaken(Message, frozen=True, kw_only=True):
    """Every document that was asked for, in the same order."""

    documents: list[TakenDocument]


class OutcomesAsk(Request, frozen=True, kw_only=True):
    """Ask what became of tickets."""

    tickets: Annotated[list[Id], Meta(min_length=1, max_length=MOST_DOCUMENTS)]


class TicketOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """Empty while the label is on its way."""

    ticket: Id
    outcome: Literal["", "printed", "failed", "uncertain"] = ""
    zh: str = ""
    en: str = ""


class Outcomes(Message, frozen=True, kw_only=True):
    """The tickets of this device that are known."""

    tickets: list[TicketOutcome]


class Note(Part, frozen=True, kw_only=True):
    """Something to keep: a message that was refused (its code), or a platform's waybill that was passed on.

    Of notes with one ``number`` a station's first is kept. Unset: a station from before this field.
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
    """How many were kept."""

    kept: int
