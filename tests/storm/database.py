"""The database of the service under test: the embedded one, or a PostgreSQL server that can be killed."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from support.first_start import DATABASE
from support.postgres import Cluster

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
    """The embedded database file of a data folder."""

    victims: tuple[str, ...] = ()
    cluster: Cluster | None = None
    _tomorrow = "datetime('now', '+1 day')"

    def __init__(self, data: Path) -> None:
        self._file = data / "database" / "waybillguard.sqlite3"

    def counted(self) -> tuple[int, int]:
        """Return the number of accepted orders, and of destroyed orders."""
        living, destroyed = (int(self.rows(question)[0][0]) for question in _COUNTED)
        return living, destroyed

    def put_off(self) -> int:
        """Return the number of tasks due in more than a day."""
        return int(self.rows(_PUT_OFF.format(tomorrow=self._tomorrow))[0][0])

    def rows(self, question: str) -> list[Any]:
        """Run a query over all tenants and return its rows."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=30)) as opened:
            return opened.execute(question).fetchall()

    def start(self) -> None:
        """Do nothing, because a file needs no server."""

    def kill(self) -> None:
        """Do nothing, because there is no server process to kill."""

    def stop(self) -> None:
        """Do nothing; the file stays."""


class Server(Embedded):
    """A dedicated PostgreSQL server.

    Raises:
        RuntimeError: PostgreSQL is not installed.
    """

    victims = ("backend", "postmaster")
    _tomorrow = "now() + interval '1 day'"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def rows(self, question: str) -> list[Any]:
        import psycopg

        # The administrator, to whom row security does not apply.
        with psycopg.connect(host=str(self.cluster.folder), dbname=DATABASE, user="postgres") as opened:
            return opened.execute(question).fetchall()  # type: ignore[call-overload]  # our own words

    def start(self) -> None:
        """Restart the server after `kill`; wait until the orphaned processes of the killed one have ended.

        Raises:
            RuntimeError: the server does not start.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.cluster.start()
            except subprocess.CalledProcessError as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start again: {error.stderr!r}") from None
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """Kill the server and all its processes with SIGKILL."""
        pid = self.cluster.pid
        for one in (pid, *children(pid)):
            _kill(one)

    def kill_one(self, victim: str, chance: random.Random) -> None:
        """Kill one server process: a backend, which ends all others, or the parent, which `start` restarts."""
        pid = self.cluster.pid
        if victim == "postmaster":
            _kill(pid)
            return
        serving = [one for one in children(pid) if b"waybillguard" in _command(one)]
        if serving:
            _kill(chance.choice(serving))

    def stop(self) -> None:
        """Stop the server and delete its data."""
        self.cluster.stop()


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
