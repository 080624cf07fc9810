"""Evidence that is damaged or laid as a trap: survived, said, nothing written, nothing followed."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from waybillguard.documents import Heading
from waybillguard.sensor import examine
from waybillguard.sensor.evidence import child, rows
from waybillguard.sensor.evidence.commands import read_consumers
from waybillguard.sensor.evidence.source import Source, SourceLimits
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
    """Work that grew with its square would not end."""
    assert outside_of("scp " + "a" * 500_000) == ""
    padded = f'Name = "x";\nCommandLineTemplate = "cmd{" " * 500_000}/c a.exe";\n'
    assert [seen.name for seen in read_consumers(padded, "f.mof")] == ["x"]
