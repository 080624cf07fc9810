"""Counts what was printed or viewed on a station while a tool was installed: the exposed records.

A tap copies everything that the station prints, with or without a session. Therefore the period from installation to
removal counts, and each session as well. The input is access events (see contracts); they name no consignee.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events import connect, event_files, view_events
from waybillguard.events.shared import RemoteSession
from waybillguard.sensor.catalogue import Match
from waybillguard.sensor.installs import Install
from waybillguard.sensor.observation import Observation

type ToolRows = Sequence[tuple[Observation, list[Match]]]
_CHINA = ZoneInfo("Asia/Shanghai")


class Reach(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """The exposure to one tool on one station (contracts: ``reach``).

    ``start`` and ``end`` are ``from`` and ``to`` in JSON. If no removal is known, ``end`` is None and all later events
    are counted. ``printed`` counts labels, ``looked_at`` views, searches and reveals,
    ``orders`` distinct orders.
    """

    tool: str
    why: Literal["install", "session"]
    workstation: str
    start: datetime
    end: datetime | None
    printed: int
    looked_at: int
    exported: int
    orders: int
    accounts: int
    first: datetime
    last: datetime


def count_exposure(
    events: str,
    installs: Iterable[Install],
    sessions: Iterable[RemoteSession],
    tools: Iterable[ToolRows],
    computers: Sequence[str],
) -> tuple[Reach, ...]:
    """Count the events of the station during every installation and session.

    The station is the one named like the computer. If there is none, every station of the events is listed separately.

    Raises:
        EventsUnreadableError: the events cannot be read.
    """
    removed = {
        rows[0][1][0].tool.name: [
            seen.time for seen, _ in rows if seen.kind == "program_removed" and seen.time
        ]
        for rows in tools
    }
    windows: list[tuple[str, Literal["install", "session"], datetime, datetime | None]] = []
    for each in installs:
        if each.tool and each.time:
            gone = [when for when in removed.get(each.tool, []) if when > each.time]
            windows.append((each.tool, "install", each.time, min(gone, default=None)))
    windows += [(each.tool, "session", each.start, each.end) for each in sessions if each.direction != "out"]
    connection = connect(memory="256MB", threads=1)
    try:
        view_events(connection, event_files(Path(events)), _CHINA)
        stations = [
            row[0] for row in connection.view("events").project("workstation").distinct().fetchall() if row[0]
        ]
        mine = [each for each in stations if any(_same(each, computer) for computer in computers)] or stations
        return tuple(
            reach
            for window in windows
            for station in sorted(mine)
            if (reach := _count(connection, station, *window)) is not None
        )
    finally:
        connection.close()


def _same(station: str, computer: str) -> bool:
    return station.lower().partition(".")[0] == computer.lower().partition(".")[0]


def _count(
    connection: Any,  # noqa: ANN401 - DuckDB's connection
    station: str,
    tool: str,
    why: Literal["install", "session"],
    start: datetime,
    end: datetime | None,
) -> Reach | None:
    first, last = _micros(start), _micros(end) if end else 1 << 62
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE action IN ('print', 'reprint')),"
        " count(*) FILTER (WHERE action IN ('search', 'view', 'reveal')),"
        " count(*) FILTER (WHERE action = 'export'), count(DISTINCT order_id), count(DISTINCT account),"
        " min(ts_us), max(ts_us) FROM events WHERE workstation = ? AND ts_us >= ? AND ts_us <= ? AND allowed IS NOT FALSE",
        [station, first, last],
    ).fetchone()
    if not row or not (row[0] or row[1] or row[2]):
        return None
    return Reach(
        tool=tool,
        why=why,
        workstation=station,
        start=start,
        end=end,
        printed=row[0],
        looked_at=row[1],
        exported=row[2],
        orders=row[3],
        accounts=row[4],
        first=datetime.fromtimestamp(row[5] / 1e6, UTC),
        last=datetime.fromtimestamp(row[6] / 1e6, UTC),
    )


def _micros(when: datetime) -> int:
    return int(when.timestamp() * 1_000_000)
