"""`db move`: a database password is never on a child's command line; one on our own command line gives a warning."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from waybillguard.cli import program

PASSWORD = "p@ss:w/rd"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[SimpleNamespace]:
    """Record child processes instead of starting them."""
    started: list[SimpleNamespace] = []

    def run(arguments: list[str], **how: Any) -> SimpleNamespace:
        started.append(SimpleNamespace(arguments=arguments, input=how["input"]))
        return SimpleNamespace(returncode=0, stdout='{"tables": 1, "rows": 1, "sums": []}')

    monkeypatch.setattr(subprocess, "run", run)
    (tmp_path / "database").mkdir()
    (tmp_path / "database" / "waybillguard.sqlite3").touch()
    return started


def move(folder: Path, *arguments: str) -> Any:
    return CliRunner().invoke(program(), ["db", "move", *arguments, "--data", str(folder)])


@pytest.mark.parametrize(
    ("url", "without"),
    [
        ("postgresql://wg:p%40ss%3Aw%2Frd@db.test:5433/here", "postgresql://wg@db.test:5433/here"),
        ("postgresql://:p%40ss%3Aw%2Frd@/here", "postgresql://@/here"),
    ],
)
def test_a_password_in_the_url_is_warned_about_and_goes_no_further(
    children: list[SimpleNamespace], tmp_path: Path, url: str, without: str
) -> None:
    done = move(tmp_path, url)
    assert done.exit_code == 0, done.output
    assert "Warning" in done.output
    (child,) = children
    assert "p%40ss" not in " ".join(child.arguments)
    assert child.input == f"{without}\n{PASSWORD}\n"


def test_a_password_file_needs_no_warning(children: list[SimpleNamespace], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(PASSWORD + "\n")
    done = move(tmp_path, "postgresql://wg@db.test/here", "--password-file", str(tmp_path / "secret"))
    assert done.exit_code == 0, done.output
    assert "Warning" not in done.output
    assert children[0].input == f"postgresql://wg@db.test/here\n{PASSWORD}\n"


def test_a_password_file_that_is_not_there_moves_nothing(
    children: list[SimpleNamespace], tmp_path: Path
) -> None:
    assert (
        move(tmp_path, "postgresql://wg@db.test/here", "--password-file", str(tmp_path / "no")).exit_code == 2
    )
    assert not children


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://wg:se[cret@db.test/here",
        "postgresql://wg:se℀cret@db.test/here",
        "postgresql://wg:se/cret@db.test/here",
        "postgresql://wg:1/secret@db.test/here",
        "postgresql://wg:1#secret@db.test/here",
    ],
)
def test_an_address_that_cannot_be_read_moves_nothing_and_is_not_quoted(
    children: list[SimpleNamespace], tmp_path: Path, url: str
) -> None:
    done = move(tmp_path, url)
    assert (done.exit_code, "cannot be read" in done.output) == (2, True), done.output
    assert isinstance(done.exception, SystemExit)
    assert "cret" not in done.output
    assert not children


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n"])
def test_a_password_file_without_a_password_moves_nothing(
    children: list[SimpleNamespace], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "secret").write_bytes(content)
    done = move(tmp_path, "postgresql://wg@db.test/here", "--password-file", str(tmp_path / "secret"))
    assert (done.exit_code, "first line is empty" in done.output) == (2, True), done.output
    assert not children
