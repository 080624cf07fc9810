"""Limits apply per caller, independent of the wall clock and of forwarded addresses."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from waybillguard.service.platform.limits import over_limit
from waybillguard.service.platform.rates import AddressRate, Rate


def called_by(person: int) -> Any:
    return SimpleNamespace(user=SimpleNamespace(pk=person))


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def test_a_limit_reached_while_the_date_was_wrong_ends_with_its_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead = time.time() + 365 * 86_400
    with monkeypatch.context() as wrong:
        wrong.setattr(time, "time", lambda: ahead)
        assert [over_limit("try", "wang", limit=2, seconds=60) for _ in range(3)] == [False, False, True]
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert not over_limit("try", "wang", limit=2, seconds=60)


def test_who_is_refused_may_come_back_when_the_window_ends() -> None:
    limit = Rate("some", "2/m")
    assert [limit.allow_request(called_by(1)) for _ in range(5)] == [True, True, False, False, False]
    assert 0 < limit.wait() <= 60
    assert limit.allow_request(called_by(2))


def test_callers_at_once_do_not_count_for_each_other() -> None:
    limit, passed = Rate("some", "300/m"), {1: 0, 2: 0, 3: 0, 4: 0}

    def call(person: int) -> None:
        passed[person] = sum(limit.allow_request(called_by(person)) for _ in range(400))

    threads = [threading.Thread(target=call, args=[person]) for person in passed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(passed.values()) == {300}


def test_many_names_do_not_push_a_count_out() -> None:
    assert not over_limit("try", "wang", limit=1, seconds=60)
    for n in range(2_000):
        over_limit("try", f"other-{n}", limit=1, seconds=60)
    assert over_limit("try", "wang", limit=1, seconds=60)


def test_a_claimed_address_buys_no_more_calls() -> None:
    limit, requests = AddressRate("some", "2/m"), RequestFactory()
    answers = [
        limit.allow_request(requests.post("/", headers={"X-Forwarded-For": f"10.0.0.{n}"})) for n in range(3)
    ]
    assert answers == [True, True, False]
