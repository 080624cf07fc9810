import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from events.made_up import MONDAY, looks

from waybillguard.events import EventStore
from waybillguard.events.engines import DuckEngine, Value, counts, duck
from waybillguard.events.engines.counts import KEPT, CountingEngine
from waybillguard.events.engines.queries import VICTIMS_LOOKS

DAY = 20_759
type Answers = dict[str, list[object]]


def answers(engine: DuckEngine, store: EventStore, shifts: list[tuple[Value, ...]]) -> Answers:
    engine.load(store.files(), store.zone)
    engine.orders(None)
    engine.table("roster", shifts)
    with engine.focus("yuyao"):
        return {
            query.name: list(
                engine.ask(
                    query,
                    tenant="yuyao",
                    **{
                        name: value
                        for name, value in {"first_day": DAY, "last_day": DAY + 30, "blind": False}.items()
                        if name in query.parameters
                    },
                )
            )
            for query in KEPT
        }


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    store = EventStore(tmp_path / "events")
    store.append("b-1", looks(40, category="服装", exposed=True, step=timedelta(hours=5)))
    store.append("b-2", looks(9, workstation="s2", action="print", event_id=None, step=timedelta(hours=9)))
    store.append("b-3", looks(9, tenant="other", order_id="o-9"))
    return store


@pytest.fixture
def both(tmp_path: Path, store: EventStore) -> Callable[..., tuple[Answers, Answers, set[str]]]:
    """Answers from the whole log, answers from cached counts, and the resulting cache files."""

    def ask(shifts: list[tuple[Value, ...]] | None = None) -> tuple[Answers, Answers, set[str]]:
        with DuckEngine(threads=1) as plain, CountingEngine(tmp_path / "counts", threads=1) as kept:
            made = answers(plain, store, shifts or []), answers(kept, store, shifts or [])
        return *made, {one.name for one in (tmp_path / "counts" / "yuyao").iterdir()}

    return ask


def test_kept_counts_are_what_the_whole_log_says_and_are_read_once(
    both: Callable[..., tuple[Answers, Answers, set[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, first, files = both()
    assert first == whole
    assert all(whole.values())
    assert len(files) == len(KEPT)

    def unread(*_: object) -> None:
        raise AssertionError("the log was read again")

    monkeypatch.setattr(CountingEngine, "_narrow", unread)
    _, second, same = both()
    assert second == whole
    assert same == files


def test_what_changed_is_counted_again_and_the_old_counts_go(
    both: Callable[..., tuple[Answers, Answers, set[str]]], store: EventStore
) -> None:
    _, first, files = both()
    store.append("late", looks(1, order_id="late", event_id=None, start=MONDAY + timedelta(days=4)))
    whole, later, others = both()
    assert later == whole != first
    assert len(others) == len(KEPT)
    assert not others & files
    whole, on_shift, _ = both([("yuyao", "kf01", 3.0, 4.0, None, None)])
    assert on_shift == whole


def test_damaged_counts_are_counted_again_and_nobody_else_reads_them(
    both: Callable[..., tuple[Answers, Answers, set[str]]], tmp_path: Path
) -> None:
    whole, _, files = both()
    for name in files:
        file = tmp_path / "counts" / "yuyao" / name
        assert os.name == "nt" or file.stat().st_mode & 0o77 == 0
        file.write_bytes(file.read_bytes()[:40])
    assert both()[1] == whole


def test_victims_are_looked_for_only_where_the_index_met_their_orders(
    tmp_path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, object]] = []
    view = duck.view_events

    def watched(*given: object, **how: object) -> None:
        if how.get("orders_in"):
            read.append((len(given[1]), sorted(how["of"].values())))  # type: ignore[arg-type, attr-defined]
        view(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(duck, "view_events", watched)
    monkeypatch.setattr(duck, "SMALL", -1)
    monkeypatch.setattr(counts, "WORTH_AN_INDEX", 0)
    store.append("b-4", looks(3, tenant="other", order_id="theirs", event_id=None))

    def met(engine: DuckEngine, *orders: str) -> list[object]:
        engine.load(store.files(), store.zone)
        engine.table("victims", [(order,) for order in orders])
        with engine.of_victims():
            return list(engine.ask(VICTIMS_LOOKS, tenant=None, first_day=0, last_day=10**6))

    with DuckEngine(threads=1) as plain, CountingEngine(tmp_path / "counts", threads=1) as kept:
        for orders in (("theirs",), ("theirs", "o-1"), ("nowhere",)):
            assert met(kept, *orders) == met(plain, *orders)
        assert read[::2] == [(1, [["other"]]), (3, [["other"], ["yuyao"], ["yuyao"]]), (0, [])]
        store.append("late", looks(1, order_id="nowhere", event_id=None, start=MONDAY + timedelta(days=40)))
        assert met(kept, "nowhere") == met(plain, "nowhere") != []
        for index in (tmp_path / "counts" / ".orders").iterdir():
            assert os.name == "nt" or index.stat().st_mode & 0o77 == 0
            index.write_bytes(index.read_bytes()[:40])
        assert met(kept, "theirs") == met(plain, "theirs") != []
        assert read[-2] == (len(store.files()), [])
        assert met(kept, "theirs") == met(plain, "theirs")
        assert read[-2] == (1, [["other"]])


@pytest.mark.parametrize("indexed", [1 << 12, 0], ids=["the large file alone", "both files"])
def test_a_file_whose_events_name_no_orders_stands_beside_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indexed: int
) -> None:
    looked, signed_in = tmp_path / "looks.parquet", tmp_path / "sign-ins.parquet"
    columns = "'warehouse ''A''' AS tenant, 'kf01' AS account, TIMESTAMPTZ '2026-11-02 08:00:00+08' AS ts"
    for file, rest in (
        (looked, "'reveal' AS action, 'o-' || n AS order_id"),
        (signed_in, "'login' AS action"),
    ):
        duckdb.execute(f"COPY (SELECT {columns}, {rest} FROM range(3000) _(n)) TO '{file}' (FORMAT parquet)")
    assert signed_in.stat().st_size < 1 << 12 < looked.stat().st_size
    monkeypatch.setattr(counts, "WORTH_AN_INDEX", indexed)
    monkeypatch.setattr(duck, "SMALL", -1)

    def met(engine: DuckEngine, order: str) -> list[object]:
        engine.load([looked, signed_in], ZoneInfo("Asia/Shanghai"))
        engine.table("victims", [(order,)])
        with engine.of_victims():
            return list(engine.ask(VICTIMS_LOOKS, tenant=None, first_day=0, last_day=10**6))

    with DuckEngine(threads=1) as plain, CountingEngine(tmp_path / "counts", threads=1) as kept:
        assert met(kept, "o-7") == met(plain, "o-7") != []
        assert met(kept, "nowhere") == met(plain, "nowhere") == []
    made = list((tmp_path / "counts" / ".orders").iterdir())
    assert len(made) == (1 if indexed else 2)


def test_a_small_log_in_memory_answers_as_a_large_one_that_is_not(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(small: int) -> list[object]:
        monkeypatch.setattr(duck, "SMALL", small)
        seen: list[object] = []
        with DuckEngine(threads=1) as engine:
            for _ in range(2):
                engine.load(store.files(), store.zone)
                engine.join_accounts({("yuyao", "kf01"): "kf99"})
                engine.orders(None)
                engine.table("victims", [("o-9",), ("o-1",)])
                rows = "SELECT tenant, order_id, account, ts_us, order_day, look FROM events ORDER BY ALL"
                with engine.of_victims():
                    seen.append(engine.connection.execute(rows).fetchall())
                    seen.append(engine.connection.execute("FROM orders ORDER BY ALL").fetchall())
                seen.append(engine.connection.execute(rows).fetchall())
        return seen

    assert told(1 << 20) == told(-1)
    assert all(told(1 << 20))
