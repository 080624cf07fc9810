"""Time axis of a trace: fraud calls per day, and below them the period in which each source leaked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_WIDTH = 1000
_CALLS = 80
_ROW = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with its label."""

    x: int
    y: int
    width: int
    height: int
    label: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """Data for the template; all lengths are in units of a picture 1000 wide."""

    height: int
    calls: tuple[Bar, ...]
    sources: tuple[Bar, ...]
    ticks: tuple[tuple[int, str], ...]
    most: int
    """Calls on the busiest day, which is the height of the tallest bar."""


def time_axis(
    victims: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]], zone: ZoneInfo
) -> Axis | None:
    """Return the time axis of a trace, or None if no victim and no source has a time."""
    calls = Counter(
        _day(when, zone) for one in victims if (when := one.get("contacted_at") or one.get("reported_at"))
    )
    spans = [(_day(one["from"], zone), _day(one["to"], zone)) for one in sources]
    days = [*calls, *(day for span in spans for day in span)]
    if not days:
        return None
    first, last = min(days), max(days)
    count = (last - first).days + 1
    most = max(calls.values(), default=1)

    def at(day: date) -> int:
        return round((day - first).days * _WIDTH / count)

    width = max(2, round(_WIDTH / count) - 1)
    made = tuple(
        Bar(
            at(day), _CALLS - round(n * _CALLS / most), width, max(1, round(n * _CALLS / most)), f"{day}: {n}"
        )
        for day, n in sorted(calls.items())
    )
    rows = tuple(
        Bar(
            at(start),
            _CALLS + 12 + place * _ROW,
            max(4, at(end) - at(start) + width),
            _ROW - 6,
            f"{start} – {end}",
            bool(one["priority_lead"]),
        )
        for place, ((start, end), one) in enumerate(zip(spans, sources, strict=True))
    )
    step = max(1, count // 6)
    ticks = tuple(
        (at(day), f"{day:%m-%d}") for day in (first + timedelta(days=n) for n in range(0, count, step))
    )
    return Axis(_CALLS + 34 + len(rows) * _ROW, made, rows, ticks, most)


def _day(text: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(text).astimezone(zone).date()
