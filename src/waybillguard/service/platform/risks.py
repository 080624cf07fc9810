"""What needs somebody's attention, told by the applications that know it, to whoever may act on it.

An application adds a function to ``RISKS`` in a module ``risks.py`` of its own. The home page shows what all of
them say, the most urgent first; the bell counts it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from waybillguard.service.platform.hooks import Registry


class Level(IntEnum):
    """How urgent: ``DANGER`` is data leaving, or power in the wrong hands, now."""

    DANGER = 0
    DUE = 1
    TODO = 2


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing to act on.

    Attributes:
        title: what is the case, with its number; nothing personal of a consignee.
        why: what it means, or what happens if nothing is done.
        address: where it is dealt with.
        action: what the button says.
        since: since when, if known.
    """

    level: Level
    icon: str
    title: str
    why: str
    address: str
    action: str
    since: datetime | None = None


RISKS = Registry[Callable[[Any], Iterable[Risk]]]()
"""Functions that take the signed-in person and return what this person should act on; two queries at most each."""


def risks_of(user: Any) -> list[Risk]:  # noqa: ANN401 - the user model lies above
    """Return everything a person should act on, the most urgent and oldest first."""
    found = [risk for tell in RISKS for risk in tell(user)]
    return sorted(
        found, key=lambda risk: (risk.level, risk.since is None, risk.since.timestamp() if risk.since else 0)
    )
