"""Idempotency keys: one result per key, refused for another request, deleted after their time."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.vault.api_sealing import KEY_LIFETIME, forget_keys, once
from waybillguard.service.vault.errors import IdempotencyError, StillRunningError
from waybillguard.service.vault.interrupted import CALL_AT_MOST
from waybillguard.service.vault.models import IdempotencyKey


@pytest.fixture
def calls(warehouse: SimpleNamespace) -> Any:
    done: list[int] = []

    def call(key: str = "k", request: object = "r", answer: int = 1) -> Any:
        def act(_keep: Any) -> tuple[int, dict[str, Any]]:
            done.append(answer)
            return 200, {"answer": answer}

        with scope(tenant=warehouse.tenant):
            return once(warehouse.tenant, key, request, act)

    call.done = done  # type: ignore[attr-defined]
    call.tenant = warehouse.tenant  # type: ignore[attr-defined]
    return call


def age(calls: Any, how_old: timedelta, **values: object) -> None:
    with scope(tenant=calls.tenant):
        IdempotencyKey.objects.update(created_at=timezone.now() - how_old, **values)


def test_a_replayed_key_gets_the_first_answer_and_does_nothing(calls: Any) -> None:
    assert calls(answer=1) == (200, {"answer": 1})
    assert calls(answer=2) == (200, {"answer": 1})
    assert calls.done == [1]


def test_a_key_of_another_request_is_refused(calls: Any) -> None:
    calls(request="one")
    with pytest.raises(IdempotencyError):
        calls(request="another")


def test_a_call_that_failed_leaves_its_key_free(calls: Any) -> None:
    with scope(tenant=calls.tenant):

        def broken(_keep: Any) -> tuple[int, dict[str, Any]]:
            raise LookupError

        with pytest.raises(LookupError):
            once(calls.tenant, "k", "r", broken)
    assert calls(answer=3) == (200, {"answer": 3})


def test_a_call_that_never_answered_blocks_its_key_for_a_while_alone(calls: Any) -> None:
    calls(answer=1)
    age(calls, timedelta(minutes=1), status=0)
    with pytest.raises(IdempotencyError):
        calls(answer=2)
    age(calls, CALL_AT_MOST + timedelta(seconds=1), status=0)
    assert calls(answer=2) == (200, {"answer": 2})


def test_a_retry_takes_over_from_a_process_that_is_dead(calls: Any) -> None:
    calls(answer=1)
    age(calls, timedelta(minutes=1), status=0, owner="1-0")
    assert calls(answer=1) == (200, {"answer": 1})


def test_an_answer_kept_with_what_was_done_outlives_the_process(calls: Any) -> None:
    """A call killed between its last commit and its answer is not run again, because all its rows would be known."""

    def killed(keep: Any) -> tuple[int, dict[str, Any]]:
        keep((200, {"answer": 1}))
        raise SystemExit

    with scope(tenant=calls.tenant):
        with pytest.raises(SystemExit):
            once(calls.tenant, "k", "r", killed)
        IdempotencyKey.objects.update(owner="1-0")
    assert calls(answer=2) == (200, {"answer": 1})
    assert calls.done == []


def test_a_call_that_was_taken_for_dead_changes_nothing(calls: Any) -> None:
    def slow(keep: Any) -> tuple[int, dict[str, Any]]:
        IdempotencyKey.objects.update(owner="1-0")
        assert calls(answer=2) == (200, {"answer": 2})
        keep((200, {"answer": 1}))
        raise AssertionError("whoever took over counts")

    with scope(tenant=calls.tenant), pytest.raises(StillRunningError):
        once(calls.tenant, "k", "r", slow)
    assert calls(answer=3) == (200, {"answer": 2})


def test_a_key_that_is_freed_while_it_is_asked_for_is_free_the_next_time(
    calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object, **__: object) -> None:
        """The first call held the key when this one wanted it, then failed and released it before this one looked."""
        raise IntegrityError

    with monkeypatch.context() as patch:
        patch.setattr(IdempotencyKey, "save", taken)
        with pytest.raises(StillRunningError):
            calls(answer=1)
    assert calls(answer=2) == (200, {"answer": 2})


def test_keys_are_forgotten_after_their_time(calls: Any) -> None:
    calls(answer=1)
    age(calls, KEY_LIFETIME - timedelta(minutes=1))
    assert forget_keys(timezone.now()) == 0
    age(calls, KEY_LIFETIME + timedelta(minutes=1))
    assert forget_keys(timezone.now()) == 1
    assert calls(answer=2) == (200, {"answer": 2})
