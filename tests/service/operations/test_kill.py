"""kill -9 at any time: no partial result is visible, and no data is lost or duplicated."""

import json
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.print_room import until
from support.running import Running

from waybillguard.simulate import Export, demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]

SCALE = 44  # 10,560 rows: three chunks


class Warehouse:
    """A running service whose owner has signed in, and calls on its API."""

    def __init__(self, home: Path, first_start: FirstStart) -> None:
        self.service = Running(home)
        first_start.service(self.service)
        (kept,) = (home / "config" / "waybillguard" / "tokens").iterdir()
        self.http = self.service.http()
        self.http.headers["Authorization"] = f"Bearer {json.loads(kept.read_text())['token']}"

    def call(self, method: str, path: str, **options: object) -> dict[str, object]:
        answer = self.http.request(method, f"/api/v1{path}", **options)
        assert answer.status_code < 300, (answer.status_code, answer.text[:300])
        return answer.json()

    def upload(self, export: Export) -> int:
        started = self.call("POST", "/imports", files={"file": ("export.csv", export.content)})
        return int(str(started["id"]))

    def wait_for(self, batch: int, states: set[str], seconds: float = 90) -> dict[str, object]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.call("GET", f"/imports/{batch}")
            if answer["state"] in states:
                return answer
            time.sleep(0.2)
        raise AssertionError(f"import {batch} stays {answer['state']}\n{self.service.output[-3000:]}")

    def stored(self, batch: int) -> int:
        """Return how many orders of an import the database holds, visible or not."""
        path = self.service.data / "database" / "waybillguard.sqlite3"
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as data:
            (count,) = data.execute(
                "SELECT count(*) FROM vault_order WHERE batch_id = ?", (batch,)
            ).fetchone()
        return int(count)

    def kill(self, victim: str) -> None:
        if victim == "everything":
            self.service.kill()
            self.service.start()
        else:
            os.kill(self.service.pids()[victim], signal.SIGKILL)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Warehouse]:
    made = Warehouse(tmp_path_factory.mktemp("killed"), first_start)
    try:
        yield made
    finally:
        made.http.close()
        made.service.stop()


@pytest.mark.parametrize("victim", ["worker", "keyd", "everything"])
def test_an_import_survives_kill_9(victim: str, warehouse: Warehouse) -> None:
    rng = random.Random(victim)
    export = demo_exports(3, datetime(2026, 11, 24, 12, 0, 0), SCALE)[0]  # noqa: DTZ001 - local time of a shop
    for last in (False, True):
        batch = warehouse.upload(export)
        if last:  # in the middle: some of its three chunks are stored
            until(
                lambda batch=batch: warehouse.stored(batch) > 0, lambda: warehouse.service.output[-3000:], 90
            )
        else:
            time.sleep(rng.uniform(0.2, 1.6))
        warehouse.kill(victim)
        assert warehouse.call("GET", "/orders")["orders"] == [], "nothing may be visible before it is let in"
        read = warehouse.wait_for(batch, {"preview", "failed"})
        assert read["state"] == "preview", read
        counted = (read["rows_read"], read["rows_ok"], read["rows_refused"])
        assert counted == (export.rows, export.rows - 3, 3)
        assert warehouse.stored(batch) == export.rows - 3, "what was half read must be gone"
        warehouse.call("POST", f"/imports/{batch}/{'commit' if last else 'undo'}")
    again = warehouse.upload(export)
    second = warehouse.wait_for(again, {"preview"})
    assert second["rows_known"] == export.rows - 3, "every row is there exactly once"
    assert not list((warehouse.service.data / "spool").iterdir()), "no upload is left behind"
    for one in (again, batch):  # the next victim's import finds none of its rows
        warehouse.call("POST", f"/imports/{one}/undo")
