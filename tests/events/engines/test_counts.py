from datetime import timedelta
from pathlib import Path

from events.made_up import MONDAY, looks

from waybillguard.events import EventStore
from waybillguard.events.engines.counts import BaseCounts

DAY = 20_759


def test_counts_are_kept_by_account_station_and_pair(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("b-1", looks(10, category="服装"))
    store.append("b-2", looks(5, workstation="s2", order_id="o-1", exposed=True, event_id=None))
    rows = BaseCounts(store).rows("yuyao", DAY, DAY)
    assert [
        (row.kind, row.workstation, row.category, row.looks, row.orders, row.exposed) for row in rows
    ] == [
        ("account", None, None, 5, 1, 5),
        ("account", None, "服装", 10, 10, 0),
        ("pair", "s1", "服装", 10, 10, 0),
        ("pair", "s2", None, 5, 1, 5),
        ("workstation", "s1", "服装", 10, 10, 0),
        ("workstation", "s2", None, 5, 1, 5),
    ]


def test_only_days_that_changed_are_counted_again(tmp_path: Path) -> None:
    store, counts = EventStore(tmp_path), BaseCounts(EventStore(tmp_path))
    store.append("b-1", looks(10, step=timedelta(days=1)))
    assert counts.refresh("yuyao") == list(range(DAY, DAY + 10))
    assert counts.refresh("yuyao") == []
    store.append("late", looks(1, order_id="late", start=MONDAY + timedelta(days=4)))
    store.compact("yuyao", DAY)
    assert counts.refresh("yuyao") == [DAY + 4]
    assert [row.orders for row in counts.rows("yuyao", DAY + 4, DAY + 4) if row.kind == "account"] == [2]
    assert len(list(tmp_path.glob("tenant=*/counts/*"))) == 10


def test_counts_are_no_events(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("b-1", looks(3))
    BaseCounts(store).refresh("yuyao")
    assert not [one for one in tmp_path.rglob("*.parquet") if one not in store.files()]
