"""The live scan: Linux as it is and below another root, Windows from recorded outputs."""

import subprocess
import sys
from pathlib import Path

from sensor.recorded import Recorded

from waybillguard.sensor.live import gathered
from waybillguard.sensor.live.linux import LinuxMachine
from waybillguard.sensor.live.scan import scan
from waybillguard.sensor.live.windows import WindowsMachine


def _windows(machine: Recorded) -> tuple:
    return gathered(WindowsMachine(run=machine.run, registry=machine.registry, files=False))


def test_an_ordinary_windows_pc_has_no_finding_of_weight() -> None:
    found, _ = scan(_windows(Recorded()))
    assert [each for each in found.examination.findings if each.severity != "low"] == []


def test_the_owner_of_a_port_is_the_process_with_that_number() -> None:
    seen = _windows(Recorded()).seen
    (listener,) = [each for each in seen if each.kind == "listener"]
    (owner,) = [each for each in seen if each.session == listener.session and each.kind == "program_run"]
    assert owner.name == "cnprintclient.exe"


def test_a_command_that_fails_is_a_loss_and_the_rest_is_read() -> None:
    machine = Recorded()

    def run(command: list[str]) -> bytes:
        if command[0] == "netstat":
            raise OSError("closed")
        return machine.run(command)

    looked = gathered(WindowsMachine(run=run, registry=machine.registry, files=False))
    assert any(loss.file == "ports" for loss in looked.losses)
    assert any(each.kind == "program_run" for each in looked.seen)


def test_this_machine_is_scanned_by_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "waybillguard", "sensor", "scan", "--json", str(tmp_path / "scan.json")],
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 1}
    text = (tmp_path / "scan.json").read_text("utf-8")
    assert all(
        f'"{key}"' in text
        for key in ("machine", "findings", "sessions", "installs", "reach", "losses", "read")
    )


def test_a_linux_root_without_anything_has_no_finding(tmp_path: Path) -> None:
    (tmp_path / "home/dadan/Desktop").mkdir(parents=True)
    found, _ = scan(gathered(LinuxMachine(tmp_path, processes=False)))
    assert found.examination.findings == ()


def test_a_link_out_of_a_home_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/rustdesk").write_bytes(b"\x7fELF")
    home = tmp_path / "root/home/dadan"
    home.mkdir(parents=True)
    (home / "Downloads").symlink_to(tmp_path / "outside")
    found, _ = scan(gathered(LinuxMachine(tmp_path / "root", processes=False)))
    assert found.examination.findings == ()
