"""Wakes waiting agents when a label waits. Work queued by another process is found a moment later by polling."""

import threading
from collections.abc import Iterable
from typing import Final

LOOK_EVERY_S: Final = 0.25
"""Seconds after which a waiting agent looks for work that another process has queued."""
MOST_WAITING: Final = 32
"""Most agents that may wait in one process, as each holds a thread; further agents are answered at once."""


class PrintNotifier:
    """Wakes the leases that wait in this process. It decides nothing: a woken lease queries the database."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._count = 0
        self._last: dict[int, int] = {}
        self._listening: dict[int, list[threading.Event]] = {}
        self._waiting = 0
        self._claims: dict[int, int] = {}

    def notify(self, printer: int) -> None:
        """Wake the leases that wait for a printer. Call it after the commit."""
        with self._guard:
            self._count += 1
            self._last[printer] = self._count
            for woken in self._listening.get(printer, ()):
                woken.set()

    def version(self) -> int:
        """Return the current count of notifications, as the starting point of `wait`."""
        return self._count

    def wait(self, printers: Iterable[int], since: int, seconds: float) -> None:
        """Wait for a notification of one of the printers after ``since``, at most ``seconds``."""
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
        """Take a waiting slot. False means that all are taken: do not wait."""
        with self._guard:
            if self._waiting >= MOST_WAITING:
                return False
            self._waiting += 1
            return True

    def claim(self, device: int) -> int:
        """Start a device's lease; an earlier lease of the device that still waits here ends."""
        with self._guard:
            self._claims[device] = claim = self._claims.get(device, 0) + 1
            return claim

    def is_latest_claim(self, device: int, claim: int) -> bool:
        """Return whether a lease is the latest that its device asked for."""
        return self._claims.get(device) == claim

    def leave(self) -> None:
        """Release the waiting slot."""
        with self._guard:
            self._waiting -= 1


bell: Final = PrintNotifier()
