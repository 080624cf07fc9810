"""Command output and settings under any name: autostarts, runs, uploads and packet rules are found."""

from waybillguard.sensor.case import Case
from waybillguard.sensor.evidence import browser_files, commands, print_config
from waybillguard.sensor.evidence.text_forms import text_form
from waybillguard.sensor.rules.browser import extensions


def _lines(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.splitlines(), 1))


def test_a_task_in_the_list_form_has_its_own_name_and_program_in_either_language() -> None:
    text = (
        "Folder: \\\nHostName:      PC\nTaskName:      \\Edge\nTask To Run:   C:\\Edge\\update.exe /c\nStart In: C:\\a.exe\n\n"
        "文件夹: \\Microsoft\n任务名:        \\Microsoft\\x\n要运行的任务:  C:\\ProgramData\\a\\mv.cmd\n"
    )
    assert text_form("tasks.txt", "tasks.txt", text) == "task_names"
    seen = [(each.name, each.path) for each in commands.read_task_list(_lines(text), "f")]
    assert seen == [("\\Edge", "c:\\edge\\update.exe"), ("\\Microsoft\\x", "c:\\programdata\\a\\mv.cmd")]


def test_ps_tells_programs_with_their_numbers_and_leaves_out_the_kernel() -> None:
    aux = (
        "USER  PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\n"
        "root 2 0.0 0.0 0 0 ? S 07:58 0:00 [kthreadd]\nroot 410 0.4 0.7 33 13 ? Ssl 07:58 0:03 /usr/sbin/cupsd -l\n"
    )
    full = "UID PID PPID C STIME TTY TIME CMD\nroot 410 1 0 07:58 ? 00:00:03 /usr/sbin/cupsd -l\n"
    for text in (aux, full):
        assert text_form("ps.txt", "ps.txt", text) == "linux_processes"
        (seen,) = commands.read_ps(_lines(text), "f")
        assert (seen.session, seen.path, seen.command) == ("pid410", "/usr/sbin/cupsd", "/usr/sbin/cupsd -l")


def test_a_download_of_bits_is_no_task_but_an_upload_is() -> None:
    job = "GUID: {{0D1F6C44-11A0-4F2E-B7AA-00000000002{0}}} DISPLAY: '{1}'\nTYPE: {2} STATE: SUSPENDED OWNER: PC\\a\nNOTIFICATION COMMAND LINE: none\n"
    text = "BITSADMIN version 3.0\n\n" + job.format(3, "Edge", "DOWNLOAD") + job.format(4, "Fonts", "UPLOAD")
    text = text.replace("\n", "\r\n")
    assert text_form("bits.txt", "bits.txt", text) == "transfers"
    (seen,) = commands.read_transfers(text, "f")
    assert (seen.name, seen.command.split()[:2]) == ("Fonts", ["bitsadmin", "/upload"])


def test_what_wireguard_runs_when_it_comes_up_is_told_with_its_endpoint() -> None:
    text = (
        "[Interface]\nPrivateKey = x\nPostUp = iptables -A POSTROUTING -j TEE --gateway 10.66.0.1\n"
        "PostDown = iptables -D POSTROUTING -j TEE --gateway 10.66.0.1\n[Peer]\nEndpoint = 198.51.100.250:51820\n"
    )
    assert text_form("a.conf", "a.conf", text) == "wireguard"
    seen = list(print_config.read_wireguard(text, "a.conf"))
    assert [each.kind for each in seen] == ["packet_redirect", "script"]
    assert all("198.51.100.250" in each.command for each in seen)


def test_a_user_script_is_read_from_its_file_and_from_the_store_of_the_extension() -> None:
    head = "// ==UserScript==\n// @name a\n// @namespace n\n// @match https://*.erp321.com/*\n// ==/UserScript==\n"
    for text in (head, '\x02{"value": "' + head.replace("\n", "\\n") + '"}'):
        (seen,) = browser_files.read_user_scripts(text, "f")
        assert (seen.name, seen.session, seen.command) == ("a", "n a", "https://*.erp321.com/*")


def test_of_two_user_scripts_in_one_namespace_only_the_one_that_reads_labels_is_told() -> None:
    head = "// ==UserScript==\n// @name {}\n// @namespace http://tampermonkey.net/\n// @match {}\n// ==/UserScript==\n"
    text = head.format("video", "https://v.qq.com/*") + head.format("orders", "http://127.0.0.1:13528/*")
    (found,) = extensions(Case(browser_files.read_user_scripts(text, "f")))
    assert (found.tool, len(found.facts)) == ("orders", 1)


def test_blank_lines_without_end_in_settings_of_a_tunnel_cost_no_minutes() -> None:
    # With work quadratic in the number of lines, this test would not end.
    text = "\n" * 2_000_000 + "server_addr = 198.51.100.7\nlocal_port = 9100\n"
    (seen,) = commands.read_tunnel(text, "f")
    assert "198.51.100.7" in (seen.origin, seen.origin_name, seen.command)


def test_a_line_of_blanks_in_a_list_costs_no_minutes() -> None:
    # With work quadratic in the number of spaces, each of these took half a minute.
    gap = " " * 64_000
    (service,) = commands.read_sc(
        [(1, f"SERVICE_NAME: a{gap}b "), (2, f"        BINARY_PATH_NAME : c:\\q.exe{gap}-x ")], "f"
    )
    assert (service.name, service.path) == (f"a{gap}b", "c:\\q.exe")
    assert list(commands.read_sc([(1, f"[SC]{gap}b")], "f")) == []
    key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"
    (start,) = commands.read_reg_query(
        [(1, key), (2, f"    a{gap}b"), (3, "    c d    REG_SZ    c:\\q.exe ")], "f"
    )
    assert (start.name, start.path) == ("c d", "c:\\q.exe")
    (entry,) = commands.read_hosts([(1, f"192.0.2.1 a.example{gap}# b")], "f")
    assert (entry.origin, entry.command) == ("192.0.2.1", "a.example")
