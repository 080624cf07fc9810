"""``make bench ROOM=events``: into Parquet, and out of it again on DuckDB and on Spark.

The questions are put to a month of 100 warehouses with ``WAYBILLGUARD_BENCH_EVENTS`` million looks (default 5; the
figure of the README is taken with 100), made evenly by SQL because only their number matters here, or to the world in
``WAYBILLGUARD_BENCH_WORLD`` (a folder made by ``waybillguard simulate``). Each is asked in a process of its own, whose peak memory is that of its engine alone. Spark needs the
extra ``[spark]`` and Java; without them its rows say "not tried".
"""

import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import psutil  # type: ignore[import-untyped]

from waybillguard.events import COLUMNS, AccessEvent, Coded, Column, EventStore, connect
from waybillguard.events.engines import DuckEngine, Engine
from waybillguard.events.engines.queries import (
    ACTIVITY_BY_ACCOUNT,
    DETECT_CELLS,
    VICTIMS_BY_ACTOR,
    Query,
)
from waybillguard.events.foreign import import_log
from waybillguard.events.store import CHINA

type Row = dict[str, Any]

_START: Final = datetime(2026, 11, 2, 1, tzinfo=UTC)
_VICTIMS: Final = 500
_MEMORY: Final = "800MB"
_DAYS: Final = 30
_MADE: Final = {
    "tenant": "'w' || (h % 100)",
    "ts": "make_timestamptz(1793548800000000 + (i // each) * 86400000000 + CAST(g % 86400 AS BIGINT) * 1000000)",
    "day": "CAST(20759 + i // each AS INTEGER)",
    "w10": "CAST(g % 86400 // 600 AS INTEGER)",
    "account": "'kf' || (h // 100 % 40)",
    "workstation": "'s' || (h // 100 % 40 % 12)",
    "action": "CASE h // 48000 % 10 WHEN 0 THEN 'search' WHEN 1 THEN 'reveal' WHEN 2 THEN 'view' ELSE 'print' END",
    "order_id": "to_hex(hash(i * 2 // 5))",
    "exposed": "h // 48000 % 10 = 1",
    "allowed": "h // 480000 % 50 > 0",
    "explained_by": "CASE WHEN h // 48000 % 10 > 2 THEN 'print_job' END",
    "category": "'c' || (h // 48000000 % 20)",
    "event_id": "'o' || i",
}
_PER_SECOND: Final = "events/s"


def run(structs: int = 100_000, columns: int = 2_000_000, rows: int = 100_000) -> list[Row]:
    """Measure; each row has name, value, unit and note."""
    folder = Path(tempfile.mkdtemp(prefix="waybillguard-bench-"))
    try:
        made = [*_writing(folder, structs, columns), _reading(rows)]
        with _world(folder) as world:
            return made + _questions(world)
    finally:
        shutil.rmtree(folder)


def _writing(folder: Path, structs: int, columns: int) -> list[Row]:
    events = _structs(structs)
    wall, cpu = _timed(lambda: EventStore(folder / "a").append("outbox", events))
    found = [_row("structs into Parquet, durable", structs / wall, _PER_SECOND, _cpu_note(structs / cpu))]
    found[0]["note"] += "; target 50,000"
    arrays = _columns(columns)
    wall, cpu = _timed(lambda: EventStore(folder / "b").append("outbox", arrays))
    size = sum(one.stat().st_size for one in EventStore(folder / "b").files())
    control = _write_and_sync(folder / "control", size)
    found.append(_row("columns into Parquet, durable", columns / wall, _PER_SECOND, _cpu_note(columns / cpu)))
    found.append(
        _row(
            "limit: the same bytes written and synced",
            columns / control,
            _PER_SECOND,
            f"{size / columns:.1f} bytes an event",
        )
    )
    return found


def _reading(rows: int) -> Row:
    lines = (
        f"{_START + timedelta(seconds=n):%Y-%m-%d %H:%M:%S},kf{n % 40:02},10.0.0.{n % 200},查看订单,WG{n:012}"
        for n in range(rows)
    )
    content = ("操作时间,操作账号,IP,操作类型,订单号\n" + "\n".join(lines)).encode("gb18030")
    now = _START + timedelta(days=365)
    wall, cpu = _timed(lambda: import_log(content, tenant="t", zone=CHINA, now=now))
    return _row(
        "a foreign log (CSV in GB 18030) read and mapped", rows / wall, "rows/s", _cpu_note(rows / cpu)
    )


@contextmanager
def _world(folder: Path) -> Iterator[Path]:
    given = os.environ.get("WAYBILLGUARD_BENCH_WORLD", "")
    if given:
        yield Path(given) / "events"
        return
    _make(folder / "world", round(float(os.environ.get("WAYBILLGUARD_BENCH_EVENTS", "5")) * 1e6))
    yield folder / "world"


def _make(root: Path, events: int) -> None:
    """Write a month of looks, a day at a time: a fifth of them at night, most explained, 40 accounts a warehouse."""
    root.mkdir(parents=True)
    each = events // _DAYS
    columns = ", ".join(
        f"{_MADE.get(name, f'CAST(NULL AS {kind})')} AS {name}" for name, kind in COLUMNS.items()
    )
    with connect(memory="2GB", spill=root / ".spill") as connection:
        connection.execute("SET partitioned_write_max_open_files = 200")  # a file a warehouse at a time
        for day in range(_DAYS):
            connection.execute(
                f"COPY (SELECT {columns} FROM (SELECT i, hash(i) AS h, hash(i + 7) AS g FROM range({day * each}, "
                f"{(day + 1) * each}) t(i)) AS made, (SELECT {each} AS each)) TO '{root}' (FORMAT parquet, COMPRESSION zstd, "
                "PARTITION_BY (tenant, day), WRITE_PARTITION_COLUMNS true, FILENAME_PATTERN 'part-{i}', OVERWRITE_OR_IGNORE)"
            )
    for folder in root.glob("tenant=*"):
        (folder / "tenant.json").write_bytes(msgspec.json.encode(folder.name.partition("=")[2]))


def _questions(world: Path) -> list[Row]:
    store = EventStore(world)
    tenants = store.tenants()
    days = store.days(tenants[0])
    day = days[len(days) // 2]
    victims = _victims(store)
    first, last = days[0], days[-1]
    asked: list[tuple[str, Query[Any], str | None, dict[str, Any], str]] = [
        (
            f"victims' looks, {_VICTIMS} victims",
            VICTIMS_BY_ACTOR,
            None,
            {"first_day": first, "last_day": last, "most": 1000},
            "target 3 s, 1 GB",
        ),
        (
            "a day's detection",
            DETECT_CELLS,
            None,
            {"first_day": day, "last_day": day},
            "every warehouse at once; target 1 s",
        ),
        (
            "a day's detection, one warehouse",
            DETECT_CELLS,
            tenants[0],
            {"first_day": day, "last_day": day},
            "target 1 s",
        ),
        (
            "a month of one warehouse by account",
            ACTIVITY_BY_ACCOUNT,
            tenants[0],
            {"first_day": first, "last_day": last},
            "the activity page",
        ),
    ]
    rows: list[Row] = []
    for name, query, tenant, values, note in asked:
        bounds = (values.get("first_day", values.get("day")), values.get("last_day", values.get("day")))
        job = (str(world), query.name, tenant, values, bounds, victims)
        rows.append(_said(f"DuckDB: {name}", _in_process(_duck, job), note))
    if find_spec("pyspark") is None or shutil.which("java") is None:
        return [*rows, _row("Spark", 0.0, "s", "not tried: needs the extra [spark] and Java")]
    spark = _in_process(_spark, (str(world), victims, day, first, last))
    rows.append(
        _row("Spark: start of the session", spark["start"], "s", f"peak {spark['rss']:.2f} GB in all")
    )
    for name, label in (("victims", f"victims' looks, {_VICTIMS} victims"), ("detect", "a day's detection")):
        note = f"opening the files {spark[f'{name}_open']:.1f} s more; asked again {spark[f'{name}_again']:.2f} s"
        rows.append(_row(f"Spark: {label}", spark[name], "s", note))
    return rows


def _duck(job: tuple[str, str, str | None, dict[str, Any], tuple[int, int], list[str]]) -> dict[str, float]:
    world, name, tenant, values, (first, last), victims = job
    from waybillguard.events.engines.queries import ALL

    query = next(one for one in ALL if one.name == name)
    store = EventStore(Path(world))
    begun, cpu = time.perf_counter(), time.process_time()
    with DuckEngine(memory=_MEMORY, spill=Path(tempfile.gettempdir())) as engine:
        files = store.files(tenant, first_day=first, last_day=last)
        engine.load(files, CHINA)
        _tables(engine, victims)
        opened = time.perf_counter() - begun
        found = len(engine.ask(query, tenant=tenant, **values))
        wall, spent = time.perf_counter() - begun, time.process_time() - cpu
        again = time.perf_counter()
        engine.ask(query, tenant=tenant, **values)
        again = time.perf_counter() - again
        counted = engine.connection.execute("SELECT count(*) FROM all_columns").fetchone()
    events = int(counted[0]) if counted else 0
    return {
        "wall": wall,
        "cpu": spent,
        "open": opened,
        "again": again,
        "found": found,
        "files": len(files),
        "events": events,
        "rss": _peak_gb(),
    }


def _spark(job: tuple[str, list[str], int, int, int]) -> dict[str, float]:
    world, victims, day, first, last = job
    from waybillguard.events.engines.spark import SparkEngine, local_session

    store = EventStore(Path(world))
    begun = time.perf_counter()
    engine = SparkEngine(local_session(memory="2g"))
    engine.session.sql("SELECT 1").collect()
    said = {"start": time.perf_counter() - begun}
    for name, query, values, days in (
        ("victims", VICTIMS_BY_ACTOR, {"first_day": first, "last_day": last, "most": 1000}, (first, last)),
        ("detect", DETECT_CELLS, {"first_day": day, "last_day": day}, (day, day)),
    ):
        begun = time.perf_counter()
        engine.load(store.files(first_day=days[0], last_day=days[1]), CHINA)
        _tables(engine, victims)
        said[f"{name}_open"] = time.perf_counter() - begun
        for key in (name, f"{name}_again"):
            begun = time.perf_counter()
            engine.ask(query, tenant=None, **values)
            said[key] = time.perf_counter() - begun
    jvm = sum(child.memory_info().rss for child in psutil.Process().children(recursive=True))
    said["rss"] = _peak_gb() + jvm / 1e9
    engine.session.stop()
    return said


def _tables(engine: Engine, victims: list[str]) -> None:
    engine.table("victims", [(order,) for order in victims])
    engine.table("decoys", [])
    engine.table("unstated", [])
    engine.table("unprinted", [])


def _victims(store: EventStore) -> list[str]:
    """Return orders that were looked at, from fifty files taken at random."""
    dice = random.Random(1)  # noqa: S311 - which files, no secret
    files = dice.sample(files := store.files(), min(50, len(files)))
    found: set[str] = set()
    with DuckEngine(memory=_MEMORY) as engine:
        for file in files:
            engine.load([file], CHINA)
            rows = engine.connection.execute(
                "SELECT DISTINCT order_id FROM events WHERE look ORDER BY hash(order_id) LIMIT 12"
            ).fetchall()
            found.update(str(row[0]) for row in rows)
    return sorted(found)[:_VICTIMS]


def _in_process(work: Callable[[Any], dict[str, float]], job: object) -> dict[str, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (job,))


def _said(name: str, said: dict[str, float], note: str) -> Row:
    detail = (
        f"{said['events']:,.0f} events in {said['files']:,.0f} files, {said['found']:,.0f} rows, {said['cpu']:.1f} CPU-s, "
        f"peak {said['rss']:.2f} GB; files {said['open']:.1f} s of it, asked again {said['again']:.2f} s"
    )
    return _row(name, said["wall"], "s", f"{detail}; {note}")


def _structs(count: int) -> list[AccessEvent]:
    return [
        AccessEvent(
            tenant="t",
            ts=_START + timedelta(milliseconds=n * 300),
            action="view",
            account=f"kf{n % 40:02}",
            workstation=f"s{n % 12}",
            ip=f"10.0.0.{n % 200}",
            session=f"session-{n % 90}",
            order_id=f"WG{n:012}",
            person=f"p{n % 35}",
            explained_by="ticket",
            explained_ref=f"T{n}",
            category="服装",
            event_id=f"o{n}",
            person_token=n.to_bytes(16),
        )
        for n in range(count)
    ]


def _columns(count: int) -> dict[str, Column]:
    dice = np.random.default_rng(1)

    def coded(name: str, words: int) -> Coded:
        return Coded(dice.integers(0, words, count, dtype=np.int32), [f"{name}{n}" for n in range(words)])

    return {
        "tenant": "t",
        "ts": np.arange(count, dtype=np.int64) * 40_000 + 1_793_581_200_000_000,
        "action": Coded(dice.integers(0, 3, count, dtype=np.int32), ["view", "print", "search"]),
        "account": coded("kf", 40),
        "workstation": coded("s", 12),
        "person": coded("p", 35),
        "category": coded("c", 20),
        "order_id": np.char.add("WG", np.arange(count).astype("U12")),
        "exposed": dice.random(count) < 0.05,
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _write_and_sync(path: Path, size: int) -> float:
    block = os.urandom(1 << 20)
    begun = time.perf_counter()
    with path.open("wb") as file:
        for _ in range(max(1, size >> 20)):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - begun


def _peak_gb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _cpu_note(rate: float) -> str:
    return f"{rate:,.0f} a CPU-second"


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "note": note}
