"""An agent whose keys are sealed to a TPM: enrols, prints, starts again, and is of no use on another machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.print_room import PrintRoom, own_shop, print_room, until
from support.tpm import SoftTpm

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def tpm() -> Iterator[SoftTpm]:
    with SoftTpm() as made:
        yield made


@pytest.fixture(scope="module")
def room(
    tpm: SoftTpm, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[PrintRoom]:
    with print_room(tmp_path_factory.mktemp("sealed-key"), first_start) as made:
        made.seal(own_shop())
        made.start("--server", made.service.url, "--key-store", "tpm", "--tpm", tpm.tcti, code=made.code())
        yield made


def test_an_agent_with_its_keys_in_the_tpm_prints_and_says_so(room: PrintRoom, tpm: SoftTpm) -> None:
    room.ask(3)
    room.simulator.wait_for(3, 60)
    assert {"device.tpm", "device.json"} <= {path.name for path in room.home.iterdir()}
    assert not (room.home / "device.key").exists()
    assert "sealed to this machine's TPM" in room.log.read_text("utf-8")
    assert "TPM" in room.browser.get("/devices/").text
    status = room.service.cli("agent", "status", "--home", str(room.home), "--tpm", tpm.tcti)
    assert status.returncode == 0, status.stderr
    assert "key\ttpm\n" in status.stdout
    assert "station\t打包台1\n" in status.stdout


def test_after_a_restart_the_tpm_gives_the_keys_back(room: PrintRoom, tpm: SoftTpm) -> None:
    room.kill()
    tpm.switch_off()
    tpm.switch_on()
    room.start("--tpm", tpm.tcti)
    before = len(room.simulator.labels)
    room.ask(2)
    until(lambda: len(room.simulator.labels) == before + 2, room.states)


def test_the_folder_on_another_machine_is_no_device(room: PrintRoom, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(room.home, copy, ignore=shutil.ignore_patterns("lock"))
    with SoftTpm() as other:
        for what in ("run", "status"):
            done = room.service.cli("agent", what, "--home", str(copy), "--tpm", other.tcti)
            assert done.returncode == 2
            assert "another machine" in done.stderr
            assert "登记码" in done.stderr
    without = room.service.cli("agent", "run", "--home", str(copy))
    assert without.returncode == 3, "a TPM may come yet, as at the start of a machine"
    assert "enrol this one with a fresh code" in without.stderr, "no TPM there at all"
