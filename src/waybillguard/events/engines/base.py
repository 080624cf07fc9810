"""What an engine is: files of events in, rows of a query out."""

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
"""Column ``look`` of every engine's view: an allowed decision about one order after which something was shown."""
SCAN: Final = (
    "coalesce(allowed AND NOT exposed AND action = 'view' AND order_id IS NOT NULL AND lower(purpose) IN ("
    + ", ".join(f"'{purpose}'" for purpose in SCAN_PURPOSES)
    + "), false) AS scan"
)
"""Column ``scan``: a label was scanned on its way out."""


class Engine(Protocol):
    """Runs the queries over files of events; every engine gives the same rows.

    ``in_memory``: the events that were loaded last lie in memory, so that to load a part of them is no gain.
    """

    in_memory: bool

    def load(self, files: Sequence[Path], zone: ZoneInfo) -> None:
        """Make the view ``events`` over those files; what they lack is derived in ``zone``, or null."""

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Put one of ``queries.TABLES`` beside the events, columns in its order."""

    def orders(self, file: Path | None) -> None:
        """Make the view ``orders`` of an orders file (contracts: Orders); None: of what the events say of them.

        Columns that the file lacks are null.

        Raises:
            EventsUnreadableError: the file is damaged, or has no ``order_id`` and ``tenant``.
        """

    def shipments(self, file: Path) -> None:
        """Make the view ``shipments`` of a file of shipments, CSV or Parquet (contracts: Shipments).

        Raises:
            EventsUnreadableError: the file is damaged, or names neither ``waybill_no`` nor ``order_id``.
        """

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows in its order.

        Raises:
            EventsError: a parameter is missing or too many, or the query must name a tenant.
        """


ORDER_TEXTS: Final = ("order_id", "tenant", "waybill_no", "category", "shop", "carrier", "erp", "lane")
SHIPMENT_TEXTS: Final = (
    "waybill_no", "order_id", "shop", "erp", "warehouse", "outlet", "carrier", "goods_class",
)  # fmt: skip
"""Columns of text in files of orders and of shipments; absent ones are null."""
ORDERS_OF_EVENTS: Final = (
    "SELECT order_id, CAST(NULL AS VARCHAR(20)) AS waybill_no, tenant, min(coalesce({created}, ts_us)) AS created_us, "
    "min(category) AS category, CAST(NULL AS VARCHAR(20)) AS shop, CAST(NULL AS VARCHAR(20)) AS carrier, "
    "CAST(NULL AS VARCHAR(20)) AS erp, CAST(NULL AS VARCHAR(20)) AS lane FROM events "
    "WHERE order_id IS NOT NULL GROUP BY tenant, order_id"
)
"""Orders as far as the events tell of them."""


def file_unreadable(file: Path, what: str) -> EventsUnreadableError:
    """Return the error for a file of orders or shipments that is none."""
    return EventsUnreadableError(
        zh=f"{file.name} 无法读取，或缺少必要的列（{what}）。请检查文件和列名。",
        en=f"{file.name} cannot be read, or lacks needed columns ({what}). Check the file and its columns.",
    )


def parameters[T: msgspec.Struct](
    query: Query[T], tenant: str | None, values: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the values of a query's parameters, all of them and no other.

    Raises:
        EventsError: they do not fit, or a query about one tenant names none.
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
    """Return the day of the latest 1 January not after ``last_day``, for ``distinct_persons``.

    Raises:
        EventsError: the window is over 30 days, in which persons cannot be counted exactly.
    """
    if not 0 <= last_day - first_day < 30:  # noqa: PLR2004 - the overlap of the year keys
        raise EventsError(
            zh="不同收件人只能在最多 30 天的范围内准确计数。请缩短范围。",
            en="distinct persons are counted exactly over at most 30 days. Ask for a shorter time.",
        )
    last = date_of(last_day)
    return last_day - last.timetuple().tm_yday + 1
