"""The queries: one SQL text each (``sql/``), which every engine runs unchanged.

A text uses only SQL that DuckDB and Spark share, integer days and windows instead of dates, and parameters as
``:name``. Each names its tenant; those in ``ACROSS`` also accept None, for a hub with many tenants.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from waybillguard.events.engines.answers import (
    AccountDayRow,
    ActorRow,
    CellRow,
    ControlRow,
    ExposureRow,
    FirstPrintRow,
    HandoverRow,
    HeatRow,
    LabelCountRow,
    LogDayRow,
    LookRow,
    NodeCountRow,
    NodeVictimRow,
    OrderCountRow,
    OrderedRow,
    OrderRow,
    PersonsRow,
    SpanRow,
    StationOrderRow,
    SuspectRow,
    TokenRow,
    UnorderedRow,
    UnprintedRow,
    UnscannedRow,
    VictimActorRow,
    VictimLookRow,
    VictimOrderRow,
)

PARAMETER: Final = re.compile(r":([a-z_]+[0-9]*)")


@dataclass(frozen=True, slots=True)
class Query[T: msgspec.Struct]:
    """One query of the events: its name, the struct of a row, and the additional tables it needs."""

    name: str
    row: type[T]
    tables: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The SQL text, with ``:name`` for its parameters."""
        return _text(self.name)

    @property
    def parameters(self) -> frozenset[str]:
        """The names of its parameters."""
        return frozenset(PARAMETER.findall(self.sql))


TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "roster": MappingProxyType(
            {
                "tenant": "VARCHAR",
                "account": "VARCHAR",
                "shift_start": "DOUBLE",
                "shift_end": "DOUBLE",
                "employed_from_day": "INTEGER",
                "employed_to_day": "INTEGER",
            }
        ),
        "victims": MappingProxyType({"order_id": "VARCHAR"}),
        "scope_accounts": MappingProxyType({"name": "VARCHAR"}),
        "scope_stations": MappingProxyType({"name": "VARCHAR"}),
        "strata": MappingProxyType({"day": "INTEGER", "category": "VARCHAR", "shop": "VARCHAR"}),
        "shipments": MappingProxyType(
            {
                "waybill_no": "VARCHAR",
                "order_id": "VARCHAR",
                "shop": "VARCHAR",
                "erp": "VARCHAR",
                "warehouse": "VARCHAR",
                "outlet": "VARCHAR",
                "carrier": "VARCHAR",
                "goods_class": "VARCHAR",
                "shipped_us": "BIGINT",
            }
        ),
        "orders": MappingProxyType(
            {
                "order_id": "VARCHAR",
                "waybill_no": "VARCHAR",
                "tenant": "VARCHAR",
                "created_us": "BIGINT",
                "category": "VARCHAR",
                "shop": "VARCHAR",
                "carrier": "VARCHAR",
                "erp": "VARCHAR",
                "lane": "VARCHAR",
            }
        ),
        "decoys": MappingProxyType({"order_id": "VARCHAR"}),
        "unstated": MappingProxyType({"tenant": "VARCHAR", "action": "VARCHAR"}),
        "unprinted": MappingProxyType(
            {"tenant": "VARCHAR", "day": "INTEGER", "account": "VARCHAR", "order_id": "VARCHAR"}
        ),
        "labels": MappingProxyType({"order_id": "VARCHAR"}),
        "watched": MappingProxyType({"tenant": "VARCHAR", "account": "VARCHAR", "day": "INTEGER"}),
    }
)
"""Additional tables with their columns; shifts are hours of the day, employment is inclusive days."""

ACTIVITY_BY_ACCOUNT: Final = Query("activity_by_account", ActorRow)
ACTIVITY_BY_WORKSTATION: Final = Query("activity_by_workstation", ActorRow)
ACTIVITY_BY_ORDER: Final = Query("activity_by_order", OrderRow)
ORDER_LOOKS: Final = Query("order_looks", LookRow)
ACCOUNT_LOOKS: Final = Query("account_looks", LookRow)
WORKSTATION_LOOKS: Final = Query("workstation_looks", LookRow)
HEAT_MAP: Final = Query("heat_map", HeatRow)
DISTINCT_PERSONS: Final = Query("distinct_persons", PersonsRow)
DETECT_DAYS: Final = Query("detect_days", LogDayRow)
DETECT_ACCOUNTS: Final = Query("detect_accounts", AccountDayRow, ("unstated", "unprinted"))
DETECT_CELLS: Final = Query("detect_cells", CellRow, ("decoys", "unstated", "unprinted"))
DETECT_LOOKS: Final = Query(
    "detect_looks", SuspectRow, ("watched", "labels", "decoys", "unstated", "unprinted")
)
DETECT_UNPRINTED: Final = Query("detect_unprinted", UnprintedRow, ("decoys",))
DETECT_UNSCANNED: Final = Query("detect_unscanned", UnscannedRow)
DETECT_UNORDERED: Final = Query("detect_unordered", UnorderedRow, ("orders",))
DETECT_FIRST_PRINTS: Final = Query("detect_first_prints", FirstPrintRow, ("labels",))
DETECT_ORDERS: Final = Query("detect_orders", OrderedRow, ("orders",))
VICTIMS_LOOKS: Final = Query("victims_looks", VictimLookRow, ("victims",))
VICTIMS_BY_ACTOR: Final = Query("victims_by_actor", VictimActorRow, ("victims",))
TRACE_SPAN: Final = Query("trace_span", SpanRow)
TRACE_EXPOSURE: Final = Query("trace_exposure", ExposureRow, ("roster", "orders"))
TRACE_ORDERS: Final = Query("trace_orders", OrderCountRow, ("orders",))
TRACE_LABELS: Final = Query("trace_labels", LabelCountRow, ("orders",))
TRACE_VICTIMS: Final = Query("trace_victims", VictimOrderRow, ("victims", "orders"))
TRACE_CONTROLS: Final = Query("trace_controls", ControlRow, ("strata", "orders"))
TRACE_TOKENS: Final = Query("trace_tokens", TokenRow, ("victims",))
TRACE_PERSONS: Final = Query("trace_persons", TokenRow, ("victims",))
NODE_COUNTS: Final = Query("node_counts", NodeCountRow, ("shipments",))
NODE_VICTIMS: Final = Query("node_victims", NodeVictimRow, ("shipments", "victims"))
HANDOVER: Final = Query("handover", HandoverRow, ("victims", "scope_accounts", "scope_stations"))
STATION_EXPOSURE: Final = Query("station_exposure", StationOrderRow)

ALL: Final = (
    ACTIVITY_BY_ACCOUNT,
    ACTIVITY_BY_WORKSTATION,
    ACTIVITY_BY_ORDER,
    ORDER_LOOKS,
    ACCOUNT_LOOKS,
    WORKSTATION_LOOKS,
    HEAT_MAP,
    DISTINCT_PERSONS,
    DETECT_DAYS,
    DETECT_ACCOUNTS,
    DETECT_CELLS,
    DETECT_LOOKS,
    DETECT_UNPRINTED,
    DETECT_UNSCANNED,
    DETECT_UNORDERED,
    DETECT_FIRST_PRINTS,
    DETECT_ORDERS,
    VICTIMS_LOOKS,
    VICTIMS_BY_ACTOR,
    TRACE_SPAN,
    TRACE_EXPOSURE,
    TRACE_ORDERS,
    TRACE_LABELS,
    TRACE_VICTIMS,
    TRACE_CONTROLS,
    TRACE_TOKENS,
    TRACE_PERSONS,
    NODE_COUNTS,
    NODE_VICTIMS,
    HANDOVER,
    STATION_EXPOSURE,
)
ACROSS: Final = (
    DETECT_DAYS, DETECT_ACCOUNTS, DETECT_CELLS, DETECT_LOOKS, DETECT_UNSCANNED, DETECT_UNORDERED, DETECT_FIRST_PRINTS,
    DETECT_ORDERS, DETECT_UNPRINTED, VICTIMS_LOOKS, VICTIMS_BY_ACTOR, TRACE_SPAN, TRACE_VICTIMS, TRACE_TOKENS,
    TRACE_PERSONS, NODE_COUNTS, NODE_VICTIMS,
)  # fmt: skip
"""Queries that accept ``tenant`` None for all tenants."""


@cache
def _text(name: str) -> str:
    return files(__package__).joinpath("sql", f"{name}.sql").read_text("utf-8")
