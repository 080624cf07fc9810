"""Tells a waiting agent at once that a label waits; work queued by another process is noticed a moment later."""

import threading
from collections.abc import Iterable
from typing import Final

LOOK_EVERY_S: Final = 0.25
"""How long a waiting agent goes without looking for work that another process has queued."""
MOST_WAITING: Final = 32
"""So many agents may wait in one process; each holds a thread. Beyond, an agent is answered at once."""


class Bell:
    """One bell a process. Nothing is decided by it: whoever it wakes looks into the database."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._count = 0
        self._last: dict[int, int] = {}
        self._listening: dict[int, list[threading.Event]] = {}
        self._waiting = 0
        self._turns: dict[int, int] = {}

    def ring(self, printer: int) -> None:
        """Say that something waits for a printer; who waits for another one sleeps on. Call it after the commit."""
        with self._guard:
            self._count += 1
            self._last[printer] = self._count
            for woken in self._listening.get(printer, ()):
                woken.set()

    def heard(self) -> int:
        """Return a mark of this moment, to wait from."""
        return self._count

    def wait(self, printers: Iterable[int], since: int, seconds: float) -> None:
        """Wait until it rings for one of the printers after ``since``, at most ``seconds``."""
        wanted, rung = list(printers), threading.Event()
        with self._guard:
            if any(self._last.get(printer, 0) > since for printer in wanted):
                return
            for printer in wanted:
                self._listening.setdefault(printer, []).append(rung)
        try:
            rung.wait(seconds)
        finally:
            with self._guard:
                for printer in wanted:
                    listening = self._listening[printer]
                    listening.remove(rung)
                    if not listening:
                        del self._listening[printer]

    def enter(self) -> bool:
        """Take a place among those who wait; False: there is none, so do not wait."""
        with self._guard:
            if self._waiting >= MOST_WAITING:
                return False
            self._waiting += 1
            return True

    def turn(self, device: int) -> int:
        """Begin a device's lease; whichever of its leases still waits here is over with that."""
        with self._guard:
            self._turns[device] = turn = self._turns.get(device, 0) + 1
            return turn

    def is_turn(self, device: int, turn: int) -> bool:
        """Say whether a lease is the last that its device asked for."""
        return self._turns.get(device) == turn

    def leave(self) -> None:
        """Give the place back."""
        with self._guard:
            self._waiting -= 1


bell: Final = Bell()
