"""Convert times in exports to ISO 8601 in Chinese time."""

import datetime as dt
import re

from waybillguard.on_demand import pattern_on_use

CHINA = dt.timezone(dt.timedelta(hours=8))
_EXCEL_EPOCH = dt.datetime(1899, 12, 30, tzinfo=CHINA)
_EXCEL_DAYS = (20_000.0, 80_000.0)  # 1954 to 2119
_LOOSE = pattern_on_use(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(上午|下午|am|pm)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})\s*(?:[:：分]\s*(\d{1,2})?)?\s*秒?(?:\.\d+)?)?"
    r"\s*(am|pm)?",
    re.IGNORECASE,
)
_DIGITS = pattern_on_use(r"\d+")
_SECONDS, _MILLISECONDS, _COMPACT, _COMPACT_DAY = 10, 13, 14, 8
_DAY_LENGTH, _NOON = 10, 12


def iso_time(text: str) -> str:
    """Convert a date or time to ISO 8601, with +08:00 if it has a time; return an empty string for other text.

    >>> iso_time("2026/11/4 9:05"), iso_time("2026-11-04"), iso_time("46330.5"), iso_time("昨天")
    ('2026-11-04T09:05:00+08:00', '2026-11-04', '2026-11-04T12:00:00+08:00', '')
    """
    if not text:
        return ""
    try:
        if _DIGITS.fullmatch(text):
            return _from_digits(text)
        if text[4:5] == "-" and len(text) >= _DAY_LENGTH:
            try:
                return _write(dt.datetime.fromisoformat(text), day_only=len(text) == _DAY_LENGTH)
            except ValueError:
                pass
        match = _LOOSE.fullmatch(text)
        if match:
            return _from_match(match)
        number = float(text)
        return _from_serial(number)
    except (ValueError, OverflowError, OSError):
        return ""


def _write(moment: dt.datetime, *, day_only: bool) -> str:
    if day_only:
        return moment.date().isoformat()
    moment = moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)
    return moment.isoformat(timespec="seconds")


def _from_digits(text: str) -> str:
    if len(text) == _SECONDS:
        return _write(dt.datetime.fromtimestamp(int(text), CHINA), day_only=False)
    if len(text) == _MILLISECONDS:
        return _write(dt.datetime.fromtimestamp(int(text) // 1000, CHINA), day_only=False)
    if len(text) == _COMPACT:
        return _write(dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=CHINA), day_only=False)
    if len(text) == _COMPACT_DAY:
        return _write(dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=CHINA), day_only=True)
    return _from_serial(float(text))


def _from_serial(number: float) -> str:
    """Read a day count of Excel (days since 1899-12-30, ECMA-376 part 1, 18.17.4)."""
    if not _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return ""
    moment = _EXCEL_EPOCH + dt.timedelta(seconds=round(number * 86_400))
    return _write(moment, day_only=number.is_integer())


def _from_match(match: re.Match[str]) -> str:
    year, month, day, half, hour, minute, second, late = match.groups()
    moment = dt.datetime(int(year), int(month), int(day), tzinfo=CHINA)
    if hour is None:
        return _write(moment, day_only=True)
    hours = int(hour)
    half = (half or late or "").lower()
    if half in {"下午", "pm"} and hours < _NOON:
        hours += _NOON
    elif half in {"上午", "am"} and hours == _NOON:
        hours = 0
    moment = moment.replace(hour=hours, minute=int(minute), second=int(second or 0))
    return _write(moment, day_only=False)
