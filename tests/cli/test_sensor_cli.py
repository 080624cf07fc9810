"""``waybillguard sensor``: errors for unusable input."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from waybillguard.cli.sensor import app

TEXT = "- {tool: TeamViewer, who: ERP 售后, until: 2027-03-31}\n"


def _examine(path: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["examine", str(path), *options])
    return done.exit_code, done.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_of_approvals_is_read_in_every_encoding_of_an_editor(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.yaml").write_text(TEXT, encoding)
    assert _examine(tmp_path, "--approvals", str(tmp_path / "a.yaml"))[0] == 0


@pytest.mark.parametrize("text", ["- {tool: [}\n", "tool: x\n", "- {tool: x, until: soon}\n"])
def test_a_list_of_approvals_that_is_none_is_told_with_its_form(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    code, said = _examine(tmp_path, "--approvals", str(tmp_path / "a.yaml"))
    assert code == 2
    assert "{tool: " in said


@pytest.mark.parametrize("shift", ["24:00-08:00", "8-22", "x"])
def test_hours_that_are_none_are_told_with_their_form(tmp_path: Path, shift: str) -> None:
    code, said = _examine(tmp_path, "--shift", shift)
    assert code == 2
    assert "08:00-22:00" in said


def test_a_report_for_a_folder_that_is_not_there_is_refused_before_the_work(tmp_path: Path) -> None:
    code, said = _examine(tmp_path, "--report", str(tmp_path / "none/r.html"))
    assert code == 2
    assert str(tmp_path / "none") in said.replace("\n", "")


def test_evidence_without_a_file_is_said(tmp_path: Path) -> None:
    code, said = _examine(tmp_path)
    assert code == 2
    assert "zip" in said


def test_no_name_in_evidence_steers_the_terminal(tmp_path: Path) -> None:
    row = "123456789\tPC\t03-05-2026 {}:58:07\t03-05-2026 20:31:40\tu\tRemoteControl\t{{g}}\n"
    name = "Connections_incoming\x1b[2J\u202e.txt"
    (tmp_path / name).write_text(row.format(18) + row.format(19))
    code, said = _examine(tmp_path)
    assert code == 1
    assert "TeamViewer" in said
    assert not {"\x1b", "\u202e"} & set(said)
