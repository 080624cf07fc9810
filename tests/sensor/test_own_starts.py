"""Autostarts from user-writable places with their second facts, and detours around the system's own parts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from sensor.prepared_reader import prepared_reader

from waybillguard.events.shared import Finding
from waybillguard.sensor import examine
from waybillguard.sensor.case import Case
from waybillguard.sensor.evidence.commands import read_sockets, read_tunnel
from waybillguard.sensor.evidence.exports import read_netstat
from waybillguard.sensor.evidence.hive.keys import value_of
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.paths import is_this_pc
from waybillguard.sensor.rules import judge
from waybillguard.sensor.rules.starts import MAX_ROWS, MAX_STARTS, talks_outside

REG = "Windows Registry Editor Version 5.00\r\n\r\n"
RUN = REG + '[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\r\n"q"="{}"\r\n'
OWN = RUN.format("C:\\\\Users\\\\a\\\\AppData\\\\Local\\\\Qsync\\\\q.exe")
TASKS = '"q.exe","77","Console","1","1 K"\n"r.exe","78","Console","1","1 K"\n'
SYSMON = "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>{}</EventID><TimeCreated SystemTime='2026-05-01T04:00:00Z'/></System><EventData>{}</EventData></Event>"


@pytest.fixture(scope="module", autouse=True)
def _reader_is_prepared() -> Iterator[None]:
    with prepared_reader():
        yield


def examined(folder: Path, files: dict[str, str]) -> list[Finding]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(examine([str(folder)])[0].findings)


def told(folder: Path, files: dict[str, str]) -> set[tuple[str, str]]:
    return {(each.kind, each.severity) for each in examined(folder, files)}


def data(**fields: str) -> str:
    return "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in fields.items())


def test_a_start_from_a_persons_folder_alone_is_low(tmp_path: Path) -> None:
    assert told(tmp_path, {"run.reg": OWN}) == {("own_start", "low")}


@pytest.mark.parametrize("maker", ["Kingsoft\\\\wps", "Microsoft\\\\OneDrive", "Programs\\\\erp"])
def test_a_known_makers_folder_is_usual(tmp_path: Path, maker: str) -> None:
    path = f"C:\\\\Users\\\\a\\\\AppData\\\\Local\\\\{maker}\\\\q.exe"
    assert told(tmp_path, {"run.reg": RUN.format(path)}) == set()


@pytest.mark.parametrize(
    "second",
    [
        {"netstat.txt": "  TCP    192.168.1.2:5000    192.0.2.9:8080    ESTABLISHED    77\n"},
        {"netstat.txt": "  TCP    0.0.0.0:35917    0.0.0.0:0    LISTENING    77\n"},
        {
            "fw.reg": REG
            + "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\CLSID\\{11111111-2222-3333-4444-555555555555}\\InprocServer32]\r\n"
            + '@="C:\\\\Users\\\\a\\\\AppData\\\\Local\\\\Qsync\\\\q.dll"\r\n'
        },
    ],
    ids=["talks outside", "listens", "its library is loaded for everybody"],
)
def test_a_second_rare_fact_makes_it_medium(tmp_path: Path, second: dict[str, str]) -> None:
    assert ("own_start", "medium") in told(tmp_path, {"run.reg": OWN, "tasklist.csv": TASKS, **second})


def test_a_data_folder_counts_with_a_second_fact_alone(tmp_path: Path) -> None:
    files = {"run.reg": RUN.format("C:\\\\ProgramData\\\\Qsync\\\\q.exe"), "tasklist.csv": TASKS}
    assert told(tmp_path / "one", files) == set()
    net = {"netstat.txt": "  TCP    192.168.1.2:5000    192.0.2.9:1883    ESTABLISHED    77\n"}
    assert told(tmp_path / "two", files | net) == {("own_start", "medium")}


LISTENS = "  TCP    0.0.0.0:35917    0.0.0.0:0    LISTENING    78\n"
INSTALLED = (
    "<Event><System><Provider Name='Service Control Manager'/><EventID>7045</EventID><TimeCreated SystemTime='{}'/></System>"
    "<EventData><Data Name='ServiceName'>rsvc</Data><Data Name='ImagePath'>C:\\Program Files\\R\\r.exe</Data></EventData></Event>"
)


@pytest.mark.parametrize(("hour", "found"), [("16", {("odd_service", "medium")}), ("04", set())])
def test_a_service_of_the_night_that_others_can_reach_is_told_and_one_of_the_day_is_not(
    tmp_path: Path, hour: str, found: set[tuple[str, str]]
) -> None:
    event = INSTALLED.format(f"2026-05-01T{hour}:00:00Z")
    assert told(tmp_path, {"System.xml": event, "tasklist.csv": TASKS, "netstat.txt": LISTENS}) == found


@pytest.mark.parametrize(
    ("key", "values"),
    [
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\CTF\\TIP\\{1}\\LanguageProfile\\0x00000804\\{2}",
            '"IconFile"="C:\\\\Users\\\\a\\\\x\\\\wb.dll"',
        ),
        (
            "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{36fc9e60-c465-11cf-8056-444553540000}",
            '"UpperFilters"="qflt"',
        ),
        (
            "HKEY_CURRENT_USER\\Software\\Classes\\CLSID\\{11111111-2222-3333-4444-555555555555}\\InprocServer32",
            '@="C:\\\\Users\\\\a\\\\AppData\\\\Local\\\\Microsoft\\\\Q\\\\q.dll"',
        ),
    ],
    ids=["input method", "filter on USB", "class of a user"],
)
def test_what_stands_between_person_and_system_is_told(tmp_path: Path, key: str, values: str) -> None:
    assert told(tmp_path, {"a.reg": f"{REG}[{key}]\r\n{values}\r\n"}) == {("system_hook", "medium")}


@pytest.mark.parametrize(
    ("signed", "path", "found"),
    [
        ("false", "C:\\Users\\a\\AppData\\Local\\Microsoft\\Q\\q.dll", {("system_hook", "medium")}),
        ("true", "C:\\Users\\a\\AppData\\Local\\Microsoft\\Q\\q.dll", set()),
        ("false", "C:\\Program Files\\Q\\q.dll", set()),
    ],
)
def test_an_unsigned_library_of_a_person_in_a_program_of_windows_is_told(
    tmp_path: Path, signed: str, path: str, found: set[tuple[str, str]]
) -> None:
    fields = data(Image="C:\\Windows\\System32\\taskhostw.exe", ImageLoaded=path, Signed=signed)
    assert told(tmp_path, {"Sysmon.xml": SYSMON.format(7, fields)}) == found


HOSTS = "127.0.0.1 localhost\n127.0.0.1 print-api.shop.example\n127.0.0.1 kubernetes.docker.internal\n"
WEB = "  TCP    127.0.0.1:443    0.0.0.0:0    LISTENING    78\n"


def test_a_public_name_led_to_this_pc_counts_where_a_server_listens(tmp_path: Path) -> None:
    hosts = {"C/Windows/System32/drivers/etc/hosts": HOSTS}
    assert told(tmp_path / "one", hosts) == set()
    (finding,) = examined(tmp_path / "two", hosts | {"netstat.txt": WEB})
    assert "print-api.shop.example" in finding.detail_en
    assert "docker" not in finding.detail_en


SS_LINE = 'tcp   LISTEN 0      5      0.0.0.0:9443   0.0.0.0:*   users:(("relay",pid=9,fd=5))\n'
SS = "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n" + SS_LINE


def test_a_persons_own_unit_that_others_can_reach_is_told(tmp_path: Path) -> None:
    unit = {"home/a/.config/systemd/user/q.service": "[Service]\nExecStart=/usr/bin/relay 9443\n"}
    assert told(tmp_path / "one", unit) == {("own_start", "low")}
    assert told(tmp_path / "two", unit | {"ss.txt": SS}) == {("own_start", "medium")}


@pytest.mark.parametrize(("value", "found"), [("Yes", {("unsigned_drivers", "medium")}), ("No", set())])
def test_test_mode_of_drivers_is_told(tmp_path: Path, value: str, found: set[tuple[str, str]]) -> None:
    text = f"Windows Boot Loader\n-------------------\nidentifier              {{current}}\ntestsigning             {value}\n"
    assert told(tmp_path, {"bcdedit.txt": text}) == found


@pytest.mark.parametrize(
    "command", ["certutil -addstore -f ROOT C:\\q\\ca.cer", "q.exe --mode reverse:https://192.0.2.1"]
)
def test_commands_that_open_encrypted_traffic_are_told(tmp_path: Path, command: str) -> None:
    fields = data(Image="C:\\Program Files\\Q\\q.exe", CommandLine=command)
    assert told(tmp_path, {"Sysmon.xml": SYSMON.format(1, fields)}) == {("command_act", "medium")}


def test_a_vnc_server_under_another_name_is_told_by_its_log(tmp_path: Path) -> None:
    (tmp_path / "mslogon.log").write_text(
        "14/10/2026 23:12   Connection received from 192.0.2.7\n14/10/2026 23:40   Client 192.0.2.7 disconnected\n"
    )
    found, _ = examine([str(tmp_path)])
    (session,) = found.sessions
    assert (session.tool, session.origin) == (
        "VNC",
        "192.0.2.7",
    )
    assert session.start == datetime(2026, 10, 14, 15, 12, tzinfo=UTC)


def test_a_mesh_agent_is_told_by_its_settings(tmp_path: Path) -> None:
    found = examined(tmp_path, {"C/q/q.msh": "MeshName=x\nMeshServer=wss://192.0.2.7:443/agent.ashx\n"})
    assert {each.kind for each in found} >= {"unattended_access"}


def test_a_tunnels_settings_in_yaml_are_told_under_any_name(tmp_path: Path) -> None:
    text = "authtoken: 0\ntunnels:\n  a:\n    proto: tcp\n    addr: 18653\n  b:\n    addr: http://localhost:5000\n"
    (finding,) = examined(tmp_path, {"C/q/n.yml": text})
    assert [each.record for each in finding.facts] == ["local port 18653", "local port 5000"]


def test_a_renamed_tunnel_is_medium_on_one_record(tmp_path: Path) -> None:
    fields = data(Image="C:\\Program Files\\Q\\q.exe", CommandLine="q.exe", OriginalFileName="ngrok.exe")
    assert told(tmp_path, {"Sysmon.xml": SYSMON.format(1, fields)}) == {("renamed_tool", "medium")}


CLASS = "Software\\Classes\\CLSID\\{11111111-2222-3333-4444-555555555555}\\InprocServer32"
ODD_LIBRARIES = (
    "C:\\Windows\\Tasks\\q.dll",
    "C:\\Windows\\Fonts\\q.dll",
    "C:\\Windows\\System32\\spool\\drivers\\color\\q.dll",
)


@pytest.mark.parametrize("library", ODD_LIBRARIES)
@pytest.mark.parametrize("root", ["HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"])
def test_a_class_from_where_nobody_looks_is_told_from_the_registry(
    tmp_path: Path, root: str, library: str
) -> None:
    value = library.replace("\\", "\\\\")
    text = f'{REG}[{root}\\{CLASS}]\r\n@="{value}"\r\n'
    assert told(tmp_path, {"a.reg": text}) == {("system_hook", "medium")}


@pytest.mark.parametrize("library", ODD_LIBRARIES)
@pytest.mark.parametrize(
    ("root", "words"), [("HKU\\S-1-5-21-1", "One user's registry"), ("HKLM", "A component for all users")]
)
def test_sysmon_tells_whose_class_was_written_by_the_root_of_its_key(
    tmp_path: Path, root: str, words: str, library: str
) -> None:
    fields = data(TargetObject=f"{root}\\{CLASS}\\(Default)", Details=library)
    (finding,) = examined(tmp_path, {"Sysmon.xml": SYSMON.format(13, fields)})
    assert finding.detail_en.startswith(words)


@pytest.mark.parametrize("name", ["(Default)", "(默认)", "(預設值)"])
def test_reg_query_tells_what_a_key_says_without_a_name(tmp_path: Path, name: str) -> None:
    text = f"HKEY_CURRENT_USER\\{CLASS}\r\n    {name}    REG_SZ    C:\\Users\\a\\q\\q.dll\r\n"
    assert told(tmp_path, {"q.txt": text}) == {("system_hook", "medium")}


def test_a_hive_tells_what_a_key_says_without_a_name() -> None:
    value = SimpleNamespace(name=lambda: "(default)", value=lambda: "C:\\Users\\a\\q.dll")
    assert value_of(SimpleNamespace(values=lambda: [value]), "") == "C:\\Users\\a\\q.dll"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1", "LocalHost", "::1%1"]
)
def test_every_loopback_address_is_this_pc(host: str) -> None:
    assert is_this_pc(host)


@pytest.mark.parametrize("host", ["", "*", "0.0.0.0", "::", "192.0.2.1", "fe80::1%eth0", "localhost.example"])
def test_other_addresses_are_not_this_pc(host: str) -> None:
    assert not is_this_pc(host)


@pytest.mark.parametrize("here", ["127.0.0.53:35917", "[::ffff:127.0.0.1]:35917"])
def test_a_port_open_to_this_pc_alone_lets_nobody_in(tmp_path: Path, here: str) -> None:
    net = {"netstat.txt": f"  TCP    {here}    0.0.0.0:0    LISTENING    77\n"}
    assert told(tmp_path, {"run.reg": OWN, "tasklist.csv": TASKS, **net}) == {("own_start", "low")}


@pytest.mark.parametrize(
    ("here", "count"), [("192.168.1.2:443", 0), ("0.0.0.0:443", 1), ("[::]:80", 1), ("127.0.0.9:80", 1)]
)
def test_a_public_name_led_to_this_pc_counts_where_the_server_hears_it(
    tmp_path: Path, here: str, count: int
) -> None:
    net = {"netstat.txt": f"  TCP    {here}    0.0.0.0:0    LISTENING    78\n"}
    found = examined(tmp_path, {"hosts": HOSTS, **net})
    assert len(found) == count
    assert not any("label data" in each.detail_en or "面单" in each.detail_zh for each in found)


def test_a_label_domain_led_elsewhere_does_not_rest_on_this_pcs_web_server(tmp_path: Path) -> None:
    hosts = "127.0.0.1 localhost\n192.0.2.9 cloudprint.cainiao.com\n"
    (finding,) = examined(tmp_path, {"hosts": hosts, "netstat.txt": WEB})
    assert "label data" in finding.detail_en
    assert [each.fact for each in finding.facts] == ["hosts_entry"]


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("18653", "18653"),
        ("https://print-room.lan:8443", "8443"),
        ("'[::1]:5000' # printer", "5000"),
        ("192.168.1.5", ""),
        ("5000x", ""),
    ],
)
def test_the_port_of_a_tunnel_stands_at_the_end_of_its_address(value: str, port: str) -> None:
    rows = list(read_tunnel(f"tunnels:\n  a:\n    addr: {value}\n", "n.yml"))
    assert [each.record for each in rows] == [f"local port {port}"]


def test_the_public_address_of_an_endpoint_is_no_local_port() -> None:
    text = (
        "endpoints:\n  - name: a\n    url: https://shop-a.example:443\n    upstream:\n      protocol: http1\n"
        "      url: http://my-pc:5000\n  - name: b\n    url: tcp://1.example:1234\n    upstream:\n      url: 18653\n"
    )
    assert [each.record for each in read_tunnel(text, "n.yml")] == ["local port 5000", "local port 18653"]


@pytest.mark.parametrize("port", ["²", "9" * 5000])
def test_a_port_that_is_no_number_does_not_end_the_reading(port: str) -> None:
    sockets = [
        f"tcp ESTAB 0 0 10.0.0.2:22 192.0.2.1:{port}",
        f"tcp LISTEN 0 5 0.0.0.0:{port} 0.0.0.0:*",
        SS_LINE,
    ]
    assert 9443 in [each.port for each in read_sockets(enumerate(sockets, start=1), "ss.txt")]
    netstat = [
        f"TCP 10.0.0.2:22 192.0.2.1:{port} ESTABLISHED 7",
        f"TCP 10.0.0.2:{port} 192.0.2.1:1 LISTENING 7",
        f"TCP 10.0.0.2:22 192.0.2.1:1 ESTABLISHED {port}",
        "TCP 0.0.0.0:9443 0.0.0.0:0 LISTENING 7",
    ]
    assert 9443 in [each.port for each in read_netstat(netstat, "netstat.txt")]


def test_each_own_service_is_told_by_its_name_not_by_its_interpreter(tmp_path: Path) -> None:
    units = {
        f"home/a/.config/systemd/user/{name}.service": f"[Service]\nExecStart=/usr/bin/python3 /opt/{name}.py\n"
        for name in ("q", "r")
    }
    found = examined(tmp_path, units)
    assert {each.tool for each in found} == {"q", "r"}
    assert all("a person's own service" in each.detail_en for each in found)
    assert not any("can write to" in each.detail_en for each in found)


Q = "c:\\users\\a\\qsync\\q.exe"


def start(kind: Kind, number: int, path: str = Q, **more: str) -> Observation:
    return Observation(kind=kind, file="a", record=f"{kind} {number}", name="q", path=path, **more)


@pytest.mark.parametrize(
    ("kind", "path", "told_as"),
    [("autorun", Q, "own_start"), ("service", "c:\\windows\\temp\\q.exe", "odd_service")],
)
def test_many_starts_of_a_program_do_not_hide_what_else_is_known_of_it(
    kind: Kind, path: str, told_as: str
) -> None:
    rows = [start(kind, number, path) for number in range(30)]
    talks = start("connection", 1, path, origin="192.0.2.9")
    (finding,) = [each for each in judge(Case([*rows, talks])) if each.kind == told_as]
    assert "connection:outside" in {each.fact for each in finding.facts}
    assert sum(each.fact != "connection:outside" for each in finding.facts) == MAX_ROWS


def test_a_flood_of_starts_is_told_by_its_first() -> None:
    rows = [
        start("autorun", number, f"c:\\users\\a\\qsync\\{number}.exe") for number in range(MAX_STARTS + 9)
    ]
    assert sum(each.kind == "own_start" for each in judge(Case(rows))) == MAX_STARTS


def test_what_is_known_of_a_program_is_found_by_path_or_by_name() -> None:
    named = Observation(kind="connection", file="a", record="1", name="Q.exe", origin="192.0.2.9", port=8080)
    at = start("connection", 2, origin="192.0.2.9")
    other = start("connection", 3, "c:\\other\\q.exe", origin="192.0.2.9")
    web = msgspec.structs.replace(at, record="4", port=443)
    assert talks_outside(Case([named, at, other, web]), Q) == [named, at]
