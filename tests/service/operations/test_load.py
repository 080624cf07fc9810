"""Twenty clerks at work while an import runs: no error, no long wait."""

import json
import statistics
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from support.running import Person, Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

CLERKS = 20
SECONDS = 12
PAGES = (
    "/",
    "/orders/",
    "/orders/?lane=B&printed=no",
    "/print/",
    "/imports/",
    "/orders/1/",
    "/orders/?shop=青禾自营店",
)


def test_twenty_clerks_and_an_import(tmp_path: Path) -> None:
    service = Running(tmp_path).start()
    try:
        owner = Person("owner")
        with service.http() as browser:
            owner.first_sign_in(service, browser)
        assert owner.login(service).returncode == 0
        exports = demo_exports(5, datetime(2026, 11, 24, 12, 0, 0), 20)  # noqa: DTZ001 - local time of a shop
        first, second = tmp_path / "first.csv", tmp_path / "second.csv"
        first.write_bytes(exports[0].content)
        second.write_bytes(exports[1].content)
        assert service.cli("seal", str(first), "--data", str(service.data)).returncode == 1
        made = subprocess.run(
            [sys.executable, str(Path(__file__).parents[2] / "support" / "make_clerks.py"), str(CLERKS)],
            env={**service.environment, "WAYBILLGUARD_HOME": str(service.data)}, capture_output=True, check=True,
        )  # fmt: skip
        cookies = json.loads(made.stdout)
        waits: list[float] = []
        failures: list[str] = []
        stop = time.monotonic() + SECONDS

        def work(number: int) -> None:
            with service.http() as client:
                client.cookies.set(cookies["name"], cookies["cookies"][number], domain="localhost.local")
                client.headers["Cookie"] = f"{cookies['name']}={cookies['cookies'][number]}"
                turn = number
                while time.monotonic() < stop:
                    page = PAGES[turn % len(PAGES)]
                    turn += 1
                    began = time.monotonic()
                    try:
                        answer = client.get(page, follow_redirects=False)
                    except httpx.HTTPError as error:
                        failures.append(f"{page}: {type(error).__name__}")
                        continue
                    waits.append(time.monotonic() - began)
                    if answer.status_code != 200:
                        failures.append(f"{page}: {answer.status_code}")
                    time.sleep(0.3)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(CLERKS)]
        for thread in threads:
            thread.start()
        sealing = service.cli("seal", str(second), "--data", str(service.data))
        for thread in threads:
            thread.join()
        assert sealing.returncode == 0, sealing.stderr
        assert not failures, sorted(set(failures))
        ordered = sorted(waits)
        p95 = ordered[int(len(ordered) * 0.95)]
        sys.stdout.write(
            f"{len(waits)} pages, median {statistics.median(waits) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms\n"
        )
        assert len(waits) > CLERKS * 10
        assert p95 < 5.0, "a page that takes seconds is a page nobody uses"
    finally:
        service.stop()
