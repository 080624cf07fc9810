"""How long an agent waits for what, and how it comes back to a service that does not answer."""

from dataclasses import dataclass

from waybillguard.agent.protocol import LONGEST_WAIT_S
from waybillguard.keys.primitives import Random


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, and how many jobs to hold: ``most`` a lease, a new lease when ``low`` or fewer are left."""

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
    """Waiting times that double up to a limit, spread by chance so that stations do not return all at once."""

    def __init__(self, pace: Pace, random: Random) -> None:
        self._pace, self._random, self._next = pace, random, pace.backoff

    def reset(self) -> None:
        """Begin small again."""
        self._next = self._pace.backoff

    def take(self) -> float:
        """Return how long to wait now: half to whole of the present step."""
        step, self._next = self._next, min(self._next * 2, self._pace.longest_backoff)
        return step * (0.5 + self._random(1)[0] / 512)
