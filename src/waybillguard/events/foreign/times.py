"""Reads times in the many formats of logs, some with a time zone, most without."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final, Literal

from waybillguard.on_demand import pattern_on_use

type DayOrder = Literal["ymd", "dmy", "mdy"]

_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no zone; the caller's is put on
_EXCEL_DAYS: Final = (20_000.0, 80_000.0)
_MONTHS: Final = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_CLOCK: Final = (
    r"(?:(?P<half>上午|下午|中午|凌晨|早上|晚上|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*(?:[:分]\s*(?P<second>\d{1,2})\s*秒?)?分?"
    r"(?:[.,:](?P<fraction>\d{1,9}))?\s*(?P<late>am|pm)?)"
)
_ZONE: Final = (
    r"\s*(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|cst)?(?:\[[a-z/_]+\])?\s*(?:\(.*\))?"
)
_WEEKDAY: Final = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s*|(?:星期|周)[一二三四五六日天],?\s*)?"
_NUMERIC: Final = pattern_on_use(
    rf"{_WEEKDAY}(?P<a>\d{{1,4}})\s*[-/.年]\s*(?P<b>\d{{1,2}})\s*[-/.月]\s*(?P<c>\d{{1,4}})\s*日?"
    rf"\s*(?:(?:星期|周)[一二三四五六日天])?(?:[t\s,]*{_CLOCK}{_ZONE})?"
)
_NAMED: Final = pattern_on_use(
    rf"{_WEEKDAY}(?:(?P<d1>\d{{1,2}})[\s/-]+(?P<m1>[a-z]{{3}})[a-z]*[\s/-]+|(?P<m2>[a-z]{{3}})[a-z]*\s+(?P<d2>\d{{1,2}}),?\s+)"
    rf"(?P<y>\d{{4}})[\s,:]*{_CLOCK}{_ZONE}"
)
_JAVA: Final = pattern_on_use(
    rf"{_WEEKDAY}(?P<m2>[a-z]{{3}})\s+(?P<d2>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<y>\d{{4}})"
)
_CLOCK_ONLY: Final = pattern_on_use(_CLOCK)
_EPOCHS: Final = {10: 1_000_000, 13: 1_000, 16: 1}
_COMPACT: Final = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M"}
_EARLY: Final = frozenset({"上午", "am", "凌晨", "早上"})
_LATE: Final = frozenset({"下午", "pm", "晚上"})


class BadTimeError(ValueError):
    """Not a valid time; ``args[0]`` is the reason: ``bad_time``, ``date_only``, ``bad_zone``."""


def read_time(text: str, zone: tzinfo, order: DayOrder = "ymd") -> datetime:
    """Return the UTC time of a cell.

    Args:
        text: the cell.
        zone: time zone of cells without one.
        order: order of day and month if the year is not first.

    Raises:
        BadTimeError: not a time, no time of day, or an impossible time zone.

    >>> from zoneinfo import ZoneInfo
    >>> china = ZoneInfo("Asia/Shanghai")
    >>> read_time("2026年11月2日 下午3:05", china).isoformat(), read_time("1793581200", china).isoformat()
    ('2026-11-02T07:05:00+00:00', '2026-11-02T01:00:00+00:00')
    """
    cell = unicodedata.normalize("NFKC", text).strip().casefold().lstrip("'")
    try:
        found = _digits(cell, zone) if cell[:1].isdigit() and cell.replace(".", "", 1).isdigit() else None
        if found is None:
            found = _written(cell, zone, order)
        return found.astimezone(UTC)
    except BadTimeError:
        raise
    except (ValueError, OverflowError, OSError):
        raise BadTimeError("bad_time") from None


def read_date(text: str, order: DayOrder = "ymd") -> date:
    """Return a date without a time of day; raises BadTimeError."""
    cell = unicodedata.normalize("NFKC", text).strip().casefold().lstrip("'")
    match = _NUMERIC.fullmatch(cell)
    try:
        if match is not None and match["hour"] is None:
            return date(*_year_month_day(match["a"], match["b"], match["c"], order))
        if len(cell) == 8 and cell.isdigit():  # noqa: PLR2004 - yyyymmdd
            return date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
        if _EXCEL_DAYS[0] <= float(cell) <= _EXCEL_DAYS[1] and float(cell).is_integer():
            return (_EXCEL_EPOCH + timedelta(days=float(cell))).date()
    except ValueError:
        pass
    raise BadTimeError("bad_time")


def read_clock(text: str) -> tuple[int, int, int, int]:
    """Return hour, minute, second and microsecond of a time of day; raises BadTimeError."""
    cell = unicodedata.normalize("NFKC", text).strip().casefold().lstrip("'")
    match = _CLOCK_ONLY.fullmatch(cell)
    if match is not None:
        return _clock(match)
    try:
        part = float(cell)
    except ValueError:
        raise BadTimeError("bad_time") from None
    if 0 <= part < 1:  # a spreadsheet's fraction of a day
        seconds = round(part * 86_400)
        return seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60, 0
    raise BadTimeError("bad_time")


def is_clock(text: str) -> bool:
    """Return whether a cell is only a time of day."""
    return _CLOCK_ONLY.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold()) is not None


def says_zone(text: str) -> bool:
    """Return whether a cell fixes its time zone: by an offset, or as seconds since 1970."""
    cell = unicodedata.normalize("NFKC", text).strip().casefold()
    if cell.replace(".", "", 1).isdigit():
        return len(cell.partition(".")[0]) in {*_EPOCHS, 19}
    match = _NUMERIC.fullmatch(cell) or _NAMED.fullmatch(cell) or _JAVA.fullmatch(cell)
    return match is not None and bool(match["zone"]) and match["zone"] != "cst"


def numbers_of(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date that ends with the year, to determine which is the day."""
    match = _NUMERIC.match(unicodedata.normalize("NFKC", text).strip().casefold())
    if match is None or len(match["a"]) == 4:  # noqa: PLR2004 - a year
        return None
    return int(match["a"]), int(match["b"])


def _digits(cell: str, zone: tzinfo) -> datetime | None:
    whole, _, fraction = cell.partition(".")
    if len(whole) == 19 and not fraction:  # noqa: PLR2004 - nanoseconds
        whole = whole[:16]
    if len(whole) in _EPOCHS:
        unit = _EPOCHS[len(whole)]
        part = round(float(f"0.{fraction}") * unit) if fraction else 0
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(whole) * unit + part)
    if len(whole) == 17 and not fraction:  # noqa: PLR2004 - yyyymmddhhmmss and milliseconds
        base = datetime.strptime(whole[:14], _COMPACT[14]).replace(tzinfo=zone)
        return base + timedelta(milliseconds=int(whole[14:]))
    if len(whole) in _COMPACT and not fraction:
        return datetime.strptime(whole, _COMPACT[len(whole)]).replace(tzinfo=zone)
    if len(whole) == 8 and not fraction:  # noqa: PLR2004 - yyyymmdd
        raise BadTimeError("date_only")
    if _EXCEL_DAYS[0] <= float(cell) <= _EXCEL_DAYS[1]:
        if not fraction.strip("0"):
            raise BadTimeError("date_only")
        return (_EXCEL_EPOCH + timedelta(milliseconds=round(float(cell) * 86_400_000))).replace(tzinfo=zone)
    return None


def _written(cell: str, zone: tzinfo, order: DayOrder) -> datetime:
    numeric = _NUMERIC.fullmatch(cell)
    if numeric is not None:
        if numeric["hour"] is None:
            raise BadTimeError("date_only")
        year, month, day = _year_month_day(numeric["a"], numeric["b"], numeric["c"], order)
        match = numeric
    else:
        named = _NAMED.fullmatch(cell) or _JAVA.fullmatch(cell)
        if named is None:
            raise BadTimeError("bad_time")
        groups = named.groupdict()
        year = int(named["y"])
        month = _MONTHS.get(groups.get("m1") or groups.get("m2") or "", 0)
        day = int(groups.get("d1") or groups.get("d2") or 0)
        match = named
    return datetime(year, month, day, *_clock(match), tzinfo=_zone(match["zone"], zone))


def _clock(match: re.Match[str]) -> tuple[int, int, int, int]:
    hour, half = int(match["hour"]), match["half"] or match["late"] or ""
    if half == "晚上" and hour == 12:  # noqa: PLR2004 - midnight: of this day or the next
        raise BadTimeError("bad_time")
    if (half in _LATE and hour < 12) or (half == "中午" and hour < 11):  # noqa: PLR2004 - noon
        hour += 12
    elif half in _EARLY and hour == 12:  # noqa: PLR2004 - midnight
        hour = 0
    clock = (
        hour,
        int(match["minute"]),
        int(match["second"] or 0),
        int((match["fraction"] or "0").ljust(6, "0")[:6]),
    )
    if hour > 23 or clock[1] > 59 or clock[2] > 60:  # noqa: PLR2004 - a clock's own limits
        raise BadTimeError("bad_time")
    return (hour, clock[1], min(clock[2], 59), clock[3])  # a leap second counts as the second before


def _year_month_day(a: str, b: str, c: str, order: DayOrder) -> tuple[int, int, int]:
    if len(a) == 4:  # noqa: PLR2004 - a year
        return int(a), int(b), int(c)
    if len(c) == 4:  # noqa: PLR2004
        return (int(c), int(b), int(a)) if order == "dmy" else (int(c), int(a), int(b))
    if order == "ymd" and len(a) == 2:  # noqa: PLR2004 - 26-11-02
        return 2000 + int(a), int(b), int(c)
    if len(c) == 2:  # noqa: PLR2004
        return (2000 + int(c), int(b), int(a)) if order == "dmy" else (2000 + int(c), int(a), int(b))
    raise BadTimeError("bad_time")


def _zone(text: str | None, zone: tzinfo) -> tzinfo:
    if (
        not text or text == "cst" or text.startswith("[")
    ):  # CST means China and Chicago: the mapping's time zone decides
        return zone
    plain = text.removeprefix("utc").removeprefix("gmt")
    if plain in {"", "z"}:
        return UTC
    digits = plain[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))  # noqa: PLR2004
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - no place is further than +14:00
        raise BadTimeError("bad_zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if plain[0] == "-" else offset)
