"""The life of an account through the real pages: suspension, end by date, sessions, notices."""

import time
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.service.identity.accounts.tasks import hourly_round, make_leaving_audit
from waybillguard.service.identity.models import Browser, Employment, LeavingAudit, User
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.ledger_messages import ActorLooksAnswer
from waybillguard.service.vault.models import RetentionRule

type SignedIn = Callable[[User], Client]
NOW = "2026-11-25T02:00:00Z"  # ten in the morning


@pytest.fixture
def owner(warehouse: SimpleNamespace, signed_in: SignedIn) -> Client:
    return confirmed(signed_in(warehouse.owner), warehouse.owner)


def confirmed(client: Client, user: User) -> Client:
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def login(made_up: ModuleType, **headers: Any) -> Client:
    browser = Client(headers={"accept-language": "en", **headers})
    browser.post(reverse("account_login"), {"login": "service", "password": made_up.PASSWORD})
    return browser


def works(browser: Client) -> bool:
    return browser.get(reverse("orders")).status_code == 200


def run_on(clock: time_machine.Traveller, time: timedelta) -> None:
    """Advance the clock and confirm the date, since no account is suspended after an unconfirmed jump."""
    clock.shift(time)
    with scopes_disabled():
        RetentionRule.objects.update(clock_seen_at=timezone.now())
    hourly_round.func()


def test_an_account_unused_for_14_days_sleeps_and_wakes_by_an_owners_click(
    warehouse: SimpleNamespace, made_up: ModuleType, signed_in: SignedIn
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        User.objects.update(date_joined=timezone.now())
        assert works(login(made_up))
        run_on(clock, timedelta(days=13, hours=23))
        assert works(login(made_up)), "not yet fourteen days; and this use counts"
        run_on(clock, timedelta(days=14, minutes=2))
        assert not works(login(made_up)), "asleep"
        desk = confirmed(signed_in(warehouse.owner), warehouse.owner)
        page = reverse("person", args=[warehouse.service.pk])
        assert "Asleep" in desk.get(page).content.decode()
        woken = desk.post(reverse("person_wake", args=[warehouse.service.pk]))
        assert "/setup/" in woken.content.decode(), "a new link, shown once"
        assert User.objects.get(pk=warehouse.service.pk).is_active


def test_a_temp_ends_by_date_with_the_session_that_is_open(
    warehouse: SimpleNamespace, made_up: ModuleType, signed_in: SignedIn
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        desk = confirmed(signed_in(warehouse.owner), warehouse.owner)
        today = timezone.localdate()
        desk.post(
            reverse("person_edit", args=[warehouse.service.pk]),
            {"temp": "on", "agency": "测试劳务", "employed_from": str(today - timedelta(days=30)),
             "employed_to": str(today), "identity_checked_on": str(today - timedelta(days=30))},
        )  # fmt: skip
        browser = login(made_up)
        assert works(browser), "on the last day he works"
        clock.move_to("2026-11-25T16:00:01Z")  # one second into the next day
        assert not works(browser), "before any round was made"
        assert not works(login(made_up))
        hourly_round.func()
        page = desk.get(reverse("person", args=[warehouse.service.pk]), follow=True)
        assert not User.objects.get(pk=warehouse.service.pk).is_active
        assert page.status_code == 200


def test_an_owner_sees_somebodys_sessions_and_ends_one(
    warehouse: SimpleNamespace, made_up: ModuleType, owner: Client
) -> None:
    desk, phone = login(made_up, **{"user-agent": "Desk/1"}), login(made_up, **{"user-agent": "Phone/1"})
    assert works(desk)
    assert works(phone)
    page = owner.get(reverse("person", args=[warehouse.service.pk]))
    assert len(page.context["sessions"]) == 2
    row = UserSession.objects.get(user=warehouse.service, user_agent="Phone/1")
    owner.post(reverse("session_end", args=[warehouse.service.pk, row.pk]))
    assert not works(phone)
    assert works(desk)


@pytest.mark.usefixtures("warehouse")
def test_a_person_ends_all_other_sessions(made_up: ModuleType) -> None:
    mine, lost = login(made_up), login(made_up)
    assert works(mine)
    assert works(lost)
    mine.post(reverse("usersessions_list"))
    assert not works(lost)
    assert works(mine)


def test_a_new_browser_is_shown_until_its_person_calls_it_their_own(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    login(made_up)
    second = login(made_up, **{"user-agent": "Mozilla/5.0 Firefox/140.0"})
    page = second.get(reverse("usersessions_list")).content.decode()
    assert "First sign-in from a new browser" in page
    (strange,) = Browser.objects.filter(user=warehouse.service, known_since=None)
    second.post(reverse("browser_known", args=[strange.pk]))
    page = second.get(reverse("usersessions_list")).content.decode()
    assert "First sign-in from a new browser" not in page


def test_letting_somebody_go_makes_the_audit_of_thirty_days_by_itself(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = ActorLooksAnswer(looks=[("search", 20_000, 3), ("reveal", 20_001, 2)], cursor="")
    monkeypatch.setattr(KeydClient, "call", lambda *_: looked)
    owner.post(reverse("person_deactivate", args=[warehouse.service.pk]))
    with scope(tenant=warehouse.tenant):
        audit = LeavingAudit.objects.get(user=warehouse.service)
    assert audit.until - audit.since == timedelta(days=30)
    make_leaving_audit.func(audit.pk)
    page = owner.get(reverse("person", args=[warehouse.service.pk])).content.decode()
    assert "Looks of the last 30 days" in page
    assert "Shown in full" in page
    with scope(tenant=warehouse.tenant):
        assert Employment.objects.get(user=warehouse.service).employed_to == timezone.localdate()
