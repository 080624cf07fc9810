"""Deadlines end on working days of China, and are marked if the holidays are not announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.inspect.cases import Case, Event, Reference, advance, deadlines, due_date, overdue
from waybillguard.inspect.cases.workdays import is_working_day
from waybillguard.inspect.errors import InspectError


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        (date(2023, 6, 30), 2, "months", date(2023, 8, 30)),
        (date(2026, 7, 31), 2, "months", date(2026, 9, 30)),
        (date(2025, 12, 31), 2, "months", date(2026, 2, 28)),  # a Saturday that is a make-up working day
        (date(2026, 8, 2), 2, "months", date(2026, 10, 8)),  # 2 October is a holiday, the 7th the last
        (date(2026, 9, 16), 15, "days", date(2026, 10, 8)),
        (date(2026, 2, 13), 5, "working_days", date(2026, 2, 27)),  # Sat 14 worked, then Spring Festival
        (date(2026, 11, 27), 30, "hours", date(2026, 11, 30)),
        (date(2024, 12, 31), 2, "months", date(2025, 2, 28)),
    ],
)
def test_a_period_ends_where_the_calendar_of_the_state_council_says(
    start: date, amount: int, unit: str, due: date
) -> None:
    assert due_date(start, amount, unit) == due


@given(
    st.dates(date(2022, 1, 1), date(2026, 12, 31)),
    st.integers(1, 12),
    st.sampled_from(["days", "months", "working_days"]),
)
def test_a_deadline_is_a_working_day_after_its_start(start: date, amount: int, unit: str) -> None:
    due = due_date(start, amount, unit)
    assert due > start
    assert is_working_day(due)


def proposal(on: date, *, urgent: bool = False) -> Case:
    case = Case(title="测试", agency="post")
    for event in (
        Event(on=on, kind="open", actor="procuratorate"),
        Event(on=on, kind="site_visit", actor="procuratorate"),
        Event(on=on, kind="proposal", actor="procuratorate", urgent=urgent),
    ):
        case = advance(case, event)
    return case


def due_of(case: Case, rule: str, today: date) -> date | None:
    return {one.rule.id: one.due for one in deadlines(case, today)}.get(rule)


def test_spreading_harm_shortens_the_reply_to_fifteen_days() -> None:
    case = proposal(date(2026, 6, 1), urgent=True)
    assert due_of(case, "reply", date(2026, 6, 2)) is None
    assert due_of(case, "reply_urgent", date(2026, 6, 2)) == date(2026, 6, 16)


def test_a_clock_without_its_end_is_overdue_the_day_after() -> None:
    case = proposal(date(2023, 6, 30))
    on_time = {one.rule.id for one in overdue(case, date(2023, 8, 30))}
    assert "reply" not in on_time
    assert "reply" in {one.rule.id for one in overdue(case, date(2023, 8, 31))}


def test_suspended_days_are_added() -> None:
    case = proposal(date(2023, 6, 30))
    for on, kind in ((date(2023, 7, 10), "suspended"), (date(2023, 7, 20), "resumed")):
        case = advance(case, Event(on=on, kind=kind, actor="procuratorate"))
    assert due_of(case, "reply", date(2023, 9, 1)) == date(2023, 8, 30) + timedelta(
        days=12
    )  # 9 September: Saturday


def after(case: Case, *events: tuple[date, str, str]) -> Case:
    for on, kind, actor in events:
        case = advance(case, Event(on=on, kind=kind, actor=actor))
    return case


def reply_of(case: Case, today: date) -> tuple[date, str]:
    return next((one.due, one.status) for one in deadlines(case, today) if one.rule.id == "reply")


def test_a_suspension_after_the_period_is_over_gives_none_of_it_back() -> None:
    late = after(
        proposal(date(2023, 6, 30)),
        (date(2023, 9, 20), "suspended", "procuratorate"),
        (date(2023, 12, 20), "resumed", "procuratorate"),
    )
    assert reply_of(late, date(2023, 12, 21)) == (date(2023, 8, 30), "overdue")
    answered = after(late, (date(2023, 12, 22), "reply", "post"))
    assert reply_of(answered, date(2023, 12, 25)) == (date(2023, 8, 30), "late")


def test_a_reply_while_review_is_suspended_ends_the_suspended_days_too() -> None:
    case = after(
        proposal(date(2023, 6, 30)),
        (date(2023, 8, 25), "suspended", "procuratorate"),
        (date(2023, 9, 4), "reply", "post"),
    )
    assert reply_of(case, date(2023, 9, 4)) == reply_of(case, date(2026, 9, 4)) == (date(2023, 9, 11), "met")


def test_the_agency_does_not_suspend_the_review_of_itself() -> None:
    case = proposal(date(2023, 6, 30))
    with pytest.raises(InspectError, match="Procuratorate"):
        advance(case, Event(on=date(2023, 7, 1), kind="suspended", actor="post"))
    paper = Reference("procuratorate", "测检中〔2023〕1号", date(2023, 7, 1))
    assert advance(case, Event(on=date(2023, 7, 1), kind="suspended", actor="post", document=paper)).events


def test_three_return_visits_are_due_after_closing() -> None:
    case = advance(proposal(date(2026, 1, 5)), Event(on=date(2026, 1, 6), kind="reply", actor="post"))
    case = advance(case, Event(on=date(2026, 1, 7), kind="follow_up", actor="procuratorate", passed=True))
    case = advance(case, Event(on=date(2026, 1, 8), kind="close", actor="procuratorate"))
    case = advance(case, Event(on=date(2026, 4, 7), kind="return_visit", actor="procuratorate", passed=True))
    found = {one.rule.id: one for one in deadlines(case, date(2026, 7, 1))}
    assert (found["visit_3"].due, found["visit_3"].status) == (date(2026, 4, 8), "met")
    assert found["visit_6"].status == "open"
    assert not found["visit_12"].certain


def test_a_year_whose_holidays_are_not_announced_is_marked() -> None:
    case = proposal(date(2026, 12, 1))
    assert not next(one for one in deadlines(case, date(2026, 12, 2)) if one.rule.id == "reply").certain
