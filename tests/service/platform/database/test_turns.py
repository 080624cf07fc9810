"""Writers of the embedded database run in the order of arrival, and are woken at their turn."""

import fcntl
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.utils import IntegrityError, OperationalError

from waybillguard.service.platform.database.sqlite.base import DatabaseWrapper
from waybillguard.service.platform.database.sqlite.turns import Turns, turns_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def turns(tmp_path: Path) -> Iterator[Turns]:
    made = Turns(tmp_path / "writer")
    yield made
    made.close()


def until(condition: Any) -> None:
    ends = time.monotonic() + 5
    while not condition() and time.monotonic() < ends:
        time.sleep(0.001)
    assert condition()


def test_writers_go_in_the_order_in_which_they_came(turns: Turns) -> None:
    went: list[int] = []

    def write(number: int) -> None:
        assert turns.take(5)
        went.append(number)
        turns.give()

    assert turns.take(5)
    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        until(lambda number=number: len(turns._waiting) == number + 1)
    turns.give()
    for thread in threads:
        thread.join(5)
    assert went == list(range(8))


def test_who_waited_too_long_is_told_so_and_holds_up_nobody(turns: Turns) -> None:
    assert turns.take(5)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0.01)
    turns.give()


def test_a_writer_of_another_process_is_waited_for(turns: Turns, tmp_path: Path) -> None:
    with (tmp_path / "writer").open(
        "ab"
    ) as other:  # an open file of its own is to the lock what a process is
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not turns.take(0.02)
        timer = threading.Timer(0.05, fcntl.flock, (other, fcntl.LOCK_UN))
        timer.start()
        assert turns.take(5)
        turns.give()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Any]:
    """A database file with one table, and a maker of connections to it."""
    path = tmp_path / "some.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    opened: list[DatabaseWrapper] = []

    def connect() -> DatabaseWrapper:
        settings = {**connections["default"].settings_dict, "NAME": path}
        settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 0.2}
        wrapper = DatabaseWrapper(settings, "some")
        wrapper.inc_thread_sharing()
        opened.append(wrapper)
        return wrapper

    yield connect
    for wrapper in opened:
        wrapper.close()
    assert turns_of(str(path)).take(0)  # no turn is still held
    turns_of(str(path)).close()


def begin(wrapper: DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def insert(wrapper: DatabaseWrapper, number: int) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (%s)", [number])


def test_a_second_transaction_waits_for_the_first_and_is_refused_in_the_end(database: Any) -> None:
    first, second = database(), database()
    begin(first)
    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    insert(first, 1)
    first.commit()
    begin(second)
    second.rollback()


def test_a_write_outside_a_transaction_waits_too_and_gives_its_turn_back_when_it_fails(database: Any) -> None:
    first, second = database(), database()
    begin(first)
    with pytest.raises(OperationalError, match="locked"):
        insert(second, 1)
    insert(first, 1)
    first.commit()
    with pytest.raises(IntegrityError):
        insert(second, 1)
    insert(second, 2)


def test_a_connection_that_breaks_off_leaves_its_turn(database: Any) -> None:
    first, second = database(), database()
    begin(first)
    first.close()
    insert(second, 1)


def test_reading_waits_for_nobody(database: Any) -> None:
    first, second = database(), database()
    begin(first)
    with second.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM t")
        assert cursor.fetchone() == (0,)
    first.rollback()


def test_a_lock_file_that_cannot_be_opened_blocks_nobody(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "not a folder" / "lock")
    for _ in range(2):
        assert turns.take(1.0)
        turns.give()
