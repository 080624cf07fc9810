"""The interface between the agent's loop and a printer, independent of the connection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from waybillguard.agent.protocol import Language, Outcome, PrinterState, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a printer; ``waiting`` is how many labels it still holds, if it reports that."""

    state: PrinterState
    waiting: int | None = None
    detail: str = ""

    @property
    def can_start(self) -> bool:
        """Return whether a job may be started; a printer that does not report its state counts as ready."""
        return self.state in {"ready", "busy", "unknown"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of a job."""

    outcome: Outcome
    reason: Reason = ""


class Printer(Protocol):
    """One pinned printer."""

    async def standing(self) -> Standing:
        """Return the current state. An unreachable printer is ``offline``; no error is raised for it."""

    async def deliver(self, content: bytes, language: Language, begin: Callable[[], None]) -> Delivery:
        """Print a job once.

        ``begin`` is called just before the first byte is sent; without that call the outcome is ``failed``.
        """

    async def close(self) -> None:
        """Close the connection."""


_REASONS: dict[PrinterState, Reason] = {
    "paper_out": "paper_out",
    "ribbon_out": "ribbon_out",
    "head_open": "head_open",
    "paused": "paused",
    "offline": "printer_offline",
    "refused": "printer_refused",
}


def reason_of(state: PrinterState) -> Reason:
    """Return the reason to report for a printer in this state."""
    return _REASONS.get(state, "printer_error")
