"""Waiting times of the agent, and its retries when the service does not answer."""

from dataclasses import dataclass

from waybillguard.agent.protocol import LONGEST_WAIT_S
from waybillguard.keys.primitives import Random


@dataclass(frozen=True, slots=True)
class Pace:
    """Waiting times in seconds, and job counts: ``most`` per lease, a new lease when ``low`` or fewer are left."""

    wait: int = LONGEST_WAIT_S
    idle: float = 0.5
    look: float = 10.0
    report: float = 60.0
    backoff: float = 1.0
    longest_backoff: float = 60.0
    margin: float = 2.0
    most: int = 8
    low: int = 2


class Backoff:
    """Exponential backoff up to a limit, randomised so that stations do not all retry at the same time."""

    def __init__(self, pace: Pace, random: Random) -> None:
        self._pace, self._random, self._next = pace, random, pace.backoff

    def reset(self) -> None:
        """Start again with the shortest time."""
        self._next = self._pace.backoff

    def take(self) -> float:
        """Return the next waiting time: between half and all of the current step."""
        step, self._next = self._next, min(self._next * 2, self._pace.longest_backoff)
        return step * (0.5 + self._random(1)[0] / 512)
