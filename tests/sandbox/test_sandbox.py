"""A child that may die of what it reads: bounded, told nothing else, and never believed blindly."""

import os
import sys
from pathlib import Path

import pytest
from support import sandbox_child as child
from support.missing import missing

from waybillguard.sandbox import SandboxError, ask, landlock, seccomp

MODULE = "support.sandbox_child"


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))


def told(what: str) -> str:
    return ask(MODULE, child.Question(what), child.Answer, seconds=60).said


def test_a_child_answers() -> None:
    assert told("say hello") == "hello"


@pytest.mark.parametrize("what", ["die", "take memory", "write a file", "answer nonsense"])
def test_a_child_that_fails_gives_an_error_and_says_nothing(
    what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SandboxError):
        told(what)
    assert capfd.readouterr() == ("", "")


def test_a_child_that_thinks_for_too_long_is_ended() -> None:
    with pytest.raises(SandboxError):
        ask(MODULE, child.Question("sleep"), child.Answer, seconds=1)


def test_a_child_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYBILLGUARD_HOME", "/somewhere")
    assert "WAYBILLGUARD_HOME" not in told("say environment")


@pytest.mark.parametrize("what", ["signal", "environment", "memory"])
def test_a_child_touches_no_other_process(what: str) -> None:
    if landlock.Taken.SIGNALS not in landlock.supported():
        missing("Landlock 6", "Linux 6.12 or later")
    assert told(f"try {what}") == "refused"


def test_a_child_reads_no_file_of_the_user(tmp_path: Path) -> None:
    if not landlock.version():
        missing("Landlock", "Linux 5.13 or later")
    secret = tmp_path / "passphrase"
    secret.write_text("invented")
    assert told(f"try read {secret}") == "refused"


@pytest.mark.parametrize("what", ["socket", "program"])
def test_a_child_opens_no_socket_and_starts_no_program(what: str) -> None:
    if not seccomp.supported():
        missing("seccomp", "Linux on x86_64 or aarch64")
    assert told(f"try {what}") == "refused"
