"""Shifts, overtime and sale days: determine whether a person is at work at a given time.

Times are local times of the warehouse: every ``at`` is aware and in its time zone. A shift that starts at 22:00
and ends at 06:00 belongs to the day on which it starts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from waybillguard.access.errors import AccessError
from waybillguard.access.request import ShiftFacts
from waybillguard.access.vocabulary import data_rows

EVERY_DAY: Final = frozenset(range(7))
_WEEKEND: Final = 5
_LONGEST_OVERTIME: Final = timedelta(hours=16)
_LONGEST_SALE_DAYS: Final = timedelta(days=31)

type DayKind = Literal["holiday", "workday"]


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift in local time; an ``end`` at or before ``start`` is on the next day.

    ``weekdays`` are the days on which it starts (0 = Monday … 6 = Sunday). ``only_working_days``: use the calendar
    of working days instead.
    """

    name: str
    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY
    only_working_days: bool = False

    def __post_init__(self) -> None:
        if not self.name or not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise AccessError(
                code="shift",
                zh="班次缺少名称或星期无效。未保存。",
                en="the shift lacks a name or a valid weekday. Nothing was saved.",
            )
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise AccessError(
                code="shift",
                zh="班次时间按仓库当地钟表填写，不带时区。未保存。",
                en="a shift is given by the warehouse's wall clock, without a zone. Nothing was saved.",
            )


@dataclass(frozen=True, slots=True)
class Overtime:
    """Overtime of one person from ``start`` until before ``end``, approved by another person.

    Raises:
        AccessError (shift): not approved, approved by the same person, without an end, or longer than 16 hours.
    """

    person: str = field(repr=False)
    start: datetime
    end: datetime
    approved_by: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.approved_by or self.approved_by == self.person:
            raise AccessError(
                code="shift",
                zh="加班须由他人批准。未保存。",
                en="overtime is approved by somebody else. Nothing was saved.",
            )
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise AccessError(
                code="shift",
                zh="加班时间缺少时区。未保存。",
                en="the overtime has no zone. Nothing was saved.",
            )
        if not timedelta() < self.end - self.start <= _LONGEST_OVERTIME:
            raise AccessError(
                code="shift",
                zh="加班须有开始和结束，最长 16 小时。未保存。",
                en="overtime needs a start and an end, at most 16 hours apart. Nothing was saved.",
            )


@dataclass(frozen=True, slots=True)
class SaleDay:
    """Days of a big sale (大促), first and last day included."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first < _LONGEST_SALE_DAYS:
            raise AccessError(
                code="shift",
                zh="大促须有起止日期，最长 31 天。未保存。",
                en="a sale needs a first and a last day, at most 31 days. Nothing was saved.",
            )


@dataclass(frozen=True, slots=True)
class Roster:
    """The shift plan: shifts by person (person → names of shifts), overtime, sale days and special days.

    ``days`` lists holidays and working weekends; it defaults to ``working_days()``. A person without shifts is never
    in shift.
    """

    shifts: Mapping[str, Shift]
    people: Mapping[str, tuple[str, ...]] = field(repr=False)
    overtime: tuple[Overtime, ...] = field(default=(), repr=False)
    sale_days: tuple[SaleDay, ...] = ()
    days: Mapping[date, DayKind] | None = None


class Duty(NamedTuple):
    """Shift facts for the policies, and the current shift (for the shift quota)."""

    facts: ShiftFacts
    shift: str
    ends: datetime | None


def in_shift(at: datetime, roster: Roster, person: str) -> Duty:
    """Return whether ``person`` is in shift or in approved overtime, and whether it is a sale day.

    Raises:
        AccessError (shift): ``at`` has no time zone.
    """
    if at.tzinfo is None:
        raise AccessError(
            code="shift",
            zh="时间缺少时区，无法判断班次。",
            en="the time has no zone, so no shift can be told; hand in an aware time.",
        )
    days = working_days() if roster.days is None else roster.days
    found = _shift_at(at, roster, person, days)
    overtime = [one for one in roster.overtime if one.person == person and one.start <= at < one.end]
    sale = any(one.first <= at.date() <= one.last for one in roster.sale_days)
    name, ends = ("", None) if found is None else found
    if found is None and overtime:
        first = overtime[0]
        name, ends = f"overtime {first.start.isoformat()}", first.end
    facts = ShiftFacts(
        on=found is not None,
        overtime=bool(overtime),
        sale_day=sale,
        working_day=is_working_day(at.date(), days),
    )
    return Duty(facts, name, ends)


def is_working_day(day: date, days: Mapping[date, DayKind] | None = None) -> bool:
    """Return whether a day is a working day by the calendar; by default Monday to Friday are.

    >>> is_working_day(date(2026, 10, 1)), is_working_day(date(2026, 10, 10)), is_working_day(date(2026, 11, 24))
    (False, True, True)
    """
    kind = (working_days() if days is None else days).get(day)
    return kind == "workday" if kind is not None else day.weekday() < _WEEKEND


@cache
def working_days() -> Mapping[date, DayKind]:
    """Return the holidays and working weekends in the package's data file.

    Raises:
        AccessError (shift): a row of the file is damaged.
    """
    return read_working_days(data_rows("working_days.csv"))


def read_working_days(rows: Iterable[Mapping[str, str]]) -> Mapping[date, DayKind]:
    """Read holidays and working weekends from rows with ``date`` (ISO) and ``kind`` (holiday or workday).

    Raises:
        AccessError (shift): a row is invalid; the message contains its number, counted from 1.
    """
    found: dict[date, DayKind] = {}
    for number, row in enumerate(rows, start=1):
        try:
            day = date.fromisoformat(row["date"])
            kind = row["kind"]
        except (KeyError, ValueError, TypeError):
            raise _bad_day(number) from None
        if kind == "holiday":
            found[day] = "holiday"
        elif kind == "workday":
            found[day] = "workday"
        else:
            raise _bad_day(number)
    return MappingProxyType(found)


def _shift_at(
    at: datetime, roster: Roster, person: str, days: Mapping[date, DayKind]
) -> tuple[str, datetime] | None:
    """Return the name (with its day) and the end of the current shift; if there are several, the one ending last."""
    best: tuple[str, datetime] | None = None
    for name in roster.people.get(person, ()):
        shift = roster.shifts.get(name)
        if shift is None:
            continue
        for back in (0, 1):
            day = at.date() - timedelta(days=back)
            if day.weekday() not in shift.weekdays:
                continue
            if shift.only_working_days and not is_working_day(day, days):
                continue
            start = datetime.combine(day, shift.start, at.tzinfo)
            over_night = timedelta(days=1 if shift.end <= shift.start else 0)
            end = datetime.combine(day + over_night, shift.end, at.tzinfo)
            if start <= at < end and (best is None or end > best[1]):
                best = (f"{shift.name} {day.isoformat()}", end)
    return best


def _bad_day(number: int) -> AccessError:
    return AccessError(
        code="shift",
        zh=f"工作日文件第 {number} 行无效。原日历不变；每行须为日期和 holiday 或 workday。",
        en=f"row {number} of the working-day file is damaged. The old calendar stays; each row has a date and "
        "holiday or workday.",
    )
