"""No receipt, no plaintext, with real processes: the ledger is killed, filled and slowed, and nothing opens."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.keyd import HERE, PHONE, Keyd, until
from support.missing import missing

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydError, KeydUnavailableError
from waybillguard.service.keyd.keeper import REOPEN_S

pytestmark = pytest.mark.timeout(120)

_SLOW = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
int fdatasync(int fd) {
    const char *mark = getenv("SLOW_WHILE");
    for (int i = 0; mark && access(mark, F_OK) == 0 && i < 600; i++) usleep(100000);
    return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
"""


@pytest.fixture
def small(keyd: Keyd) -> Iterator[Keyd]:
    """A key process whose ledger lies on a disk of 512 KiB."""
    if os.geteuid() != 0:
        missing("the right to mount a small disk", "run as root")
    keyd.record()
    keyd.stop()
    folder = keyd.config.ledger_dir
    folder.rename(folder.with_name("moved"))
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], check=False)
    if done.returncode:
        missing("a small disk", "allow mounting a tmpfs")
    try:
        yield keyd.start()
    finally:
        keyd.stop()
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_opens_nothing_says_so_and_goes_on_after_it(small: Keyd) -> None:
    small.record(3)
    small.seal()
    assert small.look().phone == PHONE
    ballast = small.config.ledger_dir / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(4096))
                file.flush()
        except OSError:
            pass
    until(lambda: all(small.refusals().values()))
    for error in small.refusals().values():
        assert error is not None
        assert "台账" in error.zh
        assert "ledger" in error.en
    for _ in range(4):  # repeated while there is still no room
        time.sleep(REOPEN_S)
        assert all(small.refusals().values())
    ballast.unlink()
    until(lambda: small.refusals()["references"] is None)
    assert small.refusals()["tokens"] is None
    assert small.look().phone == PHONE


def test_a_killed_key_process_opens_nothing_and_loses_nothing(keyd: Keyd) -> None:
    done = keyd.record(5)
    keyd.seal()
    shown = keyd.look()
    assert (shown.phone, shown.index > done.index) == (PHONE, True)
    keyd.kill()
    client = keyd.client(patience=0.3)
    with pytest.raises(KeydUnavailableError, match="nothing was opened"):
        client.call(messages.Record(HERE, "import", {}), messages.Recorded)
    client.close()
    keyd.start()
    assert keyd.record().index > shown.index
    assert keyd.refusals()["references"] is None


def test_a_disk_that_does_not_answer_opens_nothing(keyd: Keyd, tmp_path: Path) -> None:
    keyd.stop()
    source, shim, mark = tmp_path / "slow.c", tmp_path / "slow.so", tmp_path / "slow"
    source.write_text(_SLOW)
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shim), str(source), "-ldl"], check=True)
    except (OSError, subprocess.CalledProcessError):
        missing("a C compiler", "install the packages gcc and libc6-dev")
    keyd.environment = {"LD_PRELOAD": str(shim), "SLOW_WHILE": str(mark)}
    keyd.start()
    keyd.record(2)
    keyd.seal()
    assert keyd.look().phone == PHONE
    mark.touch()
    began = time.monotonic()
    with pytest.raises(KeydError) as refused:
        keyd.look()
    assert time.monotonic() - began < 60
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.value.zh)
    mark.unlink()
    until(lambda: keyd.refusals()["references"] is None)
    assert keyd.look().phone == PHONE


def test_a_required_mirror_that_is_away_opens_nothing_until_it_is_back(keyd: Keyd, tmp_path: Path) -> None:
    keyd.record()
    keyd.seal()
    keyd.stop()
    disk = tmp_path / "second disk"
    disk.mkdir()
    keyd.config.mirror_file.write_text(f"{disk}\nrequired\n")
    keyd.start()
    assert keyd.look().phone == PHONE
    shard = keyd.state().shards[0]
    assert shard.mirrored == shard.size > 0
    keyd.stop()
    disk.rename(tmp_path / "pulled out")
    keyd.start()
    until(lambda: all(keyd.refusals().values()))
    with pytest.raises(KeydError, match="mirror"):
        keyd.look()
    (tmp_path / "pulled out").rename(disk)
    until(lambda: keyd.refusals()["references"] is None)
    assert keyd.look().phone == PHONE
