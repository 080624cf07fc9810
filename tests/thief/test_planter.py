"""The thief who was in the print room at dawn: what he plants on the print PC is named by the scan."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sensor.recorded import PRINT, RUN, SERVICES, Recorded, service_event

from waybillguard.sensor import Examination
from waybillguard.sensor.live import gathered
from waybillguard.sensor.live.linux import LinuxMachine
from waybillguard.sensor.live.scan import scan
from waybillguard.sensor.live.windows import WindowsMachine

DAWN = "2026-05-03T20:41:07.1234567Z"  # 04:41 in China


def _windows(machine: Recorded) -> Examination:
    found, _ = scan(gathered(WindowsMachine(run=machine.run, registry=machine.registry, files=False)))
    return found.examination


def _linux(root: Path, *, processes: bool = False) -> Examination:
    found, _ = scan(gathered(LinuxMachine(root, processes=processes)))
    return found.examination


def _kinds(found: Examination, word: str) -> list[str]:
    return [each.kind for each in found.findings if word in f"{each.tool} {each.detail_zh}".lower()]


def test_a_portable_tool_that_runs_is_named_on_windows() -> None:
    machine = Recorded()
    machine.programs.append(("ToDesk_Lite.exe", 6000))
    assert _kinds(_windows(machine), "todesk") == ["remote_tool"]


def test_a_service_installed_at_dawn_is_grave_on_windows() -> None:
    machine = Recorded()
    path = r"C:\Program Files\ToDesk\ToDesk.exe"
    machine.keys[rf"{SERVICES}\ToDesk_Service"] = {"ImagePath": f'"{path}" --runservice'}
    machine.events = service_event("ToDesk_Service", f'"{path}" --runservice', DAWN)
    (finding,) = [each for each in _windows(machine).findings if each.tool == "ToDesk"]
    assert finding.severity == "high"
    assert any(each.service == "ToDesk_Service" for each in _windows(machine).installs)


def test_a_renamed_service_in_a_hidden_place_is_named_on_windows() -> None:
    machine = Recorded()
    path = r"C:\ProgramData\printsvc.exe"
    machine.keys[rf"{SERVICES}\PrintHelperSvc"] = {"ImagePath": path}
    machine.events = service_event("PrintHelperSvc", path, DAWN)
    (finding,) = [each for each in _windows(machine).findings if each.tool == "PrintHelperSvc"]
    assert finding.severity == "high"


def test_a_print_monitor_is_named_on_windows() -> None:
    machine = Recorded()
    machine.keys[rf"{PRINT}\Monitors\Label Helper Port"] = {"Driver": r"C:\ProgramData\lblmon.dll"}
    machine.keys[RUN]["LabelHelper"] = r"C:\ProgramData\lblmon.exe"
    (finding,) = [each for each in _windows(machine).findings if each.kind == "print_monitor"]
    assert finding.tool == "Label Helper Port"
    assert finding.severity == "high"


def test_a_program_on_the_components_port_is_named_on_windows() -> None:
    machine = Recorded()
    machine.programs = [("spoolsv.exe", 1200), ("cnprint_agent.exe", 6000)]
    machine.ports = [("127.0.0.1", 13528, 6000)]
    (finding,) = [each for each in _windows(machine).findings if each.kind == "component_port"]
    assert finding.tool == "cnprint_agent.exe"


def test_a_portable_tool_in_a_download_folder_is_named_on_linux(tmp_path: Path) -> None:
    place = tmp_path / "home/dadan/Downloads"
    place.mkdir(parents=True)
    (place / "anydesk").write_bytes(b"\x7fELF" + b"\0" * 100)
    (place / "anydesk").chmod(0o755)
    assert _kinds(_linux(tmp_path), "anydesk") == ["remote_tool"]


def test_a_renamed_tool_is_named_by_what_it_holds_on_linux(tmp_path: Path) -> None:
    place = tmp_path / "home/dadan/.local/bin"
    place.mkdir(parents=True)
    (place / "printer-helper").write_bytes(
        b"\x7fELF" + b"\0" * 50 + b"https://api.rustdesk.com/" + b"\0" * 50
    )
    (place / "printer-helper").chmod(0o755)
    assert _kinds(_linux(tmp_path), "rustdesk") == ["renamed_tool"]


def test_a_service_is_named_on_linux(tmp_path: Path) -> None:
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    (units / "cups-helper.service").write_text("[Service]\nExecStart=/var/tmp/.x/cups-helper --daemon\n")
    (finding,) = _linux(tmp_path).findings
    assert finding.tool == "cups-helper"


def test_a_print_filter_is_named_on_linux(tmp_path: Path) -> None:
    info = tmp_path / "var/lib/dpkg/info"
    info.mkdir(parents=True)
    (info / "cups-daemon.list").write_text("/usr/lib/cups/backend/ipp\n")
    backends = tmp_path / "usr/lib/cups/backend"
    backends.mkdir(parents=True)
    for name in ("ipp", "ipp2"):
        (backends / name).write_text("#!/bin/sh\n")
    (finding,) = _linux(tmp_path).findings
    assert (finding.kind, finding.tool) == ("print_monitor", "ipp2")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A program that runs under the name of a remote tool, from a hidden folder."""
    place = tmp_path / ".cache-print/todesk"
    place.parent.mkdir()
    shutil.copyfile("/bin/sleep", place)
    place.chmod(0o755)
    process = subprocess.Popen([str(place), "300"])
    while Path(f"/proc/{process.pid}/exe").resolve() != place:
        time.sleep(0.01)
    yield place
    process.kill()
    process.wait()


def test_a_running_portable_tool_is_named_on_this_machine(running: Path) -> None:
    found = _linux(Path("/"), processes=True)
    (finding,) = [each for each in found.findings if each.tool == "ToDesk"]
    assert any(str(running) in fact.file or "pid" in fact.record for fact in finding.facts)
