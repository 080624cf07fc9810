"""A backup made before a shredding is restored afterwards: shredded data is not found, decrypted or shown.

The first backup is made before anything is printed, the second with labels printed. People and addresses are invented.
"""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import OWNER, Cluster, binaries
from support.running import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

EXPORT = """店铺,订单编号,收件人,手机,省,市,区,详细地址,商品名称,下单时间
旧店,B0001,旧甲先生,19933330001,浙江省,金华市,义乌市,北苑路1号,袜子,2026-09-05 10:00:00
旧店,B0002,旧乙女士,19933330002,浙江省,金华市,义乌市,北苑路2号,袜子,2026-09-05 11:00:00
旧店,B0003,旧丙先生,19933330003,浙江省,金华市,义乌市,北苑路3号,袜子,2026-09-06 10:00:00
旧店,B0004,旧丁女士,19933330004,浙江省,金华市,义乌市,北苑路4号春晗一区4幢,袜子,2026-09-06 11:00:00
"""
GONE = (
    "B0001", "B0003", "B0004", "19933330001", "旧甲", "旧丙", "旧丁", "北苑路1号", "北苑路3号", "北苑路4号",
)  # fmt: skip
"""Texts of the shredded orders: a single order, and a day with two others."""
PAGES = (
    "/", "/lanes/", "/orders/", "/imports/", "/print/", "/print/scans/", "/ledger/", "/activity/",
    "/activity/events/", "/retention/", "/keys/",
)  # fmt: skip


class Restored:
    """An installation into which backups are restored repeatedly."""

    def __init__(self, home: Path, cluster: Cluster | None) -> None:
        self.service = Running(home)
        self.first = home / "first.wgb"
        self.passphrase = home / "passphrase"
        self._cluster = cluster
        self._databases = 0

    @property
    def embedded(self) -> bool:
        return self._cluster is None

    def make_first_backup(self, first_start: FirstStart) -> None:
        """Seal four orders, set a legal hold and back everything up."""
        self.owner = first_start.service(self.service, self._cluster)
        export = self.service.home / "old.csv"
        export.write_text(EXPORT)
        done = self.service.cli("seal", str(export), "--data", str(self.service.data))
        assert done.returncode == 0, done.stderr
        held = self.api("GET", "/retention").json()
        assert self.api("PUT", "/retention", **{**held, "legal_hold": "案号"}).status_code == 200
        done = self.service.cli("backup", str(self.first), "--data", str(self.service.data))
        assert done.returncode == 0, done.stderr
        self.passphrase.write_bytes(
            next((self.service.home / "config" / "waybillguard" / "unlock").iterdir()).read_bytes()
        )
        self.passphrase.chmod(0o600)

    def restore(self, archive: Path, *, force: bool = True) -> None:
        """Restore a backup (in PostgreSQL into a new, empty database) and start the service on it."""
        self.service.stop()
        if self._cluster is not None:
            self._databases += 1
            self.service.database_url = self._cluster.url(f"restored{self._databases}")
        done = self.service.cli(
            "restore", str(archive), "--passphrase-file", str(self.passphrase), "--data",
            str(self.service.data), *(["--force"] if force else []),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.service.start()
        self.owner.signed_in_at = float("-inf")

    def api(self, method: str, path: str, **body: object) -> httpx.Response:
        answer = self._asked(method, path, body)
        if answer.status_code == 403 and (
            act := answer.json().get("action")
        ):  # requires a code for this action
            self.owner.sign_in(self.service, act=act)
            answer = self._asked(method, path, body)
        return answer

    def _asked(self, method: str, path: str, body: dict[str, object]) -> httpx.Response:
        token = self.owner.login_again(self.service)
        with self.service.http() as client:
            return client.request(
                method, f"/api/v1{path}", json=body or None, headers={"Authorization": f"Bearer {token}"}
            )

    def find(self, kind: str, value: str) -> list[str]:
        deadline = time.monotonic() + 30
        while True:
            answer = self.api("POST", "/orders/search", kind=kind, value=value)
            assert answer.status_code == 200, answer.text
            if not answer.json().get("indexing") or time.monotonic() > deadline:
                return sorted(order["order_no"] for order in answer.json()["orders"])
            time.sleep(0.2)

    def pages(self) -> str:
        """Return the text of the console's pages as the owner sees them."""
        with self.service.http() as browser:
            self.owner.enter(browser)
            shown = [browser.get(path) for path in PAGES]
        assert [(page.url.path, page.status_code) for page in shown] == [(path, 200) for path in PAGES]
        return "".join(page.text for page in shown)

    def stored(self) -> str:
        """Return every value of every table, as text."""
        if self._cluster is None:
            with sqlite3.connect(self.service.data / "database" / "waybillguard.sqlite3") as database:
                text = "\n".join(database.iterdump())
            database.close()
            return text
        import psycopg

        values: list[str] = []
        administrator = self.service.database_url.replace(
            f"{OWNER}@", "postgres@"
        )  # superusers bypass row security
        with psycopg.connect(administrator) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            for (table,) in tables:
                rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()  # type: ignore[arg-type]
                values += [text for (text,) in rows]
        return "\n".join(values)

    def settle(self) -> None:
        """Wait until the background part of every shredding is over."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if "北苑路" not in self.stored():
                return
            time.sleep(0.5)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Restored]:
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    made = Restored(tmp_path_factory.mktemp(f"restored-{request.param}"), cluster)
    try:
        made.make_first_backup(first_start)
        yield made
    finally:
        made.service.stop()
        if cluster:
            cluster.stop()


def is_gone(place: Restored) -> None:
    """Assert that shredded data is not found, shown or stored, and that all other data is there."""
    for kind, value in (
        ("order", "B0001"), ("any", "B0003"), ("phone", "19933330001"), ("phone", "19933330003"),
        ("name", "旧甲先生"), ("name", "旧丁女士"), ("address", "北苑路1号"), ("address", "春晗一区4幢"),
    ):  # fmt: skip
        assert place.find(kind, value) == [], (kind, value)
    assert place.find("address", "北苑路") == ["B0002"]
    assert place.find("phone", "19933330002") == ["B0002"]
    pages, stored = place.pages(), place.stored()
    for word in GONE:
        assert word not in pages, word
        assert word not in stored, word


def test_what_was_shredded_after_a_backup_stays_so_when_it_is_put_back(
    place: Restored, tmp_path: Path
) -> None:
    today, labels = tmp_path / "today.wgb", tmp_path / "labels.pdf"
    assert place.find("address", "北苑路") == ["B0001", "B0002", "B0003", "B0004"], "before"
    data = ("--data", str(place.service.data))
    printed = place.service.cli(
        "label", "print", "--all", "--carrier", "simulator", "--out", str(labels), *data
    )
    assert printed.returncode == 0, printed.stderr
    assert place.service.cli("backup", str(today), *data).returncode == 0
    run = place.api("GET", "/label-runs/1/file")
    assert run.status_code == 200

    held = place.api("GET", "/retention").json()
    shown = {
        order["order_no"]: order["id"]
        for order in place.api("POST", "/orders/masked", order_nos=["B0001", "B0002"]).json()["orders"]
    }
    assert place.api("POST", "/shred", scope="orders", ids=[shown["B0001"]]).status_code == 422, (
        "a legal hold"
    )
    assert place.api("PUT", "/retention", **{**held, "legal_hold": ""}).status_code == 200
    assert place.api("POST", "/shred", scope="orders", ids=[shown["B0001"]]).status_code == 200
    assert place.api("POST", "/shred", scope="day", day="2026-09-06").status_code == 200
    deadline = time.monotonic() + 30
    while place.api("GET", "/label-runs/1/file").status_code == 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert place.api("GET", "/label-runs/1/file").status_code != 200, "the file that shows them is gone"
    while (
        place.find("any", "B0003") and time.monotonic() < deadline
    ):  # the day's numbers go in the background
        time.sleep(0.5)
    is_gone(place)
    place.restore(today)
    is_gone(place)
    if place.embedded:  # in PostgreSQL, the next test restores it
        place.restore(place.first)
        is_gone(place)


def test_a_warehouse_that_was_shredded_whole_stays_so(place: Restored) -> None:
    held = place.api("GET", "/retention").json()
    assert place.api("PUT", "/retention", **{**held, "legal_hold": ""}).status_code == 200
    slug = "main"
    assert place.api("POST", "/shred", scope="tenant", confirm=slug).status_code == 200
    place.settle()
    place.restore(place.first)
    for kind, value in (("any", "B0002"), ("phone", "19933330002"), ("address", "北苑路"), ("name", "旧乙")):
        assert place.find(kind, value) == []
    stored = place.stored()
    for word in ("B0002", "旧乙", "北苑路", "春晗"):
        assert word not in stored, word
