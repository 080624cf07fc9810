"""The page of protections, and their entry in the risk queue."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from waybillguard.service.activity import risks, views_protections
from waybillguard.service.keyd.messages import StatusAnswer
from waybillguard.service.platform.risks import Level
from waybillguard.service.tenancy import protections


def state(*there: str) -> StatusAnswer:
    return StatusAnswer(version=3, healthy=True, entries={}, protections=list(there))


def queue(monkeypatch: pytest.MonkeyPatch, lacking: set[str], *there: str) -> list[Any]:
    cache.clear()
    monkeypatch.setattr(views_protections, "keyd_state", lambda: state(*there))
    monkeypatch.setattr(views_protections, "lacking_here", lambda: lacking)
    monkeypatch.setattr(protections, "_swaps", lambda: True)
    return list(risks.missing_protections(SimpleNamespace(may=lambda _permission: True)))


def test_with_everything_in_force_the_queue_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert queue(monkeypatch, set(), "callers", "no_core", "memory_locked") == []


def test_what_is_missing_stands_in_the_queue_with_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    (risk,) = queue(monkeypatch, {"files"}, "callers", "no_core")
    assert (risk.level, risk.title[0]) == (Level.DUE, "2")
    assert "Landlock" in risk.why


def test_one_user_for_all_is_named_and_is_no_alarm() -> None:
    found = {check.name: check for check in protections.protections(state(), set())}
    assert found["protection_own_user"].state == "note"
    assert "open everything" in found["protection_own_user"].en


def test_without_an_answer_of_keyd_nothing_is_claimed_of_it() -> None:
    names = {check.name for check in protections.protections(None, set())}
    assert not names & {"protection_no_core", "protection_own_user", "protection_callers"}
