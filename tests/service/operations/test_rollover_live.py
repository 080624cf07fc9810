"""``keys rollover`` on the real service and both databases: killed midway, resumed, old backups named."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.running import Running

from waybillguard.keys import keyfile, rollover
from waybillguard.keys.errors import UnwrapError, WrongPassphraseError
from waybillguard.keys.hierarchy import FileHolder
from waybillguard.service.operations.backup_archive import ArchiveReader
from waybillguard.service.platform.config import Config

pytestmark = [pytest.mark.slow, pytest.mark.timeout(290)]

HEADER = "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称,数量\n"
ROW = "V0001,青禾店,2026-11-20 10:00:00,测试甲,19900000001,浙江省,金华市,义乌市,机场路12号向阳花园3幢1203室,袜子,1\n"
ARCHIVE = b"spool/:backup"


class Place:
    """A running service with one sealed order, a backup of it, and its passphrase at that time."""

    def __init__(self, home: Path, first_start: FirstStart) -> None:
        self.service = Running(home)
        self.owner = first_start.service(self.service)
        self.export = home / "one.csv"
        self.export.write_text(HEADER + ROW, "utf-8-sig")
        assert self.run("seal", str(self.export)).returncode in {0, 1}
        self.early = home / "early.wgb"
        assert self.run("backup", str(self.early)).returncode == 0
        self.passphrase = next((home / "config" / "waybillguard" / "unlock").iterdir())
        self.old = home / "old.passphrase"
        self.old.write_bytes(self.passphrase.read_bytes())
        self.new = home / "new.passphrase"
        self.invent()

    @property
    def key_file(self) -> Path:
        return Config(self.service.data).key_file

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "waybillguard", *arguments, "--data", str(self.service.data)]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.service.cli(*arguments, "--data", str(self.service.data))

    def invent(self) -> None:
        """Store a wrong passphrase as the new one."""
        self.new.write_text(f"an invented passphrase {time.monotonic_ns()}\n")

    def be_rolled(self) -> None:
        """Ensure a root key newer than that of the early backup, in any order of tests."""
        if not rollover.earlier_ids(self.key_file):
            assert self.rollover().returncode == 0
        self.invent()

    def rollover(self) -> subprocess.CompletedProcess[str]:
        self.owner.login_again(self.service)
        return self.run("keys", "rollover", "--new-file", str(self.new))

    def works(self) -> None:
        """An import recognises its row, and a label is printed: day keys and indexes open."""
        assert "1" in self.run("seal", str(self.export), "--json", "-").stdout
        out = self.export.with_name(f"label-{time.monotonic_ns()}.pdf")
        done = self.run("label", "print", "--order", "V0001", "--carrier", "simulator", "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert out.stat().st_size > 5_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Place]:
    """Uses the embedded database; no statement of a rollover depends on the kind of database."""
    made = Place(tmp_path_factory.mktemp("rollover"), first_start)
    try:
        yield made
    finally:
        made.service.stop()


def test_a_wrong_passphrase_changes_nothing(place: Place) -> None:
    place.invent()
    before = place.key_file.read_bytes()
    wrong = place.run("keys", "rollover", "--old-file", str(place.new), "--new-file", str(place.new))
    assert wrong.returncode == 2
    same = place.run("keys", "rollover", "--new-file", str(place.passphrase))
    assert same.returncode == 2
    assert place.key_file.read_bytes() == before
    assert not rollover.staged_file(place.key_file).exists()


def test_killed_on_the_way_the_service_works_and_the_next_call_ends_it(place: Place) -> None:
    first = FileHolder(keyfile.unlock(place.key_file, place.passphrase.read_text().strip()))
    place.invent()
    command = place.command("keys", "rollover", "--new-file", str(place.new))
    place.owner.login_again(place.service)
    running = subprocess.Popen(command, env=place.service.environment, stderr=subprocess.DEVNULL)
    while running.poll() is None and not rollover.staged_file(place.key_file).exists():
        time.sleep(0.005)
    running.kill()
    running.wait()
    place.service.kill()
    place.service.start()
    place.works()
    place.owner.login_again(place.service)
    running = subprocess.Popen(command, env=place.service.environment, stderr=subprocess.DEVNULL)
    while running.poll() is None and not rollover.is_renewing(place.key_file):
        time.sleep(0.005)
    running.kill()
    running.wait()
    os.kill(place.service.pids()["keyd"], signal.SIGKILL)
    place.works()
    done = place.rollover()
    assert done.returncode == 0, (done.stderr, place.service.output[-2000:])
    assert not rollover.is_renewing(place.key_file)
    assert rollover.earlier_ids(place.key_file)[-1] == first.key_id
    place.works()
    assert place.run("ledger", "fsck").returncode == 0


def test_what_the_thief_holds_opens_the_old_backup_and_nothing_later(place: Place, tmp_path: Path) -> None:
    """A thief has the old backup and its passphrase, and steals the later backup too."""
    later = tmp_path / "later.wgb"
    place.be_rolled()
    place.owner.login_again(place.service)
    assert place.run("backup", str(later)).returncode == 0
    old, new = ArchiveReader(place.early).head, ArchiveReader(later).head
    stolen = tmp_path / "root.key"
    stolen.write_text(old.key_file, encoding="ascii")
    stolen.chmod(0o600)
    thief = FileHolder(keyfile.unlock(stolen, place.old.read_text().strip()))
    assert thief.unwrap(bytes.fromhex(old.wrapped), ARCHIVE), "data that was taken stays taken"
    with pytest.raises(UnwrapError):
        thief.unwrap(bytes.fromhex(new.wrapped), ARCHIVE)
    stolen.write_text(new.key_file, encoding="ascii")
    with pytest.raises(WrongPassphraseError):
        keyfile.unlock(stolen, place.old.read_text().strip())


def test_an_old_backup_says_what_opens_it_and_that_the_old_key_is_back(place: Place) -> None:
    place.be_rolled()
    head = ArchiveReader(place.early).head
    place.service.stop()
    refused = place.run("restore", str(place.early), "--force", "--passphrase-file", str(place.new))
    assert refused.returncode == 2
    assert head.key_id in refused.stderr
    assert head.made_at in refused.stderr
    done = place.run("restore", str(place.early), "--force", "--passphrase-file", str(place.old))
    assert done.returncode == 0, done.stderr
    assert "keys rollover again" in done.stderr
    assert "holds another passphrase" in done.stderr
    assert "was kept" in done.stderr, "the ledger goes on over a rollover"
    place.passphrase.write_bytes(place.old.read_bytes())
    place.service.start()
    place.owner.sign_in(place.service)
    place.works()
    place.invent()
    assert place.rollover().returncode == 0
