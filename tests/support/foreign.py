"""Run the reader on the frozen cases of foreign logs (tests/cases/events/foreign/README.md)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from waybillguard.events import day_and_window
from waybillguard.events.foreign import LogMapping, apply, read_log, suggest
from waybillguard.events.schema import micros

NOW = datetime(2027, 1, 1, tzinfo=UTC)
_ROLES = {"allowed": "result"}
_CLASSES = {
    "no_time": "bad_time",
    "date_only": "bad_time",
    "bad_zone": "bad_time",
    "future": "bad_time",
    "clock_jump": "bad_time",
    "no_action": "unknown_action",
}


class Reading(NamedTuple):
    """A reader's result: its mapping, the events as contract columns with row numbers, and the refused rows."""

    mapping: Mapping[str, str | Sequence[str] | None]
    events: Sequence[Mapping[str, Any]]
    refused: Sequence[Mapping[str, Any]]


def read(
    path: Path,
    zone: str,
    given: Mapping[str, str],
    mapping: Mapping[str, str | list[str] | None] | None = None,
) -> Reading:
    """Read a log with a confirmed mapping, or otherwise with the reader's suggested mapping."""
    log = read_log(path.read_bytes())
    suggested = suggest(log, zone=ZoneInfo(zone)).mapping
    if mapping is not None:
        columns = {
            field: title
            for field, title in suggested.columns.items()
            if field not in mapping and not (field == "result" and "allowed" in mapping)
        }
        columns |= {
            field: _title(name, log.titles)
            for role, title in mapping.items()
            for field, name in _fields(role, title)
        }
        kept = {field: title for field, title in columns.items() if title}
        chosen = LogMapping(
            columns=kept,
            zone=suggested.zone,
            day_order=suggested.day_order,
            default_action=given.get("action", ""),
        )
        suggested = suggest(log, zone=ZoneInfo(zone), remembered=chosen).mapping
    elif given:
        suggested = msgspec.structs.replace(suggested, default_action=given["action"])
    applied = apply(log, suggested, tenant="w1", now=NOW)
    events = [
        {**msgspec.structs.asdict(event), "row": row, **_derived(event.ts, zone)}
        for event, row in zip(applied.events, applied.event_rows, strict=True)
    ]
    refused = [
        {"row": one.row, "reason": _CLASSES.get(str(one.reason), str(one.reason))} for one in applied.refused
    ]
    columns = suggested.columns
    found: dict[str, str | list[str] | None] = {field: columns.get(field) for field in columns}
    found |= {role: columns.get(field) for role, field in _ROLES.items()}
    if "date" in columns:
        found["ts"] = [columns["date"], *([columns["clock"]] if "clock" in columns else [])]
    return Reading(found, events, refused)


def _fields(role: str, title: str | Sequence[str] | None) -> list[tuple[str, str]]:
    """Return the reader's fields of a role, with their titles."""
    if role == "ts" and title is not None and not isinstance(title, str):
        return list(zip(("date", "clock"), title, strict=True))
    assert title is None or isinstance(title, str)
    return [(_ROLES.get(role, role), title or "")]


def _derived(ts: datetime, zone: str) -> dict[str, int]:
    day, w10 = day_and_window(np.array([micros(ts)], dtype=np.int64), ZoneInfo(zone))
    return {"day": int(day[0]), "w10": int(w10[0])}


def _title(name: str, titles: Sequence[str]) -> str:
    """Return a column's title exactly as in the file, including spaces, width and case."""
    return next((title for title in titles if _plain(title) == _plain(name)), name)


def _plain(title: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", title)).casefold()
