"""Follows labels that are on their way: one question after the other for all of a station, however many tasks wait."""

import asyncio
from itertools import batched
from typing import Final, Protocol

from waybillguard.agent.errors import AgentError, RefusedError
from waybillguard.agent.protocol_desk import MOST_DOCUMENTS, Outcomes, OutcomesAsk, TicketOutcome

_LONGEST_PAUSE_S: Final = 30.0


class OutcomesWay(Protocol):
    """The call that is made (`waybillguard.agent.client.ServiceClient`)."""

    async def outcomes(self, message: OutcomesAsk) -> Outcomes:
        """Ask what became of labels."""


class Following:
    """Asks after open tickets for as long as there are any.

    A service that is away, busy or refuses for now is asked again, after pauses that double up to 30 seconds.

    Args:
        way: the call to the service.
        pause: seconds between two questions.
    """

    def __init__(self, way: OutcomesWay, *, pause: float) -> None:
        self._way, self._pause = way, pause
        self._open: dict[str, list[asyncio.Future[TicketOutcome]]] = {}
        self._asking: asyncio.Task[None] | None = None

    def follow(self, ticket: str) -> asyncio.Future[TicketOutcome]:
        """Return what will hold the outcome; cancelled once the device is revoked.

        It is the caller's own: who gives up cancels it, and others who follow the ticket wait on.
        """
        waiting = asyncio.get_running_loop().create_future()
        self._open.setdefault(ticket, []).append(waiting)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return waiting

    async def _ask(self) -> None:
        wait = self._pause
        while tickets := self._still_open():
            for some in batched(tickets, MOST_DOCUMENTS):
                try:
                    found = await self._way.outcomes(OutcomesAsk(tickets=list(some)))
                except AgentError as error:
                    if isinstance(error, RefusedError) and error.reason == "device_revoked":
                        self._give_up()
                        return
                    wait = min(wait * 2, _LONGEST_PAUSE_S)
                else:
                    wait = self._pause
                    self._take(found)
                await asyncio.sleep(wait)

    def _still_open(self) -> list[str]:
        waiting = {ticket: [one for one in those if not one.done()] for ticket, those in self._open.items()}
        self._open = {ticket: those for ticket, those in waiting.items() if those}
        return list(self._open)

    def _take(self, found: Outcomes) -> None:
        for one in found.tickets:
            if one.outcome:
                for future in self._open.get(one.ticket, ()):
                    if not future.done():
                        future.set_result(one)

    def _give_up(self) -> None:
        for those in self._open.values():
            for future in those:
                future.cancel()
        self._open.clear()
