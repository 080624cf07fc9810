"""A small warehouse with a quiet month, to which a test adds its theft."""

import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

import msgspec

from waybillguard.detect import Alert, Change, Inputs, Notes, Stations, detect, roster_of
from waybillguard.events import CHINA, AccessEvent, EventStore
from waybillguard.events.engines import DuckEngine, duck

START = datetime(2026, 11, 1, 16, tzinfo=UTC)  # midnight of 2 November in China
CLERKS = ("kf01", "kf02", "kf03", "kf04")


def at(day: int, hour: float, **more: float) -> datetime:
    """Return a time on the warehouse's clock; days count from 0."""
    return START + timedelta(days=day, hours=hour, **more)


def people(**changes: dict[str, str]) -> list[dict[str, str | None]]:
    """Return the roster, with ``changes`` by account."""
    rows = [
        {"tenant": "yuyao", "account": one, "role": "service", "shift_start": "9", "shift_end": "18",
         "workstation": f"S{one[-1]}", "employed_from": "2026-01-01", "employed_to": ""}
        for one in CLERKS
    ]  # fmt: skip
    rows.append(
        {"tenant": "yuyao", "account": "dy01", "role": "print", "shift_start": "8", "shift_end": "20",
         "workstation": "P1", "employed_from": "2026-01-01", "employed_to": ""}
    )  # fmt: skip
    return [row | changes.get(str(row["account"]), {}) for row in rows]


def quiet(days: int = 14, *, seed: int = 1, sale: int = -1, explained: bool = True) -> list[AccessEvent]:
    """Return honest work: prints, and reveals of which 1 in 30 has no ticket; ``sale`` is a day with fourfold work."""
    dice = random.Random(seed)
    made = []
    for day in range(days):
        factor = 4 if day == sale else 1
        for n in range(60 * factor):
            ts = at(day, dice.uniform(8.2, 19.5))
            made.append(
                _event(
                    ts,
                    "dy01",
                    "P1",
                    "print",
                    f"D{day}-{n}",
                    explained="print_job" if explained else None,
                    exposed=False,
                )
            )
        for clerk in CLERKS:
            for n in range(dice.randint(12, 24) * factor):
                ticket = "ticket" if explained and dice.random() > 1 / 30 else None
                made.append(
                    _event(
                        at(day, dice.uniform(9.1, 17.9)),
                        clerk,
                        f"S{clerk[-1]}",
                        "reveal",
                        f"D{day}-{clerk}-{n}",
                        explained=ticket,
                    )
                )
    return made


def theft(
    start: datetime, count: int, *, step: float = 4.0, account: str = "kf02", workstation: str | None = "S2",
    action: str = "reveal", first: int = 0, **more: Any,
) -> list[AccessEvent]:  # fmt: skip
    """Return unexplained looks, ``step`` seconds apart."""
    return [
        _event(start + timedelta(seconds=n * step), account, workstation, action, f"T{first + n}", **more)
        for n in range(count)
    ]


def scanned(labels: Sequence[AccessEvent], *, hours: float = 5) -> list[AccessEvent]:
    """Return outgoing scans of labels, some hours after the print."""
    return [
        _event(
            one.ts + timedelta(hours=hours), "cz01", "W1", "view", one.order_id, exposed=False, purpose="scan"
        )
        for one in labels
        if one.action == "print"
    ]


def listed(events: Sequence[AccessEvent], to: Path) -> Path:
    """Write a list of the events' orders, each made two hours before its first event."""
    first: dict[str, datetime] = {}
    for one in sorted(events, key=lambda one: one.ts):
        if one.order_id:
            first.setdefault(one.order_id, one.ts - timedelta(hours=2))
    lines = [f"{order},yuyao,{made.isoformat()}" for order, made in first.items()]
    to.write_text("\n".join(["order_id,tenant,created_at", *lines]), "utf-8")
    return to


def _event(
    ts: datetime, account: str, workstation: str | None, action: str, order: str | None,
    *, explained: str | None = None, exposed: bool = True, **more: Any,
) -> AccessEvent:  # fmt: skip
    return AccessEvent(
        tenant="yuyao", ts=ts, action=action, account=account, workstation=workstation, order_id=order,
        exposed=exposed, explained_by=explained, **more,
    )  # fmt: skip


def alerts(
    folder: Path,
    *batches: Sequence[AccessEvent],
    roster: Sequence[dict[str, str | None]] | None = None,
    decoys: Sequence[str] = (),
    stations: Stations | None = None,
    changes: Sequence[Change] = (),
    notes: Notes | None = None,
    orders: Path | None = None,
    by_days: bool = False,
) -> list[Alert]:
    """Run detection over the events; ``by_days`` loads a few days at a time, as for a log too large for memory."""
    stores = [
        _written(msgspec.msgpack.encode(rows))
        if len(rows) >= _MANY
        else _stored(folder / f"b-{number}", rows)
        for number, rows in enumerate(batches)
        if rows
    ]
    notes = notes or Notes()
    inputs = Inputs(
        roster=roster_of(people() if roster is None else roster, notes),
        decoys=decoys,
        stations=stations or Stations(),
        changes=changes,
        orders=orders,
    )

    def files(first: int | None = None, last: int | None = None) -> list[Path]:
        return [file for store in stores for file in store.files(first_day=first, last_day=last)]

    with DuckEngine(threads=1) as engine, mock.patch.object(duck, "SMALL", 0 if by_days else duck.SMALL):
        return detect(engine, files(), inputs, notes, zone=CHINA, part=lambda day: files(day, day))


def _stored(folder: Path, rows: Sequence[AccessEvent]) -> EventStore:
    store = EventStore(folder / "events", durable=False)
    store.append("batch", rows)
    return store


_MANY: Final = 200
_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []


@cache
def _written(rows: bytes) -> EventStore:
    """Return the store of a batch that several tests use, such as the quiet month; nobody writes into it again."""
    _KEPT.append(tempfile.TemporaryDirectory())  # removed when the process ends
    return _stored(Path(_KEPT[-1].name), msgspec.msgpack.decode(rows, type=list[AccessEvent]))
