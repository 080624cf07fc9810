"""What the agent's loop asks of a printer, whatever it is connected by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from waybillguard.agent.protocol import Language, Outcome, PrinterState, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """How a printer stands; ``waiting`` is how many labels it still holds, if it tells."""

    state: PrinterState
    waiting: int | None = None
    detail: str = ""

    @property
    def can_start(self) -> bool:
        """Tell whether a job may be begun: a printer that does not say is taken to be ready."""
        return self.state in {"ready", "busy", "unknown"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a job."""

    outcome: Outcome
    reason: Reason = ""


class Printer(Protocol):
    """One pinned printer."""

    async def standing(self) -> Standing:
        """Return how it stands now; never raises for a printer that is away (``offline``)."""

    async def deliver(self, content: bytes, language: Language, begin: Callable[[], None]) -> Delivery:
        """Print a job once.

        ``begin`` is called just before its first byte goes out; without that call the outcome is ``failed``.
        """

    async def close(self) -> None:
        """Let go of the connection."""


_REASONS: dict[PrinterState, Reason] = {
    "paper_out": "paper_out",
    "ribbon_out": "ribbon_out",
    "head_open": "head_open",
    "paused": "paused",
    "offline": "printer_offline",
    "refused": "printer_refused",
}


def reason_of(state: PrinterState) -> Reason:
    """Return the reason to give for a printer in this state."""
    return _REASONS.get(state, "printer_error")
