"""Shifts, overtime, sale days and the calendar of working days."""

from datetime import date, datetime, time, timedelta

import pytest
from support.codes import has_code

from waybillguard.access.errors import AccessError
from waybillguard.access.shifts import (
    Overtime,
    Roster,
    SaleDay,
    Shift,
    in_shift,
    is_working_day,
    read_working_days,
    working_days,
)
from waybillguard.access.vocabulary import data_rows

DAY = Shift("day", time(8), time(18))
NIGHT = Shift("night", time(22), time(6))
ROSTER = Roster({"day": DAY, "night": NIGHT}, {"p-1": ("day",), "p-2": ("night",), "p-3": ()})


@pytest.mark.parametrize(("hour", "on"), [(7, False), (8, True), (17, True), (18, False)])
def test_a_shift_runs_from_its_start_to_before_its_end(now: datetime, hour: int, on: bool) -> None:
    assert in_shift(now.replace(hour=hour), ROSTER, "p-1").facts.on is on


@pytest.mark.parametrize(
    ("hour", "on", "started"), [(21, False, ""), (23, True, "24"), (5, True, "23"), (6, False, "")]
)
def test_an_overnight_shift_belongs_to_the_day_it_starts(
    now: datetime, hour: int, on: bool, started: str
) -> None:
    duty = in_shift(now.replace(hour=hour), ROSTER, "p-2")
    assert duty.facts.on is on
    assert duty.shift == (f"night 2026-11-{started}" if on else "")


def test_the_end_of_an_overnight_shift_is_on_the_next_morning(now: datetime) -> None:
    assert in_shift(now.replace(hour=23), ROSTER, "p-2").ends == now.replace(day=25, hour=6)


def test_weekdays_are_those_on_which_the_shift_starts(now: datetime) -> None:
    friday_night = Roster({"n": Shift("n", time(22), time(6), frozenset({4}))}, {"p": ("n",)})
    saturday = datetime(2026, 11, 28, 3, tzinfo=now.tzinfo)
    assert in_shift(saturday, friday_night, "p").facts.on
    assert not in_shift(saturday + timedelta(days=1), friday_night, "p").facts.on


def test_a_shift_of_working_days_follows_the_calendar(now: datetime) -> None:
    office = Roster({"o": Shift("o", time(8), time(18), only_working_days=True)}, {"p": ("o",)})
    on = {day: in_shift(now.replace(month=10, day=day), office, "p").facts.on for day in (1, 9, 10, 11)}
    assert on == {1: False, 9: True, 10: True, 11: False}


def test_a_shift_around_the_clock_is_always_on(now: datetime) -> None:
    always = Roster({"a": Shift("a", time(8), time(8))}, {"p": ("a",)})
    assert all(in_shift(now + timedelta(hours=hour), always, "p").facts.on for hour in range(48))


@pytest.mark.parametrize("person", ["p-3", "p-unknown"])
def test_a_person_without_shifts_is_never_in_shift(now: datetime, person: str) -> None:
    assert not in_shift(now, ROSTER, person).facts.on


def test_a_shift_that_is_not_defined_is_no_shift(now: datetime) -> None:
    assert not in_shift(now, Roster({}, {"p": ("ghost",)}), "p").facts.on


def test_approved_overtime_counts_for_its_person_and_time(now: datetime) -> None:
    evening = now.replace(hour=19)
    roster = Roster(
        ROSTER.shifts, ROSTER.people, (Overtime("p-1", evening, evening + timedelta(hours=2), "p-9"),)
    )
    duty = in_shift(evening, roster, "p-1")
    assert (duty.facts.on, duty.facts.overtime) == (False, True)
    assert duty.shift.startswith("overtime")
    assert not in_shift(evening + timedelta(hours=2), roster, "p-1").facts.overtime
    assert not in_shift(evening, roster, "p-2").facts.overtime


def test_a_sale_day_is_known_on_both_its_ends(now: datetime) -> None:
    roster = Roster({}, {}, sale_days=(SaleDay("双十二", date(2026, 12, 10), date(2026, 12, 12)),))
    days = [in_shift(now.replace(month=12, day=day), roster, "p").facts.sale_day for day in (9, 10, 12, 13)]
    assert days == [False, True, True, False]


@pytest.mark.parametrize(("approver", "hours"), [("", 1), ("p-1", 1), ("p-9", 0), ("p-9", -1), ("p-9", 17)])
def test_overtime_without_somebody_elses_approval_or_a_sensible_end_is_refused(
    now: datetime, approver: str, hours: int
) -> None:
    with pytest.raises(AccessError, check=has_code("shift")):
        Overtime("p-1", now, now + timedelta(hours=hours), approver)


def test_times_without_zone_are_refused_where_a_moment_is_meant(now: datetime) -> None:
    bare = now.replace(tzinfo=None)
    with pytest.raises(AccessError, check=has_code("shift")):
        in_shift(bare, ROSTER, "p-1")
    with pytest.raises(AccessError, check=has_code("shift")):
        Overtime("p-1", bare, bare + timedelta(hours=1), "p-9")


def test_a_shift_with_a_zone_or_without_days_is_refused(now: datetime) -> None:
    with pytest.raises(AccessError, check=has_code("shift")):
        Shift("x", time(8, tzinfo=now.tzinfo), time(9))
    with pytest.raises(AccessError, check=has_code("shift")):
        Shift("x", time(8), time(9), frozenset())
    with pytest.raises(AccessError, check=has_code("shift")):
        Shift("x", time(8), time(9), frozenset({7}))


@pytest.mark.parametrize("last", [date(2026, 11, 10), date(2026, 12, 12)])
def test_a_sale_without_a_sensible_end_is_refused(last: date) -> None:
    with pytest.raises(AccessError, check=has_code("shift")):
        SaleDay("双十一", date(2026, 11, 11), last)


def test_every_row_of_the_working_day_file_differs_from_the_week_or_is_a_day_off() -> None:
    rows = list(data_rows("working_days.csv"))
    assert len(rows) == len(working_days()) == 39
    for row in rows:
        day = date.fromisoformat(row["date"])
        assert row["zh"]
        assert row["kind"] == ("workday" if day.weekday() > 4 and "调休" in row["zh"] else "holiday")


def test_a_year_without_rows_follows_the_week() -> None:
    assert is_working_day(date(2031, 10, 1))
    assert not is_working_day(date(2031, 10, 4))


@pytest.mark.parametrize(
    "row", [{"date": "2026-13-01", "kind": "holiday"}, {"date": "2026-01-01", "kind": "?"}, {}]
)
def test_a_damaged_row_of_an_own_calendar_is_named(row: dict[str, str]) -> None:
    with pytest.raises(AccessError, check=has_code("shift"), match="row 2"):
        read_working_days([{"date": "2026-01-01", "kind": "holiday"}, row])
