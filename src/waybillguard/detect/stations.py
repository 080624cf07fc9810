"""What the sensor found, as times in which a station was not its owner's alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.notes import Notes
from waybillguard.detect.roster import read_text
from waybillguard.events.schema import day_and_window, micros

_LASTS: Final = timedelta(days=30)
"""How long a program that was found counts as running: until it is cleaned, and a month of watching after."""
_WINDOW: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Held:
    """A station was steered or tapped from one time to another."""

    tenant: str
    workstation: str
    tool: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stations:
    """All of them."""

    held: Sequence[Held] = field(default_factory=tuple)

    @property
    def tools(self) -> Mapping[str, str]:
        """Name of the program by station."""
        return {one.workstation: one.tool for one in self.held}

    def windows(
        self, days: Sequence[int], zone: ZoneInfo
    ) -> dict[tuple[str, int], dict[str, frozenset[int]]]:
        """Return ten-minute windows by (tenant, day) and station."""
        wanted = set(days)
        found: dict[tuple[str, int], dict[str, set[int]]] = {}
        for one in self.held:
            steps = int((one.end - one.start) / _WINDOW) + 1
            times = micros(one.start) + np.arange(steps, dtype=np.int64) * 600_000_000
            for day, w10 in zip(*(part.tolist() for part in day_and_window(times, zone)), strict=True):
                if day in wanted:
                    found.setdefault((one.tenant, day), {}).setdefault(one.workstation, set()).add(w10)
        return {
            key: {station: frozenset(windows) for station, windows in by.items()} for key, by in found.items()
        }


def read_findings(path: Path, notes: Notes) -> Stations:
    """Read what ``sensor examine`` or ``sensor scan`` wrote: one object, a list, or one line each.

    Raises:
        DetectInputError: it is not JSON.
    """
    text = read_text(path)
    try:
        try:
            body: Any = json.loads(text)
        except ValueError:
            body = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        raise DetectInputError(
            zh=f"{path.name} 不是 JSON。请给出 waybillguard sensor 的输出",
            en=f"{path.name} is no JSON. Name the output of waybillguard sensor",
        ) from None
    parts = body if isinstance(body, list) else [body]
    held: list[Held] = []
    for part in parts:
        if not isinstance(part, dict):
            notes.add("finding_nowhere", "?")
            continue
        nested = [*part.get("findings", ()), *part.get("sessions", ())]
        for number, one in enumerate(nested or [part], 1):
            made = _held(one, part)
            if made is None:
                notes.add("finding_nowhere", f"{number}")
            else:
                held.append(made)
    return Stations(tuple(held))


def _held(one: Mapping[str, Any], around: Mapping[str, Any]) -> Held | None:
    station = str(one.get("workstation") or around.get("workstation") or "")
    start = _time(one.get("start") or one.get("time"))
    if not station or start is None:
        return None
    end = _time(one.get("end")) or (start + (_WINDOW if "direction" in one else _LASTS))
    if "direction" not in one and one.get("severity") in {"low", None}:
        return None
    tenant = str(one.get("tenant") or around.get("tenant") or "")
    return Held(
        tenant, station, str(one.get("tool") or one.get("kind") or "?"), start, min(end, start + _LASTS)
    )


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        made = datetime.fromisoformat(value)
    except ValueError:
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)
