"""A packing station in the storm: a print agent and a printer, whose labels are compared with the service's records."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from support.print_room import PrintRoom
from support.printer import Simulator
from support.running import Person, Running

from storm.database import Embedded

A_LABEL_S = 0.8
"""Printing time per label in seconds, long enough that a label is always being printed."""
AT_ONCE = 24
_TICKETS = (
    "SELECT o.waybill_no, t.state, count(*) FROM print_room_ticket t JOIN vault_order o ON o.id = t.order_id "
    "WHERE t.printer_id IS NOT NULL GROUP BY o.waybill_no, t.state"
)
_OPEN = frozenset({"issued", "leased"})
_SAID_TO_BE_OUT = frozenset({"sent", "confirmed"})
_PERHAPS_OUT = _SAID_TO_BE_OUT | {"uncertain"}


class Station:
    """One agent, one printer."""

    def __init__(self, room: PrintRoom, database: Embedded) -> None:
        self._room, self._database = room, database

    def ask(self, seconds: float) -> bool:
        """Queue labels as from the console; return False if the service does not accept them within ``seconds``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._room.ask(AT_ONCE)
            except AssertionError:  # a process has just been killed
                time.sleep(1)
            else:
                return True
        return False

    def waiting(self) -> int:
        """Return the number of labels whose outcome is not yet known."""
        return sum(count for _, state, count in self._database.rows(_TICKETS) if state in _OPEN)

    def kill(self) -> None:
        """Kill the agent with SIGKILL and restart it."""
        self._room.kill()
        self._room.start()

    def faults(self, seconds: float) -> list[str]:
        """Wait until the outcome of every label is known; return labels printed twice or recorded wrongly."""
        deadline = time.monotonic() + seconds
        while (waiting := self.waiting()) and time.monotonic() < deadline:
            time.sleep(1)
        printer = self._room.simulator
        out = Counter(printer.codes(n)["Code128"] for n in range(len(printer.labels)))
        said: dict[str, set[str]] = {}
        for waybill, state, _ in self._database.rows(_TICKETS):
            said.setdefault(waybill, set()).add(state)
        twice = [waybill for waybill, times in out.items() if times > 1]
        unknown = [waybill for waybill in out if not said.get(waybill, set()) & _PERHAPS_OUT]
        lost = [
            waybill for waybill, states in said.items() if states & _SAID_TO_BE_OUT and waybill not in out
        ]
        counted = {
            "labels twice": twice,
            "labels out, and not said so": unknown,
            "labels said to be out, and lost": lost,
        }
        return [f"{len(what)} {name}: {what[:5]}" for name, what in counted.items() if what] + (
            [f"{waiting} labels were never heard of"] if waiting else []
        )

    @property
    def printed(self) -> int:
        return len(self._room.simulator.labels)


@contextmanager
def station(service: Running, browser: httpx.Client, owner: Person, database: Embedded) -> Iterator[Station]:
    """Enrol an agent that runs until the block ends; ``browser`` is the owner's."""
    with Simulator(speed=A_LABEL_S) as printer:
        room = PrintRoom(service, printer, browser, owner)
        room.settings()
        room.enrol()
        try:
            yield Station(room, database)
        finally:
            room.close()
