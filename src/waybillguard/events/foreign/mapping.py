"""Maps columns of a foreign log to ours: suggested from titles and values, decided by a person."""

import ipaddress
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events.errors import EventsError
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
from waybillguard.events.foreign.words import action_of, answer_of, possible_fields

IGNORE: Final = "ignore"
"""In ``LogMapping.actions``: rows with this word show nothing and are skipped, but counted."""
_SAMPLE: Final = 2_000
_MOSTLY: Final = 0.8
_FEW_WORDS: Final = 200
_NIGHT: Final = range(7)
_DOUBT: Final = 0.5
_NUMBERED: Final = re.compile(r"[A-Za-z]{0,4}\d{4,}[\d-]*")
ORDER_IN_TEXT: Final = re.compile(
    r"(?:订单|运单|快递|面单|物流|单据|交易|order|waybill|tracking|tid|trade)[^\dA-Za-z]{0,12}"
    r"(?:编?号|no\.?|number|id|sn)?[^\dA-Za-z]{0,6}((?!1[3-9]\d{9}(?!\d))[A-Za-z]{0,4}\d[A-Za-z0-9-]{5,39})",
    re.IGNORECASE,
)
"""An order number in a sentence, after a word that announces one; a mobile number does not match."""
_ZONE_IN_TITLE: Final = re.compile(r"\b(?:utc|gmt)(?:(?P<sign>[+-])0?(?P<hours>\d{1,2})(?::?00)?)?\b")
_ADDRESS: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|[0-9a-fA-F:]*::?[0-9a-fA-F:.]+")
_TELLING: Final = frozenset({"ts", "date", "account", "person", "action"})
_SHARED: Final = frozenset({"ts", "date", "clock"})


class LogMapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a log's rows become events; JSON, stored under the log's fingerprint.

    Attributes:
        columns: field → title of its column (fields: ``data/log_titles.csv``).
        actions: word in the log → action of ours, or ``ignore``. Words not in it are refused by name.
        default_action: of a log without an action column, such as a list of prints.
        zone: IANA name of the time zone of times without one.
        day_order: order of day and month in dates that end with the year.
        v: version of this struct.
    """

    columns: dict[str, str]
    actions: dict[str, str] = {}
    default_action: str = ""
    zone: str = "Asia/Shanghai"
    day_order: DayOrder = "ymd"
    v: int = 1


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A suggestion for a person to confirm.

    Attributes:
        mapping: the suggestion, or the stored mapping for files with the same titles.
        remembered: True if a mapping was passed in and fits.
        unknown_words: unknown words of the action column, with how often they occur.
        questions: what the file leaves open: ``no_time``, ``no_actor``, ``no_action``,
            ``day_order``, ``zone``, ``unknown_words``.
        fingerprint, titles: of the file.
        spare: titles that no field uses.
    """

    mapping: LogMapping
    fingerprint: str
    titles: tuple[str, ...]
    remembered: bool = False
    unknown_words: dict[str, int] = {}
    questions: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()


def suggest(log: ForeignLog, *, zone: ZoneInfo, remembered: LogMapping | None = None) -> Suggestion:
    """Suggest a mapping for a log, in the tenant's time zone unless its times state another."""
    if remembered is not None and set(remembered.columns.values()) <= set(log.titles):
        mapping, known = remembered, True
    else:
        mapping, known = _mapping(log, zone), False
        if log.rows and not _TELLING & mapping.columns.keys():
            raise EventsError(
                code="log_unreadable",
                zh="看不出这是操作日志：没有时间、账号、操作等列。没有导入任何内容；请导出带有这些列的日志。",
                en="this does not look like an operation log: no column of times, accounts or operations. Nothing was "
                "imported; export a log with such columns.",
            )
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
    """Return the first non-empty cells of a column."""
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
    time_title = columns.get("ts") or columns.get("date") or ""
    times = samples.get(time_title, [])
    default = ""
    if "action" not in columns:
        default = _default_action(columns)
    return LogMapping(
        columns=columns,
        default_action=default,
        zone=_zone_of_title(time_title) or zone.key,
        day_order=_day_order(times, zone),
    )


def _choose_action(
    columns: dict[str, str], telling: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> None:
    """Choose the action column whose cells contain actions, if those of the best title do not."""
    shares = {title: _share(samples[title], lambda cell: bool(action_of(cell))) for title in telling}
    chosen = columns.get("action", "")
    best = max(shares, key=lambda title: shares[title], default="")
    if best and shares.get(chosen, 0.0) < _DOUBT <= shares[best]:
        for field in [field for field, title in columns.items() if title == best]:
            del columns[field]
        columns["action"] = best


def _zone_of_title(title: str) -> str:
    """Return the time zone named in a title, such as 操作时间(UTC) or time [GMT+8]; empty if there is none.

    >>> _zone_of_title("操作时间（UTC）"), _zone_of_title("时间(GMT+8)"), _zone_of_title("北京时间")
    ('UTC', 'Etc/GMT-8', 'Asia/Shanghai')
    """
    plain = unicodedata.normalize("NFKC", title).casefold()
    if "北京时间" in plain or "beijing" in plain:
        return "Asia/Shanghai"
    found = _ZONE_IN_TITLE.search(plain)
    if found is None:
        return ""
    hours = int(found["hours"] or 0)
    if not hours:
        return "UTC"
    return f"Etc/GMT{'-' if found['sign'] == '+' else '+'}{hours}" if hours <= 12 else ""  # noqa: PLR2004 - zones of tzdata


def _by_title(samples: dict[str, list[str]]) -> dict[str, str]:
    """Assign each field the column with the best title whose cells fit; each column is used once."""
    claims = sorted(
        (place, order, claimed, title)
        for order, title in enumerate(samples)
        for field, place in possible_fields(title)
        if (claimed := _time_field(field, samples[title])) and _fits(claimed, samples[title])
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
    _choose_action(
        columns, [title for _, _, field, title in claims if field in {"action", "detail"}], samples
    )
    if "order_id" not in columns and "waybill_no" in columns:
        columns["order_id"] = columns.pop("waybill_no")
    if "order_id" not in columns:
        sentences = [columns[field] for field in ("detail", "action") if field in columns]
        telling = [one for one in sentences if any(map(ORDER_IN_TEXT.search, samples[one][:300]))]
        if telling:
            columns["order_id"] = telling[0]
    return columns


def _time_field(field: str, values: Sequence[str]) -> str:
    """Return ``date`` or ``clock`` for a time column whose cells are only dates or only times of day."""
    if field in _SHARED and values:
        if _share(values, is_clock) >= _DOUBT:
            return "clock"
        if _share(values, _date_only) >= _DOUBT:
            return "date"
        return "ts" if field == "ts" else ""
    return field if field not in {"date", "clock"} else ""


def _fits(field: str, values: Sequence[str]) -> bool:
    """Return whether a column's cells fit a field; an empty column fits any."""
    if not values:
        return True
    test = _TESTS.get(field)
    return test is None or _share(values, test) >= _DOUBT


def _by_value(samples: dict[str, list[str]], columns: dict[str, str], zone: tzinfo) -> None:
    """Find time, address and action by their cells if no title named them."""
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
    """Return the action of a log without an action column, from the title of its time."""
    return action_of(columns.get("ts", "") + columns.get("account", "")).replace(IGNORE, "")


def _day_order(times: Sequence[str], zone: tzinfo) -> DayOrder:
    """Determine whether day or month comes first: by a number over twelve, else by the shorter time span."""
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
    """Return whether dates look like 26-11-02: the first number is constant and near the current year."""
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
    """Return an action cell as a word: one line, without digits that only number an order."""
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
    """Return whether most work seems to be done at night, as when a log in UTC is read as local time."""
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
    return address_in(cell) is not None


def address_in(cell: str) -> str | None:
    """Return the first IP address in a cell, without the port, place or words beside it.

    >>> address_in("203.0.113.24(浙江省)"), address_in("内网 10.0.0.3:443"), address_in("未知")
    ('203.0.113.24', '10.0.0.3', None)
    """
    for found in _ADDRESS.finditer(cell):
        try:
            return str(ipaddress.ip_address(found[0]))
        except ValueError:
            continue
    return None


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    sample = values[:300]
    return sum(bool(test(cell)) for cell in sample) / len(sample) if sample else 0.0


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "order_created_at": lambda cell: _time_like(cell, UTC) or _date_only(cell),
    "action": lambda cell: not cell.isdigit(),
    "result": lambda cell: answer_of(cell) is not None,
    "exposed": lambda cell: answer_of(cell) is not None,
    "masked": lambda cell: answer_of(cell) is not None,
    "ip": _is_ip,
}
"""Test that the cells of a column must pass for each field."""
