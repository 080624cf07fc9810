"""What the shim needs from whoever prints: printers, and labels by reference."""

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


class Outcome(StrEnum):
    """What became of one label."""

    PRINTED = "printed"
    FAILED = "failed"
    #: Nobody knows whether paper came out: never printed again by itself.
    UNCERTAIN = "uncertain"


class PrinterInfo(msgspec.Struct, frozen=True):
    """A printer that ERPs may name. Sizes in mm.

    Attributes:
        name: as ERPs name it.
        ready: takes labels now.
        default: printed on when a task names no printer.
        width: of its labels.
        height: of its labels.
        dpi: of its head.
    """

    name: str
    ready: bool = True
    default: bool = False
    width: int = 76
    height: int = 130
    dpi: int = 203


class DocumentResult(msgspec.Struct, frozen=True):
    """The result of one document of a task; ``message`` has both languages and nothing personal."""

    document: str
    outcome: Outcome
    message: str = ""


class Desk(Protocol):
    """Prints sealed orders. The shim holds one for as long as it runs."""

    async def printers(self) -> Sequence[PrinterInfo]:
        """Return the printers of this station, virtual ones left out."""
        ...

    async def take(
        self, references: Sequence[tuple[str, str]], *, printer: str, key: str
    ) -> AsyncIterator[DocumentResult]:
        """Take orders of lane B for printing; the iterator then yields each result as it is known.

        Args:
            references: document number, and order number or waybill number.
            printer: a name that ``printers`` gave.
            key: the same for the same task, so that a repeated call prints nothing again.

        Raises:
            DeskRefusedError: nothing of the task was taken.
        """
        ...

    async def refused(self, kind: str, origin: str) -> None:
        """Record that a message was refused: its kind and who sent it, nothing of its content."""
        ...

    async def passed_on(self, document: str, printer: str) -> None:
        """Record for lane A that a waybill went to the platform's component: number and printer."""
        ...
