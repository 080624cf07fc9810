"""Days and times in account and payroll lists, as people, spreadsheets and systems write them."""

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
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no zone; the caller's is put on


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Return a time as people and spreadsheets write it, aware; None for an empty cell.

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
    """Return a time as systems write it: 20261103, 下午3:05, with a zone of its own, seconds since 1970."""
    found = iso_time(cell)
    if not found:
        raise ValueError("not a time")
    moment = datetime.fromisoformat(found)
    return moment.astimezone(zone) if _SAYS_ZONE.search(cell) else moment.replace(tzinfo=zone)


def read_day(text: str) -> date | None:
    """Return the day that a cell says; None for an empty one. Raises ValueError: not a day."""
    moment = read_moment(text, CHINA)  # matters to a moment alone, which names the day it was in China
    return moment.date() if moment is not None else None
