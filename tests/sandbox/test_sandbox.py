"""A sandboxed child: limited, isolated, allowed to crash, and its answers are validated."""

import os
import sys
import tracemalloc
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


def test_no_library_has_threads_that_stay_outside_the_walls() -> None:
    assert told("say threads") == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
def test_a_child_leaves_no_core_where_cores_are_piped_to_a_program() -> None:
    assert told("say dumpable") == "0"


def test_a_child_that_speaks_on_and_on_is_not_heard_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waybillguard.sandbox.parent._MOST", 8 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(SandboxError):
            ask(MODULE, child.Question("speak on and on"), child.Answer, seconds=30)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_a_long_question_and_a_long_answer_pass() -> None:
    long = "面" * (4 << 20)
    assert told(f"say {long}") == long


def test_a_child_that_ends_before_it_has_heard_the_question_is_an_error() -> None:
    with pytest.raises(SandboxError):
        ask("support.no_such_module", child.Question("x" * (4 << 20)), child.Answer, seconds=30)


@pytest.mark.parametrize("what", ["environment", "memory"])
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


@pytest.mark.parametrize("what", ["socket", "program", "signal"])
def test_a_child_opens_no_socket_starts_no_program_and_signals_nobody(what: str) -> None:
    if not seccomp.supported():
        missing("seccomp", "Linux on x86_64 or aarch64")
    assert told(f"try {what}") == "refused"
