"""Reads the roster (花名册): shifts and employment by account. Contradictory entries are noted and left out."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path
from typing import Final

from waybillguard.detect.catalogue import RoleKind, role_kind
from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.notes import Notes
from waybillguard.errors import reason_in_chinese
from waybillguard.events.foreign.times import BadTimeError, numbers_of, read_clock, read_date, read_time
from waybillguard.orders.errors import OrdersError
from waybillguard.orders.limits import Limits
from waybillguard.orders.tables import open_tables

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY: Final = 24.0
_LATEST_HOUR: Final = 48.0
_MONTHS: Final = 12
_HOURS_MINUTES: Final = re.compile(r"\d{3,4}")
_NEXT_DAY: Final = re.compile(r"^(?:次日|翌日|第二天|隔天)\s*|\s*(?:\(?\+1\)?|[点时hH])$")
_WHOLE_DAY: Final = 23.5
"""Hours from which a shift does not restrict the working time."""


@dataclass(slots=True)
class Duty:
    """All roster rows of one account; a shared account has several.

    Attributes:
        shifts: hours (from, to) on the tenant's clock; a shift with ``to`` below ``from`` runs over midnight.
        employed: inclusive days since 1970 (from, to); None is open-ended.
        stations: the stations assigned to the account.
    """

    role: str = ""
    kind: RoleKind = "floor"
    shifts: list[tuple[float, float]] = field(default_factory=list)
    employed: list[tuple[int | None, int | None]] = field(default_factory=list)
    stations: set[str] = field(default_factory=set)
    rows: int = 0

    @property
    def restricts_hours(self) -> bool:
        """Return whether the account has shifts and none of them covers the whole day."""
        return bool(self.shifts) and not any(_length(*one) >= _WHOLE_DAY for one in self.shifts)

    def on_shift(self, w10: int, margin: float) -> bool:
        """Return whether a ten-minute window lies in a shift, or within ``margin`` hours of one."""
        hour = w10 / 6
        return any(_within(hour, start, end, margin) for start, end in self.shifts)

    def employed_on(self, day: int) -> bool:
        """Return whether any row covers a day, with one day's grace; True if no row has dates of employment."""
        if not self.employed:
            return True
        return any(
            (start is None or day >= start - 1) and (end is None or day <= end + 1)
            for start, end in self.employed
        )

    def leaves_within(self, day: int, days: int) -> bool:
        """Return whether employment ends on ``day`` or at most ``days`` later."""
        return (
            bool(self.employed)
            and all(end is not None for _, end in self.employed)
            and any(end is not None and day <= end <= day + days for _, end in self.employed)
        )


def _length(start: float, end: float) -> float:
    return end - start if end >= start else _DAY - start + end


def _within(hour: float, start: float, end: float, margin: float) -> bool:
    return (hour - start + margin) % _DAY < _length(start, end) + 2 * margin or _length(
        start, end
    ) + 2 * margin >= _DAY


type Roster = Mapping[tuple[str, str], Duty]


def read_roster(path: Path, notes: Notes) -> Roster:
    """Read a roster from CSV or a workbook; unusable rows are recorded in ``notes``.

    Raises:
        DetectInputError: the file cannot be read or has no account column.
    """
    try:
        with path.open("rb") as stream:
            rows = _rows(table.rows for table in open_tables(stream, password=None, limits=Limits()))
            found = next(rows, None)
            made = roster_of(rows, notes)
    except OSError as error:
        raise _unreadable(path, error) from None
    except OrdersError as error:
        raise DetectInputError(
            zh=f"花名册 {path.name} 无法读取：{error.zh}",
            en=f"the roster {path.name} cannot be read: {error.en}",
        ) from None
    if found is None:
        raise DetectInputError(
            zh=f"花名册 {path.name} 缺少 account 列。应有：tenant, account, person, role, shift_start, shift_end, "
            "workstation, employed_from, employed_to",
            en=f"the roster {path.name} has no column account. Expected: tenant, account, person, role, shift_start, "
            "shift_end, workstation, employed_from, employed_to",
        )
    return made


def _rows(tables: Iterable[Iterable[list[str]]]) -> Iterator[dict[str, str | None]]:
    """Yield the rows below each header with ``account``; an empty row first shows that a header was found."""
    head: list[str] = []
    for table in tables:
        below: list[str] = []
        for cells in table:
            if below:
                yield dict(zip(below, cells, strict=False))
                continue
            names = [cell.strip().lower() for cell in cells]
            if "account" in names:
                below = names
                if not head:
                    yield {}
                head = below


def roster_of(rows: Iterable[Mapping[str, str | None]], notes: Notes) -> Roster:
    """Merge rows by account."""
    made: dict[tuple[str, str], Duty] = {}
    for number, row in enumerate(rows, 1):
        account = (row.get("account") or "").strip()
        if not account:
            notes.add("roster_row", f"{number}")
            continue
        duty = made.setdefault(((row.get("tenant") or "").strip(), account), Duty())
        duty.rows += 1
        role = (row.get("role") or "").strip()
        if role and not duty.role:
            duty.role, duty.kind = role.lower(), role_kind(role)
        if station := (row.get("workstation") or "").strip():
            duty.stations.add(station)
        _add_shift(duty, row, number, notes)
        _add_employment(duty, row, number, notes)
    return made


def _add_shift(duty: Duty, row: Mapping[str, str | None], number: int, notes: Notes) -> None:
    start, end = _hour(row.get("shift_start")), _hour(row.get("shift_end"))
    if start is None and end is None:
        return
    if (
        start is None
        or end is None
        or math.isnan(start)
        or math.isnan(end)
        or start == end
        or min(start, end) < 0
    ):
        notes.add("roster_shift", f"{number}")
        return
    duty.shifts.append((start % _DAY if start != _DAY else 0.0, end if end <= _DAY else end % _DAY))


def _add_employment(duty: Duty, row: Mapping[str, str | None], number: int, notes: Notes) -> None:
    texts = ((row.get("employed_from") or "").strip(), (row.get("employed_to") or "").strip())
    start, end = _day(texts[0]), _day(texts[1])
    unread = (texts[0] and start is None) or (texts[1] and end is None)
    if unread or (start is not None and end is not None and end < start):
        notes.add("roster_employment", f"{number}")
        duty.employed.append((None, None))
        return
    duty.employed.append((start, end))


def _hour(text: str | None) -> float | None:
    text = _NEXT_DAY.sub("", (text or "").strip().replace("：", ":"))
    if not text:
        return None
    if _HOURS_MINUTES.fullmatch(text):
        text = f"{text[:-2]}:{text[-2:]}"
    try:
        if ":" in text:
            hours, minutes = (int(part) for part in text.split(":")[:2])
            value = hours + minutes / 60 if minutes < 60 else math.nan  # noqa: PLR2004 - of a clock
        else:
            value = float(text)
            if 0 < value < 1:  # a spreadsheet stores a time as a fraction of a day
                value *= _DAY
    except ValueError:
        return _clock(text)
    return value if value <= _LATEST_HOUR else math.nan  # NaN stays NaN: it compares False


def _clock(text: str) -> float:
    """Return the hour of a time with a day part in words, such as 下午6:00 or 6:00 PM."""
    try:
        hour, minute, _, _ = read_clock(text)
    except BadTimeError:
        return math.nan
    return hour + minute / 60


def _day(text: str) -> int | None:
    """Return a date as days since 1970; None if it is no date, or day and month cannot be told apart."""
    if not text:
        return None
    first = numbers_of(text)
    if first is not None and max(first) <= _MONTHS and first[0] != first[1]:
        return None
    try:
        found = read_date(text)
    except BadTimeError:
        try:
            found = read_time(text, UTC).date()
        except BadTimeError:
            return None
    return found.toordinal() - _EPOCH


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, GBK or UTF-16 (PowerShell's output).

    Raises:
        DetectInputError: the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    wide = raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DetectInputError(
        zh=f"{path.name} 不是 UTF-8 或 GBK 文本", en=f"{path.name} is neither UTF-8 nor GBK text"
    )


def _unreadable(path: Path, error: OSError) -> DetectInputError:
    return DetectInputError(
        zh=f"无法读取 {path.name}：{reason_in_chinese(error)}",
        en=f"cannot read {path.name}: {error.strerror}",
    )
