"""Join victims to orders and warehouses; every row of a list is counted once."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import msgspec
import numpy as np

from waybillguard.events import VictimReport
from waybillguard.events.engines import Query, Value
from waybillguard.events.engines.answers import VictimLookRow, VictimOrderRow
from waybillguard.events.engines.queries import TRACE_PERSONS, TRACE_TOKENS, TRACE_VICTIMS, VICTIMS_LOOKS
from waybillguard.events.schema import micros
from waybillguard.trace.victims import VictimRow

DAY_US: Final = 86_400_000_000
_EARLY: Final = 1 / 24
"""Days by which clocks may differ."""


class Asking(Protocol):
    """The engine interface that a trace needs; implemented by ``DuckEngine`` and ``SparkEngine``."""

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Create a table beside the events."""

    def of_victims(self) -> AbstractContextManager[None]:
        """Read the events of the orders in the table ``victims`` once for all queries of the block."""

    def focus(self, tenant: str) -> AbstractContextManager[None]:
        """Read one tenant once for all queries of the block."""

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A victim whose order is in a warehouse; times in days since 1970 UTC, NaN if unknown."""

    order_id: str
    tenant: str
    contacted: float
    reported: float
    created: float
    certainty: float
    category: str
    shop: str
    carrier: str
    lane: str
    erp: str = ""

    def __repr__(self) -> str:
        """Show the type only."""
        return "Joined(…)"


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of the list's rows by outcome."""

    read: int
    joined: tuple[Joined, ...]
    unknown: int
    duplicates: int
    contradictory: int

    @property
    def untimed(self) -> int:
        """Number of victims without a time of contact."""
        return sum(bool(np.isnan(one.contacted)) for one in self.joined)


type Looks = dict[tuple[str, str], list[VictimLookRow]]
"""Looks at victims' orders by warehouse and order, sorted by time."""


def join(engine: Asking, rows: Sequence[VictimRow]) -> tuple[Census, Looks]:
    """Find each victim's order, warehouse and looks; every row is counted once, whatever its outcome."""
    reports = [row.report for row in rows]
    tokens = _tokens(engine, reports)
    texts = {
        text
        for one in reports
        for text in (one.order_id, one.waybill_no, plain_waybill(one.waybill_no))
        if text
    } | {order for orders in tokens.values() for _, order in orders}
    engine.table("victims", [(text,) for text in sorted(texts)])
    by_order: dict[str, list[VictimOrderRow]] = defaultdict(list)
    by_waybill: dict[str, list[VictimOrderRow]] = defaultdict(list)
    with engine.of_victims():
        for row in engine.ask(TRACE_VICTIMS, tenant=None):
            by_order[row.order_id].append(row)
            if row.waybill_no:
                by_waybill[row.waybill_no].append(row)
        looks, persons = _looks(engine), _persons(engine)
    if more := by_order.keys() - texts:  # matched by waybill
        engine.table("victims", [(text,) for text in sorted(more)])
        with engine.of_victims():
            looks |= _looks(engine)
            persons |= _persons(engine)
    listed = set(by_order)
    for (tenant, order), seen in looks.items():
        if order not in listed:
            by_order[order].append(_of_look(tenant, seen[0]))
    by_token = {
        token: [row for tenant, order in orders for row in by_order.get(order, []) if row.tenant == tenant]
        for token, orders in tokens.items()
    }
    joined: dict[tuple[str, str], Joined] = {}
    unknown = duplicates = contradictory = 0
    for given in rows:
        one = given.report
        found = [
            *by_order.get(one.order_id or "", ()),
            *(by_waybill.get(one.waybill_no or "") or by_waybill.get(plain_waybill(one.waybill_no), [])),
        ] or by_token.get(one.phone_token or "", [])
        orders = {(row.tenant, row.order_id): row for row in found}
        if len(orders) != 1:
            contradictory += len(orders) > 1
            unknown += not orders
            continue
        row = next(iter(orders.values()))
        place = (row.tenant, row.order_id)
        persons[place] = one.phone_token or given.phone or persons.get(place, "")
        made = _joined(one, row)
        if made is None:
            contradictory += 1
        elif (known := joined.get(place)) is not None:
            duplicates += 1
            joined[place] = _earlier(known, made)
        else:
            joined[place] = made
    single = _one_a_person(joined, persons)
    duplicates += len(joined) - len(single)
    return Census(len(reports), tuple(single), unknown, duplicates, contradictory), looks


def plain_waybill(waybill: str | None) -> str:
    """Return a waybill without leading zeros after its letters, which spreadsheets and forms add or lose."""
    return re.sub(r"^([A-Za-z]*)0+", r"\1", waybill or "")


def _looks(engine: Asking) -> Looks:
    found: Looks = defaultdict(list)
    for look in engine.ask(VICTIMS_LOOKS, tenant=None, first_day=-(10**6), last_day=10**6):
        found[look.tenant, look.order_id].append(look)
    return found


def _persons(engine: Asking) -> dict[tuple[str, str], str]:
    """Return the keyed phone of each order's consignee, if the log has it."""
    return {(row.tenant, row.order_id): row.token for row in engine.ask(TRACE_PERSONS, tenant=None)}


def _one_a_person(
    joined: Mapping[tuple[str, str], Joined], persons: Mapping[tuple[str, str], str]
) -> list[Joined]:
    """Return one order per consignee: the one with the shortest time to the call.

    A buyer of ten parcels who is called once is one witness. Ten would accuse the account that served him that
    week.
    """
    best: dict[tuple[str, str], Joined] = {}
    for place, one in joined.items():
        key = (one.tenant, persons.get(place) or f"order {one.order_id}")
        if key not in best or _wait(one) < _wait(best[key]):
            best[key] = one
    return list(best.values())


def _wait(one: Joined) -> float:
    when = one.reported if np.isnan(one.contacted) else one.contacted
    wait = when - one.created
    return float("inf") if np.isnan(wait) else abs(wait)


def _of_look(tenant: str, look: VictimLookRow) -> VictimOrderRow:
    """Return a row for an order that is only in the log, from the first look at it."""
    created = look.ts_us if look.order_day is None else min(look.ts_us, look.order_day * DAY_US)
    return VictimOrderRow(look.order_id, None, tenant, created, look.category, None, None, None, None)


def _tokens(engine: Asking, reports: Sequence[VictimReport]) -> dict[str, set[tuple[str, str]]]:
    """Return warehouse and order by keyed phone, for reports that name nothing else."""
    tokens = sorted(
        {one.phone_token for one in reports if one.phone_token and not (one.order_id or one.waybill_no)}
    )
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    if tokens:
        engine.table("victims", [(token,) for token in tokens])
        for row in engine.ask(TRACE_TOKENS, tenant=None):
            found[row.token].add((row.tenant, row.order_id))
    return found


def _joined(report: VictimReport, row: VictimOrderRow) -> Joined | None:
    """Return the victim, or None if the times rule this order out."""
    contacted, reported = _days(report.contacted_at), _days(report.reported_at)
    created = np.nan if row.created_us is None else row.created_us / DAY_US
    if contacted < created - _EARLY or (np.isnan(contacted) and reported < created - _EARLY):
        return None
    if reported < contacted - _EARLY:
        contacted = np.nan
    return Joined(
        order_id=row.order_id,
        tenant=row.tenant,
        contacted=contacted,
        reported=reported,
        created=created,
        certainty=min(0.98, max(0.02, report.certainty)),
        category=row.category or report.category or "",
        shop=row.shop or "",
        carrier=row.carrier or "",
        lane=row.lane or "",
        erp=row.erp or "",
    )


def _earlier(first: Joined, second: Joined) -> Joined:
    times = (first.contacted, second.contacted)
    return second if np.isnan(times[0]) or times[1] < times[0] else first


def _days(when: datetime | None) -> float:
    return np.nan if when is None else micros(when) / DAY_US
