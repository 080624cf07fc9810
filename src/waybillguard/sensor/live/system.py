"""Defines the protocol of a live system, implemented for Linux, Windows and recorded machines."""

from collections.abc import Callable, Iterable
from typing import Protocol

from waybillguard.sensor.observation import Loss, Observation

type Part = Callable[[], Iterable[Observation]]


class System(Protocol):
    """A running machine, read in parts that can fail independently."""

    system: str
    losses: list[Loss]

    def parts(self) -> list[Part]:
        """Return the readers by the name of the part they read."""
        ...

    def name(self) -> str:
        """Return the machine's name."""
        ...

    def offset(self) -> int:
        """Return the offset of local time from UTC, in minutes."""
        ...
