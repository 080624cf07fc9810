"""Twenty clerks work while an import runs: every page is answered."""

import json
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from support.first_start import FirstStart
from support.running import Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CLERKS = 20
EACH = 11
"""Minimum pages per clerk; each continues until the import is done."""
PAGES = (
    "/",
    "/orders/",
    "/orders/?lane=B&printed=no",
    "/print/",
    "/imports/",
    "/orders/1/",
    "/orders/?shop=青禾自营店",
)


def test_twenty_clerks_and_an_import(tmp_path: Path, first_start: FirstStart) -> None:
    service = Running(tmp_path)
    try:
        first_start.service(service)
        noon = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001 - local time of a shop
        first, second = tmp_path / "first.csv", tmp_path / "second.csv"
        first.write_bytes(demo_exports(5, noon)[0].content)  # enough for several pages
        second.write_bytes(demo_exports(5, noon, 20)[1].content)
        assert service.cli("seal", str(first), "--data", str(service.data)).returncode == 1
        made = subprocess.run(
            [sys.executable, str(Path(__file__).parents[2] / "support" / "make_clerks.py"), str(CLERKS)],
            env={**service.environment, "WAYBILLGUARD_HOME": str(service.data)}, capture_output=True, check=True,
        )  # fmt: skip
        cookies = json.loads(made.stdout)
        answered: list[int] = []
        failures: list[str] = []
        sealed = threading.Event()

        def work(number: int) -> None:
            with service.http() as client:
                client.cookies.set(cookies["name"], cookies["cookies"][number], domain="localhost.local")
                client.headers["Cookie"] = f"{cookies['name']}={cookies['cookies'][number]}"
                turn = number
                while turn < number + EACH or not sealed.is_set():
                    page = PAGES[turn % len(PAGES)]
                    turn += 1
                    try:
                        answer = client.get(page, follow_redirects=False)
                    except httpx.HTTPError as error:
                        failures.append(f"{page}: {type(error).__name__}")
                        continue
                    answered.append(answer.status_code)
                    if answer.status_code != 200:
                        failures.append(f"{page}: {answer.status_code}")
                    sealed.wait(0.3)  # somebody reads

        threads = [threading.Thread(target=work, args=(number,)) for number in range(CLERKS)]
        for thread in threads:
            thread.start()
        try:
            sealing = service.cli("seal", str(second), "--data", str(service.data))
        finally:
            sealed.set()
            for thread in threads:
                thread.join()
        assert sealing.returncode == 0, sealing.stderr
        assert not failures, sorted(set(failures))
        assert len(answered) >= CLERKS * EACH
    finally:
        service.stop()
