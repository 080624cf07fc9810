"""The meaning of the queries, checked by counting by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from events.made_up import MONDAY, looks

from waybillguard.events import CHINA, AccessEvent, EventsError, EventStore
from waybillguard.events.engines import DuckEngine, new_year
from waybillguard.events.engines.base import Value
from waybillguard.events.engines.queries import (
    ACCOUNT_LOOKS,
    ACTIVITY_BY_ACCOUNT,
    ACTIVITY_BY_ORDER,
    DETECT_CELLS,
    DISTINCT_PERSONS,
    HEAT_MAP,
    ORDER_LOOKS,
    VICTIMS_BY_ACTOR,
)

DAY = 20_759


def engine_of(tmp_path: Path, *batches: list[AccessEvent]) -> DuckEngine:
    store = EventStore(tmp_path, durable=False)
    for number, rows in enumerate(batches):
        store.append(f"b-{number}", rows)
    engine = DuckEngine(threads=1)
    engine.load(store.files(), CHINA)
    return engine


def ask(engine: DuckEngine, query: Any, **values: Value) -> list[Any]:
    with engine:
        return engine.ask(query, **({"tenant": "yuyao"} | values))


def test_a_refused_search_or_a_sign_in_is_no_look(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path,
        looks(4, exposed=True, explained_by="ticket"),
        looks(2, allowed=False),
        looks(3, action="login_failed", order_id=None),
        looks(1, action="import"),
    )
    (row,) = ask(engine, ACTIVITY_BY_ACCOUNT, first_day=DAY, last_day=DAY)
    assert (row.name, row.events, row.looks, row.orders, row.exposed) == ("kf01", 10, 4, 4, 4)
    assert (row.explained, row.refused, row.failed_logins, row.days, row.others) == (4, 2, 3, 1, 1)


def test_the_heat_map_is_on_the_clock_of_the_warehouse(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, looks(12, step=timedelta(minutes=10)))
    rows = ask(engine, HEAT_MAP, first_day=DAY, last_day=DAY, account=None, workstation=None)
    assert [(row.day, row.hour, row.looks) for row in rows] == [(DAY, 9, 6), (DAY, 10, 6)]


def test_an_order_that_nobodys_work_explains_comes_first(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path,
        looks(9, order_id="busy", explained_by="print_job"),
        looks(2, order_id="odd", account="kf02"),
    )
    rows = ask(engine, ACTIVITY_BY_ORDER, first_day=DAY, last_day=DAY, most=10)
    assert [(row.order_id, row.looks, row.explained) for row in rows] == [("odd", 2, 0), ("busy", 9, 9)]


def test_an_orders_looks_are_in_order_of_time(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path, looks(3, order_id="o"), looks(1, order_id="o", start=MONDAY - timedelta(days=400))
    )
    times = [row.ts_us for row in ask(engine, ORDER_LOOKS, order_id="o", most=9)]
    assert times == sorted(times)
    assert len(times) == 4


def test_ten_years_of_one_account_are_read_a_page_at_a_time(tmp_path: Path) -> None:
    rows = looks(366, step=timedelta(days=10), start=MONDAY - timedelta(days=3_650))
    engine = engine_of(tmp_path, rows)
    seen, before = 0, 4_000_000_000_000_000
    with engine:
        while page := engine.ask(
            ACCOUNT_LOOKS,
            tenant="yuyao",
            account="kf01",
            first_day=0,
            last_day=DAY,
            before_us=before,
            most=100,
        ):
            seen, before = seen + len(page), page[-1].ts_us
    assert seen == 366


def person(number: int, year: int) -> bytes:
    return b"%04d-%011d" % (year, number)


def persons_event(number: int, at: datetime, who: int) -> AccessEvent:
    year = (at + timedelta(hours=8)).year
    early = (at + timedelta(hours=8)).timetuple().tm_yday <= 30
    return AccessEvent(
        tenant="yuyao",
        ts=at,
        action="view",
        account="kf01",
        order_id=f"o-{number}",
        order_created_at=at,
        person_token=person(who, year),
        person_token_previous=person(who, year - 1) if early else None,
    )


@pytest.mark.parametrize("start", [datetime(2026, 12, 20, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)])
def test_persons_are_counted_once_over_new_year_too(tmp_path: Path, start: datetime) -> None:
    events = [persons_event(n, start + timedelta(hours=7 * n), n % 40) for n in range(100)]
    first = (start - datetime(1970, 1, 1, tzinfo=UTC)).days
    engine = engine_of(tmp_path, events)
    (row,) = ask(
        engine, DISTINCT_PERSONS, first_day=first, last_day=first + 29, new_year=new_year(first, first + 29)
    )
    assert (row.persons, row.orders_without_person) == (40, 0)


def test_new_year_is_the_first_of_january_before_the_last_day() -> None:
    assert new_year(20_806, 20_835) == 20_819  # 2027-01-01
    assert new_year(20_760, 20_780) == 20_454  # 2026-01-01
    with pytest.raises(EventsError):
        new_year(20_760, 20_790)


def test_a_window_counts_different_orders_by_what_explains_them(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path,
        looks(5, action="reveal", exposed=True, step=timedelta(minutes=1)),
        looks(5, action="reveal", exposed=True, step=timedelta(seconds=50)),
        looks(3, action="reveal", exposed=True, explained_by="ticket", start=MONDAY + timedelta(hours=1)),
        looks(4, action="export", order_id=None, workstation=None, ip="100.96.1.7"),
        looks(9, action="print", exposed=True, explained_by="print_job"),
    )
    engine.table("decoys", [("o-2",)])
    engine.table("unstated", [])
    engine.table("unprinted", [])
    rows = {(row.workstation, row.w10): row for row in ask(engine, DETECT_CELLS, first_day=DAY, last_day=DAY)}
    strange, bare, explained = rows[None, 54], rows["s1", 54], rows["s1", 60]
    assert (strange.ip, strange.nameless_exports, strange.exports) == ("100.96.1.7", 2, 0)
    assert (bare.bare, bare.shown, bare.decoys) == (5, 5, 1)
    assert (explained.bare, explained.shown) == (0, 2)


def test_where_a_log_never_says_what_was_shown_named_actions_count(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, looks(2, action="reveal"), looks(2, start=MONDAY + timedelta(hours=3)))
    engine.table("decoys", [])
    engine.table("unstated", [("yuyao", "reveal")])
    engine.table("unprinted", [])
    revealed, viewed = ask(engine, DETECT_CELLS, first_day=DAY, last_day=DAY)
    assert (revealed.bare, viewed.bare, viewed.browsed) == (2, 0, 2)


def test_the_actor_who_saw_most_victims_comes_first(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, looks(50), looks(20, account="kf02"))
    engine.table("victims", [(f"o-{n}",) for n in (1, 3, 30, 44)])
    rows = ask(engine, VICTIMS_BY_ACTOR, first_day=DAY, last_day=DAY, most=5)
    assert [(row.account, row.victims) for row in rows] == [("kf01", 4), ("kf02", 2)]


def test_columns_hold_what_the_rows_hold(tmp_path: Path) -> None:
    with engine_of(tmp_path, looks(50), looks(3, account=None)) as engine:
        rows = engine.ask(ORDER_LOOKS, tenant="yuyao", order_id="o-1", most=9)
        columns = engine.ask_columns(ORDER_LOOKS, tenant="yuyao", order_id="o-1", most=9)
    assert columns["ts_us"].tolist() == [row.ts_us for row in rows]
    assert columns["account"].tolist() == [row.account for row in rows]


def test_a_parameter_too_few_is_named(tmp_path: Path) -> None:
    with engine_of(tmp_path, looks(1)) as engine, pytest.raises(EventsError) as caught:
        engine.ask(HEAT_MAP, tenant="yuyao", first_day=1, last_day=2, account=None)
    assert "workstation" in caught.value.en


def test_shipments_and_orders_may_say_no_time(tmp_path: Path) -> None:
    shipments, orders = tmp_path / "shipments.csv", tmp_path / "orders.csv"
    shipments.write_text("waybill_no,shop\nYT0001,甲店\n", "utf-8")
    orders.write_text("order_id,tenant\nA1,yuyao\n", "utf-8")
    with DuckEngine() as engine:
        engine.shipments(shipments)
        engine.orders(orders)
        told = engine.connection.execute("SELECT waybill_no, shipped_us FROM shipments").fetchall()
        made = engine.connection.execute("SELECT order_id, created_us FROM orders").fetchall()
    assert told == [("YT0001", None)]
    assert made == [("A1", None)]
