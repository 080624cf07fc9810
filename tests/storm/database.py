"""Where the service under the storm keeps its rows: the embedded database, or a PostgreSQL server that can be killed."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from support.postgres import Cluster

NAME = "storm"
PATIENCE = 60.0
_COUNTED = (
    "SELECT count(*) FROM vault_order o JOIN vault_batch b ON b.id = o.batch_id WHERE b.state = 'committed'",
    "SELECT count(*) FROM vault_order WHERE shredded_at IS NOT NULL",
)
_PUT_OFF = (
    "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'READY' AND run_after > {tomorrow} "
    "AND run_after < '9000-01-01'"
)


class Embedded:
    """The file of a data folder."""

    url = ""
    victims: tuple[str, ...] = ()
    _tomorrow = "datetime('now', '+1 day')"

    def __init__(self, data: Path) -> None:
        self._file = data / "database" / "waybillguard.sqlite3"

    def counted(self) -> tuple[int, int]:
        """Return how many orders are let in, and how many were destroyed."""
        living, destroyed = (int(self.rows(question)[0][0]) for question in _COUNTED)
        return living, destroyed

    def put_off(self) -> int:
        """Return how many tasks wait for longer than a day."""
        return int(self.rows(_PUT_OFF.format(tomorrow=self._tomorrow))[0][0])

    def rows(self, question: str) -> list[Any]:
        """Return the answer to a question of ours, of all tenants."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=30)) as opened:
            return opened.execute(question).fetchall()

    def start(self) -> None:
        """A file needs none."""

    def kill(self) -> None:
        """A file dies with whoever has it open."""

    def stop(self) -> None:
        """Leave the file where it is."""


class Server(Embedded):
    """A PostgreSQL server of its own.

    Raises:
        RuntimeError: no server is installed.
    """

    victims = ("backend", "postmaster")
    _tomorrow = "now() + interval '1 day'"

    def __init__(self) -> None:
        self._cluster = Cluster()
        self.url = self._cluster.url(NAME)

    def rows(self, question: str) -> list[Any]:
        import psycopg

        # The administrator, for whom row security does not count.
        with psycopg.connect(host=str(self._cluster.folder), dbname=NAME, user="postgres") as opened:
            return opened.execute(question).fetchall()  # type: ignore[call-overload]  # our own words

    def start(self) -> None:
        """Start the server again after `kill`; those that a dead one left end by themselves, and hold it up until then.

        Raises:
            RuntimeError: it does not start.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._cluster.start()
            except subprocess.CalledProcessError as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start again: {error.stderr!r}") from None
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """Kill -9, the server and all its processes."""
        pid = self._cluster.pid
        for one in (pid, *children(pid)):
            _kill(one)

    def kill_one(self, victim: str, chance: random.Random) -> None:
        """Kill -9: one that serves the service, which ends all the others; or the parent of them, which `start` follows."""
        pid = self._cluster.pid
        if victim == "postmaster":
            _kill(pid)
            return
        serving = [one for one in children(pid) if b"waybillguard" in _command(one)]
        if serving:
            _kill(chance.choice(serving))

    def stop(self) -> None:
        """Stop the server and remove what it kept."""
        self._cluster.stop()


def children(pid: int) -> list[int]:
    """Return the direct children of a process."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
