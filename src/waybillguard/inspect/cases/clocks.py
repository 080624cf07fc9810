"""Deadlines of a joint case: counted from the next day, ending on a working day.

A period of months ends on the same day of the month, or on the last day of a shorter month. A period whose last day
is a holiday ends on the next working day (the common rule of procedure; Administrative Litigation by reference to
Civil Procedure Law, "期间").
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

import msgspec

from waybillguard.inspect.cases.model import Case, ClockRule, Event
from waybillguard.inspect.cases.states import states
from waybillguard.inspect.cases.workdays import add_working_days, certain, next_working_day


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline of a case on a given day; ``certain`` is False if holidays of its year are not announced."""

    rule: ClockRule
    started: date
    due: date
    ended: date | None
    status: Literal["open", "met", "late", "overdue"]
    certain: bool


def add_months(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_date(start: date, amount: int, unit: str, *, paused_days: int = 0) -> date:
    """Return the last day of a period that starts with an event on ``start``.

    For a period in hours, the result is the day on which it ends; only incidents have exact hours.
    """
    if unit == "working_days":
        return add_working_days(start, amount + paused_days)
    last = (
        add_months(start, amount)
        if unit == "months"
        else start + timedelta(days=-(-amount // 24) if unit == "hours" else amount)
    )
    return next_working_day(last + timedelta(days=paused_days))


def deadlines(case: Case, today: date) -> tuple[Deadline, ...]:
    """Return all deadlines that events of the case have started, in order of their last days.

    An urgent proposal has only its short period.
    """
    found = []
    for state in states():
        for rule in state.clocks:
            for at, event in enumerate(case.events):
                if event.kind == rule.start and _runs(rule, event, state.clocks):
                    found.append(_deadline(case, rule, at, today))
    return tuple(sorted(found, key=lambda one: one.due))


def overdue(case: Case, today: date) -> tuple[Deadline, ...]:
    """Return the deadlines that have passed without their end event."""
    return tuple(one for one in deadlines(case, today) if one.status == "overdue")


def _runs(rule: ClockRule, event: Event, rules: tuple[ClockRule, ...]) -> bool:
    if rule.only:
        return event.urgent
    replaced = any(one.only and one.start == rule.start and one.until == rule.until for one in rules)
    return not (event.urgent and replaced)


def _deadline(case: Case, rule: ClockRule, at: int, today: date) -> Deadline:
    start, later = case.events[at].on, case.events[at + 1 :]
    ends = [event.on for event in later if event.kind == rule.until]
    ended = ends[rule.nth - 1] if len(ends) >= rule.nth else None
    due = _due(rule, start, later, ended or today)
    if ended is not None:
        status: Literal["open", "met", "late", "overdue"] = "met" if ended <= due else "late"
    else:
        status = "overdue" if today > due else "open"
    return Deadline(rule=rule, started=start, due=due, ended=ended, status=status, certain=certain(due))


def _due(rule: ClockRule, start: date, later: tuple[Event, ...], until: date) -> date:
    """Return the last day of a deadline, extended by the days of suspended review (中止审查) up to ``until``.

    A suspension that starts after the period is over does not extend it.
    """
    due, days, since = due_date(start, rule.amount, rule.unit), 0, None
    for event in later:
        if event.on > until:
            break
        if event.kind == "suspended" and since is None and event.on <= due:
            since = event.on
        elif event.kind == "resumed" and since is not None:
            days, since = days + (event.on - since).days, None
            due = due_date(start, rule.amount, rule.unit, paused_days=days)
    if since is None:
        return due
    return due_date(start, rule.amount, rule.unit, paused_days=days + (until - since).days)
