"""What an engine is: files of events in, rows of a query out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events.engines.queries import ACROSS, Query
from waybillguard.events.errors import EventsError
from waybillguard.events.schema import NO_LOOKS, date_of

type Value = str | int | float | bool | None
LOOK: Final = (
    "coalesce(allowed AND order_id IS NOT NULL AND action NOT IN ("
    + ", ".join(f"'{action}'" for action in sorted(NO_LOOKS))
    + "), false) AS look"
)
"""Column ``look`` of every engine's view: an allowed decision about one order after which something was shown."""


class Engine(Protocol):
    """Runs the queries over files of events; every engine gives the same rows."""

    def load(self, files: Sequence[Path], zone: ZoneInfo) -> None:
        """Make the view ``events`` over those files; what they lack is derived in ``zone``, or null."""

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Put one of ``queries.TABLES`` beside the events, columns in its order."""

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows in its order.

        Raises:
            EventsError: a parameter is missing or too many, or the query must name a tenant.
        """


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
