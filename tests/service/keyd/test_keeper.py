"""The reason why the ledger stopped, as keyd stores it."""

import sqlite3
from collections.abc import Iterator
from errno import EMFILE, ENOSPC
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.committer import stopped_by
from waybillguard.ledger.errors import LedgerFullError, LedgerStoppedError
from waybillguard.service.keyd import keeper as keeping
from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.keeper import Keeper
from waybillguard.service.keyd.timestamping import Timestamping
from waybillguard.service.keyd.witnesses import Witnesses

ASKED = messages.NewDataKey("here")


def test_a_caller_of_a_ledger_closed_before_does_not_hide_that_the_present_one_wants_room() -> None:
    """Such a caller does not know the cause. Trusting it would have made keyd wait for a person for ever."""
    nothing: Any = None
    keeper = Keeper(nothing, nothing, nothing, nothing, nothing, nothing)

    def late(_request: Any) -> object:
        raise stopped_by(None)

    full = OSError(ENOSPC, "no room")
    keeper._ledger = SimpleNamespace(stopped=stopped_by(full))  # type: ignore[assignment]
    keeper._work = late
    with pytest.raises(LedgerStoppedError):
        keeper.handle(ASKED)
    assert isinstance(keeper.problem, LedgerStoppedError)
    assert keeper.problem.errno == ENOSPC


class Fails:
    """Setup of a ledger that fails as long as the test wants."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error

    def operations(self, ledger: Ledger) -> Any:
        if self.error is not None:
            raise self.error
        return lambda _request: ledger.healthy


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Keeper, Fails]]:
    monkeypatch.setattr(keeping, "REOPEN_S", 0.0)
    nothing: Any = None
    fails = Fails(OSError(ENOSPC, "no room"))
    keys = LedgerKeys.of_installation(bytes(32))
    witnesses, stamps = Witnesses(tmp_path / "w"), Timestamping(tmp_path / "u", tmp_path / "r")
    made = Keeper(LocalStorage(tmp_path / "l"), keys, witnesses, stamps, fails.operations, nothing)
    yield made, fails
    made.close()


def test_a_start_without_room_goes_on_by_itself_when_there_is_some(keeper: tuple[Keeper, Fails]) -> None:
    made, fails = keeper
    made.start()
    for error in (
        OSError(ENOSPC, "no room"),
        sqlite3.OperationalError("database is locked"),
        KeyError("new"),
    ):
        fails.error = error
        with pytest.raises(LedgerFullError) as refused:
            made.handle(ASKED)
        assert "Free some space" in refused.value.en
        assert made._ledger is None, "nothing is left open that would keep out the next try"
    fails.error = None
    assert made.handle(ASKED) is True


def test_a_start_that_fails_by_anything_else_is_told(keeper: tuple[Keeper, Fails]) -> None:
    made, fails = keeper
    fails.error = PermissionError(1, "not ours")
    with pytest.raises(PermissionError):
        made.start()


@pytest.mark.parametrize(
    "error",
    [sqlite3.OperationalError("unable to open database file"), OSError(EMFILE, "too many open files")],
)
def test_a_ledger_whose_files_do_not_open_is_told_and_opens_nothing(
    error: Exception, keeper: tuple[Keeper, Fails], capfd: pytest.CaptureFixture[str]
) -> None:
    """Regression: keyd exited with a traceback, and the service restarted it again and again."""
    made, fails = keeper
    fails.error = error
    made.start()
    with pytest.raises(LedgerStoppedError, match="files of the ledger"):
        made.handle(ASKED)
    assert "ulimit" in capfd.readouterr().err


def test_made_up_warehouses_begin_only_so_many_ledgers(
    keeper: tuple[Keeper, Fails], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: each ledger keeps files open, until the limit was reached and the ledger did not open any more."""
    made, fails = keeper
    fails.error = None
    monkeypatch.setattr(keeping, "MAX_WAREHOUSES", 3)
    made.start()

    def record(tenant: str) -> messages.Record:
        return messages.Record(messages.Context(tenant, "u1"), "account", {})

    for tenant in ("here", "made-up-1", "made-up-2"):
        made.handle(record(tenant))
    for request in (record("made-up-3"), messages.SealBatch("made-up-3", [], [])):
        with pytest.raises(RequestRefusedError, match="no new one begins"):
            made.handle(request)
    assert made.handle(record("here")) is True


@pytest.mark.parametrize(
    "request_",
    [ledger_messages.LedgerState("here/x"), ledger_messages.Looks(messages.Context("a/b", "u1"), b"")],
)
def test_what_the_ledger_itself_answers_is_asked_under_real_names_too(
    request_: messages.Request, keeper: tuple[Keeper, Fails]
) -> None:
    with pytest.raises(RequestRefusedError, match="letters"):
        keeper[0].handle(request_)
