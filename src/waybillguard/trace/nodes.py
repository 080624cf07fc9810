"""What victims share before any log is read: shop, ERP, warehouse, outlet, carrier, goods, ship day.

A large warehouse is common because of its size, so each node is compared with its share of all shipments of the
victims' days. Nodes are ordered by the likelihood ratio of "some of them came through here" against chance. It
prefers the smallest node that covers the victims: a shop ranks before its warehouse only if other shops are spared.
"""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
import numpy as np

from waybillguard.events.engines.answers import NodeCountRow, NodeVictimRow
from waybillguard.events.engines.queries import NODE_COUNTS, NODE_VICTIMS
from waybillguard.trace.joining import Asking, plain_waybill
from waybillguard.trace.structs import LogRequest, Node, NodesAnswer
from waybillguard.trace.victims import VictimTable

KINDS: Final = ("warehouse", "shop", "erp", "outlet", "carrier", "goods_class")
_TRAITS: Final = frozenset({"goods_class", "ship_day"})
_ORDER: Final = (*KINDS, "ship_day")
LEVEL: Final = 0.01
"""Largest corrected p at which a node is reported."""
FEWEST: Final = 4
"""Fewest victims of a reported node: two or three are a coincidence in any list."""
_MARGIN_DAYS: Final = 7
_NEAR_DAYS: Final = 10
_SHARES: Final = np.linspace(0.02, 0.98, 49)
_Z90: Final = 1.645
_ASKED: Final = 5
_WHOLE: Final = 2.5
"""Nats added to a warehouse against one of its shops: most known cases began where labels are printed."""


class Retention(msgspec.Struct, frozen=True):
    """A log that a node keeps (``data/logs.csv``): for how many days, and on which legal basis."""

    kind: str
    log: str
    keep_days: int
    basis: str


@cache
def retentions() -> tuple[Retention, ...]:
    """Return the logs worth requesting, by kind of node."""
    text = files(__package__).joinpath("data", "logs.csv").read_text("utf-8")
    return tuple(
        Retention(row["kind"], row["log"], int(row["keep_days"]), row["basis"])
        for row in csv.DictReader(text.splitlines())
    )


def common_nodes(engine: Asking, victims: VictimTable) -> NodesAnswer:
    """Return the nodes that victims share beyond chance, and the logs to request (contracts: trace nodes).

    Args:
        engine: with the view ``shipments`` created.
        victims: the list; rows are matched by waybill, else by order.
    """
    found, unknown = _matched(engine, victims)
    if not found:
        return _nothing(0, unknown)
    base = _Base(engine.ask(NODE_COUNTS, tenant=None))
    scored: list[tuple[float, Node]] = []
    for kind in KINDS:
        counts = Counter(value for one in found if (value := getattr(one, kind)))
        tests = len(_ORDER) * base.sizes[kind]
        for value, count in counts.items():
            node = _node(kind, value, count, base.chances(kind, value, found), tests)
            if node is not None:
                inside = np.array([getattr(one, kind) == value for one in found])
                evidence = _evidence(inside, base.chances(kind, value, found))
                scored.append((evidence + (_WHOLE if kind == "warehouse" else 0.0), node))
    if any(node.kind not in _TRAITS for _, node in scored):
        # A day alone only shows when the list was made: every list has days on which its victims' parcels left.
        scored += _days(found, base)
    # Data leak at a place. Goods classes and days only describe the list, so they are sorted after the places.
    scored.sort(
        key=lambda one: (one[1].kind in _TRAITS, -round(one[0], 1), _ORDER.index(one[1].kind), one[1].value)
    )
    nodes = tuple(node for _, node in scored)
    if not nodes:
        return _nothing(len(found), unknown)
    return NodesAnswer(
        nodes=nodes,
        requests=_requests(nodes, found),
        victims=len(found),
        unknown=unknown,
        note_zh="共同环节只说明从哪里查起，不是证据；请先封存原始介质再取日志。",
        note_en="A common node says where to look first; it is no proof. Seal the original medium before taking logs.",
    )


def _matched(engine: Asking, victims: VictimTable) -> tuple[list[NodeVictimRow], int]:
    texts = {
        text
        for row in victims.rows
        for text in (row.report.waybill_no, plain_waybill(row.report.waybill_no), row.report.order_id)
        if text
    }
    engine.table("victims", [(text,) for text in sorted(texts)])
    by_text: dict[str, list[NodeVictimRow]] = defaultdict(list)
    for one in engine.ask(NODE_VICTIMS, tenant=None):
        for name in (one.waybill_no, one.order_id):
            if name:
                by_text[name].append(one)
    found: dict[tuple[str | None, str | None], NodeVictimRow] = {}
    unknown = 0
    for row in victims.rows:
        names = (row.report.waybill_no, plain_waybill(row.report.waybill_no), row.report.order_id)
        rows = next((rows for name in names if name and (rows := by_text.get(name))), [])
        unknown += not rows
        if rows:
            one = _agreed(rows)
            found[one.waybill_no or one.order_id, one.order_id] = one
    return list(found.values()), unknown


def _agreed(rows: Sequence[NodeVictimRow]) -> NodeVictimRow:
    """Return the fields on which all shipments under one number agree.

    Order numbers repeat between shops: if five shops have an order 1001, none of them may be taken for the
    victim's.
    """
    first, *others = rows
    differ = {
        name: None
        for name in NodeVictimRow.__struct_fields__
        if name != "order_id" and any(getattr(one, name) != getattr(first, name) for one in others)
    }
    return msgspec.structs.replace(first, **differ)


class _Base:
    """Shares of all shipments by day, so that a warehouse's busy week does not look like a link between victims."""

    def __init__(self, rows: Iterable[NodeCountRow]) -> None:
        self._by: dict[tuple[str, str], dict[int | None, int]] = defaultdict(dict)
        for row in rows:
            self._by[row.kind, row.value][row.day] = row.shipments
        self.all = self._by.pop(("all", ""), {})
        self.total = max(1, sum(self.all.values()))
        self.sizes = Counter(kind for kind, _ in self._by)

    def chances(
        self, kind: str, value: str, victims: Sequence[NodeVictimRow]
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return, for each victim, the node's share of that day's shipments, smoothed by its overall share."""
        mine = self._by[kind, value]
        overall = sum(mine.values()) / self.total
        weight = 20.0
        return np.array(
            [
                (mine.get(one.day, 0) + weight * overall) / (self.all.get(one.day, 0) + weight)
                for one in victims
            ]
        )


def _node(
    kind: str, value: str, count: int, chances: np.ndarray[tuple[int], np.dtype[np.float64]], tests: int
) -> Node | None:
    """Return the node if the victims share it beyond chance, corrected for the number of nodes tested."""
    expected = float(chances.sum())
    p = min(1.0, tests * _tail(len(chances), count, expected / len(chances)))
    if count < FEWEST or p > LEVEL or count <= expected:
        return None
    low, high = _interval(count, len(chances))
    return Node(
        kind=kind,  # type: ignore[arg-type]  # one of KINDS
        value=value,
        victims=count,
        expected=round(expected, 3),
        ratio=round(count / expected, 3),
        low=round(low * len(chances) / expected, 3),
        high=round(high * len(chances) / expected, 3),
        p=float(f"{p:.3g}"),
    )


def _tail(n: int, k: int, chance: float) -> float:
    """Return an upper bound of the chance of k or more of n; it holds for unequal chances (Hoeffding 1956)."""
    if chance >= 1:
        return 1.0
    top = np.arange(k, n + 1)
    logs = (
        math.lgamma(n + 1)
        - np.array([math.lgamma(j + 1) + math.lgamma(n - j + 1) for j in top.tolist()])
        + top * math.log(chance)
        + (n - top) * math.log1p(-chance)
    )
    return float(min(1.0, np.exp(logs).sum()))


def _interval(count: int, n: int) -> tuple[float, float]:
    """Return Wilson's 90 % interval of a share."""
    share, z2 = count / n, _Z90**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z90 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def _evidence(
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]], chances: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    """Return the log likelihood ratio of "a share of them came through here" against chance."""
    gain = np.where(inside, 1 / np.maximum(chances, 1e-9), 0.0)
    logs = [float(np.log1p(share * (gain - 1)).sum()) for share in _SHARES]
    return max(logs)


def _days(found: Sequence[NodeVictimRow], base: _Base) -> list[tuple[float, Node]]:
    """Return ship days that exceed the days around them. Only near days are compared, because lists begin and end."""
    counts = Counter(one.day for one in found if one.day is not None)
    made = []
    tests = len(_ORDER) * max(1, len(counts))
    for day, count in counts.items():
        near = range(day - _NEAR_DAYS, day + _NEAR_DAYS + 1)
        n, shipped = sum(counts.get(one, 0) for one in near), sum(base.all.get(one, 0) for one in near)
        chance = min(1.0, base.all.get(day, 0) / max(1, shipped))
        node = _node("ship_day", _iso(day), count, np.full(n, chance), tests)
        if node is not None:
            inside = np.arange(n) < count
            made.append((_evidence(inside, np.full(n, chance)), node))
    return made


def _requests(nodes: Sequence[Node], found: Sequence[NodeVictimRow]) -> tuple[LogRequest, ...]:
    """Draft log requests: the days of the node's victims with a margin, before the logs expire."""
    made: dict[tuple[str, str], LogRequest] = {}
    for node in nodes[:_ASKED]:
        days = [
            one.day for one in found if getattr(one, node.kind, None) == node.value and one.day is not None
        ]
        if not days:
            continue
        first, last = min(days) - _MARGIN_DAYS, max(days) + _MARGIN_DAYS
        for kept in retentions():
            if kept.kind == node.kind:
                made[node.value, kept.log] = LogRequest(
                    whom=node.value,
                    which_log=kept.log,
                    start=_iso(first),
                    end=_iso(last),
                    keep_until=_iso(first + kept.keep_days),
                    why_zh=f"{len(found)} 名受害人中 {node.victims} 名经过这里，按平时占比应约 {node.expected:.1f} 名。"
                    f"保存期限依据：{kept.basis}。请先发保全通知。",
                )
    return tuple(sorted(made.values(), key=lambda one: one.keep_until))


def _nothing(matched: int, unknown: int) -> NodesAnswer:
    more = max(5, 20 - matched)
    return NodesAnswer(
        nodes=(),
        requests=(),
        victims=matched,
        unknown=unknown,
        note_zh=f"没有发现超出偶然的共同环节（{matched} 名对上运单，{unknown} 名未对上）。约还需 {more} 名受害人的运单号。",
        note_en=f"No node is shared beyond chance ({matched} matched, {unknown} not). About {more} more waybills are needed.",
    )


def _iso(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
