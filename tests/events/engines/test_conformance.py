"""Every query gives the same rows on DuckDB and on Spark, and the rows counted by hand where possible."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from waybillguard.events import CHINA, AccessEvent, EventStore
from waybillguard.events.engines import ACROSS, ALL, TABLES, DuckEngine, Engine, Query, new_year
from waybillguard.events.engines.base import Value
from waybillguard.events.errors import EventsError

START = datetime(2026, 12, 18, 16, tzinfo=UTC)  # midnight of the 19th in China; the month runs over New Year
FIRST, LAST = 20_806, 20_835
SQL = sorted(ALL, key=lambda query: query.name)


def world(seed: int) -> list[AccessEvent]:
    """A month of two warehouses in which every column is sometimes missing."""
    dice = random.Random(seed)
    rows = []
    for number in range(6_000):
        ts = START + timedelta(seconds=dice.randrange(30 * 86_400), microseconds=dice.randrange(1_000_000))
        action = dice.choice(
            ["view"] * 6
            + ["print", "reprint", "search", "reveal", "export", "login", "login_failed", "import"]
        )
        person = dice.randrange(400)
        made = ts - timedelta(days=dice.randrange(12))
        year = (made + timedelta(hours=8)).year
        rows.append(
            AccessEvent(
                tenant=dice.choice(["yuyao", "西湖一仓"]),
                ts=ts,
                action=action,
                account=dice.choice([None, *(f"kf{n:02}" for n in range(12))]),
                workstation=dice.choice([None, "s1", "s2", "s3"]),
                order_id=None
                if action.startswith("log") or dice.random() < 0.1
                else f"o-{dice.randrange(900)}",
                purpose="scan" if action == "view" and number % 2 else None,
                exposed=dice.random() < 0.2,
                allowed=dice.random() < 0.9,
                explained_by=dice.choice([None, "print_job", "ticket"]),
                category=dice.choice([None, "服装", "食品"]),
                order_created_at=dice.choice([None, made]),
                decoy=dice.choice([None, False, True]),
                event_id=f"e-{number}",
                person_token=dice.choice([None, b"%d-%08d...." % (year % 100, person)])
                and (b"%d-%08d...." % (year % 100, person)).ljust(16, b"."),
                person_token_previous=(b"26-%08d" % person).ljust(16, b".") if year == 2027 else None,
            )
        )
    return rows


def roster() -> list[tuple[Value, ...]]:
    return [
        *(("yuyao", f"kf{n:02}", 8.0, 20.5, None, None) for n in range(4)),
        *(("yuyao", f"kf{n:02}", 22.0, 6.0, FIRST, LAST - 5) for n in range(3, 8)),
        *(("西湖一仓", f"kf{n:02}", 0.0, 24.0, FIRST + 9, None) for n in range(12)),
        ("yuyao", "kf09", None, None, None, None),
    ]


def orders() -> list[tuple[Value, ...]]:
    day = 86_400_000_000
    return [
        (f"o-{n}", f"Y{n}", ("yuyao", "西湖一仓")[n % 2], (FIRST + n % 9) * day + n, ("服装", "食品")[n // 2 % 2], f"s{n % 4}",
         f"c{n % 3}" if n % 5 else None, None, ("A", "B", None)[n % 3])
        for n in range(900)
    ]  # fmt: skip


def shipments() -> list[tuple[Value, ...]]:
    return [
        (f"Y{n}", f"o-{n}", f"s{n % 4}", None, ("yuyao", "西湖一仓")[n % 2], f"x{n % 5}", f"c{n % 3}", "服装",
         (FIRST + n % 9) * 86_400_000_000 if n % 7 else None)
        for n in range(900)
    ]  # fmt: skip


@dataclass
class Loaded:
    engine: Engine

    def ask(self, query: Query[Any], tenant: str | None = "yuyao", **changed: Value) -> list[Any]:
        values: dict[str, Value] = {
            "first_day": FIRST,
            "last_day": LAST,
            "day": FIRST + 3,
            "most": 5_000,
            "order_id": "o-7",
            "account": "kf03" if query.name == "account_looks" else None,
            "workstation": "s2" if query.name in {"workstation_looks", "station_exposure"} else None,
            "victims_only": True,
            "accounts_only": False,
            "stations_only": True,
            "from_us": (FIRST + 2) * 86_400_000_000,
            "to_us": (FIRST + 9) * 86_400_000_000,
            "before_us": 2_000_000_000_000_000,
            "new_year": new_year(FIRST, LAST),
            "blind": False,
            "first": FIRST,
            "soon": FIRST + 4,
            "last": FIRST + 7,
            "old_us": (FIRST + 2) * 86_400_000_000,
            "shift_us": 28_800_000_000,
        } | changed
        wanted = query.parameters - {"tenant"}
        return self.engine.ask(query, tenant=tenant, **{k: v for k, v in values.items() if k in wanted})


def loaded(engine: Engine, store: EventStore) -> Loaded:
    engine.load(store.files(), CHINA)
    engine.table("roster", roster())
    tokens = [(b"26-%08d...." % n).ljust(16, b".").hex() for n in range(0, 400, 7)]
    engine.table("victims", [(name,) for name in [*(f"o-{n}" for n in range(0, 900, 11)), *tokens]])
    engine.table("orders", orders())
    engine.table("scope_accounts", [])
    engine.table("scope_stations", [("s1",), ("s2",)])
    engine.table("strata", [(FIRST, "", ""), (FIRST + 1, "服装", ""), (FIRST + 2, "食品", "s1")])
    engine.table("shipments", shipments())
    engine.table("decoys", [("o-3",), ("o-11",)])
    engine.table("unstated", [("西湖一仓", "view")])
    engine.table("watched", [("yuyao", "kf03", FIRST + 3), ("西湖一仓", "", FIRST + 3)])
    engine.table(
        "unprinted", [("yuyao", FIRST + 3, who, f"o-{n}") for who in ("", "kf03") for n in range(0, 900, 5)]
    )
    engine.table("labels", [(f"o-{n}",) for n in range(300)])
    return Loaded(engine)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EventStore:
    made = EventStore(tmp_path_factory.mktemp("events"), durable=False)
    made.append("world", world(1))
    return made


@pytest.fixture(scope="module")
def duck(store: EventStore) -> Loaded:
    return loaded(DuckEngine(), store)


@pytest.fixture(scope="module")
def on_spark(store: EventStore, spark: Any) -> Loaded:
    from waybillguard.events.engines.spark import SparkEngine

    # its own session, because another test's views would replace these
    engine = SparkEngine(spark.newSession())
    made = loaded(engine, store)
    for name in ("events", *TABLES):  # files and lists are read once, not for each query
        engine.session.catalog.cacheTable(name)
    return made


@pytest.fixture(scope="module")
def empty(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, Loaded]:
    """Both engines over a warehouse without events."""
    from waybillguard.events.engines.spark import SparkEngine

    store = EventStore(tmp_path_factory.mktemp("empty"))
    engines = DuckEngine(), SparkEngine(spark.newSession())
    for engine in engines:
        engine.load(store.files(), CHINA)
        for name in TABLES:
            engine.table(name, [])
    return Loaded(engines[0]), Loaded(engines[1])


@pytest.mark.parametrize("query", SQL, ids=lambda query: query.name)
def test_a_query_gives_the_same_rows_on_both_engines(
    query: Query[Any], duck: Loaded, on_spark: Loaded
) -> None:
    ours, theirs = duck.ask(query), on_spark.ask(query)
    assert [msgspec.structs.astuple(row) for row in ours] == [msgspec.structs.astuple(row) for row in theirs]
    assert len(ours) > 0


@pytest.mark.parametrize("query", sorted(ACROSS, key=lambda query: query.name), ids=lambda query: query.name)
def test_a_query_over_every_tenant_gives_the_same_rows_on_both(
    query: Query[Any], duck: Loaded, on_spark: Loaded
) -> None:
    ours, theirs = duck.ask(query, tenant=None), on_spark.ask(query, tenant=None)
    assert [msgspec.structs.astuple(row) for row in ours] == [msgspec.structs.astuple(row) for row in theirs]
    if "tenant" in query.row.__struct_fields__:
        assert {row.tenant for row in ours} == {"yuyao", "西湖一仓"}


@pytest.mark.parametrize("query", SQL, ids=lambda query: query.name)
def test_no_query_reaches_the_rows_of_another_tenant(query: Query[Any], duck: Loaded) -> None:
    assert "tenant" in query.parameters
    assert duck.ask(query, tenant="nobody") == []
    if query not in ACROSS:
        with pytest.raises(EventsError):
            duck.ask(query, tenant=None)


@pytest.mark.parametrize("query", SQL, ids=lambda query: query.name)
def test_an_empty_warehouse_gives_no_rows_on_either_engine(
    query: Query[Any], empty: tuple[Loaded, Loaded]
) -> None:
    for one in empty:
        assert one.ask(query) == []


def test_files_of_others_are_derived_alike_on_both_engines(tmp_path: Path, spark: Any) -> None:
    import duckdb

    from waybillguard.events.engines.spark import SparkEngine

    path = tmp_path / "theirs.parquet"
    duckdb.sql(
        "SELECT 'yuyao' AS tenant, 'view' AS action, TIMESTAMP '2026-12-21 15:59:59' AS ts, 9 AS account, 'o-1' AS order_id"
    ).write_parquet(str(path))
    answers = []
    for engine in (DuckEngine(), SparkEngine(spark)):
        engine.load([path], CHINA)
        answers.append(Loaded(engine).ask(next(q for q in ALL if q.name == "heat_map")))
    assert answers[0] == answers[1]
    assert [(row.day, row.hour, row.looks) for row in answers[0]] == [(FIRST + 2, 23, 1)]


def test_empty_cells_and_impossible_times_of_others_are_read_alike_on_both_engines(
    tmp_path: Path, spark: Any
) -> None:
    import duckdb

    from waybillguard.events.engines.spark import SparkEngine

    path = tmp_path / "theirs.parquet"
    duckdb.sql(
        "SELECT tenant, ' VIEW' AS action, ts, CAST(NULL AS INTEGER) AS day, '' AS account, ' ' AS explained_by, true AS exposed, "
        "' o-1 ' AS order_id FROM (VALUES ('yuyao', TIMESTAMP '2026-12-21 15:59:59'), (NULL, TIMESTAMP '2026-12-21 10:00:00'), "
        "('yuyao', TIMESTAMP '1970-01-01 00:00:00'), ('yuyao', NULL)) AS them(tenant, ts)"
    ).write_parquet(str(path))
    answers = []
    for engine in (DuckEngine(), SparkEngine(spark)):
        engine.load([path], CHINA)
        loaded = Loaded(engine)
        answers.append(
            [loaded.ask(next(q for q in ALL if q.name == name)) for name in ("detect_days", "heat_map")]
        )
    assert answers[0] == answers[1]
    days = {(row.tenant, row.day): row for row in answers[0][0]}
    assert set(days) == {("yuyao", FIRST + 2), ("yuyao", None)}
    found = days["yuyao", FIRST + 2]
    assert (found.events, found.explained, found.exposed, found.named) == (1, 0, 1, 0)


def test_every_text_is_a_query_and_every_query_a_text() -> None:
    folder = Path(__import__("waybillguard.events.engines").__file__).parent / "events" / "engines" / "sql"
    assert {one.stem for one in folder.glob("*.sql")} == {query.name for query in ALL}
    for query in ALL:
        assert "approx" not in query.sql.lower()
        assert set(query.tables) <= set(TABLES)
