"""Parses the time formats of evidence into UTC; local times without a zone stay naive."""

import re
from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LAST = 2_650_467_744_000_000_000
"""The end of the year 9999 in Windows ticks (100 ns since 1601)."""


def filetime(ticks: int) -> datetime | None:
    """Return Windows ticks (100 ns since 1601) as UTC; None for zero and for invalid values."""
    if not 0 < ticks < _LAST:
        return None
    return _EPOCH + timedelta(microseconds=ticks // 10)


def in_form(text: str, form: str, *, utc: bool = False) -> datetime | None:
    """Return a time in a ``strptime`` format; None if it does not match. Without ``utc`` the result is naive."""
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 - naive is meant: the source names no zone
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if utc else found


def iso(text: str) -> datetime | None:
    """Return an ISO time with up to nine fractional digits; None for other text."""
    text = text.strip()
    head, dot, rest = text.partition(".")
    if dot:
        digits = rest[: next((n for n, c in enumerate(rest) if not c.isdigit()), len(rest))]
        text = f"{head}.{digits[:6] or '0'}{rest[len(digits) :]}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


_DAY_AND_CLOCK = re.compile(
    r"(\d{1,4})/(\d{1,2})/(\d{1,4})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})? ?(?:([AP])M)?",
    re.IGNORECASE,
)
_MORNING, _EVENING = re.compile(r"上午|凌晨|早上"), re.compile(r"下午|中午|晚上|傍晚")
_WEEKDAY = re.compile(r"[(（]?(?:星期|礼拜|周)[一二三四五六日天][)）]?")


def table_time(text: str, *, utc: bool = False) -> datetime | None:
    """Return a time in the forms found in tables: ISO, ``/Date(milliseconds)/``, CIM, Unix seconds, Windows' own.

    Windows' forms are the short and long ones of the Chinese settings, with or without weekday and AM or PM
    (``2026/3/10 周二 下午 2:14:33``, ``2026年3月10日 14:14:33``).
    """
    text = text.strip()
    ticks = re.fullmatch(r"/Date\((\d{1,14})[+-]?\d*\)/", text)
    if ticks:
        return datetime.fromtimestamp(int(ticks[1]) / 1000, UTC)
    if re.fullmatch(r"1\d{9}(?:\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    digits = re.fullmatch(r"(\d{14})\.\d+([+-]\d{3})", text)
    if digits:
        try:
            when = datetime.strptime(digits[1], "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows in minutes
            return when.replace(tzinfo=timezone(timedelta(minutes=int(digits[2]))))
        except ValueError:
            return None
    slashed = _DAY_AND_CLOCK.fullmatch(text)
    found = _day_and_clock(slashed) if slashed else iso(text)
    if found is None and not slashed and (spoken := _DAY_AND_CLOCK.fullmatch(_to_digits(text))):
        found = _day_and_clock(spoken)
        utc = utc or text.endswith(("UTC", "GMT"))
    return found.replace(tzinfo=UTC) if found and utc and found.tzinfo is None else found


def _to_digits(text: str) -> str:
    """Convert a time in Windows' Chinese form to digits: ``2026/3/10 2:14:33 PM``."""
    half = "AM" if _MORNING.search(text) else "PM" if _EVENING.search(text) else ""
    for words in (_WEEKDAY, _MORNING, _EVENING):
        text = words.sub(" ", text)
    text = re.sub(r"\s?(?:UTC|GMT|CST)$", "", text)
    text = re.sub(r"(\d{4})\s?[-年.]\s?(\d{1,2})\s?[-月.]\s?(\d{1,2})\s?日?", r"\1/\2/\3 ", text, count=1)
    text = re.sub(
        r"^(\d{1,2}:\S+)\s+(\S+/\S+)$", r"\2 \1", " ".join(text.split())
    )  # the time precedes the date
    return f"{text} {half}".strip()


def _day_and_clock(row: re.Match[str]) -> datetime | None:
    first, second, third, hour, minute, seconds, half = row.groups()
    year, month, day = (first, second, third) if len(first) > len("31") else (third, first, second)
    clock = int(hour)
    if half:
        clock = clock % 12 if half.upper() == "A" else clock % 12 + 12
    try:
        return datetime(int(year), int(month), int(day), clock, int(minute), int(seconds or 0))  # noqa: DTZ001 - local time
    except ValueError:
        return None
