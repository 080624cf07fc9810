"""``export key`` and ``export open``: keys have mode 0600, files are complete or absent, cells contain no formulas."""

import csv
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from waybillguard.seal.exportfile import ExportEnd, ExportHead, ExportRecord, head_bytes, seal_end, seal_part
from waybillguard.seal.exportkey import fingerprint, read_public


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "waybillguard", "export", *words], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key made by the command, and a file sealed to it."""
    made = tmp_path_factory.mktemp("export")
    done = run("key", str(made / "my.key"))
    assert done.returncode == 0, done.stderr
    public = read_public(done.stdout)
    assert fingerprint(public) in done.stderr
    head = head_bytes(
        ExportHead(warehouse="here", export=7, to=fingerprint(public), made_at="2026-11-25T08:00:00+08:00")
    )
    records = [
        ExportRecord(order_no="T1", name='=HYPERLINK("http://x")', phone="19900000001", receipt=41),
        ExportRecord(order_no="T2", name="测试人", phone="19900000002", receipt=42),
    ]
    end = ExportEnd(records=2, parts=1, origin="ledger")
    (made / "export.wgx").write_bytes(
        head + seal_part(public, head, 0, records) + seal_end(public, head, end)
    )
    return made


def test_the_private_key_is_readable_by_its_owner_alone_and_never_overwritten(folder: Path) -> None:
    key = folder / "my.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert run("key", str(key)).returncode == 2
    assert key.read_bytes() == before


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_opens_to_a_table_that_no_spreadsheet_takes_for_formulas(kind: str, folder: Path) -> None:
    out = folder / f"out.{kind}"
    done = run("open", str(folder / "export.wgx"), "--key", str(folder / "my.key"), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "19900000001" not in done.stdout + done.stderr
    if kind == "csv":
        rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
        assert rows[0]["name"] == '\'=HYPERLINK("http://x")'
    else:
        rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["phone"] for row in rows] == ["19900000001", "19900000002"]
    assert [int(row["receipt"]) for row in rows] == [41, 42]


def test_a_file_that_was_cut_leaves_nothing_behind(folder: Path) -> None:
    cut = folder / "cut.wgx"
    cut.write_bytes((folder / "export.wgx").read_bytes()[:-3])
    before = set(folder.iterdir())
    done = run("open", str(cut), "--key", str(folder / "my.key"), "--out", str(folder / "cut.csv"))
    assert done.returncode == 2
    assert "incomplete" in done.stderr
    assert set(folder.iterdir()) == before


def test_another_key_and_a_standing_result_are_refused(folder: Path, tmp_path: Path) -> None:
    assert run("key", str(tmp_path / "other.key")).returncode == 0
    words = ["open", str(folder / "export.wgx"), "--out", str(tmp_path / "out.csv"), "--key"]
    done = run(*words, str(tmp_path / "other.key"))
    assert done.returncode == 2
    assert "another key" in done.stderr
    (tmp_path / "out.csv").write_text("mine")
    assert run(*words, str(folder / "my.key")).returncode == 2
    assert (tmp_path / "out.csv").read_text() == "mine"
