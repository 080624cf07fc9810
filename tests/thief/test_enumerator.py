"""Who enumerates phones through search, and who carries off every copy of the database after a shredding."""

import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.running import Running
from thief.loot import Loot, Victim

from waybillguard.service.web.api.client import ApiError, Client

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

VICTIMS = [Victim(f"枚举{n}某", f"1994444{n:04}", f"望道路{n}号3幢") for n in range(1, 21)]


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[tuple[Running, Client]]:
    service = Running(tmp_path_factory.mktemp("enumerator"))
    token = first_start.service(service).login_again(service)
    try:
        with Client(service.url, token, verify=str(service.data / "tls" / "ca.pem")) as client:
            client.seal([
                {
                    "order_no": f"E{n:04}", "shop": "某店", "created_at": "2026-11-01 09:00:00", "name": victim.name,
                    "phone": victim.phone, "province": "浙江省", "city": "金华市", "district": "义乌市",
                    "detail": victim.detail, "goods": "袜子",
                }
                for n, victim in enumerate(VICTIMS)
            ])  # fmt: skip
            yield service, client
    finally:
        service.stop()


def test_copies_of_the_database_from_before_and_after_a_shredding_open_nothing(
    scene: tuple[Running, Client], tmp_path: Path
) -> None:
    service, client = scene
    live = service.data / "database" / "waybillguard.sqlite3"
    for name in ("before", "after"):
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(tmp_path / name)) as copy:
            source.backup(copy)
        if name == "before":
            found = client.search("order", "E0000").orders
            client.shred("orders", ids=[one.id for one in found])
    shutil.copytree(service.data, tmp_path / "folder")
    loot = Loot(VICTIMS)
    loot.search_tree(tmp_path)
    for name in ("before", "after"):
        with closing(sqlite3.connect(tmp_path / name)) as copy:
            for line in copy.iterdump():
                loot.search(line.encode(), name)
    with closing(sqlite3.connect(tmp_path / "after")) as copy:
        salts = copy.execute("SELECT count(*) FROM vault_salt").fetchone()[0]
    sys.stdout.write(f"carrier of backups: {len(loot.found)} records obtained\n")
    assert salts == len(VICTIMS) - 1
    assert not loot.found


def test_who_tries_phone_after_phone_is_stopped_counted_and_shown_nothing_new(
    scene: tuple[Running, Client],
) -> None:
    service, client = scene
    loot, tried, hits, status = Loot(VICTIMS), 0, 0, 0
    before = ledger_entries(service)
    for n in range(1, 200):
        try:
            found = client.search("phone", f"1994444{9999 - n:04}" if n % 10 else f"1994444{n // 10 + 1:04}")
        except ApiError as error:
            status = error.problem.status
            break
        tried += 1
        hits += len(found.orders)
        loot.search(repr(found).encode(), "search")
    sys.stdout.write(f"enumerator: {tried} tries, {hits} verdicts, {len(loot.found)} records obtained\n")
    assert status == 429
    assert tried <= 60
    deadline = time.monotonic() + 20  # the signed head follows a second behind what is durable
    while ledger_entries(service) < before + tried and time.monotonic() < deadline:
        time.sleep(0.5)
    assert ledger_entries(service) >= before + tried, "every try stands in the ledger"
    assert not loot.found


def ledger_entries(service: Running) -> int:
    """Ask keyd how many entries the ledger holds."""
    from waybillguard.service.keyd import messages
    from waybillguard.service.keyd.client import KeydClient
    from waybillguard.service.platform.config import Config

    before = {name: value for name, value in service.environment.items() if name == "XDG_RUNTIME_DIR"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", before["XDG_RUNTIME_DIR"])
        client = KeydClient(Config(service.data).keyd_socket)
        try:
            return sum(client.call(messages.Status(), messages.StatusAnswer).entries.values())
        finally:
            client.close()
