"""Measures how busy a tenant's day is: its orders relative to a usual day, and when much of its staff is at work."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from waybillguard.detect.counting import Key
from waybillguard.detect.labels import OrderList
from waybillguard.events.engines.answers import AccountDayRow
from waybillguard.events.schema import WINDOWS_A_DAY

_USUAL: Final = 14
_FOLLOWS: Final = 5
"""Days by which calls and returns may follow a sale."""
_MOST: Final = 5.0
_WORKS: Final = 20
_TEAM: Final = 4
_TEAM_SHARE: Final = 0.3


class Levels:
    """Computes the level of each day from the days before; takes days in order.

    Args:
        ordered: the list of orders; None to use only the log.
    """

    def __init__(self, ordered: OrderList | None) -> None:
        self._ordered = ordered
        self._log: dict[str, list[float]] = defaultdict(list)
        self._orders: dict[str, list[float]] = defaultdict(list)

    def of(self, day: int, accounts: Sequence[AccountDayRow]) -> dict[str, float]:
        """Return a day's work relative to a usual day, at least 1, by tenant.

        The log's measure is prints, else explained looks, else all looks. Only all looks may be a thief's own, so the
        list of orders replaces them if there is one.
        """
        flow: dict[str, float] = defaultdict(float)
        work: dict[str, int] = defaultdict(int)
        for row in accounts:
            flow[row.tenant] += row.prints or row.explained or row.looks
            work[row.tenant] += row.prints + row.explained
        levels = {}
        for tenant, value in flow.items():
            level = _level(self._log[tenant], value)
            orders = self._ordered.on(tenant, day) if self._ordered else None
            if orders is not None:
                by_orders = _level(self._orders[tenant], float(orders))
                level = max(level, by_orders) if work[tenant] else by_orders
            levels[tenant] = level
        return levels


def _level(past: list[float], value: float) -> float:
    usual = float(np.median(past[-_USUAL:])) if past else value
    past.append(value)
    recent = float(np.mean(past[-_FOLLOWS:]))
    return min(max(max(value, recent) / max(usual, 1.0), 1.0), _MOST)


def team_windows(rows: Mapping[Key, Sequence[AccountDayRow]]) -> dict[str, frozenset[int]]:
    """Return the windows in which much of a tenant's staff is at work, such as overtime on a sale night."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (tenant, _), found in rows.items():
        if sum(row.looks for row in found) >= _WORKS:
            spans[tenant].append((min(row.first_w10 for row in found), max(row.last_w10 for row in found)))
    made = {}
    for tenant, worked in spans.items():
        enough = max(_TEAM, _TEAM_SHARE * len(worked))
        made[tenant] = frozenset(
            w10
            for w10 in range(WINDOWS_A_DAY)
            if sum(first <= w10 <= last for first, last in worked) >= enough
        )
    return made
