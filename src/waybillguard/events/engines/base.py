"""The interface of an engine: it takes files of events and returns the rows of a query."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events.engines.queries import ACROSS, Query
from waybillguard.events.errors import EventsError, EventsUnreadableError
from waybillguard.events.schema import NO_LOOKS, SCAN_PURPOSES, date_of

type Value = str | int | float | bool | None
LOOK: Final = (
    "coalesce(allowed AND order_id IS NOT NULL AND action NOT IN ("
    + ", ".join(f"'{action}'" for action in sorted(NO_LOOKS))
    + "), false) AS look"
)
"""Column ``look`` of every engine's view: an allowed decision about one order that showed something."""
SCAN: Final = (
    "coalesce(allowed AND NOT exposed AND action = 'view' AND order_id IS NOT NULL AND lower(purpose) IN ("
    + ", ".join(f"'{purpose}'" for purpose in SCAN_PURPOSES)
    + "), false) AS scan"
)
"""Column ``scan``: a label was scanned on leaving the warehouse."""


class Engine(Protocol):
    """Runs the queries over files of events; every engine gives the same rows.

    ``in_memory``: the last loaded events are in memory, so loading only a part of them saves nothing.
    """

    in_memory: bool

    def load(self, files: Sequence[Path], zone: ZoneInfo) -> None:
        """Create the view ``events`` over these files; missing columns are derived in ``zone``, or null."""

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Load one of ``queries.TABLES``, with columns in its order."""

    def orders(self, file: Path | None) -> None:
        """Create the view ``orders`` from an orders file (contracts: Orders); None: from the events' order columns.

        Columns that the file lacks are null.

        Raises:
            EventsUnreadableError: the file is damaged, or has no ``order_id`` and ``tenant``.
        """

    def shipments(self, file: Path) -> None:
        """Make the view ``shipments`` of a file of shipments, CSV or Parquet (contracts: Shipments).

        Raises:
            EventsUnreadableError: the file is damaged, or has neither ``waybill_no`` nor ``order_id``.
        """

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows in the query's order.

        Raises:
            EventsError: a parameter is missing or unexpected, or the query needs a tenant.
        """


ORDER_TEXTS: Final = ("order_id", "tenant", "waybill_no", "category", "shop", "carrier", "erp", "lane")
SHIPMENT_TEXTS: Final = (
    "waybill_no", "order_id", "shop", "erp", "warehouse", "outlet", "carrier", "goods_class",
)  # fmt: skip
"""Text columns in files of orders and shipments; absent ones are null."""
ORDERS_OF_EVENTS: Final = (
    "SELECT order_id, CAST(NULL AS VARCHAR(20)) AS waybill_no, tenant, min(coalesce({created}, ts_us)) AS created_us, "
    "min(category) AS category, CAST(NULL AS VARCHAR(20)) AS shop, CAST(NULL AS VARCHAR(20)) AS carrier, "
    "CAST(NULL AS VARCHAR(20)) AS erp, CAST(NULL AS VARCHAR(20)) AS lane FROM events "
    "WHERE order_id IS NOT NULL GROUP BY tenant, order_id"
)
"""Orders derived from the events."""


def file_unreadable(file: Path, what: str) -> EventsUnreadableError:
    """Return the error for a file that is not a file of orders or shipments."""
    return EventsUnreadableError(
        zh=f"{file.name} 无法读取，或缺少必要的列（{what}）。请检查文件和列名。",
        en=f"{file.name} cannot be read, or lacks needed columns ({what}). Check the file and its columns.",
    )


def parameters[T: msgspec.Struct](
    query: Query[T], tenant: str | None, values: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the values of a query's parameters, complete and without extra ones.

    Raises:
        EventsError: they do not match, or a query about one tenant names none.
    """
    wanted = query.parameters
    given = {**values, "tenant": tenant}
    if given.keys() != wanted or (tenant is None and query not in ACROSS):
        names = ", ".join(sorted(wanted ^ given.keys())) or "tenant"
        raise EventsError(
            zh=f"查询 {query.name} 的参数不符：{names}。没有执行查询。",
            en=f"the parameters of query {query.name} do not fit: {names}. It was not run.",
        )
    return given


def new_year(first_day: int, last_day: int) -> int:
    """Return the last 1 January up to ``last_day`` as a day number, for ``distinct_persons``.

    Raises:
        EventsError: the window is over 30 days, so persons cannot be counted exactly.
    """
    if not 0 <= last_day - first_day < 30:  # noqa: PLR2004 - the overlap of the year keys
        raise EventsError(
            zh="不同收件人只能在最多 30 天的范围内准确计数。请缩短范围。",
            en="distinct persons are counted exactly over at most 30 days. Ask for a shorter time.",
        )
    last = date_of(last_day)
    return last_day - last.timetuple().tm_yday + 1
