"""Damaged or malicious evidence is survived and reported; nothing is written and no link is followed."""

import csv
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from waybillguard.documents import Heading
from waybillguard.sensor import Observation, conclude, examine
from waybillguard.sensor.evidence import child, rows
from waybillguard.sensor.evidence.binary import named_domain, original_place
from waybillguard.sensor.evidence.commands import read_consumers
from waybillguard.sensor.evidence.event_log import EventLog
from waybillguard.sensor.evidence.source import Source, SourceLimits
from waybillguard.sensor.evidence.system_logs import read_auth_log
from waybillguard.sensor.report import describe, write_report
from waybillguard.sensor.rules.commands import outside_of

LOG = "123456789\tPC\t03-05-2026 19:58:07\t03-05-2026 20:31:40\tu\tRemoteControl\t{g}\n"


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _reasons(path: Path) -> str:
    found, _ = examine([str(path)])
    return " ".join(loss.reason for loss in found.losses)


def test_a_file_with_the_wrong_ending_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "System.evtx").write_bytes(b"\0\1\2" * 100)
    (tmp_path / "NTUSER.DAT").write_bytes(b"regf" + b"\xff" * 5000)
    (tmp_path / "Connections_incoming.txt").write_text(LOG)
    found, _ = examine([str(tmp_path)])
    assert {loss.file for loss in found.losses} == {"System.evtx", "NTUSER.DAT"}
    assert len(found.sessions) == 1


def test_a_name_that_points_outside_writes_nothing(tmp_path: Path) -> None:
    path = _zip(tmp_path / "e.zip", {"../../evil/Connections_incoming.txt": LOG.encode(), "/abs.txt": b"x"})
    before = sorted(tmp_path.parent.rglob("*"))
    found, _ = examine([str(path)])
    assert sorted(tmp_path.parent.rglob("*")) == before
    assert len(found.sessions) == 1
    assert sum("points outside" in loss.reason for loss in found.losses) == 2


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(LOG)
    inside = tmp_path / "evidence"
    inside.mkdir()
    (inside / "Connections_incoming.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "folder").symlink_to(tmp_path)
    found, _ = examine([str(inside)])
    assert found.sessions == ()
    assert [loss.reason for loss in found.losses] == ["a link; links are not followed"] * 2


def test_a_zip_of_zips_ends(tmp_path: Path) -> None:
    data = LOG.encode()
    for _ in range(6):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("inner.zip", data)
        data = held.getvalue()
    (tmp_path / "e.zip").write_bytes(data)
    assert "too deep" in _reasons(tmp_path / "e.zip") or "damaged" in _reasons(tmp_path / "e.zip")


def test_a_zip_that_inflates_beyond_measure_is_not_inflated(tmp_path: Path) -> None:
    path = _zip(
        tmp_path / "e.zip", {"big.evtx": b"\0" * (20 << 20), "Connections_incoming.txt": LOG.encode()}
    )
    found, _ = examine([str(path)])
    assert "inflates beyond measure" in found.losses[0].reason
    assert len(found.sessions) == 1


def test_an_encrypted_member_is_said(tmp_path: Path) -> None:
    path = _zip(tmp_path / "e.zip", {"a.evtx": b"x" * 100})
    data = bytearray(path.read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = data.find(mark) + (6 if mark.endswith(b"\x04") else 8)
        data[place] |= 1
    path.write_bytes(data)
    assert "encrypted" in _reasons(path)


def test_a_truncated_zip_is_said(tmp_path: Path) -> None:
    path = _zip(tmp_path / "e.zip", {f"{n}.txt": bytes(range(256)) * 40 for n in range(20)})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert _reasons(path)


def test_a_file_that_kills_its_reader_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_Connections_incoming.txt").write_text(LOG)
    hive = tmp_path / "b_SOFTWARE.hve"
    with hive.open("wb") as stream:
        stream.write(b"regf")
        stream.truncate(200 << 20)
    (tmp_path / "c").mkdir()
    (tmp_path / "c/connections_incoming.txt").write_text(LOG)
    monkeypatch.setattr(child, "MEMORY", 300 << 20)
    found = child.gather([str(tmp_path)], memory=300 << 20)
    assert any("b_SOFTWARE.hve" in loss.file for loss in found.losses)
    assert any(each.file.startswith("c/") for each in found.seen)


@pytest.mark.data
def test_a_damaged_chunk_of_an_event_log_costs_only_itself(tmp_path: Path, test_data: Path) -> None:
    source = test_data / "evidence/EVTX-to-MITRE-Attack/ID131-RDP_brutforce_(no_user_info).evtx"
    data = bytearray(source.read_bytes())
    data[4096 + 600 : 4096 + 1600] = b"\xff" * 1000
    (tmp_path / "RdpCoreTS.evtx").write_bytes(data)
    found, _ = examine([str(tmp_path)])
    (read,) = found.read
    assert found.losses
    assert read.records > 0
    assert read.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.data
def test_every_cut_of_a_hive_or_prefetch_is_survived(tmp_path: Path, test_data: Path) -> None:
    source = test_data / "evidence/Prefetch/CMD.EXE-D269B812.pf"
    data = source.read_bytes()
    for size in range(0, len(data), 701):
        (tmp_path / f"{size:05}.pf").write_bytes(data[:size])
    found, _ = examine([str(tmp_path)])
    assert len(found.losses) == len(found.read)


def test_files_beyond_the_bound_are_said(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text("x")
    source = Source([str(tmp_path)], SourceLimits(max_files=10))
    assert len(list(source)) == 10
    assert len(source.losses) == 1


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "Connections_incoming.txt").write_text(LOG)
    made = []
    for name in ("a.html", "b.html", "a.pdf", "b.pdf"):
        found, case = examine([str(tmp_path / "Connections_incoming.txt")])
        write_report(found, case, tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert made[2] == made[3]


def test_the_sections_of_a_report_are_numbered_without_a_gap(tmp_path: Path) -> None:
    (tmp_path / "Connections_incoming.txt").write_text(LOG)
    found, case = examine([str(tmp_path / "Connections_incoming.txt")])
    assert not found.reach
    heads = [
        each.text for each in describe(found, case).blocks if isinstance(each, Heading) and each.level == 1
    ]
    assert "".join(head[0] for head in heads) == "一二三四五六"


def test_a_table_longer_than_any_is_said_to_be_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_ROWS", 3)
    table = [(number, line) for number, line in enumerate(["Name,Path", *(f"p{n},C:\\x" for n in range(3))])]
    assert [row["name"] for _, row in rows.csv_rows(table)] == ["p0", "p1", "p2"]
    with pytest.raises(csv.Error):
        list(rows.csv_rows([*table, (4, "p3,C:\\x")]))


def test_an_archive_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "e.zip").write_bytes(b"garbage\n")
    assert "its name says zip" in _reasons(tmp_path / "e.zip")


def test_an_event_nested_without_end_is_said_and_the_next_is_read(tmp_path: Path) -> None:
    line = '{"Event":{"System":{"Provider":{"#attributes":{"Name":"%s"}},"EventID":%d,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-05T19:58:07Z"}}},"EventData":%s}}\n'
    came = line % ("Chromoting", 1, '{"Data":{"#text":["a@b.example/x","198.51.100.7:4"]}}')
    (tmp_path / "events.json").write_text(came + '{"Event":' + "[" * 60_000 + "\n" + came)
    found, _ = examine([str(tmp_path)])
    assert [loss.reason for loss in found.losses] == ["record line 2 is damaged"]
    assert found.read[0].records == 3


def test_the_work_on_a_command_grows_with_its_length_alone() -> None:
    """With quadratic work this test would not end."""
    assert outside_of("scp " + "a" * 500_000) == ""
    padded = f'Name = "x";\nCommandLineTemplate = "cmd{" " * 500_000}/c a.exe";\n'
    assert [seen.name for seen in read_consumers(padded, "f.mof")] == ["x"]


def test_a_name_in_the_encoding_of_chinese_windows_is_read_as_it_was_meant(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("桌面".encode("gb18030"))
    folder.mkdir()
    (folder / "Connections_incoming.txt").write_text(LOG)
    (tmp_path / "z.txt").write_text("after it")
    found, _ = examine([str(tmp_path)])
    assert [each.file for each in found.read] == ["z.txt", "桌面/Connections_incoming.txt"]
    assert len(found.sessions) == 1
    assert found.losses == ()


def test_a_name_in_a_zip_of_chinese_windows_is_read_as_it_was_meant(tmp_path: Path) -> None:
    path = _zip(tmp_path / "e.zip", {"C/Users/AAAA/x.txt": b"x"})
    path.write_bytes(path.read_bytes().replace(b"AAAA", "张三".encode("gb18030")))
    found, _ = examine([str(path)])
    assert [each.file for each in found.read] == ["C/Users/张三/x.txt"]


def test_folders_deeper_than_a_path_can_name_are_said_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "z_Connections_incoming.txt").write_text(LOG)
    before = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(25):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
    finally:
        os.chdir(before)
    found, _ = examine([str(tmp_path)])
    assert len(found.sessions) == 1
    assert [loss.reason for loss in found.losses] == [
        "a folder that cannot be opened; what is in it was not read"
    ]


def test_a_zip_that_no_reader_understands_does_not_hide_what_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object) -> None:
        raise MemoryError

    _zip(tmp_path / "a.zip", {"x": b"x"})
    (tmp_path / "b.txt").write_text("x")
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    source = Source([str(tmp_path)])
    assert [each.name for each in source] == ["b.txt"]
    assert [each.file for each in source.losses] == ["a.zip"]


def test_losses_beyond_the_bound_are_counted_as_one(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}").symlink_to("nowhere")
    source = Source([str(tmp_path)], SourceLimits(max_losses=10))
    assert list(source) == []
    assert [each.file for each in source.losses[9:]] == ["7", "evidence"]


def test_a_file_of_a_year_that_no_calendar_has_is_read(tmp_path: Path) -> None:
    (tmp_path / "Connections_incoming.txt").write_text(LOG)
    os.utime(tmp_path / "Connections_incoming.txt", (300_000_000_000, 300_000_000_000))
    assert len(examine([str(tmp_path)])[0].sessions) == 1


@pytest.mark.parametrize("day", ["31-12-9999", "01-01-0001"])
def test_a_time_that_no_clock_shows_is_no_time(tmp_path: Path, day: str) -> None:
    (tmp_path / "Connections_incoming.txt").write_text(LOG.replace("03-05-2026", day))
    found, case = examine([str(tmp_path)])
    assert found.sessions == ()
    write_report(found, case, tmp_path / "report.html")


def test_a_clock_that_is_set_to_nonsense_counts_as_unknown() -> None:
    found, case = conclude([], offset=1 << 31)
    assert not case.zone_known
    assert found.findings == ()


def test_an_installation_on_the_first_day_of_the_calendar_has_no_day() -> None:
    seen = Observation(
        kind="program_installed", file="f", record="r", name="ToDesk", marks=("install_date:00010101",)
    )
    (install,) = conclude([seen])[0].installs
    assert install.time is None


def test_half_a_character_in_a_name_costs_nothing_but_itself(tmp_path: Path) -> None:
    rows_of = [{"Name": "ToDesk.exe", "ExecutablePath": f"C:\\{each}\\ToDesk\\ToDesk.exe", "CommandLine": "x", "ProcessId": 5} for each in ("Program Files", "\ud83d")]  # fmt: skip
    (tmp_path / "processes.json").write_text(json.dumps(rows_of))
    found, _ = examine([str(tmp_path)])
    assert found.losses == ()
    assert [each.tool for each in found.findings] == ["ToDesk"]


def test_the_same_record_in_a_copy_of_a_log_is_one_witness(tmp_path: Path) -> None:
    for name in ("now", "shadow_copy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Connections_incoming.txt").write_text(LOG)
    found, _ = examine([str(tmp_path)])
    assert len(found.sessions) == 1
    assert [each.severity for each in found.findings] == ["low"]


def test_a_file_that_ends_its_reader_is_blamed_and_no_other(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text("x")
    hive = tmp_path / "b_SOFTWARE.hve"
    with hive.open("wb") as stream:
        stream.write(b"regf")
        stream.truncate(200 << 20)
    found = child.gather([str(tmp_path)], memory=300 << 20)
    assert {loss.file for loss in found.losses} == {"b_SOFTWARE.hve"}
    assert [each.file for each in found.read] == ["a.txt", "b.txt", "b_SOFTWARE.hve", "c.txt"]


EVENT = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Service Control Manager'/><EventID>7045</EventID><TimeCreated SystemTime='2026-03-05T19:58:07Z'/><EventRecordID>{0}</EventRecordID><Computer>打单-01</Computer></System><EventData><Data Name='ServiceName'>{1}</Data><Data Name='ImagePath'>C:\\x\\y.exe</Data></EventData></Event>\n"


@pytest.mark.parametrize("sign", ["\x01", "&#x1;", "&#31;", "\uffff"])
def test_a_sign_that_xml_forbids_hides_no_event(sign: str) -> None:
    log = EventLog("System.xml")
    text = EVENT.format(1, f"a{sign}b") + EVENT.format(2, "c")
    assert [each.name for each in log.read_xml(io.BytesIO(text.encode()))] == ["ab", "c"]
    assert log.losses == []


def test_an_export_in_the_console_s_encoding_keeps_its_names_and_the_machine_s() -> None:
    log = EventLog("System.xml")
    (seen,) = log.read_xml(io.BytesIO(EVENT.format(1, "远程服务").encode("gb18030")))
    assert (seen.name, log.computer) == ("远程服务", "打单-01")


def test_the_head_of_a_second_export_is_cut_out_wherever_it_stands() -> None:
    head = '<?xml version="1.0" encoding="utf-8"?>'
    first = f"{head}<Events>{EVENT.format(1, 'a')}"
    filled = first + "<!--" + "x" * (65_536 - len(first) - 30) + "--></Events>"
    log = EventLog("System.xml")
    text = f"{filled}{head}<Events>{EVENT.format(2, 'b')}</Events>"
    assert [each.name for each in log.read_xml(io.BytesIO(text.encode()))] == ["a", "b"]


def test_a_command_of_blanks_does_not_end_the_log() -> None:
    lines = [
        "2026-03-10T02:14:33 h sudo[1]: u : COMMAND=   ",
        "2026-03-10T02:14:34 h sudo[1]: u : COMMAND=/bin/x -y",
    ]
    assert [seen.path for seen in read_auth_log(enumerate(lines, 1), "auth.log")] == ["/bin/x"]


def test_the_search_for_domains_in_a_program_takes_no_longer_for_what_resembles_them() -> None:
    """Trying each name at each position would take minutes."""
    assert named_domain(b"MZ" + b"www." * (8 << 20)) == ""
    assert named_domain(b"MZ" + b"." * ((1 << 20) - 8) + b"rustdesk.com" + b"x" * 99) == "rustdesk.com"


@pytest.mark.parametrize(
    "place",
    [
        "uploads/auto/C%3A/Users/x/a.exe",
        "uploads/ntfs/%5C%5C.%5CC%3A/Users/x/a.exe",
        "uploads/ntfs/%5C%5C.%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/Users/x/a.exe",
        "kape/2026-03-10T02_14_33/C/Users/x/a.exe",
        "Partition 2/NONAME [NTFS]/[root]/Users/x/a.exe",
        "G/case/C/Users/x/a.exe",
        "C$/Users/x/a.exe",
        "证据/C盘/Users/x/a.exe",
    ],
)
def test_the_place_of_a_file_is_known_in_every_collectors_layout(place: str) -> None:
    assert original_place(place) == r"c:\users\x\a.exe"
    assert original_place("NONAME [ext4]/[root]/home/x/a") == r"noname [ext4]\[root]\home\x\a"


def test_a_reader_that_goes_on_without_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LONGEST", 0.0)
    (tmp_path / "Connections_incoming.txt").write_text(LOG)
    found = child.gather([str(tmp_path)])
    assert [loss.reason for loss in found.losses] == ["took longer than allowed; passed over"]


def test_settings_longer_than_what_is_read_of_them_are_said_to_be_cut(tmp_path: Path) -> None:
    (tmp_path / "a.service").write_text("# filler\n" * 600_000 + "[Service]\nExecStart=/tmp/x\n")
    assert "only its first part was read" in _reasons(tmp_path)
