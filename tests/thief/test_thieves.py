"""The gang, as far as the rooms built so far concern it. Each prints what he obtained; the bar is none."""

import csv
import io
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.running import Running
from thief.loot import Loot, Victim

from waybillguard.keys import keyfile
from waybillguard.keys.errors import KeysError
from waybillguard.service.operations.backup_archive import ArchiveReader
from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

COMMON_PASSPHRASES = ("", "admin", "123456", "waybillguard", "password", "owner")


def victims_of(content: bytes) -> list[Victim]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [Victim(row["收货人"], row["手机号码"], row["详细地址"]) for row in rows]


class Scene:
    """A warehouse whose own orders are sealed and printed, and the print station's home."""

    def __init__(self, service: Running, folder: Path) -> None:
        self.service = service
        self.station = folder / "station"
        self.station.mkdir()
        export = demo_exports(11, datetime(2026, 11, 24, 12, 0, 0))[0]  # noqa: DTZ001 - local time of a shop
        self.victims = [v for v in victims_of(export.content) if len(v.phone) == 11]
        source = folder / "export.csv"
        source.write_bytes(export.content)
        assert service.cli("seal", str(source), "--data", str(service.data)).returncode == 1
        source.unlink()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("thief")
    service = Running(home)
    first_start.service(service)
    try:
        yield Scene(service, home)
    finally:
        service.stop()


def test_the_search_itself_finds_what_lies_open(scene: Scene) -> None:
    loot = Loot(scene.victims)
    loot.search(f"电话 {scene.victims[0].phone}。".encode("gb18030"), "a file")
    loot.search(scene.victims[1].phone.encode("utf-16-le"), "a file")
    assert len(loot.found) == 2


def test_the_reader_of_the_print_station_gets_nothing(scene: Scene) -> None:
    """He owns the station: its files, spool, temporary folder, and the memory of whatever prints there."""
    loot = Loot(scene.victims)
    read = 0
    for ending in ("pdf", "zpl", "tspl", "png"):
        command = [
            sys.executable, "-m", "waybillguard", "label", "print", "--data", str(scene.service.data),
            "--carrier", "simulator", "--out", str(scene.station / f"labels.{ending}"),
        ]  # fmt: skip
        command += ["--all"] if ending == "pdf" else ["--order", "WG1124000001"]
        environment = {**scene.service.environment, "TMPDIR": str(scene.station)}
        printing = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while printing.poll() is None:
            read += loot.search_memory(printing.pid)
            time.sleep(0.2)
        assert printing.returncode == 0
    loot.search_tree(scene.station)
    sys.stdout.write(f"station reader: {read >> 20} MiB of memory read, {len(loot.found)} records obtained\n")
    assert read > 1024 * 1024, "the thief must really have read memory"
    assert (scene.station / "labels.pdf").stat().st_size > 10_000
    assert not loot.found


def test_an_image_of_the_data_folder_holds_nothing_to_sell(scene: Scene, tmp_path: Path) -> None:
    """He carries off a copy of the folder, taken while the service runs, and the backups that lie beside it."""
    backup = tmp_path / "nightly.backup"
    done = scene.service.cli("backup", str(backup), "--data", str(scene.service.data))
    assert done.returncode == 0, done.stderr
    image = tmp_path / "image"
    shutil.copytree(scene.service.data, image)
    loot = Loot(scene.victims)
    loot.search_tree(tmp_path)
    assert backup.stat().st_size > 100_000, "the backup holds the orders"
    (tmp_path / "head.key").write_text(ArchiveReader(backup).head.key_file, encoding="ascii")
    for passphrase in COMMON_PASSPHRASES:
        with pytest.raises(KeysError):
            keyfile.unlock(tmp_path / "head.key", passphrase)
    with closing(sqlite3.connect(image / "database" / "waybillguard.sqlite3")) as database:
        for line in database.iterdump():
            loot.search(line.encode(), "database dump")
        assert (
            database.execute("SELECT count(*) FROM vault_order WHERE length(blob) > 0").fetchone()[0] >= 200
        )
    for passphrase in COMMON_PASSPHRASES:
        with pytest.raises(KeysError):
            keyfile.unlock(image / "keyd" / "root.key", passphrase)
    private = [p for p in (image / "tls").glob("*.key") if b"ENCRYPTED" not in p.read_bytes()]
    sys.stdout.write(f"night burglar: {len(loot.found)} records obtained\n")
    assert not loot.found
    assert not private, "whoever has the image must not be able to pose as the console"
    assert not list(image.rglob("*passphrase*"))
