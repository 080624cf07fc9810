"""The main user journey on the real service, on both databases."""

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import docx
import msgspec
import numpy as np
import psutil
import pytest
import zxingcpp
from PIL import Image
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import binaries
from support.print_room import until
from support.running import Person, Running

from waybillguard.inspect import catalogue
from waybillguard.keys.primitives import Argon2Params
from waybillguard.service.platform.config import Config
from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

OWN_ROWS = 40
no_matter_which_database = pytest.mark.parametrize("warehouse", ["sqlite"], indirect=True)


class Warehouse:
    """A running service whose owner has signed in, with the files to be imported."""

    def __init__(self, service: Running, folder: Path) -> None:
        self.service = service
        self.folder = folder
        self.files = {}
        for export in demo_exports(7, datetime(2026, 11, 24, 12, 0, 0)):  # noqa: DTZ001 - local time of a shop
            path = folder / export.name
            content = export.content
            if export.name == "own-shop.csv":  # every order of this file is printed
                content = b"".join(content.splitlines(keepends=True)[: 1 + OWN_ROWS])
            path.write_bytes(content)
            self.files[export.name] = path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.service.cli(*arguments, "--data", str(self.service.data))

    def seal(self, name: str) -> dict[str, object]:
        done = self.run("seal", str(self.files[name]), "--json", "-")
        assert done.returncode in {0, 1}, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Warehouse]:
    """In the embedded database from the first start and sign-in on."""
    home = tmp_path_factory.mktemp(f"spine-{request.param}")
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    service = Running(home, makes_key=not cluster)
    try:
        if cluster:
            first_start.service(service, cluster)
        else:
            owner = Person("owner")
            with service.start().http() as browser:
                owner.first_sign_in(service, browser)
            done = owner.login(service)
            assert done.returncode == 0, done.stderr
        yield Warehouse(service, home)
    finally:
        service.stop()
        if cluster:
            cluster.stop()


@no_matter_which_database
def test_the_first_start_makes_a_root_key_that_is_dear_to_guess(warehouse: Warehouse) -> None:
    config = Config(warehouse.service.data)
    cost = json.loads(config.key_file.read_bytes())["params"]
    assert cost == msgspec.to_builtins(Argon2Params())
    (passphrase,) = (warehouse.service.home / "config" / "waybillguard" / "unlock").iterdir()
    assert passphrase.stat().st_mode & 0o777 == 0o600
    assert len(passphrase.read_text().strip()) >= 32


@no_matter_which_database
def test_the_web_process_has_the_labels_fonts_open_before_anybody_asks_for_a_label(
    warehouse: Warehouse,
) -> None:
    web = psutil.Process(warehouse.service.pids()["web"])

    def opened() -> str:
        workers = web.children(recursive=True)
        return "".join(Path(f"/proc/{worker.pid}/maps").read_text() for worker in workers)

    until(lambda: all(f"memfd:{face}" in opened() for face in ("label-bold", "label-regular")), opened)


def test_an_export_is_sealed_printed_and_found_again(warehouse: Warehouse) -> None:
    sealed = warehouse.seal("own-shop.csv")
    assert sealed["rows"] == OWN_ROWS
    assert sealed["sealed"] == OWN_ROWS - 3
    assert sorted((row["row"], row["reason"]) for row in sealed["refused"]) == [
        (8, "phone_precision_lost"), (20, "no_name"), (32, "bad_phone"),
    ]  # fmt: skip
    assert sealed["lanes"] == {"B": OWN_ROWS - 3}

    labels = warehouse.folder / "labels.pdf"
    without = warehouse.run("label", "print", "--all", "--out", str(labels))
    assert without.returncode == 1, "no carrier is configured by default: such labels are refused by name"
    assert " refused" in without.stderr

    printed = warehouse.run("label", "print", "--all", "--carrier", "simulator", "--out", str(labels))
    assert printed.returncode == 0, printed.stderr
    assert " labels" in printed.stderr
    subprocess.run(
        [
            "pdftoppm",
            "-r",
            "203",
            "-f",
            "1",
            "-l",
            "3",
            "-gray",
            "-png",
            str(labels),
            str(warehouse.folder / "page"),
        ],
        check=True,
    )
    pages = sorted(warehouse.folder.glob("page-*.png"))
    assert len(pages) == 3
    for page in pages:
        codes = {str(code.format): code.text for code in zxingcpp.read_barcodes(np.array(Image.open(page)))}
        assert len(codes) == 2, codes
        assert any(len(text) == 72 for text in codes.values())

    again = warehouse.run("label", "print", "--all", "--out", str(labels))
    assert again.returncode == 2, "nothing is left to print"


def test_what_is_imported_twice_is_kept_once(warehouse: Warehouse) -> None:
    first = warehouse.seal("group-buying.csv")
    second = warehouse.seal("group-buying.csv")
    assert (first["sealed"], first["known"]) == (100, 0)
    assert (second["sealed"], second["known"]) == (0, 100)


def test_masked_rows_become_reference_orders_and_are_never_printed(warehouse: Warehouse) -> None:
    sealed = warehouse.seal("pinduoduo.csv")
    assert sealed["lanes"] == {"A": 300}
    assert sealed["references"] == 300
    order_no = warehouse.files["pinduoduo.csv"].read_text("utf-8-sig").splitlines()[1].split(",")[0]
    out = warehouse.folder / "reference.zpl"
    done = warehouse.run("label", "print", "--order", order_no, "--carrier", "simulator", "--out", str(out))
    assert done.returncode == 1
    assert "platform" in done.stderr
    assert not out.exists()


def test_a_plaintext_order_that_we_print_counts_as_ours_from_then_on(warehouse: Warehouse) -> None:
    sealed = warehouse.seal("taobao.csv")
    assert sealed["lanes"] == {"C": 120}
    order_no = warehouse.files["taobao.csv"].read_text("gb18030").splitlines()[1].split(",")[0]
    for ending in ("png",) if warehouse.service.database_url else ("tspl", "zpl", "png"):
        out = warehouse.folder / f"c.{ending}"
        done = warehouse.run(
            "label", "print", "--order", order_no, "--carrier", "simulator", "--out", str(out)
        )
        assert done.returncode == 0, done.stderr
    assert (warehouse.folder / "c-0001.png").exists()


def test_the_running_service_is_inspected_printed_and_recomputed(warehouse: Warehouse) -> None:
    result, paper = warehouse.folder / "inspection.json", warehouse.folder / "inspection.docx"
    done = warehouse.run("inspect", "run", "--json", str(result))
    assert done.returncode == 1, done.stderr  # a new warehouse has requirements without evidence
    verdicts = {one["control"]: one for one in json.loads(result.read_bytes())["verdicts"]}
    assert len(verdicts) == len(catalogue().controls)
    assert {"satisfied", "no_evidence"} <= {one["status"] for one in verdicts.values()}
    assert verdicts["GOV-01"]["status"] != "satisfied"
    assert warehouse.service.cli("inspect", "verify", str(result)).returncode == 0
    assert warehouse.service.cli("inspect", "report", str(result), "--out", str(paper)).returncode == 0
    assert "GOV-01" in "".join(
        cell.text for table in docx.Document(str(paper)).tables for row in table.rows for cell in row.cells
    )


@no_matter_which_database
def test_unreadable_files_end_with_a_word_in_both_languages(warehouse: Warehouse) -> None:
    broken = warehouse.folder / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing of the kind")
    done = warehouse.run("seal", str(broken))
    assert done.returncode == 2
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr)


@no_matter_which_database
def test_a_file_of_titles_alone_is_no_import(warehouse: Warehouse) -> None:
    bare = warehouse.folder / "bare.csv"
    bare.write_text("订单号,收件人,手机号,收货地址\n", encoding="utf-8")
    done = warehouse.run("seal", str(bare))
    assert done.returncode == 2
    assert "只有表头" in done.stderr


@no_matter_which_database
def test_commands_without_a_sign_in_say_what_to_run(warehouse: Warehouse, tmp_path: Path) -> None:
    stranger = Running(tmp_path, port=warehouse.service.port)
    done = stranger.cli("seal", str(warehouse.files["own-shop.csv"]), "--data", str(warehouse.service.data))
    assert done.returncode == 2
    assert "waybillguard login" in done.stderr
    nowhere = stranger.cli("seal", str(warehouse.files["own-shop.csv"]), "--data", str(tmp_path / "none"))
    assert nowhere.returncode == 2
    assert "waybillguard up" in nowhere.stderr
