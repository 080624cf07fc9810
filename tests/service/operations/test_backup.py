"""Backup, restore and move, on the real service and both databases."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import Person, Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


def run(service: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    return service.cli(*arguments, "--data", str(service.data))


def started(home: Path, url: str = "") -> tuple[Running, Person]:
    service = Running(home, database_url=url).start()
    owner = Person("owner")
    with service.http() as browser:
        owner.first_sign_in(service, browser)
    done = owner.login(service)
    assert done.returncode == 0, done.stderr
    return service, owner


def export(folder: Path, number: int) -> Path:
    made = demo_exports(5, datetime(2026, 11, 24, 12, 0, 0))[number]  # noqa: DTZ001 - local time of a shop
    path = folder / made.name
    path.write_bytes(made.content)
    return path


def passphrase_of(service: Running) -> Path:
    return next((service.home / "config" / "waybillguard" / "unlock").iterdir())


DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
no_matter_which_database = pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
"""Tests refused or finished before a table is read or written."""


@pytest.fixture(scope="module", params=DATABASES)
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Path, Cluster | None]]:
    """A service with sealed orders, backed up while an import was writing."""
    home = tmp_path_factory.mktemp(f"backup-{request.param}")
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = Cluster()
    service = None
    try:
        service, _ = started(home, cluster.url("one") if cluster else "")
        done = run(service, "seal", str(export(home, 0)))
        assert done.returncode in {0, 1}, done.stderr
        under_way = threading.Thread(target=run, args=(service, "seal", str(export(home, 1))))
        under_way.start()
        out = home / "kept.wgb"
        done = run(service, "backup", str(out))
        under_way.join()
        assert done.returncode == 0, done.stderr
        yield service, out, cluster
    finally:
        if service is not None:
            service.stop()
        if cluster:
            cluster.stop()


def other(home: Path, cluster: Cluster | None, name: str) -> Running:
    home.mkdir(parents=True, exist_ok=True)
    return Running(home, database_url=cluster.url(name) if cluster else "")


def test_a_backup_made_under_load_opens_and_prints_elsewhere(
    kept: tuple[Running, Path, Cluster | None], tmp_path: Path
) -> None:
    service, archive, cluster = kept
    place = other(tmp_path / "elsewhere", cluster, "two")
    done = run(place, "restore", str(archive), "--passphrase-file", str(passphrase_of(service)))
    assert done.returncode == 0, done.stderr
    assert "restored the backup" in done.stderr
    shutil.copytree(service.home / "config" / "waybillguard" / "tokens", tmp_path / "tokens")
    tokens = place.home / "config" / "waybillguard" / "tokens"
    tokens.mkdir(parents=True)
    from waybillguard.service.platform.config import Config

    # The restored database accepts the CLI token that made the backup.
    shutil.copy(next((tmp_path / "tokens").iterdir()), tokens / f"{Config(place.data).fingerprint}.json")
    try:
        place.start()
        labels = tmp_path / "labels.pdf"
        chosen = [
            f"--order=WG1124000{number:03}" for number in (0, 120, 239)
        ]  # only some of 237, because each label has to be drawn
        printed = run(place, "label", "print", *chosen, "--carrier", "simulator", "--out", str(labels))
        assert printed.returncode == 0, printed.stderr
        assert labels.stat().st_size > 10_000
        audit = run(place, "seal", str(export(tmp_path, 0)), "--json", "-")
        assert json.loads(audit.stdout)["known"] == json.loads(audit.stdout)["rows"] - 3, "the rows are there"
    finally:
        place.stop()


@no_matter_which_database
def test_a_backup_shows_nothing_and_is_never_overwritten(kept: tuple[Running, Path, Cluster | None]) -> None:
    service, archive, _ = kept
    content = archive.read_bytes()
    assert archive.stat().st_mode & 0o777 == 0o600
    for word in ("owner", "vault_order", "浙江", "义乌", "SQLite format"):
        assert word.encode() not in content
    again = run(service, "backup", str(archive))
    assert again.returncode == 2
    assert archive.read_bytes() == content


@no_matter_which_database
def test_a_running_service_is_never_restored_over(kept: tuple[Running, Path, Cluster | None]) -> None:
    service, archive, _ = kept
    done = run(service, "restore", str(archive), "--force")
    assert done.returncode == 2
    assert "Stop it first" in done.stderr


def is_refused(kept: tuple[Running, Path, Cluster | None], raw: bytes, folder: Path, name: str) -> None:
    """The file is refused with a message, and no partial output is left."""
    service, _, cluster = kept
    broken = folder / "broken.wgb"
    broken.write_bytes(raw)
    place = other(folder / "elsewhere", cluster, name)
    done = run(place, "restore", str(broken), "--passphrase-file", str(passphrase_of(service)))
    assert done.returncode == 2, done.stderr
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr)
    assert not place.data.exists()
    assert [path.name for path in place.home.iterdir() if "restoring" in path.name] == []


@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    kept: tuple[Running, Path, Cluster | None], tmp_path: Path, how: str
) -> None:
    raw = bytearray(kept[1].read_bytes())
    if how == "cut":
        del raw[-70_000:]
    else:
        raw[len(raw) // 2] ^= 1
    is_refused(kept, raw, tmp_path, how)


@no_matter_which_database
@pytest.mark.parametrize("how", ["a changed head", "a newer version", "not one"])
def test_what_is_no_backup_of_this_version_is_refused_and_leaves_nothing(
    kept: tuple[Running, Path, Cluster | None], tmp_path: Path, how: str
) -> None:
    raw = bytearray(kept[1].read_bytes())
    if how == "a changed head":
        raw = raw.replace(b'"made_at":"2', b'"made_at":"1', 1)
    elif how == "a newer version":
        raw[4] = 9
    else:
        raw = bytearray(b"PK\x03\x04 something else")
    is_refused(kept, raw, tmp_path, "never")


@no_matter_which_database
def test_the_wrong_passphrase_restores_nothing(
    kept: tuple[Running, Path, Cluster | None], tmp_path: Path
) -> None:
    _, archive, cluster = kept
    wrong = tmp_path / "wrong"
    wrong.write_text("some other passphrase\n")
    place = other(tmp_path / "elsewhere", cluster, "wrong")
    done = run(place, "restore", str(archive), "--passphrase-file", str(wrong))
    assert done.returncode == 2
    assert "wrong passphrase" in done.stderr
    assert not place.data.exists()


@no_matter_which_database
def test_a_full_disk_leaves_no_half_backup(kept: tuple[Running, Path, Cluster | None]) -> None:
    service, _, _ = kept
    if not Path("/dev/full").exists():
        missing("/dev/full", "run on Linux")
    out = service.home / "full.wgb"
    part = service.home / ".full.wgb.part"
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 64; exec "$@"', "-", *_command(service, "backup", str(out))],
        env=service.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert not out.exists()
    assert not part.exists()


def _command(service: Running, *arguments: str) -> list[str]:
    import sys

    return [sys.executable, "-m", "waybillguard", *arguments, "--data", str(service.data)]


def test_a_folder_in_use_is_replaced_only_when_told_and_its_newer_ledger_stays(tmp_path: Path) -> None:
    service, owner = started(tmp_path)
    archive = tmp_path / "early.wgb"
    try:
        assert run(service, "seal", str(export(tmp_path, 0))).returncode in {0, 1}
        assert run(service, "backup", str(archive)).returncode == 0
        assert run(service, "seal", str(export(tmp_path, 1))).returncode in {0, 1}
    finally:
        service.stop()
    refused = run(service, "restore", str(archive))
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    done = run(service, "restore", str(archive), "--force")
    assert done.returncode == 0, done.stderr
    assert "newer than the backup and was kept" in done.stderr
    assert [path for path in tmp_path.iterdir() if path.name.startswith("data.before-")]
    try:
        service.start()
        assert owner.login(service).returncode == 0
        sealed = json.loads(run(service, "seal", str(export(tmp_path, 1)), "--json", "-").stdout)
        assert sealed["known"] == 0, "what came after the backup is gone from the database"
    finally:
        service.stop()


@pytest.mark.postgresql
def test_the_database_moves_to_postgresql_and_the_old_one_stays(tmp_path: Path) -> None:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    service, owner = started(tmp_path)
    try:
        assert run(service, "seal", str(export(tmp_path, 0))).returncode in {0, 1}
        url = cluster.url("moved")
        busy = run(service, "db", "move", url)
        assert busy.returncode == 2, "a running service is not moved"
        service.stop()
        before = (service.data / "database" / "waybillguard.sqlite3").read_bytes()
        done = run(service, "db", "move", url)
        assert done.returncode == 0, done.stderr
        assert (service.data / "database" / "waybillguard.sqlite3").read_bytes() == before
        twice = run(service, "db", "move", url)
        assert twice.returncode == 2
        assert "holds data already" in twice.stderr
        nowhere = run(service, "db", "move", url.replace("/moved", "/nowhere"))
        assert nowhere.returncode == 2
        assert "refused" in nowhere.stderr
        service.database_url = url
        service.start()
        assert owner.login(service).returncode == 0
        again = json.loads(run(service, "seal", str(export(tmp_path, 0)), "--json", "-").stdout)
        assert again["known"] == again["rows"] - 3
        assert run(service, "seal", str(export(tmp_path, 1))).returncode in {0, 1}, "new rows get new numbers"
    finally:
        service.stop()
        cluster.stop()
