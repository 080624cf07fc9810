"""kill -9 at any time: no partial result is visible, and no data is lost or duplicated."""

import json
import os
import random
import signal
import time
from datetime import datetime
from pathlib import Path

import pytest
from support.running import Person, Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]

SCALE = 44  # 10,560 rows: three chunks


def start_with_owner(home: Path) -> tuple[Running, Person]:
    service = Running(home).start()
    owner = Person("owner")
    with service.http() as browser:
        owner.first_sign_in(service, browser)
    assert owner.login(service).returncode == 0
    return service, owner


def call(service: Running, method: str, path: str, **options: object) -> dict[str, object]:
    token = json.loads(next((service.home / "config" / "waybillguard" / "tokens").iterdir()).read_text())[
        "token"
    ]
    with service.http() as client:
        answer = client.request(
            method, f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **options
        )
        assert answer.status_code < 300, (answer.status_code, answer.text[:300])
        return answer.json()


def wait_for(service: Running, batch: int, states: set[str], seconds: float = 90) -> dict[str, object]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = call(service, "GET", f"/imports/{batch}")
        if answer["state"] in states:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"import {batch} stays {answer['state']}\n{service.output[-3000:]}")


@pytest.mark.parametrize("victim", ["worker", "keyd", "everything"])
def test_an_import_survives_kill_9(victim: str, tmp_path: Path) -> None:
    service, _ = start_with_owner(tmp_path)
    rng = random.Random(victim)
    export = demo_exports(3, datetime(2026, 11, 24, 12, 0, 0), SCALE)[0]  # noqa: DTZ001 - local time of a shop
    try:
        for _ in range(2):
            started = call(service, "POST", "/imports", files={"file": ("export.csv", export.content)})
            batch = int(str(started["id"]))
            time.sleep(rng.uniform(0.2, 1.6))
            if victim == "everything":
                service.kill()
                service.start()
            else:
                os.kill(service.pids()[victim], signal.SIGKILL)
            assert call(service, "GET", "/orders")["orders"] == [], (
                "nothing may be visible before it is let in"
            )
            read = wait_for(service, batch, {"preview", "failed"})
            assert read["state"] == "preview", read
            assert (read["rows_read"], read["rows_ok"], read["rows_refused"]) == (
                export.rows,
                export.rows - 3,
                3,
            )
            call(service, "POST", f"/imports/{batch}/undo")
        started = call(service, "POST", "/imports", files={"file": ("export.csv", export.content)})
        batch = int(str(started["id"]))
        wait_for(service, batch, {"preview"})
        call(service, "POST", f"/imports/{batch}/commit")
        again = call(service, "POST", "/imports", files={"file": ("export.csv", export.content)})
        second = wait_for(service, int(str(again["id"])), {"preview"})
        assert second["rows_known"] == export.rows - 3, "every row is there exactly once"
        assert not list((service.data / "spool").iterdir()), "no upload is left behind"
    finally:
        service.stop()
