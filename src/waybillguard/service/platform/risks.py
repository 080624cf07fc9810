"""Risks that need a person's attention, reported by the applications to those who may act on them.

An application adds a function to ``RISKS`` in its own module ``risks.py``. The home page lists all risks, the most
urgent first; the bell shows their number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from waybillguard.service.platform.hooks import Registry


class Level(IntEnum):
    """Urgency of a risk.

    ``DANGER``: data is leaking, or an unauthorised person has access, now. ``DUE``: its time has come. ``OPEN``: work
    that waits for somebody.
    """

    DANGER = 0
    DUE = 1
    OPEN = 2


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk to act on.

    Attributes:
        title: description, with its number; no personal data of consignees.
        why: the consequence, or what happens without action.
        address: URL of the page to handle it; empty if no page that this sign-in opens does.
        action: label of the button.
        since: start time, if known.
    """

    level: Level
    icon: str
    title: str
    why: str
    address: str
    action: str
    since: datetime | None = None


RISKS = Registry[Callable[[Any], Iterable[Risk]]]()
"""Functions that take the signed-in person and return the risks to act on; each runs at most two queries."""


def risks_of(user: Any) -> list[Risk]:  # noqa: ANN401 - the user model lies above
    """Return all risks for a person, the most urgent and oldest first."""
    found = [risk for tell in RISKS for risk in tell(user)]
    return sorted(
        found, key=lambda risk: (risk.level, risk.since is None, risk.since.timestamp() if risk.since else 0)
    )
