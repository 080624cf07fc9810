from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from events.made_up import looks

from waybillguard.events import (
    CHINA,
    COLUMNS,
    EventStore,
    EventsUnreadableError,
    connect,
    event_files,
    view_events,
)


def parquet(path: Path, query: str) -> Path:
    with connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_what_a_file_does_not_have_is_derived_or_null(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "theirs.parquet",
        "SELECT 'login' AS action, TIMESTAMP '2026-11-02 15:59:59' AS ts, 'a' AS tenant, 7 AS account, 'x' AS other",
    )
    with connect() as connection:
        view_events(connection, [path], CHINA)
        names = [row[0] for row in connection.execute("DESCRIBE events").fetchall()]
        found = connection.execute(
            "SELECT day, w10, account, exposed, allowed, decoy, order_id, ts_us FROM events"
        ).fetchone()
    assert names == [*COLUMNS, "ts_us"]
    assert found == (20_759, 143, "7", False, True, None, None, 1_793_635_199_000_000)


def test_the_zone_decides_the_day_of_a_file_without_one(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "theirs.parquet",
        "SELECT 'login' AS action, TIMESTAMPTZ '2026-11-02 23:59:59+08:00' AS ts, 'a' AS tenant",
    )
    with connect() as connection:
        view_events(connection, [path], ZoneInfo("Asia/Tokyo"))
        assert connection.execute("SELECT day, w10 FROM events").fetchone() == (20_760, 5)


@pytest.mark.parametrize("query", ["SELECT 1 AS x", "SELECT 'a' AS tenant, 'noon' AS ts, 'view' AS action"])
def test_a_table_of_something_else_is_refused_by_name(tmp_path: Path, query: str) -> None:
    path = parquet(tmp_path / "other.parquet", query)
    with connect() as connection, pytest.raises(EventsUnreadableError) as caught:
        view_events(connection, [path], CHINA)
    assert "ts" in caught.value.en


def test_a_folder_of_loose_files_is_read_with_their_columns_side_by_side(tmp_path: Path) -> None:
    parquet(tmp_path / "1.parquet", "SELECT 'a' AS tenant, TIMESTAMP '2026-11-02' AS ts, 'view' AS action")
    parquet(
        tmp_path / "2.parquet",
        "SELECT 'kf' AS account, 'view' AS action, TIMESTAMP '2026-11-02' AS ts, 'a' AS tenant",
    )
    with connect() as connection:
        view_events(connection, event_files(tmp_path), CHINA)
        found = connection.execute("SELECT account FROM events ORDER BY account").fetchall()
    assert found == [("kf",), (None,)]


def test_a_store_is_read_by_its_folder_or_by_one_of_its_files(tmp_path: Path) -> None:
    store = EventStore(tmp_path)
    store.append("b", looks(10, step=timedelta(days=1)))
    assert event_files(tmp_path) == store.files()
    assert event_files(store.files()[0]) == [store.files()[0]]


def test_nothing_there_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(EventsUnreadableError):
            event_files(path)


def test_a_connection_reaches_no_network_and_stays_within_its_memory() -> None:
    with connect(memory="100MB", threads=1) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT count(DISTINCT hash(i) || 'x') FROM range(50000000) t(i)")
        assert connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone() == (
            False,
        )
