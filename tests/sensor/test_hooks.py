"""Hooks between user and system, on ordinary and on compromised PCs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from waybillguard.sensor.case import Case
from waybillguard.sensor.evidence.commands import read_hosts
from waybillguard.sensor.evidence.interest import is_of_interest
from waybillguard.sensor.evidence.registry_keys import registry_key
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import system_parts
from waybillguard.sensor.rules import judge

HKLM = "HKEY_LOCAL_MACHINE"
KEYBOARD = rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Class\{{4d36e96b-e325-11ce-bfc1-08002be10318}}"
HOSTS = "127.0.0.1 localhost\n0.0.0.0 www.cainiao.com\n192.0.2.9 cloudprint.cainiao.com # label\n192.168.1.9 erp.lan\n"


def told(seen: list[Observation]) -> set[str]:
    kept = [each for each in seen if is_of_interest(each)]
    return {f"{each.kind}:{each.severity}" for each in judge(Case(kept))}


def key(path: str, **values: str | int) -> list[Observation]:
    return list(
        registry_key(path, {name.replace("_", " "): value for name, value in values.items()}, "x.reg", path)
    )


def program(path: str, command: str = "", kind: str = "program_run") -> Observation:
    name = path.rpartition("\\")[2]
    return Observation(
        kind=kind, file="a.json", record=path, name=name, path=path, command=command, session="pid9"
    )  # type: ignore[arg-type]


def usual() -> Iterator[tuple[str, str]]:
    for place, names in system_parts().hooks.items():
        for name in names:
            yield place, name.replace("*", "1")


@pytest.mark.parametrize(("place", "name"), list(usual()))
def test_what_windows_and_makers_bring_is_not_told(place: str, name: str) -> None:
    assert told([Observation(kind="hook", file="x.reg", record="1", name=place, path=name)]) == set()


@pytest.mark.parametrize(
    "place", ["keyboard_filter", "printer_filter", "print_provider", "every_program", "lsa_package"]
)
def test_an_unknown_hook_is_told(place: str) -> None:
    seen = Observation(kind="hook", file="x.reg", record="1", name=place, path="c:\\programdata\\q\\q.dll")
    assert told([seen]) == {"system_hook:medium"}


def test_a_known_name_outside_the_system_is_an_unknown_hook() -> None:
    seen = Observation(
        kind="hook", file="x.reg", record="1", name="every_program", path="c:\\users\\x\\nvinit.dll"
    )
    assert told([seen]) == {"system_hook:medium"}


def test_a_filter_list_is_read_name_by_name() -> None:
    names = [each.path for each in key(KEYBOARD, UpperFilters="tapx\0kbdclass")]
    assert names == ["tapx", "kbdclass"]


def test_a_library_list_that_windows_does_not_load_is_not_read() -> None:
    path = rf"{HKLM}\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Windows"
    assert key(path, AppInit_DLLs="a.dll", LoadAppInit_DLLs=0) == []


@pytest.mark.parametrize("name", sorted(system_parts().programs))
def test_a_borrowed_name_of_windows_is_told_and_the_true_program_is_not(name: str) -> None:
    home = "c:\\windows\\" if name == "explorer.exe" else "c:\\windows\\system32\\"
    assert told([program(f"c:\\programdata\\{name}")]) == {"borrowed_name:medium"}
    assert told([program(home + name)]) == set()


def test_two_witnesses_of_a_borrowed_name_are_grave() -> None:
    run = program("c:\\programdata\\svchost.exe")
    start = msgspec.structs.replace(run, kind="autorun", record="Run")
    assert "borrowed_name:high" in told([run, start])


def test_emptying_the_queue_is_no_reading_of_it() -> None:
    shell = "c:\\windows\\system32\\cmd.exe"
    empties = program(shell, "cmd /c del /q c:\\windows\\system32\\spool\\printers\\*.*", "task")
    copies = program("c:\\q\\q.exe", "q.exe copy c:\\windows\\system32\\spool\\printers x:", "task")
    assert told([empties]) == set()
    assert told([copies]) == {"print_store_access:medium"}


def test_the_hosts_file_is_told_where_it_leads_a_label_domain_elsewhere_and_not_where_it_blocks() -> None:
    rows = list(read_hosts(enumerate(HOSTS.splitlines(), start=1), "hosts"))
    (finding,) = judge(Case(rows))
    assert (finding.kind, finding.source) == ("hosts_entry", "192.0.2.9")
    assert "www.cainiao.com" not in finding.detail_zh


def test_a_hidden_window_alone_is_how_makers_run_their_scripts() -> None:
    shell = "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe"
    script = '"c:\\program files\\maker\\t.ps1"'
    assert told([program(shell, f"powershell.exe -windowstyle hidden -file {script}", "task")]) == set()
    unchecked = f"powershell.exe -w hidden -ep bypass -file {script}"
    assert told([program(shell, unchecked, "task")]) == {"odd_task:medium"}


def test_an_extension_of_a_store_is_not_told_and_one_from_elsewhere_is() -> None:
    path = rf"{HKLM}\SOFTWARE\Policies\Google\Chrome\ExtensionInstallForcelist"
    store = registry_key(path, {"1": "abc;https://clients2.google.com/service/update2/crx"}, "x.reg", "1")
    other = registry_key(path, {"1": "abc;http://192.0.2.9/u.xml"}, "x.reg", "1")
    assert told(list(store)) == set()
    assert told(list(other)) == {"browser_read:medium"}


@pytest.mark.parametrize(("hour", "kinds"), [(18, {"odd_service"}), (4, set())])
def test_a_service_around_a_usb_disk_is_told_outside_the_shift_alone(hour: int, kinds: set[str]) -> None:
    when = datetime(2026, 3, 9, hour, 11, tzinfo=UTC)  # 02:11 or 12:11 in China
    disk = Observation(kind="usb_storage", file="setupapi.dev.log", record="line 1", time=when, name="disk")
    service = Observation(
        kind="service_installed", file="System.evtx", record="9", time=when + timedelta(minutes=2),
        name="lblsync", path="e:\\tools\\lblsync.exe",
    )  # fmt: skip
    found = judge(Case([disk, service]))
    assert {each.kind for each in found} & {"odd_service"} == kinds
