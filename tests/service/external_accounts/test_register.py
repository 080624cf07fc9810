"""External accounts compared with the payroll list, and offboarding system by system."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.errors import LeavingError
from waybillguard.access.registry_reading import AccountList, PayrollList
from waybillguard.service.external_accounts import leavers
from waybillguard.service.external_accounts.errors import RegisterServiceError
from waybillguard.service.external_accounts.models import (
    Finding,
    Leaving,
    LeavingItem,
    OutsideAccount,
    Reconciliation,
)
from waybillguard.service.external_accounts.payroll import apply_payroll
from waybillguard.service.external_accounts.reading import read_bytes
from waybillguard.service.external_accounts.receivers import every_hour
from waybillguard.service.external_accounts.services import (
    import_accounts,
    reconcile,
    reconcile_monthly,
    vanishing,
)
from waybillguard.service.identity.accounts.employment import let_go
from waybillguard.service.identity.models import AccountChange, Employment

STAFF = "工号,姓名,入职日期,离职日期\n001,测试人甲,2025-01-01,\n002,测试人乙,2025-01-01,2026-10-31\n"
ACCOUNTS = (
    "系统,子账号,姓名,工号,状态,最近登录时间\n"
    "聚单ERP,dd01,测试人甲,001,启用,2026-11-23 09:00\n"
    "聚单ERP,dd02,测试人乙,002,启用,2026-11-20 09:00\n"
    "网点系统,wd01,,,启用,2026-11-23 09:00\n"
)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def here(warehouse: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with scope(tenant=warehouse.tenant):
        yield warehouse


def taken(here: SimpleNamespace, accounts: str = ACCOUNTS) -> None:
    staff = read_bytes(STAFF.encode(), kind="payroll", system="", tenant=here.tenant)
    found = read_bytes(accounts.encode(), kind="accounts", system="", tenant=here.tenant)
    assert isinstance(staff, PayrollList)
    assert isinstance(found, AccountList)
    apply_payroll(here.tenant, staff, NOW.date())
    import_accounts(here.tenant, found.accounts, NOW)
    reconcile(here.tenant, NOW)


def open_kinds(here: SimpleNamespace) -> set[tuple[str, str]]:
    found = Finding.objects.filter(tenant=here.tenant, settled_at=None).select_related("account")
    return {(one.account.account, one.kind) for one in found}


def test_an_account_used_after_its_owner_left_is_an_alarm(here: SimpleNamespace) -> None:
    taken(here)
    assert ("dd02", "used_after_leaving") in open_kinds(here)
    assert ("dd02", "owner_left") in open_kinds(here)
    assert ("wd01", "no_owner") in open_kinds(here)
    assert "dd01" not in {account for account, _ in open_kinds(here)}


def test_who_left_by_the_payroll_list_gets_a_checklist_without_ever_having_had_a_sign_in_here(
    here: SimpleNamespace,
) -> None:
    taken(here)
    (leaving,) = Leaving.objects.filter(tenant=here.tenant)
    assert (leaving.employment.number, leaving.employment.user) == ("002", None)
    assert [(one.system, one.account) for one in leaving.items.order_by("pk")] == [
        ("聚单ERP", "dd02"),
        ("网点系统", ""),
    ]
    taken(here)
    assert Leaving.objects.filter(tenant=here.tenant).count() == 1


def test_a_last_day_that_passes_begins_the_checklist_within_the_hour(here: SimpleNamespace) -> None:
    taken(here)
    Employment.objects.filter(number="001").update(employed_to=NOW.date())
    every_hour(here.tenant, NOW, NOW)
    assert not Leaving.objects.filter(employment__number="001").exists()
    every_hour(here.tenant, NOW + timedelta(days=1), NOW + timedelta(days=1))
    assert Leaving.objects.get(employment__number="001").left_on == NOW.date()


def test_a_finding_is_raised_once_and_settled_when_the_list_says_so(here: SimpleNamespace) -> None:
    taken(here)
    before = Finding.objects.filter(tenant=here.tenant).count()
    taken(here)
    assert Finding.objects.filter(tenant=here.tenant).count() == before
    taken(here, ACCOUNTS.replace("002,启用", "002,停用"))
    assert ("dd02", "owner_left") not in open_kinds(here)


def test_an_account_that_a_list_no_longer_has_is_gone(here: SimpleNamespace) -> None:
    taken(here)
    taken(here, "\n".join(line for line in ACCOUNTS.splitlines() if "dd02" not in line))
    assert OutsideAccount.objects.get(account="dd02").gone_at is not None
    assert OutsideAccount.objects.get(account="wd01").gone_at is None


def test_a_part_of_a_list_is_told_before_the_rest_counts_as_gone(here: SimpleNamespace) -> None:
    taken(here)
    part = "\n".join(line for line in ACCOUNTS.splitlines() if "dd02" not in line)
    found = read_bytes(part.encode(), kind="accounts", system="", tenant=here.tenant)
    assert isinstance(found, AccountList)
    assert vanishing(here.tenant, found.accounts) == 1
    only = [one for one in found.accounts if one.system == "网点系统"]
    assert vanishing(here.tenant, only) == 0, "a system that the list does not name stays as it is"


@pytest.mark.parametrize("states", [("启用", "停用"), ("停用", "启用"), ("停用", "不明")])
def test_an_account_listed_twice_is_not_taken_for_disabled_where_one_row_says_it_works(
    here: SimpleNamespace, states: tuple[str, str]
) -> None:
    rows = "".join(f"淘宝,客服1,测试人乙,002,{state},2026-11-0{n}\n" for n, state in enumerate(states, 1))
    taken(here, ACCOUNTS.splitlines()[0] + "\n" + rows)
    (row,) = OutsideAccount.objects.filter(tenant=here.tenant, account="客服1")
    assert row.enabled is (True if "启用" in states else None)
    assert row.last_used is not None
    assert timezone.localtime(row.last_used).day == 2
    assert ("客服1", "owner_left") in open_kinds(here)


def test_the_monthly_check_is_made_once_a_month(here: SimpleNamespace) -> None:
    assert reconcile_monthly(here.tenant, NOW) is None
    taken(here)
    assert reconcile_monthly(here.tenant, NOW) is not None
    assert reconcile_monthly(here.tenant, NOW + timedelta(hours=1)) is None
    assert reconcile_monthly(here.tenant, NOW + timedelta(days=8)) is not None
    assert Reconciliation.objects.filter(tenant=here.tenant).count() == 2


def test_a_workbook_is_read_in_a_child_process(here: SimpleNamespace) -> None:
    book = openpyxl.Workbook()
    for line in ACCOUNTS.splitlines():
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    found = read_bytes(content.getvalue(), kind="accounts", system="", tenant=here.tenant)
    assert isinstance(found, AccountList)
    assert [one.account for one in found.accounts] == ["dd01", "dd02", "wd01"]


def test_a_file_that_is_no_list_changes_nothing(here: SimpleNamespace) -> None:
    with pytest.raises(RegisterServiceError):
        read_bytes(b"PK\x03\x04broken", kind="accounts", system="", tenant=here.tenant)


def test_a_leaver_closes_only_when_every_system_is_shown_disabled(here: SimpleNamespace) -> None:
    taken(here)
    employment = Employment.objects.get(number="002")
    leaving = leavers.start_leaving(employment, NOW.date())
    items = list(LeavingItem.objects.filter(leaving=leaving))
    assert {(item.system, item.account) for item in items} == {("聚单ERP", "dd02"), ("网点系统", "")}
    now = timezone.now()
    with pytest.raises(LeavingError):
        leavers.close_leaving(here.owner, leaving, now)
    LeavingItem.objects.filter(leaving=leaving).update(
        shown_at=now, shown_by=here.owner, evidence_sha256="0" * 64
    )
    leavers.close_leaving(here.owner, leaving, now)
    leaving.refresh_from_db()
    assert leaving.closed_by == here.owner


def test_letting_go_begins_the_checklist(here: SimpleNamespace) -> None:
    taken(here)
    let_go(here.owner, here.clerk, timezone.now())
    found = leavers.leaving_of(here.clerk)
    assert found is not None
    assert found.items.count() == 2


def shown_disabled(here: SimpleNamespace, at: datetime) -> None:
    employment = Employment.objects.get(number="002")
    leaving = leavers.start_leaving(employment, NOW.date())
    LeavingItem.objects.filter(leaving=leaving).update(
        shown_at=at, shown_by=here.owner, evidence_sha256="0" * 64
    )


def test_an_account_that_comes_back_to_life_after_it_was_shown_disabled_is_an_alarm(
    here: SimpleNamespace,
) -> None:
    disabled = ACCOUNTS.replace("2026-11-20 09:00", "2026-10-20 09:00").replace("002,启用", "002,停用")
    taken(here, disabled)
    shown_disabled(here, NOW - timedelta(hours=1))
    taken(here, disabled)
    assert ("dd02", "revived") not in open_kinds(here)
    taken(here, ACCOUNTS)
    assert ("dd02", "revived") in open_kinds(here)
    assert Finding.objects.get(kind="revived").severity == "critical"
    assert AccountChange.objects.filter(what="account_revived").count() == 1
    taken(here, ACCOUNTS)
    assert AccountChange.objects.filter(what="account_revived").count() == 1, "told once"


def test_a_list_that_is_older_than_the_proof_revives_nothing(here: SimpleNamespace) -> None:
    taken(here)
    shown_disabled(here, NOW + timedelta(hours=1))
    reconcile(here.tenant, NOW + timedelta(hours=2))
    assert ("dd02", "revived") not in open_kinds(here)
