"""Backup, restore and move, on the real service and both databases."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import OWNER, Cluster, binaries
from support.running import Person, Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


def run(service: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    return service.cli(*arguments, "--data", str(service.data))


def export(folder: Path, number: int) -> Path:
    made = demo_exports(5, datetime(2026, 11, 24, 12, 0, 0))[number]  # noqa: DTZ001 - local time of a shop
    path = folder / made.name
    path.write_bytes(made.content)
    return path


def passphrase_of(service: Running) -> Path:
    return next((service.home / "config" / "waybillguard" / "unlock").iterdir())


class Kept(NamedTuple):
    """A service, a backup of it, and the CLI's token at that time."""

    service: Running
    archive: Path
    cluster: Cluster | None
    owner: Person
    token: Path


DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
in_the_embedded_database = pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
no_matter_which_database = in_the_embedded_database
"""Tests refused or finished before a table is read or written."""


@pytest.fixture(scope="module", params=DATABASES)
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Kept]:
    """A service with sealed orders, backed up while an import was writing."""
    home = tmp_path_factory.mktemp(f"backup-{request.param}")
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    service = Running(home)
    try:
        owner = first_start.service(service, cluster)
        done = run(service, "seal", str(export(home, 0)))
        assert done.returncode in {0, 1}, done.stderr
        under_way = threading.Thread(target=run, args=(service, "seal", str(export(home, 1))))
        under_way.start()
        out = home / "kept.wgb"
        done = run(service, "backup", str(out))
        under_way.join()
        assert done.returncode == 0, done.stderr
        token = home / "token.json"
        shutil.copy(next((home / "config" / "waybillguard" / "tokens").iterdir()), token)
        yield Kept(service, out, cluster, owner, token)
    finally:
        service.stop()
        if cluster:
            cluster.stop()


def other(home: Path, cluster: Cluster | None, name: str) -> Running:
    home.mkdir(parents=True, exist_ok=True)
    return Running(home, database_url=cluster.url(name) if cluster else "")


def test_a_backup_made_under_load_opens_and_prints_elsewhere(kept: Kept, tmp_path: Path) -> None:
    service, archive, cluster, _, token = kept
    place = other(tmp_path / "elsewhere", cluster, "two")
    done = run(place, "restore", str(archive), "--passphrase-file", str(passphrase_of(service)))
    assert done.returncode == 0, done.stderr
    assert "restored the backup" in done.stderr
    tokens = place.home / "config" / "waybillguard" / "tokens"
    tokens.mkdir(parents=True)
    from waybillguard.service.platform.config import Config

    # The restored database accepts the CLI token that made the backup.
    shutil.copy(token, tokens / f"{Config(place.data).fingerprint}.json")
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
def test_a_backup_shows_nothing_and_is_never_overwritten(kept: Kept) -> None:
    service, archive, *_ = kept
    content = archive.read_bytes()
    assert archive.stat().st_mode & 0o777 == 0o600
    for word in ("owner", "vault_order", "浙江", "义乌", "SQLite format"):
        assert word.encode() not in content
    again = run(service, "backup", str(archive))
    assert again.returncode == 2
    assert archive.read_bytes() == content


@no_matter_which_database
def test_a_running_service_is_never_restored_over(kept: Kept) -> None:
    service, archive, *_ = kept
    done = run(service, "restore", str(archive), "--force")
    assert done.returncode == 2
    assert "Stop it first" in done.stderr


def is_refused(kept: Kept, raw: bytes, folder: Path, name: str) -> None:
    """The file is refused with a message, and no partial output is left."""
    service, _, cluster, *_ = kept
    broken = folder / "broken.wgb"
    broken.write_bytes(raw)
    place = other(folder / "elsewhere", cluster, name)
    done = run(place, "restore", str(broken), "--passphrase-file", str(passphrase_of(service)))
    assert done.returncode == 2, done.stderr
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr)
    assert not place.data.exists()
    if cluster:
        import psycopg

        administrator = place.database_url.replace(f"{OWNER}@", "postgres@")  # superusers bypass row security
        with psycopg.connect(administrator) as connection:
            assert connection.execute("SELECT count(*) FROM identity_user").fetchone() == (0,)
    assert [path.name for path in place.home.iterdir() if "restoring" in path.name] == []


def test_a_backup_that_was_cut_is_refused_and_leaves_nothing(kept: Kept, tmp_path: Path) -> None:
    is_refused(kept, kept.archive.read_bytes()[:-70_000], tmp_path, "cut")


@in_the_embedded_database
def test_a_backup_with_a_flipped_bit_is_refused_and_leaves_nothing(kept: Kept, tmp_path: Path) -> None:
    raw = bytearray(kept.archive.read_bytes())
    raw[len(raw) // 2] ^= 1
    is_refused(kept, raw, tmp_path, "flipped")


@no_matter_which_database
def test_a_backup_with_a_changed_head_is_refused_and_leaves_nothing(kept: Kept, tmp_path: Path) -> None:
    raw = kept.archive.read_bytes()
    is_refused(kept, raw.replace(b'"made_at":"2', b'"made_at":"1', 1), tmp_path, "never")


@no_matter_which_database
def test_the_wrong_passphrase_restores_nothing(kept: Kept, tmp_path: Path) -> None:
    _, archive, cluster, *_ = kept
    wrong = tmp_path / "wrong"
    wrong.write_text("some other passphrase\n")
    place = other(tmp_path / "elsewhere", cluster, "wrong")
    done = run(place, "restore", str(archive), "--passphrase-file", str(wrong))
    assert done.returncode == 2
    assert "wrong passphrase" in done.stderr
    assert not place.data.exists()


@no_matter_which_database
def test_a_full_disk_leaves_no_half_backup(kept: Kept) -> None:
    service = kept.service
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


@in_the_embedded_database
def test_a_folder_in_use_is_replaced_only_when_told_and_its_newer_ledger_stays(kept: Kept) -> None:
    service, archive, _, owner, _ = kept
    assert run(service, "seal", str(export(service.home, 3))).returncode in {0, 1}
    service.stop()
    refused = run(service, "restore", str(archive))
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    done = run(service, "restore", str(archive), "--force")
    assert done.returncode == 0, done.stderr
    assert "newer than the backup and was kept" in done.stderr
    assert [path for path in service.home.iterdir() if path.name.startswith("data.before-")]
    service.start()
    assert owner.login(service).returncode == 0
    sealed = json.loads(run(service, "seal", str(export(service.home, 3)), "--json", "-").stdout)
    assert sealed["known"] == 0, "what came after the backup is gone from the database"


@pytest.mark.postgresql
@in_the_embedded_database
def test_the_database_moves_to_postgresql_and_the_old_one_stays(kept: Kept, tmp_path: Path) -> None:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    place = other(tmp_path / "moved", None, "")
    try:
        passphrase = str(passphrase_of(kept.service))
        assert run(place, "restore", str(kept.archive), "--passphrase-file", passphrase).returncode == 0
        url = cluster.url("moved")
        busy = run(kept.service, "db", "move", url)
        assert busy.returncode == 2, "a running service is not moved"
        before = (place.data / "database" / "waybillguard.sqlite3").read_bytes()
        done = run(place, "db", "move", url)
        assert done.returncode == 0, done.stderr
        assert (place.data / "database" / "waybillguard.sqlite3").read_bytes() == before
        twice = run(place, "db", "move", url)
        assert twice.returncode == 2
        assert "holds data already" in twice.stderr
        nowhere = run(place, "db", "move", url.replace("/moved", "/nowhere"))
        assert nowhere.returncode == 2
        assert "refused" in nowhere.stderr
        place.database_url = url
        place.start()
        assert kept.owner.login(place).returncode == 0
        again = json.loads(run(place, "seal", str(export(tmp_path, 0)), "--json", "-").stdout)
        assert again["known"] == again["rows"] - 3
        assert run(place, "seal", str(export(tmp_path, 3))).returncode in {0, 1}, "new rows get new numbers"
    finally:
        place.stop()
        cluster.stop()
