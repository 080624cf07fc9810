"""The register of external accounts, compared with the payroll list."""

from datetime import date, datetime, timedelta

import pytest

from waybillguard.access.registry import Employment, OutsideAccount, accounts_of, reconcile

STAYS = Employment("007", "测试人甲", date(2025, 3, 1))
LEFT = Employment("008", "测试人乙", date(2025, 3, 1), date(2026, 11, 1))
TWIN_A = Employment("011", "测试人丙")
TWIN_B = Employment("012", "测试人丙")
PAYROLL = (STAYS, LEFT, TWIN_A, TWIN_B)


def _account(now: datetime, **changes: object) -> OutsideAccount:
    values: dict[str, object] = {
        "system": "某ERP",
        "account": "zh01",
        "owner": "测试人甲",
        "enabled": True,
        "last_used": now,
        "row": 1,
    }
    return OutsideAccount(**(values | changes))  # type: ignore[arg-type]


def _kinds(now: datetime, *accounts: OutsideAccount, payroll: tuple[Employment, ...] = PAYROLL) -> list[str]:
    return [finding.kind for finding in reconcile(accounts, payroll, now)]


def test_an_account_of_somebody_here_that_is_used_makes_no_finding(now: datetime) -> None:
    assert _kinds(now, _account(now)) == []


def test_an_account_used_after_its_owner_left_is_critical_and_comes_first(now: datetime) -> None:
    found = reconcile(
        [_account(now, owner="", row=1), _account(now, account="zh02", owner="测试人乙", row=2)], PAYROLL, now
    )
    assert [(one.kind, one.severity, one.row) for one in found] == [
        ("used_after_leaving", "critical", 2),
        ("no_owner", "high", 1),
        ("owner_left", "high", 2),
    ]
    assert found[0].since == date(2026, 11, 1)


def test_use_after_leaving_is_an_alarm_even_where_the_account_is_disabled_by_now(now: datetime) -> None:
    assert _kinds(now, _account(now, owner="测试人乙", enabled=False)) == ["used_after_leaving"]


def test_use_on_the_last_day_is_not_after_leaving(now: datetime) -> None:
    last_day = datetime(2026, 11, 1, 23, 59, tzinfo=now.tzinfo)
    assert _kinds(now, _account(now, owner="测试人乙", enabled=False, last_used=last_day)) == []


def test_a_disabled_account_of_a_leaver_is_in_order(now: datetime) -> None:
    assert _kinds(now, _account(now, owner="测试人乙", enabled=False, last_used=None)) == []


@pytest.mark.parametrize(("days", "kinds"), [(13, []), (14, ["unused"]), (400, ["unused"])])
def test_an_account_unused_for_fourteen_days_is_found(now: datetime, days: int, kinds: list[str]) -> None:
    assert _kinds(now, _account(now, last_used=now - timedelta(days=days))) == kinds


@pytest.mark.parametrize("number", ["007", "7", " ７ "])
def test_an_employee_number_finds_its_owner_though_a_spreadsheet_lost_the_zeros(
    now: datetime, number: str
) -> None:
    assert _kinds(now, _account(now, owner="别名", number=number)) == []


def test_an_owner_cell_may_hold_the_number(now: datetime) -> None:
    assert _kinds(now, _account(now, owner="007")) == []


def test_numbers_that_differ_by_zeros_alone_are_not_guessed(now: datetime) -> None:
    payroll = (Employment("07", "测试人丁"), Employment("007", "测试人戊"))
    assert _kinds(now, _account(now, owner="", number="7"), payroll=payroll) == ["no_owner"]


def test_a_name_that_two_people_bear_is_unclear_until_the_number_is_given(now: datetime) -> None:
    assert _kinds(now, _account(now, owner="测试人丙")) == ["owner_unclear"]
    assert _kinds(now, _account(now, owner="测试人丙", number="011")) == []


@pytest.mark.parametrize("owner", ["打单组", "夜班公用", "Admin", "测试人甲、测试人丙", "测试人甲/测试人己"])
def test_an_account_of_several_people_is_shared(now: datetime, owner: str) -> None:
    assert _kinds(now, _account(now, owner=owner)) == ["shared"]


def test_one_account_listed_for_two_owners_is_shared(now: datetime) -> None:
    assert _kinds(now, _account(now, number="007"), _account(now, number="011", row=2)) == [
        "shared",
        "shared",
    ]


def test_a_shared_account_that_a_leaver_knows_is_found_too(now: datetime) -> None:
    assert _kinds(now, _account(now, owner="测试人甲、测试人乙")) == ["owner_left", "shared"]


def test_someone_hired_again_is_here(now: datetime) -> None:
    again = Employment("008", "测试人乙", date(2026, 11, 10))
    assert _kinds(now, _account(now, owner="测试人乙"), payroll=(LEFT, again)) == []
    between = _account(now, owner="测试人乙", last_used=now.replace(day=18) - timedelta(days=13))
    assert "used_after_leaving" in _kinds(now, between, payroll=(LEFT, again))


def test_a_state_or_use_that_is_not_known_is_said(now: datetime) -> None:
    assert _kinds(now, _account(now, enabled=None, last_used=None)) == ["state_unknown", "use_unknown"]


def test_no_repr_or_text_of_account_person_or_finding_shows_a_name(now: datetime) -> None:
    account = _account(now, owner="测试人乙", account="geheim01")
    shown = repr((account, LEFT, reconcile([account], PAYROLL, now)))
    texts = "".join(one.zh + one.en for one in reconcile([account], PAYROLL, now))
    for secret in ("测试人乙", "geheim01", "008"):
        assert secret not in shown + texts


def test_the_accounts_of_a_person_are_those_by_number_name_or_among_several_owners(now: datetime) -> None:
    mine = [
        _account(now, owner="", number="8"),
        _account(now, owner="测试人 乙"),
        _account(now, owner="测试人甲、测试人乙"),
        _account(now, owner="008"),
    ]
    assert accounts_of(LEFT, [*mine, _account(now)], PAYROLL) == tuple(mine)


@pytest.mark.parametrize(
    "owner",
    [
        "测试人乙(打单)",
        "测试人乙（仓库）",
        "打单-测试人乙",
        "测试人乙 打单",
        "测试人乙|客服",
        "测试人乙\u200b",
    ],
)
def test_words_beside_the_name_do_not_hide_whose_account_it_is(now: datetime, owner: str) -> None:
    account = _account(now, owner=owner)
    assert _kinds(now, account) == ["used_after_leaving", "owner_left"]
    assert accounts_of(LEFT, [account], PAYROLL) == (account,)


def test_a_number_beside_the_name_tells_namesakes_apart(now: datetime) -> None:
    assert _kinds(now, _account(now, owner="测试人丙(011)")) == []
    assert _kinds(now, _account(now, owner="测试人丙(打单)")) == ["owner_unclear"]


@pytest.mark.parametrize("owner", ["买买提•测试", "买买提・测试", "买买提.测试", "买买提测试"])
def test_the_dot_of_a_name_is_written_in_many_ways(now: datetime, owner: str) -> None:
    person = Employment("020", "买买提·测试", date(2025, 1, 1), date(2026, 10, 31))
    account = _account(now, owner=owner)
    assert _kinds(now, account, payroll=(person,)) == ["used_after_leaving", "owner_left"]
    assert accounts_of(person, [account], (person,)) == (account,)


def test_an_account_called_after_its_user_is_among_that_persons(now: datetime) -> None:
    mine = [_account(now, owner="", account="某旗舰店:测试人乙"), _account(now, owner="", account="008")]
    others = [
        _account(now, owner="", account="某旗舰店:测试人乙丙"),
        _account(now, owner="", account="打单8"),
    ]
    assert accounts_of(LEFT, [*mine, *others], PAYROLL) == tuple(mine)
