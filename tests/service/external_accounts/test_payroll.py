"""Payroll lists: matching rows with people, people no longer listed, and changes that no list can undo."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.registry_reading import PayrollList, read_payroll
from waybillguard.service.external_accounts.payroll import apply_payroll, mark_left, match_payroll
from waybillguard.service.identity.accounts.employment import employment_of, end_expired, let_go
from waybillguard.service.identity.models import Employment, Permission, Role, User

TITLES = "工号,姓名,入职日期,离职日期\n"


@pytest.fixture
def here(warehouse: SimpleNamespace, written: list[Any]) -> Iterator[SimpleNamespace]:
    """A warehouse with a clerk whose employment was entered by hand: no number, identity checked, shift and station."""
    del written
    with scope(tenant=warehouse.tenant):
        User.objects.filter(pk=warehouse.clerk.pk).update(display_name="测试人甲")
        warehouse.clerk = fresh(warehouse.clerk)
        warehouse.today = timezone.localdate()
        Employment.objects.create(
            tenant=warehouse.tenant, user=warehouse.clerk, name="测试人甲", employed_from=date(2025, 1, 1),
            identity_checked_on=date(2025, 1, 1), shift="day", home_station="3",
        )  # fmt: skip
        yield warehouse


def fresh(user: User) -> User:
    return User.objects.select_related("tenant").get(pk=user.pk)


def rows(text: str) -> PayrollList:
    return read_payroll(TITLES + text)


def take(here: SimpleNamespace, text: str) -> None:
    apply_payroll(here.tenant, rows(text), here.today)
    end_expired(here.tenant, timezone.localtime())


def yesterday(here: SimpleNamespace) -> str:
    return f"{here.today - timedelta(days=1):%Y-%m-%d}"


def test_an_account_without_a_number_is_cut_when_the_list_says_that_person_left(
    here: SimpleNamespace,
) -> None:
    take(here, f"001,测试人甲,2025-01-01,{yesterday(here)}\n")
    assert not fresh(here.clerk).is_active
    (row,) = Employment.objects.filter(tenant=here.tenant)
    assert (row.number, row.user) == ("001", here.clerk)


def test_of_two_people_with_one_name_a_name_says_nothing(here: SimpleNamespace) -> None:
    text = f"001,测试人甲,2025-01-01,{yesterday(here)}\n002,测试人甲,2025-01-01,\n"
    take(here, text)
    assert fresh(here.clerk).is_active
    assert employment_of(here.clerk).number == ""  # type: ignore[union-attr]
    assert here.clerk in [one.user for one in match_payroll(here.tenant, rows(text), here.today).missing]


def test_a_number_that_lost_its_zeros_in_a_spreadsheet_means_the_same_person(here: SimpleNamespace) -> None:
    take(here, "007,测试人甲,2025-01-01,\n")
    assert employment_of(here.clerk).number == "007"  # type: ignore[union-attr]
    assert match_payroll(here.tenant, rows("7,测试人乙,2025-01-01,\n"), here.today).rows[0][1] is None
    take(here, f"7,测试人甲,2025-01-01,{yesterday(here)}\n")
    assert not fresh(here.clerk).is_active


@pytest.mark.parametrize("start", ["2025-01-02", "2024-12-31", ""])
def test_a_start_that_is_off_by_a_day_is_the_same_period(start: str, here: SimpleNamespace) -> None:
    take(here, f"001,测试人甲,{start},{yesterday(here)}\n")
    assert Employment.objects.filter(user=here.clerk).count() == 1
    assert not fresh(here.clerk).is_active


def test_an_old_period_of_the_list_takes_nothing_from_a_working_clerk(here: SimpleNamespace) -> None:
    take(here, "001,测试人甲,2025-01-01,\n001,测试人甲,2023-03-01,2023-09-30\n")
    assert Employment.objects.filter(user=here.clerk).count() == 2
    clerk = fresh(here.clerk)
    assert clerk.may(Permission.PRINT), clerk.why_not(Permission.PRINT, "en")
    standing = employment_of(clerk)
    assert standing is not None
    assert (standing.employed_from, standing.shift, standing.home_station) == (date(2025, 1, 1), "day", "3")


def test_whoever_comes_back_under_a_new_period_keeps_check_shift_and_station(here: SimpleNamespace) -> None:
    Employment.objects.filter(user=here.clerk).update(employed_to=date(2025, 6, 30))
    take(here, "001,测试人甲,2025-01-01,2025-06-30\n001,测试人甲,2026-01-01,\n")
    standing = employment_of(here.clerk)
    assert standing is not None
    assert standing.employed_from == date(2026, 1, 1)
    assert (standing.identity_checked_on, standing.shift) == (date(2025, 1, 1), "day")


def test_an_older_list_does_not_undo_a_let_go(here: SimpleNamespace) -> None:
    let_go(here.owner, fresh(here.clerk), timezone.now())
    take(here, "001,测试人甲,2025-01-01,\n")
    (row,) = Employment.objects.filter(user=here.clerk)
    assert row.employed_to == here.today
    assert not fresh(here.clerk).is_active


def test_left_without_a_day_is_left(here: SimpleNamespace) -> None:
    take(here, "001,测试人甲,2025-01-01,已离职\n")
    assert not fresh(here.clerk).is_active
    assert Employment.objects.get(user=here.clerk).employed_to == here.today - timedelta(days=1)


def test_who_vanishes_from_the_list_is_let_go_only_when_marked(
    here: SimpleNamespace, made_up: ModuleType
) -> None:
    other = made_up.make_user(here.tenant, "other", Role.CLERK)
    take(here, "001,测试人甲,2025-01-01,\n005,测试人戊,2025-01-01,\n")
    later = rows("009,测试人己,2025-01-01,\n")
    missing = match_payroll(here.tenant, later, here.today).missing
    assert {one.name for one in missing} >= {"测试人甲", "测试人戊", "other"}
    apply_payroll(here.tenant, later, here.today)
    assert fresh(here.clerk).is_active
    chosen = [one.key for one in missing if one.name in {"测试人甲", "测试人戊"}]
    assert mark_left(here.owner, here.tenant, later, chosen, timezone.now()) == 2
    assert not fresh(here.clerk).is_active
    assert fresh(other).is_active
    assert Employment.objects.get(number="005").employed_to == here.today


def test_the_last_owner_is_not_let_go_by_a_list(here: SimpleNamespace) -> None:
    keys = [one.key for one in match_payroll(here.tenant, rows("009,测试人己,,\n"), here.today).missing]
    mark_left(here.owner, here.tenant, rows("009,测试人己,,\n"), keys, timezone.now())
    assert fresh(here.owner).is_active
    assert not fresh(here.clerk).is_active


def test_the_preview_names_who_is_missing_and_the_page_takes_the_marks(
    here: SimpleNamespace, confirmed: Callable[..., Client], settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(type(settings.CONFIG), "spool_dir", property(lambda _: tmp_path / "spool"))
    take(here, "001,测试人甲,2025-01-01,\n")
    client = confirmed(here.owner)
    page = client.post(
        reverse("register_list_take", args=["payroll"]), {"pasted": f"{TITLES}009,测试人己,,\n"}
    )
    shown = client.get(page["Location"]).content.decode()
    assert f'value="u{here.clerk.pk}"' in shown, shown[-3000:]
    assert "测试人甲" in shown
    number = int(page["Location"].rstrip("/").rpartition("/")[2])
    client.post(reverse("register_list_act", args=[number, "apply"]), {"left": [f"u{here.clerk.pk}"]})
    assert not fresh(here.clerk).is_active
    assert fresh(here.service).is_active
