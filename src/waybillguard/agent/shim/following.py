"""Polls the outcomes of unfinished labels, with one request at a time for the whole station."""

import asyncio
from itertools import batched
from typing import Final, Protocol

from waybillguard.agent.errors import AgentError, RefusedError
from waybillguard.agent.protocol_desk import MOST_DOCUMENTS, Outcomes, OutcomesAsk, TicketOutcome

_LONGEST_PAUSE_S: Final = 30.0


class OutcomesClient(Protocol):
    """The call for outcomes (`waybillguard.agent.client.ServiceClient`)."""

    async def outcomes(self, message: OutcomesAsk) -> Outcomes:
        """Request the outcomes of labels."""


class Following:
    """Polls open tickets for as long as there are any.

    If the service is unreachable, busy or refuses temporarily, it is polled again after pauses that double up to 30 s.

    Args:
        client: the call to the service.
        pause: seconds between two polls.
    """

    def __init__(self, client: OutcomesClient, *, pause: float) -> None:
        self._client, self._pause = client, pause
        self._open: dict[str, list[asyncio.Future[TicketOutcome]]] = {}
        self._asking: asyncio.Task[None] | None = None

    def follow(self, ticket: str) -> asyncio.Future[TicketOutcome]:
        """Return a future for the outcome; it is cancelled if the device is revoked.

        Each caller gets its own future and may cancel it; other callers for the same ticket keep waiting.
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
                    found = await self._client.outcomes(OutcomesAsk(tickets=list(some)))
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
