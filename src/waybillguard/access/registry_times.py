"""Parse days and times of account and payroll lists, as people, spreadsheets and systems write them."""

import re
import unicodedata
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from waybillguard.orders.rows_dates import CHINA, iso_time

_MOMENT: Final = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[ T]*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})(?:\.\d+)?秒?)?分?)?\s*\Z"
)
_SAYS_ZONE: Final = re.compile(r"\d(?:Z|[+-]\d{2}:?\d{2})\Z|^(?:\d{10}|\d{13})\Z", re.IGNORECASE)
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?\Z")
_EMPTY_CELLS: Final = frozenset(
    {"", "-", "--", "—", "/", "无", "空", "null", "none", "n/a", "从未登录", "未登录", "至今", "在职"}
)
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no time zone; the caller adds one


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Parse a time as people and spreadsheets write it and return it aware; None for an empty cell.

    >>> from datetime import UTC
    >>> read_moment("2026年11月3日 9:05", UTC)
    datetime.datetime(2026, 11, 3, 9, 5, tzinfo=datetime.timezone.utc)

    Raises:
        ValueError: not a time.
    """
    cell = unicodedata.normalize("NFKC", text).strip()
    if cell.casefold() in _EMPTY_CELLS:
        return None
    if _SERIAL.match(cell):
        return (_EXCEL_EPOCH + timedelta(days=float(cell))).replace(tzinfo=zone, microsecond=0)
    found = _MOMENT.match(cell)
    if found is None:
        return _other_moment(cell, zone)
    parts = {name: int(value) for name, value in found.groupdict(default="0").items()}
    return datetime(**parts, tzinfo=zone)


def _other_moment(cell: str, zone: tzinfo) -> datetime:
    """Parse a time as systems write it: 20261103, 下午3:05, with its own time zone, or seconds since 1970."""
    found = iso_time(cell)
    if not found:
        raise ValueError("not a time")
    moment = datetime.fromisoformat(found)
    return moment.astimezone(zone) if _SAYS_ZONE.search(cell) else moment.replace(tzinfo=zone)


def read_day(text: str) -> date | None:
    """Parse the day in a cell; return None for an empty cell. Raises ValueError if it is not a day."""
    moment = read_moment(text, CHINA)  # the time zone matters only for timestamps: the day is that in China
    return moment.date() if moment is not None else None
