"""Which column of a foreign log is which of ours: suggested from titles and values, decided by a person."""

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events.foreign.tables import ForeignLog
from waybillguard.events.foreign.times import (
    BadTimeError,
    DayOrder,
    is_clock,
    numbers_of,
    read_date,
    read_time,
    says_zone,
)
from waybillguard.events.foreign.words import action_of, answer_of, fold, titles

IGNORE: Final = "ignore"
"""In ``LogMapping.actions``: rows of this word show nothing and are left out, counted."""
_SAMPLE: Final = 2_000
_MOSTLY: Final = 0.8
_FEW_WORDS: Final = 200
_NIGHT: Final = range(7)
_DOUBT: Final = 0.5
_NUMBERED: Final = re.compile(r"[A-Za-z]{0,4}\d{4,}[\d-]*")
_SHARED: Final = frozenset({"ts", "date", "clock"})


class LogMapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a log's rows become events; JSON, to be remembered under the log's fingerprint.

    Attributes:
        columns: field → title of its column (fields: ``data/log_titles.csv``).
        actions: word in the log → action of ours, or ``ignore``. Words not in it are refused by name.
        default_action: of a log without a column of actions, such as a list of prints.
        zone: IANA name of the zone of times that say none.
        day_order: of dates whose year stands last.
        v: version of this struct.
    """

    columns: dict[str, str]
    actions: dict[str, str] = {}
    default_action: str = ""
    zone: str = "Asia/Shanghai"
    day_order: DayOrder = "ymd"
    v: int = 1


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is asked to confirm.

    Attributes:
        mapping: the suggestion, or what was remembered for files of this look.
        remembered: True if a mapping was handed in and fits.
        unknown_words: words of the action column that are not known, with how often they occur.
        questions: what the file does not answer by itself: ``no_time``, ``no_actor``, ``no_action``,
            ``day_order``, ``zone``, ``unknown_words``.
        fingerprint, titles: of the file.
        spare: titles that no field takes.
    """

    mapping: LogMapping
    fingerprint: str
    titles: tuple[str, ...]
    remembered: bool = False
    unknown_words: dict[str, int] = {}
    questions: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()


def suggest(log: ForeignLog, *, zone: ZoneInfo, remembered: LogMapping | None = None) -> Suggestion:
    """Suggest a mapping for a log, in the zone of the tenant unless its times say otherwise."""
    if remembered is not None and set(remembered.columns.values()) <= set(log.titles):
        mapping, known = remembered, True
    else:
        mapping, known = _mapping(log, zone), False
    words = _words(log, mapping)
    found = {word: action for word in words if (action := action_of(word))}
    mapping = msgspec.structs.replace(mapping, actions={**found, **mapping.actions})
    unknown = {word: count for word, count in words.items() if word not in mapping.actions}
    return Suggestion(
        mapping=mapping,
        fingerprint=log.fingerprint,
        titles=log.titles,
        remembered=known,
        unknown_words=unknown,
        questions=_questions(log, mapping, unknown),
        spare=tuple(title for title in log.titles if title not in mapping.columns.values()),
    )


def column_values(log: ForeignLog, title: str, most: int = _SAMPLE) -> list[str]:
    """Return the first filled cells of a column."""
    at = log.titles.index(title)
    found: list[str] = []
    for row in log.rows:
        if not row.problem and (cell := row.cells[at].strip()):
            found.append(cell)
            if len(found) == most:
                break
    return found


def _mapping(log: ForeignLog, zone: ZoneInfo) -> LogMapping:
    samples = {title: column_values(log, title) for title in log.titles}
    columns = _by_title(samples)
    _by_value(samples, columns, zone)
    times = samples.get(columns.get("ts") or columns.get("date") or "", [])
    default = ""
    if "action" not in columns:
        default = _default_action(columns)
    return LogMapping(
        columns=columns, default_action=default, zone=zone.key, day_order=_day_order(times, zone)
    )


def _by_title(samples: dict[str, list[str]]) -> dict[str, str]:
    """Give each field the column whose title is surest for it, each column to one field, by what its cells allow."""
    claims = sorted(
        (place, order, field, title)
        for order, title in enumerate(samples)
        for field, place in titles().get(fold(title), ())
        if _fits(field, samples[title])
    )
    columns: dict[str, str] = {}
    for _, _, field, title in claims:
        if field not in columns and title not in columns.values():
            columns[field] = title
    if "account" not in columns and "person" in columns:
        columns["account"] = columns.pop("person")
    elif "person" not in columns:
        rest = [
            title for _, _, field, title in claims if field == "account" and title not in columns.values()
        ]
        if rest:
            columns["person"] = rest[0]
    if "ts" in columns:
        columns.pop("date", None)
        columns.pop("clock", None)
    telling = [title for _, _, field, title in claims if field in {"action", "detail"}]
    chosen = columns.get("action")
    if chosen is None or _share(samples[chosen], lambda cell: bool(action_of(cell))) < _DOUBT:
        shares = [(_share(samples[title], lambda cell: bool(action_of(cell))), title) for title in telling]
        best = max(shares, key=lambda one: one[0], default=(0.0, ""))
        if best[0] >= _DOUBT:
            columns = {field: title for field, title in columns.items() if title != best[1]} | {
                "action": best[1]
            }
    if "order_id" not in columns and "waybill_no" in columns:
        columns["order_id"] = columns.pop("waybill_no")
    return columns


def _fits(field: str, values: Sequence[str]) -> bool:
    """Tell whether a column's cells can be of a field; an empty column fits any but a time."""
    if not values:
        return field not in _SHARED
    test = _TESTS.get(field)
    return test is None or _share(values, test) >= _DOUBT


def _by_value(samples: dict[str, list[str]], columns: dict[str, str], zone: tzinfo) -> None:
    """Find time, address and action by what the cells look like where no title said it."""
    tests = (
        ("ts", lambda cell: _time_like(cell, zone)),
        ("ip", _is_ip),
        ("action", lambda cell: len(cell) <= 40 and bool(action_of(cell))),  # noqa: PLR2004 - a word, no sentence
    )
    for field, test in tests:
        if field in columns or (field == "ts" and "date" in columns):
            continue
        free = [title for title in samples if title not in columns.values() and samples[title]]
        likely = [title for title in free if _share(samples[title], test) >= _MOSTLY]
        if field == "action" and not likely and "detail" in columns:
            likely = (
                [columns["detail"]]
                if _share(samples[columns["detail"]], lambda c: bool(action_of(c))) >= _DOUBT
                else []
            )
        if likely:
            columns[field] = likely[0]


def _default_action(columns: dict[str, str]) -> str:
    """Return what a log without a column of actions is a list of, by the title of its time."""
    return action_of(columns.get("ts", "") + columns.get("account", "")).replace(IGNORE, "")


def _day_order(times: Sequence[str], zone: tzinfo) -> DayOrder:
    """Find out whether day or month stands first: a number over twelve says it, else the shorter time span."""
    pairs = [pair for cell in times if (pair := numbers_of(cell)) is not None]
    if len(pairs) < len(times) * _DOUBT or not pairs:
        return "ymd"
    first, second = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    if first > 31:  # noqa: PLR2004 - a year of two digits
        return "ymd"
    if first > 12 and second <= 12:  # noqa: PLR2004 - months
        return "dmy" if len(times[0].split("/")[0]) <= 2 and not _short_year_first(times) else "ymd"  # noqa: PLR2004
    if second > 12:  # noqa: PLR2004
        return "mdy"
    return "mdy" if _span(times, zone, "mdy") <= _span(times, zone, "dmy") else "dmy"


def _short_year_first(times: Sequence[str]) -> bool:
    """Tell whether dates look like 26-11-02: the first number is always the same, and near our years."""
    firsts = {numbers_of(cell) and (numbers_of(cell) or (0, 0))[0] for cell in times}
    return len(firsts) == 1 and firsts <= set(range(20, 40)) and not any("/" in cell for cell in times)


def _span(times: Sequence[str], zone: tzinfo, order: DayOrder) -> float:
    found: list[datetime] = []
    for cell in times:
        try:
            found.append(read_time(cell, zone, order))
        except BadTimeError:
            return float("inf")
    return (max(found) - min(found)).total_seconds() if found else float("inf")


def _words(log: ForeignLog, mapping: LogMapping) -> dict[str, int]:
    title = mapping.columns.get("action")
    if title is None:
        return {}
    at = log.titles.index(title)
    counts = Counter(cell for row in log.rows if not row.problem and (cell := action_word(row.cells[at])))
    return dict(counts.most_common(_FEW_WORDS))


def action_word(cell: str) -> str:
    """Return a cell of the action column as a word: one line, without digits that only number an order."""
    word = _NUMBERED.sub("#", " ".join(cell.split()))
    if len(word) > 40:  # noqa: PLR2004 - a sentence; what it is about does not make it another word
        action = action_of(word)
        return f"…{action}" if action else word[:40]
    return word


def _questions(log: ForeignLog, mapping: LogMapping, unknown: dict[str, int]) -> tuple[str, ...]:
    columns = mapping.columns
    asked: list[str] = []
    if "ts" not in columns and not {"date", "clock"} <= columns.keys():
        asked.append("no_time")
    if not {"account", "person", "workstation", "ip"} & columns.keys():
        asked.append("no_actor")
    if "action" not in columns and not mapping.default_action:
        asked.append("no_action")
    if unknown:
        asked.append("unknown_words")
    times = column_values(log, columns["ts"]) if "ts" in columns else []
    pairs = [pair for cell in times if (pair := numbers_of(cell)) is not None]
    if mapping.day_order != "ymd" and pairs and max(max(pair) for pair in pairs) <= 12:  # noqa: PLR2004 - months
        asked.append("day_order")
    if _looks_like_utc(times, mapping):
        asked.append("zone")
    return tuple(asked)


def _looks_like_utc(times: Sequence[str], mapping: LogMapping) -> bool:
    """Tell whether most work seems to be done at night, as when a log in UTC is read as local time."""
    zone = ZoneInfo(mapping.zone)
    hours: Counter[int] = Counter()
    for cell in times:
        if says_zone(cell):
            return False
        try:
            hours[read_time(cell, zone, mapping.day_order).astimezone(zone).hour] += 1
        except BadTimeError:
            continue
    total = hours.total()
    night = sum(hours[hour] for hour in _NIGHT)
    return total >= 20 and night / total > _DOUBT and sum(hours[h] for h in range(13, 22)) / total < 0.1  # noqa: PLR2004


def _time_like(cell: str, zone: tzinfo) -> bool:
    for order in ("mdy", "dmy"):
        try:
            read_time(cell, zone, "mdy" if order == "mdy" else "dmy")
        except BadTimeError as error:
            if error.args[0] == "bad_zone":
                return True
        else:
            return True
    return False


def _date_only(cell: str) -> bool:
    for order in ("mdy", "dmy"):
        try:
            read_date(cell, "mdy" if order == "mdy" else "dmy")
        except BadTimeError:
            continue
        return True
    return False


def _is_ip(cell: str) -> bool:
    try:
        ipaddress.ip_address(cell.strip().rpartition("]")[0].lstrip("[") or cell.strip())
    except ValueError:
        host, _, port = cell.strip().rpartition(":")
        return bool(host) and port.isdigit() and host != cell.strip() and ":" not in host and _is_ip(host)
    return True


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    sample = values[:300]
    return sum(bool(test(cell)) for cell in sample) / len(sample) if sample else 0.0


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "ts": lambda cell: _time_like(cell, UTC),
    "date": _date_only,
    "clock": is_clock,
    "order_created_at": lambda cell: _time_like(cell, UTC) or _date_only(cell),
    "action": lambda cell: not cell.isdigit(),
    "result": lambda cell: answer_of(cell) is not None,
    "exposed": lambda cell: answer_of(cell) is not None,
    "masked": lambda cell: answer_of(cell) is not None,
    "ip": _is_ip,
}
"""What a cell must be for its column to be of a field."""
