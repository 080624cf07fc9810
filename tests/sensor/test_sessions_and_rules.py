"""Records are joined to sessions and installations; ordinary machines give no findings."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from waybillguard.sensor.case import Approval, Case, Settings
from waybillguard.sensor.evidence.commands import read_group, read_tunnel
from waybillguard.sensor.evidence.linux_files import read_paths
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.rules import judge

NOON = datetime(2026, 5, 3, 4, 0, tzinfo=UTC)  # 12:00 in China
DAWN = datetime(2026, 5, 3, 20, 41, tzinfo=UTC)  # 04:41 in China
TODESK = "c:\\program files\\todesk\\todesk.exe"


def seen(kind: str, when: datetime | None, record: str, **values: Any) -> Observation:
    return Observation(kind=kind, file=values.pop("file", "System.evtx"), record=record, time=when, **values)  # type: ignore[arg-type]


def rdp(kind: str, seconds: int, name: str, **values: Any) -> Observation:
    return seen(kind, NOON + timedelta(seconds=seconds), f"{name}-{seconds}", tool="rdp", name=name, **values)


def test_the_events_of_three_logs_become_one_session() -> None:
    case = Case(
        [
            rdp("session_trace", 0, "1149", account="dadan", origin="192.0.2.9"),
            rdp("session_start", 2, "4624", account="PC\\dadan", origin="192.0.2.9", session="0x5"),
            rdp("session_start", 4, "21", account="PC\\dadan", origin="192.0.2.9", session="ts2"),
            rdp("session_end", 1800, "24", account="PC\\dadan", session="ts2"),
            rdp("session_end", 1802, "4634", account="PC\\dadan", session="0x5"),
        ]
    )
    (session,) = case.sessions
    assert (session.start, session.end) == (NOON, NOON + timedelta(seconds=1800))
    assert (session.account, session.origin) == ("PC\\dadan", "192.0.2.9")


def test_a_reconnection_after_the_end_is_another_session() -> None:
    case = Case(
        [
            rdp("session_start", 0, "21", account="dadan", origin="192.0.2.9", session="ts2"),
            rdp("session_end", 600, "24", account="dadan", session="ts2"),
            rdp("session_start", 1200, "25", account="dadan", origin="192.0.2.9", session="ts2"),
        ]
    )
    assert len(case.sessions) == 2


def test_a_session_from_the_machine_itself_is_a_tunnel_and_grave() -> None:
    case = Case(
        [
            rdp("session_trace", 0, "1149", account="dadan", origin="127.0.0.1"),
            rdp("session_start", 2, "21", account="dadan", origin="127.0.0.1", session="ts2"),
        ]
    )
    assert case.sessions[0].tunnel
    assert [each.severity for each in judge(case)] == ["high"]


def test_one_registration_in_two_logs_is_one_installation_with_the_account_of_the_one_that_knows_it() -> None:
    case = Case(
        [
            seen("service_installed", NOON, "1", name="Helper", path="c:\\helper\\h.exe"),
            seen(
                "service_installed",
                NOON,
                "2",
                name="Helper",
                path="c:\\helper\\h.exe",
                account="PC\\x",
                file="Security.evtx",
            ),
        ]
    )
    (install,) = case.installs
    assert install.account == "PC\\x"


def test_a_tool_that_comes_back_a_week_later_is_a_second_installation() -> None:
    case = Case(
        [
            seen("service_installed", NOON, "1", name="ToDesk_Service", path=TODESK),
            seen("service_installed", NOON + timedelta(days=7), "9", name="ToDesk_Service", path=TODESK),
        ]
    )
    assert [each.tool for each in case.installs] == ["ToDesk", "ToDesk"]


def test_two_implants_stay_two() -> None:
    case = Case(
        [
            seen("service_installed", DAWN, "1", name="ToDesk_Service", path=TODESK),
            seen(
                "service_installed",
                DAWN + timedelta(minutes=3),
                "2",
                name="RayLinkService",
                path="c:\\program files\\raylink\\raylinkservice.exe",
            ),
        ]
    )
    assert {each.tool for each in case.installs} == {"ToDesk", "RayLink"}


def test_a_support_tool_installed_and_used_by_day_is_to_be_cleared_up_not_grave() -> None:
    case = Case(
        [
            seen("service_installed", NOON, "1", name="ToDesk_Service", path=TODESK),
            seen("service", NOON, "2", name="ToDesk_Service", path=TODESK, file="SYSTEM"),
        ]
    )
    assert [each.severity for each in judge(case)] == ["medium"]


def test_the_same_tool_at_dawn_is_grave_and_by_day_too_when_its_log_was_cleared() -> None:
    service = seen("service", NOON, "2", name="ToDesk_Service", path=TODESK, file="SYSTEM")
    dawn = Case([seen("service_installed", DAWN, "1", name="ToDesk_Service", path=TODESK), service])
    cleared = Case(
        [
            seen("service_installed", NOON, "1", name="ToDesk_Service", path=TODESK),
            service,
            seen("log_cleared", NOON + timedelta(hours=1), "3", name="System", account="PC\\x"),
        ]
    )
    assert [each.severity for each in judge(dawn) if each.tool] == ["high"]
    assert [each.severity for each in judge(cleared) if each.tool] == ["high"]


def test_an_approved_tool_is_low_until_its_approval_ends() -> None:
    rows = [
        seen("service_installed", NOON, "1", name="ToDesk_Service", path=TODESK),
        seen("service", NOON, "2", name="ToDesk_Service", path=TODESK, file="SYSTEM"),
    ]
    approvals = (Approval(tool="ToDesk", until=date(2026, 5, 31)),)
    before = Case(rows, settings=Settings(approvals=approvals, today=date(2026, 5, 20)))
    after = Case(rows, settings=Settings(approvals=approvals, today=date(2026, 6, 20)))
    assert [each.severity for each in judge(before)] == ["low"]
    assert [each.severity for each in judge(after)] == ["medium"]


def test_an_updaters_key_that_was_written_at_night_is_no_installation_at_night() -> None:
    key = "Microsoft\\Windows\\CurrentVersion\\Uninstall\\TeamViewer"
    case = Case(
        [
            seen("program_installed", DAWN, key, name="TeamViewer", file="SOFTWARE", signer="TeamViewer"),
            seen(
                "service",
                DAWN,
                "Services\\TeamViewer",
                name="TeamViewer",
                file="SYSTEM",
                path="c:\\program files\\teamviewer\\teamviewer_service.exe",
            ),
        ]
    )
    assert [each.severity for each in judge(case)] == ["medium"]


@pytest.mark.parametrize("driver", ["localspl.dll", "tcpmon.dll", "E_YLMI4C.DLL", "ZDNLM64.dll"])
def test_monitors_of_windows_and_makers_are_no_finding(driver: str) -> None:
    case = Case([seen("print_monitor", DAWN, "Monitors\\X", name="X", path=driver.lower(), file="SYSTEM")])
    assert judge(case) == ()


def test_a_server_that_many_programs_use_is_no_tap() -> None:
    flask = seen(
        "listener", None, "127.0.0.1:5000", name="python.exe", path="c:\\users\\dev\\python.exe", port=5000
    )
    assert judge(Case([flask])) == ()


def test_the_shift_decides_what_is_night() -> None:
    rows = [
        seen("service_installed", DAWN, "1", name="ToDesk_Service", path=TODESK),
        seen("service", DAWN, "2", name="ToDesk_Service", path=TODESK, file="SYSTEM"),
    ]
    night = Case(rows, settings=Settings(shift=(time(20), time(6))))
    assert [each.severity for each in judge(night)] == ["medium"]


def test_a_tunnels_configuration_names_its_server_and_port() -> None:
    (found,) = read_tunnel("[common]\nserver_addr = 203.0.113.7\n[rdp]\nlocal_port = 3389\n", "frpc.ini")
    assert (found.origin, found.command) == ("203.0.113.7", "203.0.113.7 → 3389")


def test_members_of_the_administrators_are_read_in_any_language() -> None:
    text = "别名     administrators\n\n成员\n\n----------------------------------------\nAdministrator\nsupport$\n命令成功完成。\n"
    names = [
        each.name
        for each in read_group(enumerate(text.splitlines(), start=1), "net-localgroup-administrators.txt")
    ]
    assert names == ["Administrator", "support$"]


def test_programs_of_a_folder_listing_get_their_whole_path() -> None:
    text = " C:\\Users\\dadan\\Downloads 的目录\n2026/03/11  04:14         8,123,456 GotoHTTP_x64.exe\n"
    (found,) = read_paths(enumerate(text.splitlines(), start=1), "dir.txt")
    assert found.path == "c:\\users\\dadan\\downloads\\gotohttp_x64.exe"


def test_autodesk_is_not_todesk() -> None:
    case = Case(
        [
            seen(
                "program_installed",
                NOON,
                "1",
                name="Autodesk AutoCAD 2026",
                signer="Autodesk, Inc.",
                file="SOFTWARE",
            ),
            seen(
                "service",
                NOON,
                "2",
                name="AutodeskLicensing",
                path="c:\\program files\\autodesk\\lic.exe",
                file="SYSTEM",
            ),
        ]
    )
    assert judge(case) == ()


def test_another_product_of_the_same_maker_is_not_the_remote_tool() -> None:
    path = "c:\\program files\\oraystick\\wakeup.exe"
    vpn = seen(
        "program_seen",
        NOON,
        "1",
        name="wakeup.exe",
        path=path,
        signer="上海贝锐信息科技股份有限公司",
        file="Amcache.hve",
    )
    assert judge(Case([vpn])) == ()


def test_a_service_in_a_persons_folder_is_to_be_cleared_up_at_most() -> None:
    path = "c:\\users\\dadan\\appdata\\roaming\\baidu\\netdisk\\helper.exe"
    case = Case(
        [
            seen("service_installed", NOON, "1", name="NetdiskHelper", path=path),
            seen("service", NOON, "2", name="NetdiskHelper", path=path, file="SYSTEM"),
        ]
    )
    assert {each.severity for each in judge(case)} <= {"medium"}


def test_a_print_component_installed_for_one_person_is_not_called_a_tap_for_its_place() -> None:
    path = "c:\\users\\dadan\\appdata\\local\\programs\\mdprint\\mdprint.exe"
    case = Case(
        [
            seen("listener", None, "1", name="mdprint.exe", path=path, port=18653, file="netstat"),
            seen("autorun", NOON, "2", name="mdprint", path=path, file="NTUSER.DAT"),
        ]
    )
    assert {each.severity for each in judge(case)} <= {"medium"}


def test_a_support_version_that_runs_from_the_temp_folder_is_no_hiding() -> None:
    path = "c:\\users\\dadan\\appdata\\local\\temp\\teamviewer\\teamviewer.exe"
    case = Case(
        [
            seen("program_run", NOON, "1", name="teamviewer.exe", path=path, file="TEAMVIEWER.EXE-1.pf"),
            seen("program_seen", NOON, "2", name="teamviewer.exe", path=path, file="Amcache.hve"),
        ]
    )
    assert [each.severity for each in judge(case)] == ["medium"]
