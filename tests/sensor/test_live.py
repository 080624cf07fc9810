"""The live scan: Linux on this machine and below another root, Windows from recorded output."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
from sensor.recorded import Recorded

from waybillguard.agent.protocol_sensor import LARGEST_SCAN
from waybillguard.sensor import Observation
from waybillguard.sensor.live import Machine, gathered
from waybillguard.sensor.live.linux import LinuxMachine
from waybillguard.sensor.live.scan import scan
from waybillguard.sensor.live.windows import WindowsMachine, _systems_own


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


def _machine(parts: Callable[[], Iterator[Observation]]) -> Machine:
    return gathered(
        SimpleNamespace(
            system="linux", losses=[], parts=lambda: [parts], name=lambda: "PC", offset=lambda: 480
        )
    )


def test_a_program_in_a_folder_whose_name_is_no_text_does_not_keep_the_scan_from_being_sent() -> None:
    def programs() -> Iterator[Observation]:
        yield Observation(
            kind="program_run", file="process list", record="pid 7", name="todesk", path="/tmp/\udcff/todesk", command="todesk \udcff"
        )  # fmt: skip

    found, _ = scan(_machine(programs))
    assert [each.tool for each in found.examination.findings] == ["ToDesk"]
    assert msgspec.json.encode(found)


def test_a_part_that_a_thief_makes_fail_is_a_loss_and_what_it_saw_stands() -> None:
    def programs() -> Iterator[Observation]:
        yield Observation(kind="program_run", file="f", record="1", name="todesk", path="/opt/todesk/todesk")
        raise OverflowError

    found, _ = scan(_machine(programs))
    assert [each.tool for each in found.examination.findings] == ["ToDesk"]
    assert [each.reason for each in found.examination.losses] == ["could not be read: OverflowError"]


def test_who_floods_a_pc_does_not_make_its_scan_too_large_to_be_taken() -> None:
    def starts() -> Iterator[Observation]:
        yield Observation(kind="program_run", file="f", record="1", name="todesk", path="/opt/todesk/todesk")
        for number in range(3_000):
            path = f"c:\\windows\\temp\\{number}.exe"
            yield Observation(
                kind="task",
                file="f",
                record=f"{number}",
                name=f"{number}" + "x" * 900,
                path=path,
                command=path,
            )
            yield Observation(
                kind="program_run", file="f", record=f"p{number}", name=f"{number}.exe", path=path,
                command=f"{path} --push https://203.0.113.{number % 250}/{number} " + "y" * 900,
            )  # fmt: skip

    found, _ = scan(_machine(starts))
    assert len(msgspec.json.encode(found)) < LARGEST_SCAN
    assert 0 < len(found.examination.findings) <= 500
    ranks = ["critical", "high", "medium", "low"]
    assert [each.severity for each in found.examination.findings] == sorted(
        (each.severity for each in found.examination.findings), key=ranks.index
    )


def test_windows_own_commands_are_called_by_their_whole_path() -> None:
    assert _systems_own("netstat", r"C:\Windows\system32") == r"C:\Windows\system32\netstat.exe"


def test_a_unit_is_read_whatever_its_time_and_however_it_is_padded(tmp_path: Path) -> None:
    folder = tmp_path / "home/u/.config/systemd/user"
    folder.mkdir(parents=True)
    unit = "[Service]\nExecStart=/home/u/.cache/rustdesk --server\n"
    for name in ("a", "b"):
        (folder / f"{name}.service").write_text(unit)
    os.utime(folder / "a.service", (300_000_000_000, 300_000_000_000))
    (folder / "b.service").write_text("# filler\n" * 600_000 + unit)
    looked = gathered(LinuxMachine(tmp_path, processes=False))
    assert sorted(each.name for each in looked.seen if each.kind == "service") == ["a", "b"]
    assert looked.losses == []


def test_the_newest_lines_of_a_flooded_log_are_read_and_the_gap_is_said(tmp_path: Path) -> None:
    log = tmp_path / "var/log/auth.log"
    log.parent.mkdir(parents=True)
    came = "2026-03-10T02:14:33+08:00 h sshd[{0}]: Accepted password for u from 203.0.113.9 port 4 ssh2\n"
    filler = "2026-03-10T02:14:33+08:00 h logger: nothing\n" * 300_000
    log.write_text(came.format(1) + filler + came.format(2))
    looked = gathered(LinuxMachine(tmp_path, processes=False))
    assert [each.record for each in looked.seen if each.kind == "session_start"] == ["line 1", "line 300002"]
    assert [each.file for each in looked.losses] == ["var/log/auth.log"]


def test_a_log_without_an_end_of_line_is_read_in_pieces(tmp_path: Path) -> None:
    log = tmp_path / "var/log/auth.log"
    log.parent.mkdir(parents=True)
    with log.open("wb") as stream:
        stream.truncate(512 << 20)
    tracemalloc.start()
    gathered(LinuxMachine(tmp_path, processes=False))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 << 20
