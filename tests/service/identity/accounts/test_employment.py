# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""Expiry by date, suspension after 14 days, the last owner, new browsers, and password guesses that lock out no one."""

from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.accounts.browsers import COOKIE
from waybillguard.service.identity.accounts.employment import end_expired, let_go, sleep_unused, wake
from waybillguard.service.identity.accounts.errors import LastOwnerError, NotNowError
from waybillguard.service.identity.accounts.guesses import count_wrong_password, wrong_passwords
from waybillguard.service.identity.models import (
    AccountChange,
    Browser,
    Employment,
    LeavingAudit,
    MachineKey,
    Role,
    User,
)


def employed_until(warehouse: SimpleNamespace, days: int) -> None:
    with scope(tenant=warehouse.tenant):
        Employment.objects.create(
            tenant=warehouse.tenant,
            user=warehouse.clerk,
            temp=True,
            employed_to=timezone.localdate() + timedelta(days=days),
        )


def test_a_temp_is_let_go_the_day_after_the_last(warehouse: SimpleNamespace) -> None:
    employed_until(warehouse, -1)
    assert end_expired(warehouse.tenant, timezone.localtime()) == 1
    warehouse.clerk.refresh_from_db()
    assert not warehouse.clerk.is_active
    with scope(tenant=warehouse.tenant):
        assert LeavingAudit.objects.filter(user=warehouse.clerk).exists()


def test_a_temp_works_on_the_last_day(warehouse: SimpleNamespace) -> None:
    employed_until(warehouse, 0)
    assert end_expired(warehouse.tenant, timezone.localtime()) == 0


def test_an_account_unused_for_14_days_sleeps_and_is_woken_by_an_owner(warehouse: SimpleNamespace) -> None:
    User.objects.update(date_joined=timezone.now() - timedelta(days=15))
    assert sleep_unused(warehouse.tenant, timezone.now()) == 2
    warehouse.clerk.refresh_from_db()
    assert warehouse.clerk.asleep_since is not None
    assert wake(warehouse.owner, warehouse.clerk, timezone.now())
    warehouse.clerk.refresh_from_db()
    assert warehouse.clerk.is_active


def test_an_owner_whose_machine_key_works_does_not_sleep(warehouse: SimpleNamespace, made_up: Any) -> None:
    second = made_up.make_user(warehouse.tenant, "second-owner", Role.OWNER)
    User.objects.update(date_joined=timezone.now() - timedelta(days=15))
    User.objects.filter(pk=warehouse.owner.pk).update(last_login=timezone.now())
    with scope(tenant=warehouse.tenant):
        MachineKey.objects.create(
            tenant=warehouse.tenant, name="ERP", secret_hash=b"1" * 32, scopes=[], made_by=second,
            expires_at=timezone.now() + timedelta(days=30), used_at=timezone.now() - timedelta(days=1),
        )  # fmt: skip
    assert sleep_unused(warehouse.tenant, timezone.now()) == 2
    second.refresh_from_db()
    assert second.is_active
    with scope(tenant=warehouse.tenant):
        MachineKey.objects.update(used_at=timezone.now() - timedelta(days=15))
    assert sleep_unused(warehouse.tenant, timezone.now()) == 1
    with scope(tenant=warehouse.tenant):
        assert MachineKey.objects.get().revoked_at is None, "sleep is no end"


def test_the_last_owner_never_sleeps_and_is_never_let_go(warehouse: SimpleNamespace) -> None:
    User.objects.update(date_joined=timezone.now() - timedelta(days=15))
    sleep_unused(warehouse.tenant, timezone.now())
    warehouse.owner.refresh_from_db()
    assert warehouse.owner.is_active
    with pytest.raises(LastOwnerError):
        let_go(None, warehouse.owner, timezone.now())


def test_a_leaver_is_not_woken_before_there_is_a_new_period(warehouse: SimpleNamespace) -> None:
    employed_until(warehouse, -1)
    end_expired(warehouse.tenant, timezone.localtime())
    warehouse.clerk.refresh_from_db()
    with pytest.raises(NotNowError):
        wake(warehouse.owner, warehouse.clerk, timezone.now())


def sign_in(browser: Client, made_up: ModuleType, password: str, address: str) -> str:
    answer = browser.post(
        reverse("account_login"), {"login": "service", "password": password}, REMOTE_ADDR=address
    )
    return str(answer.headers.get("Location", ""))


def test_a_second_browser_is_noticed_and_the_first_is_not(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    first, second = Client(), Client()
    sign_in(first, made_up, made_up.PASSWORD, "192.0.2.1")
    assert not Browser.objects.filter(known_since=None).exists()
    assert COOKIE in first.cookies
    sign_in(second, made_up, made_up.PASSWORD, "192.0.2.2")
    assert Browser.objects.filter(user=warehouse.service, known_since=None).count() == 1
    with scope(tenant=warehouse.tenant):
        assert AccountChange.objects.filter(what="new_browser").count() == 2


def test_guesses_at_a_name_of_nobody_are_counted_like_those_at_a_persons(warehouse: SimpleNamespace) -> None:
    """Otherwise the limit would reveal which names exist."""
    for name in (warehouse.service.username, "nobody-here"):
        for _ in range(3):
            count_wrong_password(name)
        assert (wrong_passwords(name), wrong_passwords(name.upper())) == (3, 3)


def test_guessing_a_name_does_not_shut_its_person_out(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    for _ in range(12):
        sign_in(Client(), made_up, "wrong password", "192.0.2.66")
    assert sign_in(Client(), made_up, made_up.PASSWORD, "192.0.2.66") == ""
    assert sign_in(Client(), made_up, made_up.PASSWORD, "192.0.2.1") == reverse("home")
