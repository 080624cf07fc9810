"""The desk of a station: requests labels from the service by number and returns their outcomes to ERPs.

Only numbers and outcomes pass through here; the labels reach the printer like every other job.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from waybillguard.agent.errors import AgentError
from waybillguard.agent.printers.model import Standing
from waybillguard.agent.protocol_desk import (
    MOST_NOTES,
    AskedDocument,
    Note,
    Notes,
    NotesTaken,
    Outcomes,
    OutcomesAsk,
    PrintAsk,
    PrintTaken,
    TicketOutcome,
)
from waybillguard.agent.shim.desk import DocumentResult, Outcome, PrinterInfo
from waybillguard.agent.shim.errors import DeskRefusedError
from waybillguard.agent.shim.following import Following
from waybillguard.agent.shim.notebook import NoteBook

_WORDS: Final = {"printed": Outcome.PRINTED, "failed": Outcome.FAILED, "uncertain": Outcome.UNCERTAIN}


class DeskClient(Protocol):
    """The calls that the desk makes (`waybillguard.agent.client.ServiceClient`)."""

    async def ask_print(self, message: PrintAsk) -> PrintTaken:
        """Request labels."""

    async def outcomes(self, message: OutcomesAsk) -> Outcomes:
        """Request the outcomes of labels."""

    async def note(self, message: Notes) -> NotesTaken:
        """Send notes to be stored."""


class ServiceDesk:
    """Prints sealed orders for ERPs.

    Args:
        client: the client of the service.
        printers: returns names, dots per inch and current states.
        now: the clock.
        pause: seconds between two requests for outcomes.
        patience: seconds after which a label without an outcome counts as uncertain.
        book: stores notes until they are sent.
    """

    def __init__(
        self,
        client: DeskClient,
        printers: Callable[[], Mapping[str, tuple[int, Standing]]],
        *,
        now: Callable[[], datetime],
        pause: float = 0.5,
        patience: float = 600.0,
        book: NoteBook | None = None,
    ) -> None:
        self._client, self._printers, self._now = client, printers, now
        self._pause, self._patience = pause, patience
        self._following = Following(client, pause=pause)
        self._book = book or NoteBook()
        self._noted = asyncio.Event()

    async def printers(self) -> Sequence[PrinterInfo]:
        """Return the pinned printers; the first is the default."""
        found = self._printers().items()
        return [
            PrinterInfo(name, ready=standing.can_start, default=place == 0, dpi=dpi)
            for place, (name, (dpi, standing)) in enumerate(found)
        ]

    async def take(
        self, references: Sequence[tuple[str, str]], *, printer: str, key: str
    ) -> AsyncIterator[DocumentResult]:
        """Accept orders for printing; see `waybillguard.agent.shim.desk.Desk`."""
        asked = PrintAsk(
            key=key,
            printer=printer,
            documents=[AskedDocument(document=document, reference=number) for document, number in references],
        )
        try:
            taken = await self._client.ask_print(asked)
        except AgentError as error:
            raise DeskRefusedError(zh=error.zh, en=error.en) from None
        if not any(document.ticket for document in taken.documents):
            first = taken.documents[0]
            raise DeskRefusedError(zh=first.zh, en=first.en)
        return self._results(taken)

    async def _results(self, taken: PrintTaken) -> AsyncIterator[DocumentResult]:
        waiting: dict[asyncio.Future[TicketOutcome], str] = {}
        for document in taken.documents:
            if document.ticket:
                waiting[self._following.follow(document.ticket)] = document.document
            else:
                yield DocumentResult(document.document, Outcome.FAILED, f"{document.zh} / {document.en}")
        deadline = asyncio.get_running_loop().time() + self._patience
        try:
            while waiting and (left := deadline - asyncio.get_running_loop().time()) > 0:
                known, _ = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                for future in known:
                    number = waiting.pop(future)
                    if future.cancelled():
                        continue
                    ticket = future.result()
                    said = f"{ticket.zh} / {ticket.en}" if ticket.zh or ticket.en else ""
                    yield DocumentResult(number, _WORDS[ticket.outcome], said)
        finally:
            for future in waiting:
                future.cancel()
        # The shim reports the remaining labels as uncertain, so they are not reprinted automatically.

    async def refused(self, kind: str, origin: str) -> None:
        """Record a refused message."""
        self._keep(Note(kind="refused", at=self._now(), code=kind[:80], erp=origin[:80]))

    async def passed_on(self, document: str, printer: str) -> None:
        """Record a platform's waybill that was forwarded to the platform's component."""
        self._keep(Note(kind="passed_on", at=self._now(), document=document[:128], printer=printer[:80]))

    def _keep(self, note: Note) -> None:
        self._book.keep(note)
        self._noted.set()

    async def tell_notes(self) -> None:
        """Send notes to the service until each is stored; runs until it is cancelled."""
        wait = self._pause
        while True:
            if not (some := self._book.first(MOST_NOTES)):
                self._noted.clear()
                await self._noted.wait()
                continue
            try:
                await self._client.note(Notes(notes=some))
            except AgentError:
                await asyncio.sleep(wait)
                wait = min(wait * 2, 60.0)
                continue
            wait = self._pause
            self._book.mark_sent(some)
