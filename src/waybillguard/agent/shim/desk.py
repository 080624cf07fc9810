"""The interface that the shim prints through: printers, and labels by reference."""

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


class Outcome(StrEnum):
    """The outcome of one label."""

    PRINTED = "printed"
    FAILED = "failed"
    #: It is unknown whether the label was printed; it is never reprinted automatically.
    UNCERTAIN = "uncertain"


class PrinterInfo(msgspec.Struct, frozen=True):
    """A printer that ERPs may print on. Sizes in mm.

    Attributes:
        name: the name that ERPs use.
        ready: whether it accepts labels now.
        default: whether it is used for tasks that name no printer.
        width: width of its labels.
        height: height of its labels.
        dpi: resolution of its head.
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
    """Prints sealed orders. The shim uses one desk as long as it runs."""

    async def printers(self) -> Sequence[PrinterInfo]:
        """Return the printers of this station without virtual ones."""
        ...

    async def take(
        self, references: Sequence[tuple[str, str]], *, printer: str, key: str
    ) -> AsyncIterator[DocumentResult]:
        """Accept orders of lane B for printing; the iterator yields each result when it is known.

        Args:
            references: document number, and order number or waybill number.
            printer: a name returned by ``printers``.
            key: the same for the same task, so that a repeated call prints nothing twice.

        Raises:
            DeskRefusedError: no part of the task was accepted.
        """
        ...

    async def refused(self, kind: str, origin: str) -> None:
        """Record a refused message: its kind and its sender, without its content."""
        ...

    async def passed_on(self, document: str, printer: str) -> None:
        """Record for lane A that a waybill was forwarded to the platform's component: number and printer."""
        ...
