"""Turns the sensor's findings into times in which a station was under remote control or tapped."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.notes import Notes
from waybillguard.detect.roster import read_text
from waybillguard.events import CHINA
from waybillguard.events.schema import EARLIEST, LATEST, day_and_window, micros

_LASTS: Final = timedelta(days=30)
"""How long a program counts as running after it was found: time to remove it and to watch the station afterwards."""
_WINDOW: Final = timedelta(minutes=10)
_SLIGHT: Final = frozenset({"low", None})


@dataclass(frozen=True, slots=True)
class Held:
    """A period in which a station was remotely controlled or tapped.

    Attributes:
        tenant: empty if the finding names none; it then belongs to the log's tenant, if there is only one.
        workstation: name of the station; with ``machine``, name of the computer (domain and case are ignored).
    """

    tenant: str
    workstation: str
    tool: str
    start: datetime
    end: datetime
    machine: bool = False

    @property
    def key(self) -> str:
        """Return the key that matches one of ``station_keys``."""
        return f"{_short(self.workstation)}." if self.machine else self.workstation.casefold()


def station_keys(workstation: str) -> tuple[str, str]:
    """Return the keys under which a station may be listed: its own name, and the name as a computer's."""
    return workstation.casefold(), f"{_short(workstation)}."


def _short(name: str) -> str:
    return name.casefold().partition(".")[0]


@dataclass(frozen=True, slots=True)
class Stations:
    """All periods in which stations were remotely controlled or tapped."""

    held: Sequence[Held] = field(default_factory=tuple)

    def tool(self, tenant: str, workstation: str) -> str:
        """Return the program found on a station; empty if there is none."""
        keys = station_keys(workstation)
        return next((one.tool for one in self.held if one.key in keys and one.tenant in {tenant, ""}), "")

    def windows(
        self, days: Sequence[int], zone: ZoneInfo, tenants: Collection[str], notes: Notes
    ) -> dict[tuple[str, int], dict[str, frozenset[int]]]:
        """Return the ten-minute windows by (tenant, day) and station key; ``tenants`` are those of the log."""
        wanted, alone = set(days), next(iter(tenants)) if len(tenants) == 1 else ""
        found: dict[tuple[str, int], dict[str, set[int]]] = {}
        for one in self.held:
            tenant = one.tenant or alone
            if not tenant:
                notes.add("finding_tenant", one.workstation)
            steps = int((one.end - one.start) / _WINDOW) + 1
            times = micros(one.start) + np.arange(steps, dtype=np.int64) * 600_000_000
            for day, w10 in zip(*(part.tolist() for part in day_and_window(times, zone)), strict=True):
                if day in wanted:
                    found.setdefault((tenant, day), {}).setdefault(one.key, set()).add(w10)
        return {
            key: {station: frozenset(windows) for station, windows in by.items()} for key, by in found.items()
        }


def read_findings(path: Path, notes: Notes, zone: ZoneInfo = CHINA) -> Stations:
    """Read the output of ``sensor scan`` or ``sensor examine``: one object, a list, or one object per line.

    A scan names its computer. An examination names stations only if it was joined with access events (``reach``); it
    is used if that is a single station. A person may add ``tenant`` and ``workstation`` to any object.

    Args:
        path: the file.
        notes: collects findings without a station or time.
        zone: time zone of times without an offset.

    Raises:
        DetectInputError: the file is not JSON.
    """
    text = read_text(path)
    try:
        try:
            body: Any = json.loads(text)
        except ValueError:
            body = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
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
        findings, sessions = _dicts(part, "findings"), _dicts(part, "sessions")
        reached = _reached(part, findings, zone)
        held += reached
        named = part.keys() & {"findings", "sessions"}
        for number, one in enumerate([*findings, *sessions] if named else [part], 1):
            if one.get("direction") == "out" or ("direction" not in one and one.get("severity") in _SLIGHT):
                continue  # outgoing sessions and low findings do not expose the station
            made = _held(one, part, zone)
            if made is not None:
                held.append(made)
            elif not reached:
                notes.add("finding_nowhere", f"{number}")
    return Stations(tuple(held))


def _dicts(part: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = part.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _reached(part: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> list[Held]:
    """Return the periods of the found programs, if the examination's ``reach`` names exactly one station."""
    grave = {str(one.get("tool") or "") for one in findings if one.get("severity") not in _SLIGHT} - {""}
    rows = [one for one in _dicts(part, "reach") if str(one.get("tool")) in grave]
    if len({str(one.get("workstation") or "") for one in rows}) != 1:
        return []
    made = (_held(one, part, zone, _LASTS) for one in rows)
    return [one for one in made if one is not None]


def _held(
    one: Mapping[str, Any], around: Mapping[str, Any], zone: ZoneInfo, lasts: timedelta | None = None
) -> Held | None:
    station = str(one.get("workstation") or around.get("workstation") or "")
    machine = "" if station else str(one.get("machine") or around.get("machine") or "")
    start = _time(one.get("start") or one.get("time"), zone)
    if not (station or machine) or start is None:
        return None
    end = _time(one.get("end"), zone)
    if end is None or end < start:
        end = start + (lasts or (_WINDOW if "direction" in one else _LASTS))
    tenant = str(one.get("tenant") or around.get("tenant") or "")
    tool = str(one.get("tool") or one.get("kind") or "?")
    return Held(tenant, station or machine, tool, start, min(end, start + _LASTS), machine=not station)


def _time(value: object, zone: ZoneInfo) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        made = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        made = made if made.tzinfo else made.replace(tzinfo=zone)
        return made if EARLIEST <= made <= LATEST - _LASTS else None
    except OverflowError:
        return None
