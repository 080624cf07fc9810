"""Policies decide everyday work: temps in the first week, unchecked identities, work outside the shift, leavers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.settings import default_settings
from waybillguard.access.shifts import in_shift
from waybillguard.access.whatif import book_of
from waybillguard.service.authorization import active_policies, principal
from waybillguard.service.authorization.active_policies import ActivePolicies, read_roster
from waybillguard.service.authorization.shifts.services import declare_sale
from waybillguard.service.identity.accounts.services import deactivate
from waybillguard.service.identity.models import Employment, Permission, ShellToken, User
from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.print_room.runs import services as printing
from waybillguard.service.vault import services as vault


@pytest.fixture
def here(warehouse: SimpleNamespace, no_keyd: None) -> Iterator[SimpleNamespace]:
    del no_keyd
    with scope(tenant=warehouse.tenant):
        yield warehouse


def employed(here: SimpleNamespace, days: int, **changes: Any) -> User:
    today = timezone.localdate()
    values = {
        "temp": True, "employed_from": today - timedelta(days=days), "employed_to": today + timedelta(days=30),
        "identity_checked_on": today,
    } | changes  # fmt: skip
    Employment.objects.create(tenant=here.tenant, user=here.clerk, **values)
    return User.objects.select_related("tenant").get(pk=here.clerk.pk)


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (6, False), (7, True)])
def test_a_temp_of_the_first_week_has_no_print_room(
    days: int, allowed: bool, here: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    temp = employed(here, days)
    assert temp.may(Permission.PRINT) is allowed
    assert temp.may(Permission.SEARCH)
    browser = signed_in(temp)
    for name in ("printing", "run_detail"):
        args = [here.run.pk] if name == "run_detail" else []
        assert (browser.get(reverse(name, args=args)).status_code == 200) is allowed
    page = browser.get(reverse("printing")).content.decode()
    assert ("first seven days" in page) is not allowed


def test_the_machine_api_says_no_to_a_temp_of_the_first_week(here: SimpleNamespace) -> None:
    secret, _token = ShellToken.issue(employed(here, 3), "test", timezone.now())
    answer = Client().post(
        "/api/v1/label-runs", {"all": True}, content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 403


def test_who_was_not_checked_neither_imports_nor_prints(here: SimpleNamespace) -> None:
    somebody = employed(here, 300, temp=False, identity_checked_on=None)
    assert not somebody.may(Permission.PRINT)
    assert not somebody.may(Permission.IMPORT)
    assert somebody.may(Permission.SEARCH)
    assert "identity" in somebody.why_not(Permission.PRINT, "en")


def test_an_upload_that_the_policies_refuse_is_called_refused_and_not_a_missing_field(
    here: SimpleNamespace,
) -> None:
    secret, _token = ShellToken.issue(
        employed(here, 300, temp=False, identity_checked_on=None), "test", timezone.now()
    )
    file = SimpleUploadedFile("orders.csv", b"a,b\n1,2\n", content_type="text/csv")
    answer = Client().post("/api/v1/imports", {"file": file}, headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 403


def test_a_term_that_ended_yesterday_allows_nothing_today(here: SimpleNamespace) -> None:
    gone = employed(here, 60, employed_to=timezone.localdate() - timedelta(days=1))
    assert not any(gone.may(what) for what in (Permission.PRINT, Permission.IMPORT, Permission.SEARCH))


def test_out_of_shift_nothing_is_done_that_the_owner_bound_to_the_shift(
    here: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = type(default_settings()).from_form(
        default_settings().to_form() | {"shift_actions": ["print"], "sale_day_actions": ["print"]}
    )
    soon = timezone.localtime() + timedelta(hours=2)
    shift = {
        "name": "later", "start": f"{soon:%H:%M}", "end": f"{soon + timedelta(hours=3):%H:%M}",
        "weekdays": list(range(7)),
    }  # fmt: skip
    active = ActivePolicies(1, book_of(settings), settings, read_roster({"shifts": [shift]}))
    monkeypatch.setattr(
        "waybillguard.service.authorization.principal.active_policies", lambda _tenant: active
    )
    now, today = timezone.now(), timezone.localdate()
    for allowed in (False, True):
        if allowed:
            with scope(tenant=here.tenant):
                declare_sale(here.owner, "双十二", today, today, now)
        clerk = User.objects.select_related("tenant").get(pk=here.clerk.pk)
        assert clerk.may(Permission.PRINT) is allowed
        assert clerk.may(Permission.IMPORT)
        assert here.owner.may(Permission.PRINT), "an owner works by no shift"
    assert active_policies.active_policies(here.tenant).number == 0


def test_who_is_let_go_in_the_middle_of_a_batch_commits_and_prints_nothing(
    here: SimpleNamespace, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(principal, "FRESH_S", 0.0)
    batch = made_up.make_batch(here.clerk, "preview", orders=4, refused=0)
    held = User.objects.select_related("tenant").get(pk=here.clerk.pk)
    assert held.may(Permission.IMPORT)
    deactivate(User.objects.get(pk=here.clerk.pk))
    assert held.is_active, "the worker holds the account as it was"
    with pytest.raises(NotAllowedError):
        vault.commit_import(held, batch)
    with pytest.raises(NotAllowedError):
        printing.start_run(held, order_ids=None, everything=True, size="76x130", dpi=203, file_kind="pdf")
    batch.refresh_from_db()
    assert batch.state == "preview"


def test_a_page_asks_the_policies_a_few_small_questions_once(here: SimpleNamespace) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clerk = User.objects.select_related("tenant").get(pk=here.clerk.pk)
    clerk.may(Permission.PRINT)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(10):
            clerk.may(Permission.PRINT)
    assert len(asked) == 0


@pytest.mark.parametrize(("shift", "on"), [("day", True), ("", True), ("dya", False)])
def test_a_shift_that_nobody_knows_is_no_shift(shift: str, on: bool) -> None:
    always = {"name": "day", "start": "00:00", "end": "23:59", "weekdays": list(range(7))}
    active = ActivePolicies(
        1, book_of(default_settings()), default_settings(), read_roster({"shifts": [always]})
    )
    noon = timezone.localtime().replace(hour=12)
    assert in_shift(noon, active.roster("u1", shift, (), ()), "u1").facts.on is on
