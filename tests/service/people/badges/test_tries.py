"""Guessing PINs: counted before the check, always answered alike, without locking out others."""

import html
import re
import time
from datetime import timedelta
from statistics import median
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from support.badges import PIN, badge_of, scan, station

from waybillguard.label.badge import with_check_digit
from waybillguard.service.identity.models import Role, Tries
from waybillguard.service.people.badges import tries

NOBODYS = with_check_digit("3" * 39)


def said(answer: Any) -> tuple[int, str]:
    found = re.search(r'role="alert">.*?<span>(.*?)</span>', answer.content.decode(), re.DOTALL)
    assert found
    return answer.status_code, html.unescape(found[1])


def test_an_unknown_a_revoked_a_waiting_and_a_wrongly_used_badge_get_one_answer(
    scene: SimpleNamespace, made_up: ModuleType
) -> None:
    from waybillguard.service.people.badges.services import revoke

    _, browser = station(scene.owner)
    good = badge_of(scene.owner, scene.clerk)
    gone = badge_of(scene.owner, made_up.make_user(scene.tenant, "clerk-2", Role.CLERK))
    revoke(scene.owner, gone.badge.user, timezone.now())
    answers = {said(scan(browser, code, pin)) for code, pin in (
        (NOBODYS, PIN), ("not a code", PIN), (gone.code, PIN), (good.code, "000000"),
    )}  # fmt: skip
    for _ in range(tries.FREE_TRIES - 1):
        answers.add(said(scan(browser, good.code, "000000")))
    answers.add(said(scan(browser, good.code, PIN)))
    assert len(answers) == 1
    assert answers.pop()[0] == 403


@pytest.mark.parametrize("badge_is_real", [True, False])
def test_every_wrong_try_costs_one_slow_hash(
    badge_is_real: bool, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.people.badges import signing_in

    hashed: list[str] = []
    _, browser = station(scene.owner)
    code = badge_of(scene.owner, scene.clerk).code if badge_is_real else NOBODYS
    signing_in._dummy_hash()

    def look(_pin: str, encoded: str) -> bool:
        hashed.append(encoded)
        return False

    monkeypatch.setattr(signing_in, "check_password", look)
    for _ in range(tries.FREE_TRIES + 2):
        scan(browser, code, "000000")
    assert len(hashed) == tries.FREE_TRIES + 2


def test_after_five_wrong_pins_the_badge_waits_at_this_station_alone(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    _, other = station(scene.owner, "打包台2")
    issued = badge_of(scene.owner, scene.clerk)
    for _ in range(tries.FREE_TRIES):
        scan(browser, issued.code, "000000")
    assert scan(browser, issued.code).status_code == 403, "even the right one has to wait"
    assert scan(other, issued.code).status_code == 302, "elsewhere its owner works on"
    Tries.objects.update(waits_until=timezone.now() - timedelta(seconds=1))
    assert scan(browser, issued.code).status_code == 302


def test_each_further_five_wrong_pins_wait_longer(scene: SimpleNamespace) -> None:
    device, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    waits = []
    with time_machine.travel("2026-11-25T02:00:00Z", tick=False) as clock:
        for _ in range(5):
            for _ in range(tries.FREE_TRIES):
                Tries.objects.filter(badge=None).update(failures=0)
                scan(browser, issued.code, "000000")
            row = Tries.objects.get(device=device, badge=issued.badge)
            waits.append(row.waits_until - timezone.now())
            clock.move_to(row.waits_until)
    assert waits == [*tries.WAITS, tries.WAITS[-1]]


def test_other_ways_of_signing_in_are_not_touched(scene: SimpleNamespace, made_up: ModuleType) -> None:
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.service)
    for _ in range(tries.FREE_TRIES + 3):
        scan(browser, issued.code, "000000")
    client = Client(headers={"accept-language": "en"})
    answer = client.post(reverse("account_login"), {"login": "service", "password": made_up.PASSWORD})
    assert answer["Location"] == reverse("home")


def test_a_station_with_many_wrong_tries_slows_down_and_is_never_closed(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    with time_machine.travel("2026-11-25T02:00:00Z", tick=False) as clock:
        for number in range(tries.STATION_FREE):
            scan(browser, with_check_digit(f"{number:039}"), "000000")
        assert "every 30 seconds" in said(scan(browser, issued.code))[1]
        clock.shift(tries.STATION_STEP)
        assert scan(browser, issued.code).status_code == 302, "the next person gets in after half a minute"
        clock.shift(tries.STATION_WINDOW)
        assert scan(browser, issued.code).status_code == 302
        assert scan(browser, issued.code).status_code == 302


def test_ones_own_right_pin_does_not_wash_guesses_at_others_off(
    scene: SimpleNamespace, made_up: ModuleType
) -> None:
    _, browser = station(scene.owner)
    mine = badge_of(scene.owner, made_up.make_user(scene.tenant, "clerk-2", Role.CLERK))
    theirs = badge_of(scene.owner, scene.clerk)
    for _ in range(tries.FREE_TRIES):
        scan(browser, theirs.code, "000000")
        assert scan(browser, mine.code).status_code == 302
    assert scan(browser, theirs.code).status_code == 403
    assert Tries.objects.get(badge=None).failures >= tries.FREE_TRIES


def test_a_try_is_counted_before_it_is_looked_at(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a hundred concurrent guesses would all be checked before the first is counted."""
    from waybillguard.service.people.badges import signing_in

    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    seen: list[int] = []

    def look(*_: str) -> bool:
        seen.append(Tries.objects.get(badge=issued.badge).failures)
        return False

    monkeypatch.setattr(signing_in, "check_password", look)
    scan(browser, issued.code, "000000")
    assert seen == [1]


def test_failed_tries_stand_in_the_ledger_and_among_the_events(
    scene: SimpleNamespace, journal: list[Any]
) -> None:
    from waybillguard.service.audit.models import OutboxEvent

    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.clerk).code, "000000")
    assert [detail for kind, _, detail in journal if kind == "sign_in_failed"] == [{"step": "badge"}]
    assert OutboxEvent.objects.filter(action="login_failed", workstation="打包台1").count() == 1


def test_known_and_unknown_badges_take_the_same_time(scene: SimpleNamespace, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    from waybillguard.service.people.badges import signing_in

    signing_in._dummy_hash.cache_clear()
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    took: dict[str, list[float]] = {issued.code: [], NOBODYS: []}
    for _ in range(8):
        for code, times in took.items():
            Tries.objects.update(failures=0, waits_until=None, since=F("since"))
            began = time.process_time()
            scan(browser, code, "000000")
            times.append(time.process_time() - began)
    known, unknown = (median(times) for times in took.values())
    signing_in._dummy_hash.cache_clear()
    assert known / unknown == pytest.approx(1, abs=0.5)
