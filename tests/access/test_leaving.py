"""The offboarding checklist of a leaver."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from waybillguard.access.errors import LeavingError
from waybillguard.access.leaving import (
    Checklist,
    Proof,
    close,
    leavers,
    revived,
    show_disabled,
    start_checklist,
)
from waybillguard.access.registry import Employment, OutsideAccount

LEAVER = Employment("008", "测试人乙", date(2025, 3, 1), date(2026, 11, 23))
REGISTER = (
    OutsideAccount("某ERP", "zh02", "测试人乙", enabled=True),
    OutsideAccount("某ERP", "zh01", "测试人甲", enabled=True),
    OutsideAccount("某店铺", "dadan", "打单组", enabled=True),
)
HASH = "ab" * 32


@pytest.fixture
def checklist() -> Checklist:
    return start_checklist(
        LEAVER, date(2026, 11, 23), REGISTER, [LEAVER], further_systems=["快递门户", "某erp"]
    )


@pytest.fixture
def proof(now: datetime) -> Proof:
    return Proof(now, "p-9", HASH)


def test_every_account_of_the_leaver_and_every_other_system_is_an_item(checklist: Checklist) -> None:
    assert [(one.system, one.account) for one in checklist.items] == [
        ("某ERP", "zh02"),
        ("某店铺", ""),
        ("快递门户", ""),
    ]


def test_it_closes_only_when_each_system_is_shown_disabled(
    checklist: Checklist, proof: Proof, now: datetime
) -> None:
    for number in range(3):
        with pytest.raises(LeavingError, match=f"{3 - number} items"):
            close(checklist, "p-9", now)
        checklist = show_disabled(checklist, number, proof, now)
    done = close(checklist, "p-9", now)
    assert (done.closed_at, done.open_items) == (now, ())


@pytest.mark.parametrize(
    "change",
    [
        {"by": ""},
        {"by": "008"},
        {"evidence_sha256": ""},
        {"evidence_sha256": HASH.upper()},
        {"evidence_sha256": HASH + "\n"},
        {"at": timedelta(seconds=1)},
    ],
)
def test_an_incomplete_proof_is_refused(
    checklist: Checklist, proof: Proof, now: datetime, change: dict[str, object]
) -> None:
    later = change.get("at")
    values = {"at": now + later} if isinstance(later, timedelta) else change
    with pytest.raises(LeavingError):
        show_disabled(checklist, 0, replace(proof, **values), now)


@pytest.mark.parametrize("number", [-1, 3])
def test_there_is_no_proof_for_an_item_that_is_not_there(
    checklist: Checklist, proof: Proof, now: datetime, number: int
) -> None:
    with pytest.raises(LeavingError):
        show_disabled(checklist, number, proof, now)


@pytest.mark.parametrize("by", ["", "008"])
def test_the_leaver_does_not_close_the_list(
    checklist: Checklist, proof: Proof, now: datetime, by: str
) -> None:
    for number in range(3):
        checklist = show_disabled(checklist, number, proof, now)
    with pytest.raises(LeavingError):
        close(checklist, by, now)


def test_a_closed_list_takes_no_further_proof_and_does_not_close_again(
    checklist: Checklist, proof: Proof, now: datetime
) -> None:
    for number in range(3):
        checklist = show_disabled(checklist, number, proof, now)
    done = close(checklist, "p-9", now)
    with pytest.raises(LeavingError):
        show_disabled(done, 0, proof, now)
    with pytest.raises(LeavingError):
        close(done, "p-9", now)


def test_without_any_system_there_is_no_checklist() -> None:
    with pytest.raises(LeavingError):
        start_checklist(LEAVER, date(2026, 11, 23), [], [LEAVER])


def test_an_account_that_a_fresh_list_shows_alive_or_used_later_is_told(
    checklist: Checklist, proof: Proof, now: datetime
) -> None:
    checklist = show_disabled(checklist, 0, proof, now)
    mine = replace(REGISTER[0], enabled=False, last_used=now)
    assert revived(checklist, [mine, REGISTER[1]]) == ()
    assert revived(checklist, [replace(mine, enabled=True)]) != ()
    assert revived(checklist, [replace(mine, last_used=now + timedelta(minutes=1))]) != ()


def test_no_repr_or_error_shows_the_leaver(checklist: Checklist, now: datetime) -> None:
    with pytest.raises(LeavingError) as caught:
        close(checklist, "p-9", now)
    for secret in ("008", "测试人乙", "zh02"):
        assert secret not in repr(checklist) + str(caught.value) + caught.value.zh


TODAY = date(2026, 11, 24)


def gone(number: str, name: str, last_day: date | None) -> Employment:
    return Employment(number, name, date(2024, 1, 1), last_day)


def test_who_left_this_month_is_to_be_closed_whatever_the_lists_say() -> None:
    assert leavers([gone("1", "测试人甲", date(2026, 11, 1))], REGISTER[2:], TODAY)
    assert not leavers([gone("1", "测试人甲", date(2026, 9, 1))], REGISTER[2:], TODAY)


def test_who_left_long_ago_is_to_be_closed_while_an_account_of_theirs_works() -> None:
    old = gone("008", "测试人乙", date(2023, 5, 1))
    assert leavers([old], REGISTER, TODAY) == (old,)
    assert not leavers([old], [replace(REGISTER[0], enabled=False)], TODAY)
    assert leavers([old], [OutsideAccount("某店铺", "x", number="8")], TODAY) == (old,)
    assert leavers([old], [OutsideAccount("某店铺", "x", "测试人甲、测试人乙")], TODAY) == (old,)


def test_nobody_is_a_leaver_who_is_back_or_whose_last_day_is_today() -> None:
    old = gone("008", "测试人乙", date(2026, 11, 1))
    assert not leavers([old, gone("008", "测试人乙", None)], REGISTER, TODAY)
    assert not leavers([gone("008", "测试人乙", TODAY)], REGISTER, TODAY)
