"""The worker survives a database failure: it waits, and continues after the recovery."""

from collections.abc import Callable
from errno import EACCES, ENOSPC
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.operations import worker
from waybillguard.service.operations.worker import A_MINUTE, LOOK_AGAIN, retry_on_database_failure
from waybillguard.service.vault.tasks import apply_retention

GONE = [OperationalError("terminating connection: 19900000001"), InterfaceError("connection already closed")]


class Pause:
    """Records the waiting times; ends the waiting after a number of them."""

    def __init__(self, times: int) -> None:
        self.waited: list[float] = []
        self._times = times

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return len(self.waited) >= self._times


def failing(errors: list[Exception]) -> Callable[[], None]:
    left = list(errors)

    def work() -> None:
        if left:
            raise left.pop(0)

    return work


@pytest.mark.django_db
def test_a_database_that_was_gone_is_worked_with_again(caplog: pytest.LogCaptureFixture) -> None:
    pause: Any = Pause(10)
    retry_on_database_failure(failing(GONE), pause)
    assert pause.waited == [LOOK_AGAIN] * 2
    assert "19900000001" not in caplog.text
    assert connection.is_usable()


@pytest.mark.django_db
def test_a_full_disk_is_waited_for_in_the_same_process_whoever_meets_it() -> None:
    pause: Any = Pause(10)
    met = [
        OSError(ENOSPC, "No space left on device"),
        RefusedError(zh="满", en="full", reason="ledger_full"),
    ]
    retry_on_database_failure(failing(met), pause)
    assert pause.waited == [LOOK_AGAIN] * 2
    for other in (OSError(EACCES, "denied"), RefusedError(zh="否", en="no", reason="not_granted")):
        with pytest.raises(type(other)):
            retry_on_database_failure(failing([other]), pause)


@pytest.mark.django_db
def test_a_fault_of_ours_ends_the_process() -> None:
    with pytest.raises(ProgrammingError):
        retry_on_database_failure(failing([ProgrammingError("no such table")]))


@pytest.mark.django_db
def test_the_daily_tasks_are_asked_for_again_where_the_database_did_not_take_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pause: Any = Pause(2)
    monkeypatch.setattr(type(apply_retention), "enqueue", lambda _task: work())
    work = failing(GONE[:1])
    worker._every_day(pause)
    assert pause.waited == [A_MINUTE, worker.A_DAY]
