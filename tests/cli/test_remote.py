"""Client of the service: errors and polling."""

from typing import Any

import httpx
import pytest

from waybillguard.cli import remote
from waybillguard.cli.remote import Service, ServiceError


def said(**problem: str) -> ServiceError:
    told = {"title": "", "detail_zh": "", "detail_en": "", **problem}
    with pytest.raises(ServiceError) as raised:
        Service._check(httpx.Response(429, json=told))
    return raised.value


def test_too_many_calls_are_told_apart_from_a_limit_that_a_minute_does_not_end() -> None:
    assert "wait a minute" in said(title="too_many", detail_en="too many requests").en
    words = "more than 300000 rows were sealed, which no import needs"
    assert said(title="limit_reached", detail_zh="超过", detail_en=words).en == words


def test_waiting_for_long_work_leaves_the_limit_of_calls_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two waiting commands of one user, plus other calls, stay below 600 calls per minute."""
    slept: list[float] = []
    monkeypatch.setattr(remote.time, "sleep", slept.append)
    answers = iter([{"state": "reading"}] * 100 + [{"state": "preview"}])

    class Waiting(Service):
        def __init__(self) -> None:
            pass

        def call(self, method: str, path: str, **options: Any) -> Any:
            del method, path, options
            return next(answers)

    assert Waiting().wait("/imports/1", {"reading"}, lambda _: None) == {"state": "preview"}
    assert slept[0] <= 0.25
    assert sum(slept) > 60
