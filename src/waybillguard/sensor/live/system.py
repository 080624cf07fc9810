"""What a live system must show: a protocol that Linux, Windows and recorded machines fulfil."""

from collections.abc import Callable, Iterable
from typing import Protocol

from waybillguard.sensor.observation import Loss, Observation

type Part = Callable[[], Iterable[Observation]]


class System(Protocol):
    """A running machine, in parts that may fail one by one."""

    system: str
    losses: list[Loss]

    def parts(self) -> list[Part]:
        """Return the readers, each with the name of what it reads."""
        ...

    def name(self) -> str:
        """Return the machine's name."""
        ...

    def offset(self) -> int:
        """Return how many minutes local time is ahead of UTC."""
        ...
