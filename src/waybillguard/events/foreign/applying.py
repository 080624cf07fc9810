"""Applies a mapping to a foreign log: returns events, and refused rows with the reason."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events.columns import MOST_CHARACTERS
from waybillguard.events.foreign.jumps import jumps
from waybillguard.events.foreign.mapping import IGNORE, ORDER_IN_TEXT, LogMapping, action_word, address_in
from waybillguard.events.foreign.tables import ForeignLog, LogRow
from waybillguard.events.foreign.times import BadTimeError, read_clock, read_date, read_time
from waybillguard.events.foreign.words import action_of, answer_of
from waybillguard.events.schema import (
    EARLIEST,
    SCAN_PURPOSES,
    SCANNED,
    AccessEvent,
    Action,
    ExplainedBy,
    micros,
)
from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.rows_cells import clean, clean_number, is_formula

AHEAD: Final = timedelta(hours=24)
"""Maximum time in the future; later times mean a wrong clock or time zone."""
_MOST_ORDERS: Final = 10_000
_PRECISION_LOST: Final = pattern_on_use(r"\d(?:\.\d+)?e\+?\d{1,3}", re.IGNORECASE)
_ORDERS: Final = pattern_on_use(r"[\s,;，；、|]+")
_SENTENCE: Final = pattern_on_use("[\u3400-\u9fff【】：:]")
_MOBILE: Final = pattern_on_use(r"1[3-9]\d{9}")
_BOTH: Final = pattern_on_use(r"\s*([^()（）【】\[\]<>]+?)\s*[(（【\[<]([^()（）【】\[\]<>]+)[)）】\]>]\s*")
_NOBODY: Final = frozenset({"未知", "无", "空", "匿名", "unknown", "(空)"})
_MOST_TEXT: Final = 20_000
_REFS: Final[Mapping[str, ExplainedBy]] = {
    "job_ref": ExplainedBy.PRINT_JOB,
    "ticket_ref": ExplainedBy.TICKET,
    "return_ref": ExplainedBy.RETURN,
    "pick_ref": ExplainedBy.PICK_LIST,
}
_TEXTS: Final = ("account", "person", "workstation", "ip", "session", "purpose", "category", "event_id")
_HANDED_OUT: Final = frozenset({Action.REVEAL, Action.EXPORT})


class Refused(StrEnum):
    """Why a row gave no event."""

    NO_TIME = "no_time"
    BAD_TIME = "bad_time"
    DATE_ONLY = "date_only"
    BAD_ZONE = "bad_zone"
    FUTURE = "future"
    CLOCK_JUMP = "clock_jump"
    NO_ACCOUNT = "no_account"
    NO_ACTION = "no_action"
    UNKNOWN_ACTION = "unknown_action"
    DUPLICATE = "duplicate"
    UNKNOWN_RESULT = "unknown_result"
    FORMULA = "formula_in_field"
    TOO_LONG = "too_long"
    PRECISION_LOST = "order_precision_lost"
    COLUMN_COUNT = "column_count"
    UNREADABLE_ROW = "unreadable_row"


class RefusedRow(msgspec.Struct, frozen=True):
    """A row that gave no event: sheet, number from 1, reason and field; never its contents."""

    sheet: str
    row: int
    reason: Refused
    field: str = ""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """Result of applying a mapping to a log.

    Attributes:
        events: in file order; a row that names several orders gives one event each.
        event_rows: the row number of each event.
        refused: rows that gave no event.
        ignored: rows whose operation the mapping ignores because it shows nothing.
        rows: all data rows; each is in ``events``, ``refused`` or ``ignored``.
    """

    events: list[AccessEvent]
    event_rows: list[int]
    refused: list[RefusedRow]
    ignored: int
    rows: int

    def reasons(self) -> dict[str, int]:
        """Return how many rows were refused for each reason."""
        return dict(Counter(str(row.reason) for row in self.refused))


class _RefusalError(Exception):
    def __init__(self, reason: Refused, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


def apply(log: ForeignLog, mapping: LogMapping, *, tenant: str, now: datetime) -> Applied:
    """Convert a log's rows into a tenant's events.

    Args:
        log: the file as text.
        mapping: meaning of the columns; mapped columns missing in the file count as empty.
        tenant: owner of the events; never read from the file.
        now: aware; later times are refused.
    """
    reader = _Reader(log, mapping, tenant, now)
    made: list[tuple[LogRow, list[AccessEvent]]] = []
    refused: list[RefusedRow] = []
    ignored = 0
    seen: set[bytes] = set()
    for row in log.rows:
        try:
            _refuse_damaged(row, seen)
            events = reader.events(row)
        except _RefusalError as refusal:
            refused.append(RefusedRow(row.sheet, row.number, refusal.reason, refusal.field))
        else:
            if events:
                made.append((row, events))
            else:
                ignored += 1
    jumped = _jumped(made)
    refused.extend(RefusedRow(made[n][0].sheet, made[n][0].number, Refused.CLOCK_JUMP, "ts") for n in jumped)
    refused.sort(key=lambda one: one.row)
    kept = [event for n, (_, events) in enumerate(made) if n not in jumped for event in events]
    rows = [row.number for n, (row, events) in enumerate(made) if n not in jumped for _ in events]
    return Applied(events=kept, event_rows=rows, refused=refused, ignored=ignored, rows=len(log.rows))


def _jumped(made: Sequence[tuple[LogRow, list[AccessEvent]]]) -> frozenset[int]:
    """Return the indexes in ``made`` of rows whose clock had jumped, checked per sheet."""
    sheets: dict[str, list[int]] = {}
    for place, (row, _) in enumerate(made):
        sheets.setdefault(row.sheet, []).append(place)
    return frozenset(
        places[n]
        for places in sheets.values()
        for n in jumps([micros(made[place][1][0].ts) for place in places])
    )


def _refuse_damaged(row: LogRow, seen: set[bytes]) -> None:
    if row.problem:
        raise _RefusalError(Refused(row.problem))
    digest = blake2b("\x1f".join(row.cells).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    if digest in seen:
        raise _RefusalError(Refused.DUPLICATE)
    seen.add(digest)


class _Reader:
    """Reads the rows of one log; caches times and words that occur again."""

    def __init__(self, log: ForeignLog, mapping: LogMapping, tenant: str, now: datetime) -> None:
        self._at = {
            field: log.titles.index(title) for field, title in mapping.columns.items() if title in log.titles
        }
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.zone)
        self._tenant = tenant
        self._latest = now + AHEAD
        self._ids: set[str] = set()

    def events(self, row: LogRow) -> list[AccessEvent]:
        """Return a row's events, none if its operation is ignored; raises the refusal."""
        cells = {field: row.cells[at].strip() for field, at in self._at.items() if at < len(row.cells)}
        ts = self._time(cells)
        action = self._action(cells)
        if action == IGNORE:
            return []
        texts = {name: _text(name, cells.get(name, "")) for name in _TEXTS}
        texts["account"], texts["person"] = _account(texts["account"], texts["person"])
        if not any(texts[name] for name in ("account", "person", "workstation", "ip")):
            raise _RefusalError(Refused.NO_ACCOUNT, "account")
        allowed = _allowed(cells)
        if action == Action.LOGIN and not allowed:
            action = Action.LOGIN_FAILED
        if action == Action.LOGIN_FAILED:
            allowed = False
        explained_by, explained_ref = _explanation(cells)
        own_id = texts["event_id"]
        if own_id:
            if own_id in self._ids:
                raise _RefusalError(Refused.DUPLICATE, "event_id")
            self._ids.add(own_id)
        if action == Action.VIEW and cells.get("action", "").lower() in SCAN_PURPOSES:
            # The operation itself states the purpose (扫描出库), whatever purpose the log gives.
            texts["purpose"] = SCANNED
        event = AccessEvent(
            tenant=self._tenant,
            ts=ts,
            action=action,
            exposed=allowed and _exposed(action, cells),
            allowed=allowed,
            explained_by=explained_by,
            explained_ref=explained_ref,
            order_created_at=self._order_time(cells),
            account=texts["account"],
            person=texts["person"],
            workstation=texts["workstation"],
            ip=address_in(texts["ip"] or ""),
            session=texts["session"],
            purpose=texts["purpose"],
            category=texts["category"],
        )
        return [
            msgspec.structs.replace(event, order_id=order, event_id=_event_id(event, own_id, order))
            for order in _orders(cells)
        ]

    def _action(self, cells: Mapping[str, str]) -> str:
        mapping = self._mapping
        if "action" not in self._at:
            if not mapping.default_action:
                raise _RefusalError(Refused.NO_ACTION, "action")
            return mapping.default_action
        word = action_word(cells.get("action", ""))
        if not word:
            found = action_of(cells.get("detail", ""))
            if not found:
                raise _RefusalError(Refused.NO_ACTION, "action")
            return found
        action = mapping.actions.get(word, "")
        if not action:
            raise _RefusalError(Refused.UNKNOWN_ACTION, "action")
        return action

    def _time(self, cells: Mapping[str, str]) -> datetime:
        text = cells.get("ts", "")
        try:
            if text:
                ts = read_time(text, self._zone, self._mapping.day_order)
            elif cells.get("date"):
                day = read_date(cells["date"], self._mapping.day_order)
                ts = self._joined(day, cells.get("clock", ""))
            else:
                raise _RefusalError(Refused.NO_TIME, "ts")
        except BadTimeError as error:
            raise _RefusalError(Refused(error.args[0]), "ts") from None
        if ts > self._latest:
            raise _RefusalError(Refused.FUTURE, "ts")
        if ts < EARLIEST:
            raise _RefusalError(Refused.CLOCK_JUMP, "ts")
        return ts

    def _joined(self, day: date, clock: str) -> datetime:
        if not clock:
            raise _RefusalError(Refused.DATE_ONLY, "clock")
        hour, minute, second, micro = read_clock(clock)
        return datetime(
            day.year, day.month, day.day, hour, minute, second, micro, tzinfo=self._zone
        ).astimezone(UTC)

    def _order_time(self, cells: Mapping[str, str]) -> datetime | None:
        text = cells.get("order_created_at", "")
        if not text:
            return None
        try:
            made = read_time(text, self._zone, self._mapping.day_order)
        except BadTimeError:
            return None
        return made if EARLIEST <= made <= self._latest else None


def _text(name: str, cell: str) -> str | None:
    if not cell:
        return None
    if name == "account" and _is_formula(cell):
        raise _RefusalError(Refused.FORMULA, name)
    text = clean(cell)
    if text.casefold() in _NOBODY:
        return None
    if len(text) > MOST_CHARACTERS:
        if name == "purpose":
            return text[:MOST_CHARACTERS]
        raise _RefusalError(Refused.TOO_LONG, name)
    return text or None


def _is_formula(cell: str) -> bool:
    """Return whether a cell is a formula; ``="123"`` only stops a spreadsheet from rounding a number."""
    return cell.lstrip("'").startswith(("=", "＝")) and is_formula(cell)


def _account(account: str | None, person: str | None) -> tuple[str | None, str | None]:
    """Return account and person of a cell that has both: 王小芳(qh02) and qh02【王小芳】 mean the same.

    >>> _account("王小芳(qh02)", None), _account("qh02【王小芳】", None), _account("a:b", "李四")
    (('qh02', '王小芳'), ('qh02', '王小芳'), ('a:b', '李四'))
    """
    found = _BOTH.fullmatch(account) if account else None
    if found is None:
        return account, person
    outside, inside = found[1].strip(), found[2].strip()
    named = (outside, inside) if outside.isascii() and not inside.isascii() else (inside, outside)
    return named[0], person or named[1]


def _allowed(cells: Mapping[str, str]) -> bool:
    """Return the logged decision; a log without decisions lists only completed operations."""
    cell = clean(cells.get("result", ""))
    if not cell:
        return True
    said = answer_of(cell)
    if said is None:
        raise _RefusalError(Refused.UNKNOWN_RESULT, "result")
    return said


def _orders(cells: Mapping[str, str]) -> list[str | None]:
    """Return the orders of a row, from its own column or from a sentence; [None] if there is none."""
    for name in ("order_id", "waybill_no"):
        cell = cells.get(name, "")
        if cell and (orders := _orders_of(name, cell)):
            return list[str | None](orders)
    found = list(dict.fromkeys(ORDER_IN_TEXT.findall(cells.get("detail", "")[:_MOST_TEXT])))
    return list[str | None](found) or [None]


def _orders_of(name: str, cell: str) -> list[str]:
    if _is_formula(cell):
        raise _RefusalError(Refused.FORMULA, name)
    if _SENTENCE.search(cell):
        return list(dict.fromkeys(ORDER_IN_TEXT.findall(cell[:_MOST_TEXT])))
    parts = [clean_number(part) for part in _ORDERS.split(clean_number(cell))]
    orders = list(dict.fromkeys(part for part in parts if part and not _MOBILE.fullmatch(part)))
    if any(_PRECISION_LOST.fullmatch(order) for order in orders):
        raise _RefusalError(Refused.PRECISION_LOST, name)
    if len(orders) > _MOST_ORDERS or any(len(order) > MOST_CHARACTERS for order in orders):
        raise _RefusalError(Refused.TOO_LONG, name)
    return orders


def _explanation(cells: Mapping[str, str]) -> tuple[str | None, str | None]:
    for name, kind in _REFS.items():
        cell = cells.get(name, "")
        if cell and (reference := _text(name, clean_number(cell))):
            return kind, reference
    return None, None


def _exposed(action: str, cells: Mapping[str, str]) -> bool:
    """Return whether plaintext was shown: as logged, else by the nature of the action."""
    if (said := answer_of(cells["exposed"]) if cells.get("exposed") else None) is not None:
        return said
    if (masked := answer_of(cells["masked"]) if cells.get("masked") else None) is not None:
        return not masked
    return action in _HANDED_OUT


def _event_id(event: AccessEvent, own: str | None, order: str | None) -> str:
    """Return the same id for the same decision in every export of the log."""
    parts = (
        (own, order)
        if own
        else (micros(event.ts), event.account, event.person, event.workstation, event.ip, event.action, order)
    )
    return "f-" + blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
