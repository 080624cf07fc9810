"""The temp who pages through orders and asks for the plaintext of every one."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from support.running import Person, Running
from thief.loot import Loot, Victim

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

LIMIT = 10
"""What the policies of the scene give a temp a day (service role, yesterday nothing shipped)."""
TRIES = 60


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("temp")
    running = Running(home)
    try:
        running.start()
        owner = Person("owner")
        with running.http() as browser:
            owner.first_sign_in(running, browser)
        assert owner.login(running).returncode == 0
        export = home / "orders.csv"
        export.write_bytes(demo_exports(11, datetime(2026, 11, 24, 12, 0, 0))[0].content)  # noqa: DTZ001 - local time of a shop
        assert running.cli("seal", str(export), "--data", str(running.data)).returncode == 1
        export.unlink()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def victims() -> list[Victim]:
    import csv
    import io

    content = demo_exports(11, datetime(2026, 11, 24, 12, 0, 0))[0].content  # noqa: DTZ001 - local time of a shop
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [Victim(r["收货人"], r["手机号码"], r["详细地址"]) for r in rows if len(r["手机号码"]) == 11]


def temp(service: Running, kind: str) -> httpx.Client:
    made = subprocess.run(
        [sys.executable, str(Path(__file__).parents[1] / "support" / "make_temp.py"), kind, "1"],
        env={**service.environment, "WAYBILLGUARD_HOME": str(service.data)}, capture_output=True, check=True,
    )  # fmt: skip
    cookie = json.loads(made.stdout)
    client = service.http()
    client.cookies.set(cookie["name"], cookie["cookies"][0], domain="localhost.local", path="/")
    return client


def steal(client: httpx.Client, loot: Loot) -> None:
    """Page through the orders and ask for each."""
    listing = client.get("/orders/")
    orders: list[str] = []
    while len(orders) < TRIES:
        orders += [
            pk for pk in dict.fromkeys(re.findall(r'href="/orders/(\d+)/"', listing.text)) if pk not in orders
        ]
        older = re.search(r'href="(\?[^"]*cursor=%3C[^"]*)"', listing.text)
        if not older:
            break
        listing = client.get("/orders/" + older.group(1).replace("&amp;", "&"))
    for pk in orders[:TRIES]:
        page = client.get(f"/orders/{pk}/reveal/")
        loot.search(page.content, "the page that asks")
        form = re.search(r'name="form" value="([^"]+)"', page.text)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        if not form or not token:
            continue
        values = {"form": form.group(1), "csrfmiddlewaretoken": token.group(1), "group": "phone"}
        for _ in range(2):  # and once more: a reload
            answer = client.post(
                f"/orders/{pk}/reveal/show/", data=values | {"purpose": "after_sales"},
                headers={"Referer": f"{client.base_url}orders/{pk}/reveal/"},
            )  # fmt: skip
            loot.search(answer.content, "the page that shows")


def test_a_temp_of_the_house_rules_gets_nothing(service: Running, victims: list[Victim]) -> None:
    loot = Loot(victims)
    with temp(service, "default") as client:
        steal(client, loot)
    sys.stdout.write(f"temp, rules of a new warehouse: {len(loot.found)} records obtained\n")
    assert not loot.found


def test_a_temp_who_may_see_plaintext_gets_the_quota_and_an_alarm(
    service: Running, victims: list[Victim]
) -> None:
    loot = Loot(victims)
    with temp(service, "allowed") as client:
        steal(client, loot)
    sys.stdout.write(
        f"temp, allowed to see plaintext: {len(loot.found)} records obtained of a limit of {LIMIT}\n"
    )
    assert 0 < len(loot.found) <= LIMIT
    with closing(sqlite3.connect(service.data / "waybillguard.sqlite3")) as database:
        alarms = database.execute(
            "SELECT kind, ledger_index FROM reveal_lookalarm a JOIN people_user u ON u.id = a.account_id "
            "WHERE u.username LIKE 'allowed-%'"
        ).fetchall()
    assert alarms, "somebody must have been told"
    assert all(index is not None for _, index in alarms)
