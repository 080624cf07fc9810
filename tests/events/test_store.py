import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from events.made_up import MONDAY, looks

from waybillguard.events import Coded, EventsError, EventStore, EventsUnreadableError, EventValueError
from waybillguard.events.folder import Manifest, Pending, write_manifest
from waybillguard.events.paths import day_folder

DAY = 20_759  # Monday 2026-11-02


def rows_of(store: EventStore, tenant: str | None = None) -> list[tuple[Any, ...]]:
    with store.open(tenant) as connection:
        return connection.execute(
            "SELECT tenant, ts_us, day, w10, account, order_id, exposed, allowed FROM events ORDER BY ts_us, account, order_id"
        ).fetchall()


def test_a_batch_written_twice_is_there_once(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    rows = looks(300)
    first = store.append("b-1", rows)
    again = store.append("b-1", rows)
    assert first == again
    assert first.events == len(rows_of(store)) == 300


def test_each_event_lies_in_the_folder_of_its_tenants_day(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    night = datetime(2026, 11, 2, 15, 59, 59, tzinfo=UTC)  # one second before midnight in China
    store.append("b", looks(2, start=night, step=timedelta(seconds=1)))
    store.append("b", looks(1, tenant="../../etc"))
    assert store.days("yuyao") == [DAY, DAY + 1]
    assert store.tenants() == ["../../etc", "yuyao"]
    assert all(tmp_path in one.parents for one in store.files())
    assert [(row[2], row[3]) for row in rows_of(store, "yuyao")] == [(DAY, 143), (DAY + 1, 0)]


def test_a_late_event_goes_to_its_day_and_changes_its_mark(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("b-1", looks(3))
    store.append("b-2", looks(3, start=MONDAY + timedelta(days=9)))
    before, other = store.mark("yuyao", DAY), store.mark("yuyao", DAY + 9)
    store.append("b-3", looks(1, order_id="late"))
    assert store.mark("yuyao", DAY) != before
    assert store.mark("yuyao", DAY + 9) == other
    assert "late" in {row[5] for row in rows_of(store) if row[2] == DAY}


def test_merging_a_day_keeps_every_event_and_the_mark(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    for batch in range(4):
        store.append(f"b-{batch}", looks(20, account=f"kf{batch}", step=timedelta(minutes=1)))
    before, mark = rows_of(store), store.mark("yuyao", DAY)
    assert store.compact("yuyao", DAY) == 4
    assert store.compact("yuyao", DAY) == 0
    assert rows_of(store) == before
    assert store.mark("yuyao", DAY) == mark
    assert len(store.files()) == 1


def test_a_batch_repeated_after_its_day_was_merged_is_there_once(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("b-1", looks(5))
    store.append("b-2", looks(5, account="kf02"))
    store.compact("yuyao", DAY)
    store.append("b-1", looks(5))
    store.append("b-3", looks(5, account="kf03"))
    store.compact("yuyao", DAY)
    store.append("b-3", looks(5, account="kf03"))
    assert len(rows_of(store)) == 15


@pytest.mark.parametrize("committed", [False, True])
def test_a_merge_that_was_killed_is_seen_whole_or_not_at_all(tmp_path: Path, committed: bool) -> None:
    store = EventStore(tmp_path)
    store.append("b-1", looks(5))
    store.append("b-2", looks(5, account="kf02"))
    folder = tmp_path / day_folder("yuyao", DAY)
    parts = tuple(sorted(one.name for one in folder.glob("*.parquet")))
    if committed:
        other = EventStore(tmp_path / "other")
        other.append("all", [*looks(5), *looks(5, account="kf02")])
        (folder / "day-1.parquet").write_bytes(other.files()[0].read_bytes())
    write_manifest(tmp_path, folder, Manifest(pending=Pending("day-1.parquet", parts)))
    assert len(rows_of(store)) == 10
    store.append("b-1", looks(5))
    store.append("b-3", looks(1, account="kf03"))
    assert len(rows_of(store)) == 11
    store.compact("yuyao", DAY)
    assert len(rows_of(store)) == 11


WRITER = """
import sys
from pathlib import Path
from datetime import timedelta
sys.path.insert(0, sys.argv[2])
from events.made_up import looks
from waybillguard.events import EventStore
store = EventStore(Path(sys.argv[1]))
print("ready", flush=True)
for batch in range(6):
    store.append(f"b-{batch}", looks(400, account=f"kf{batch}", step=timedelta(minutes=11)))
    for day in store.days("yuyao"):
        store.compact("yuyao", day)
print("done", flush=True)
"""


def test_a_writer_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    tests = str(Path(__file__).parents[1])
    delay, killed = 0.0, 0
    for _ in range(60):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), tests], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
        process.stdout.close()
        process.wait()
        seen = [(row[1], row[4]) for row in rows_of(store)]
        assert len(seen) == len(set(seen))
        if rest:
            break
        killed += 1
        delay = delay * 1.5 + 0.03
    assert killed >= 3
    assert len(rows_of(store)) == 2_400
    store.sweep()
    assert not list((tmp_path / ".arriving").iterdir())


def test_events_told_before_are_skipped_where_asked(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("week", looks(10), skip_known=True)
    month = [*looks(25), looks(25)[3]]
    assert store.append("month", month, skip_known=True).known == 11
    assert store.append("month", month, skip_known=True).events == 15
    assert len(rows_of(store)) == 25


def test_columns_and_structs_become_the_same_table(tmp_path: Path) -> None:
    rows = looks(50)
    EventStore(tmp_path / "a").append("b", rows)
    EventStore(tmp_path / "b").append(
        "b",
        {
            "tenant": "yuyao",
            "ts": np.array([row.ts.replace(tzinfo=None) for row in rows], dtype="datetime64[us]"),
            "action": Coded(np.zeros(50, dtype=np.int8), ["view"]),
            "account": Coded(np.zeros(50, dtype=np.int8), ["kf01"]),
            "workstation": "s1",
            "order_id": np.array([row.order_id for row in rows]),
        },
    )
    assert rows_of(EventStore(tmp_path / "a")) == rows_of(EventStore(tmp_path / "b"))


def test_many_days_at_once_are_one_file_a_tenants_day(tmp_path: Path) -> None:
    count = 20_000
    store = EventStore(tmp_path, durable=False)
    ts = (np.arange(count, dtype=np.int64) * 131) * 1_000_000 + 1_780_000_000_000_000
    tenants = Coded(np.arange(count, dtype=np.int32) % 3, ["a", "b", "C"])
    done = store.append("world", {"tenant": tenants, "ts": ts, "action": "print"})
    assert done.events == count
    assert len(done.days) == len(store.files()) == len(store.days("a")) * 3
    with store.open("C") as connection:
        assert connection.execute("SELECT count(*) FROM events WHERE tenant = 'C'").fetchone() == (6_666,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "stare"),
        ("tenant", ""),
        ("ts", datetime(1971, 1, 1, tzinfo=UTC)),
        ("ts", datetime(2026, 11, 2, 9)),  # noqa: DTZ001 - that is the point
        ("explained_by", "boredom"),
        ("account", "x" * 501),
        ("person_token", b"short"),
        ("day", 5),
    ],
)
def test_a_row_that_the_table_cannot_hold_is_named_and_nothing_is_written(
    tmp_path: Path, field: str, value: object
) -> None:
    store = EventStore(tmp_path)
    rows = looks(5)
    wrong = looks(1, w10=0, **{field: value}) if field == "day" else looks(1, **{field: value})
    if field == "day":
        rows = looks(5, w10=0, day=DAY)
    with pytest.raises(EventValueError) as caught:
        store.append("b", [*rows[:3], *wrong, *rows[3:]])
    assert "4" in caught.value.zh
    assert "event 4" in caught.value.en
    assert store.files() == []


@pytest.mark.parametrize(
    "columns",
    [
        {"tenant": "a", "action": "view"},
        {"tenant": "a", "ts": np.array([1_780_000_000_000_000]), "action": "view", "phone": "1"},
        {"tenant": "a", "ts": np.array([1_780_000_000_000_000]), "action": np.array(["view", "view"])},
        {"tenant": "a", "ts": np.array([1_780_000_000_000_000]), "action": "view", "exposed": "perhaps"},
    ],
)
def test_columns_that_do_not_fit_are_refused(tmp_path: Path, columns: dict[str, Any]) -> None:
    with pytest.raises(EventsError):
        EventStore(tmp_path).append("b", columns)
    assert EventStore(tmp_path).files() == []


def test_write_takes_rows_of_that_day_alone(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.write("yuyao", DAY, "b", looks(3))
    with pytest.raises(EventValueError):
        store.write("yuyao", DAY, "c", looks(3, day=DAY + 1, w10=0))
    with pytest.raises(EventValueError):
        store.write("yuyao", DAY + 1, "c", looks(3))
    with pytest.raises(EventValueError):
        store.write("other", DAY, "c", looks(3))
    assert len(rows_of(store)) == 3


def test_an_empty_store_and_an_empty_batch_are_no_faults(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    assert rows_of(store) == store.tenants() == store.days("yuyao") == []
    assert store.mark("yuyao", DAY) == ""
    assert store.compact("yuyao", DAY) == 0
    assert store.append("b", []).events == 0


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    names = [
        "'; DROP TABLE events; --",
        "=cmd|' /C calc'!A0",
        "\u202efdp.exe",
        "a\x00b",
        "${jndi}",
        "🙂" * 100,
    ]
    store = EventStore(tmp_path / "o'clock")
    store.append("x'; --", [looks(1, account=name, tenant=name)[0] for name in names])
    assert sorted(row[4] for row in rows_of(store)) == sorted(names)
    assert store.tenants() == sorted(names)


def test_a_damaged_part_is_named_as_unreadable(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("b", looks(3))
    store.files()[0].write_bytes(b"PAR1 no more")
    with pytest.raises(EventsUnreadableError):
        store.open()
