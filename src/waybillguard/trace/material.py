"""Gather the input of a trace: victims joined to orders, their looks, and the base traffic of every possible source.

The heavy reading is SQL in ``events.engines``. It returns a few arrays per warehouse, whose size depends on the
numbers of sources and victims, not on the log.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.events.engines import Value
from waybillguard.events.engines.answers import (
    ExposureRow,
    LabelCountRow,
    OrderCountRow,
    SpanRow,
    VictimLookRow,
)
from waybillguard.events.engines.queries import (
    TRACE_EXPOSURE,
    TRACE_LABELS,
    TRACE_ORDERS,
    TRACE_SPAN,
)
from waybillguard.trace.joining import DAY_US, Asking, Census, Joined, Looks, join
from waybillguard.trace.roster import Shifts
from waybillguard.trace.victims import VictimRow

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

BINS_A_DAY: Final = 4
HISTORY_DAYS: Final = 62
"""Days before the first call in which a theft is searched: no waiting time of ``laws`` is longer."""
_STRETCH: Final = 64
"""Days by which the start of the counted time moves."""
FEWEST: Final = 2
"""Fewest victims of a warehouse: one victim cannot be told from chance."""
_PRINTS: Final = frozenset({"print", "reprint"})
_KERNELS: Final[Mapping[str, str]] = {
    "account": "RUXP", "workstation": "RPEA", "pair": "RUXPE", "unlogged": "P",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One way in which data can leak: an actor and which of its looks are copied (the kernel).

    Kernels: R read on a screen, U read without a work reason, X read off shift, P printed, E printed in plain, S
    printed for one shop (``shop``), A any look; ``orders`` by creation, ``goods`` those of one goods class.
    ``detail`` is the carrier of an unlogged source, the shop that is itself a source, or the goods class.
    """

    kind: str
    account: str = ""
    workstation: str = ""
    kernel: str = "P"
    detail: str = ""
    shop: str = ""

    def __repr__(self) -> str:
        """Show kind and kernel only."""
        return f"Key({self.kind!r}, {self.kernel!r}, …)"

    @property
    def actor(self) -> tuple[str, str, str, str]:
        """The source without the kernel."""
        return (self.kind, self.account, self.workstation, self.detail)

    @property
    def way(self) -> tuple[str, str, bool]:
        """Kind, kernel, and whether it is of one carrier or shop: a way of stealing, regardless of the actor."""
        return (self.kind, self.kernel, bool(self.detail))


NAMED: Final = frozenset({"account", "workstation", "pair"})
"""Kinds of sources that are an account or a station of the warehouse."""
EVERYTHING: Final = frozenset({("unlogged", "", "", ""), ("platform", "", "", "")})
"""Sources of all labels or all orders of a warehouse."""

type Touched = dict[Key, tuple[float, bool]]
"""The first look of each key at an order (days), and whether it has a work reason."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What an account reads, by six-hour bin: all looks, those without a work reason, those off shift."""

    read: Floats
    unexplained: Floats
    off_shift: Floats


@dataclass(frozen=True, slots=True)
class Hits:
    """Looks at victims' orders: key, victim (index in ``Ground.victims``), time (days), with a work reason or not."""

    key: Ints
    victim: Ints
    time: Floats
    explained: NDArray[np.bool_]


@dataclass(slots=True)
class Ground:
    """One warehouse: its victims, its possible sources with their base traffic, its orders."""

    tenant: str
    victims: tuple[Joined, ...]
    keys: tuple[Key, ...]
    exposure: Floats
    """Number of orders first looked at, by key and six-hour bin from ``first_bin``."""
    first_bin: int
    hits: Hits
    actors: Counter[str]
    """Number of actors of each kind."""
    holders: Counter[tuple[str, str, bool]]
    """Number of actors by way (``Key.way``)."""
    cells: tuple[tuple[str, str, str], ...]
    """Goods class, shop and carrier of each order cell."""
    cell_orders: Floats
    """Number of orders by cell and bin of creation."""
    log_days: int = 0
    """Days that its log covers."""
    blind: bool = False
    explained_known: bool = False
    habits: dict[str, Habit] = field(default_factory=dict)
    """What each account usually reads."""
    sentinels: frozenset[int] = frozenset()
    """Indexes in ``victims`` whose order is a sentinel parcel or a decoy: only a thief calls its number."""

    @property
    def erps(self) -> frozenset[str]:
        """The ERPs of the victims' orders, if the orders file names them."""
        return frozenset(one.erp for one in self.victims if one.erp)

    def __repr__(self) -> str:
        """Show the sizes only."""
        return f"Ground({len(self.victims)} victims, {len(self.keys)} keys)"


@dataclass(frozen=True, slots=True)
class Material:
    """The complete input of a trace, ready for the model."""

    census: Census
    grounds: tuple[Ground, ...]
    spans: tuple[SpanRow, ...]
    close: float
    """When the list was closed, in days since 1970 UTC."""


def gather(engine: Asking, rows: Sequence[VictimRow], shifts: Shifts) -> Material:
    """Read everything a trace needs from an engine with ``events`` loaded and the view ``orders`` created."""
    census, looks = join(engine, rows)
    by_tenant: dict[str, list[Joined]] = defaultdict(list)
    for one in census.joined:
        by_tenant[one.tenant].append(one)
    engine.table("roster", shifts.rows)
    times = [time for one in census.joined for time in (one.reported, one.contacted) if not np.isnan(time)]
    # Only the warehouses that matter are read: a log may hold five hundred of them.
    shared = sorted(tenant for tenant, mine in by_tenant.items() if len(mine) >= FEWEST)
    spans = [row for tenant in shared if times for row in engine.ask(TRACE_SPAN, tenant=tenant)]
    spans = spans or engine.ask(TRACE_SPAN, tenant=None)
    close = max(times, default=float(max((span.last_day for span in spans), default=0) + 1))
    grounds = []
    for span in spans:
        mine = by_tenant.get(span.tenant, [])
        if len(mine) >= FEWEST:
            with engine.focus(span.tenant):
                grounds.append(_ground(engine, span, mine, looks, shifts, close))
    return Material(census, tuple(grounds), tuple(spans), close)


class _Traffic:
    """Base traffic by key and bin, collected row by row."""

    def __init__(self, first_bin: int, last_bin: int) -> None:
        self.first_bin, self.size = first_bin, max(1, last_bin - first_bin + 1)
        self.keys: dict[Key, Floats] = {}
        self.cells: dict[tuple[str, str, str], Floats] = {}

    def add(self, key: Key, at: int, count: int) -> None:
        """Count orders that first passed a key in a bin."""
        self.keys.setdefault(key, np.zeros(self.size))[at - self.first_bin] += count

    def label(self, row: LabelCountRow) -> None:
        """Count labels by carrier, shop and station."""
        if row.carrier:
            self.add(Key("unlogged", kernel="P", detail=row.carrier), row.bin, row.orders)
            if row.shop:
                self.add(Key("unlogged", "", "", "S", row.carrier, row.shop), row.bin, row.orders)
        if row.shop and row.workstation:
            self.add(Key("workstation", "", row.workstation, "S", shop=row.shop), row.bin, row.orders)

    def order(self, row: OrderCountRow) -> None:
        """Count orders of a cell, which the shop and the platform could have passed on."""
        self.add(Key("platform", kernel="orders"), row.bin, row.orders)
        if row.shop:
            self.add(Key("shop", kernel="orders", detail=row.shop), row.bin, row.orders)
        if row.category:
            self.add(Key("platform", kernel="goods", detail=row.category), row.bin, row.orders)
        cell = (row.category or "", row.shop or "", row.carrier or "")
        self.cells.setdefault(cell, np.zeros(self.size))[row.bin - self.first_bin] += row.orders

    def finish(self, victims: Sequence[Joined]) -> None:
        """Add the keys that follow from the counts."""
        for one in victims:
            # A victim whose order is not counted in the log still adds base traffic.
            self.cells.setdefault((one.category, one.shop, one.carrier), np.zeros(self.size))
        if (labels_of_all := self.keys.get(Key("unlogged"))) is not None:
            # An ERP vendor learns of an order again when it ships: its victims follow the labels, like a
            # photographer's.
            self.keys[Key("platform", kernel="labels")] = labels_of_all.copy()
        if len({key.shop for key in self.keys if key.kernel == "S"}) < 2:  # noqa: PLR2004 - one shop has all labels
            self.keys = {key: counts for key, counts in self.keys.items() if key.kernel != "S"}


def _ground(
    engine: Asking, span: SpanRow, victims: Sequence[Joined], seen: Looks, shifts: Shifts, close: float
) -> Ground:
    tenant = span.tenant
    begins = [one.created if np.isnan(one.contacted) else one.contacted for one in victims]
    oldest = int(np.nanmin([*begins, close])) - HISTORY_DAYS
    # Counted from the start of a long stretch, so that another list asks for the same counts.
    since = max(span.first_day, oldest // _STRETCH * _STRETCH)
    days: dict[str, Value] = {"first_day": since, "last_day": span.last_day}
    first, last = oldest * BINS_A_DAY, (int(close) + 2) * BINS_A_DAY
    blind = span.exposed == 0
    exposure = [
        row
        for row in engine.ask(TRACE_EXPOSURE, tenant=tenant, blind=blind, **days)
        if first <= row.bin < last
    ]
    orders = [row for row in engine.ask(TRACE_ORDERS, tenant=tenant) if row.bin >= first]
    bins = [*(row.bin for row in exposure), *(row.bin for row in orders)] or [int(close) * BINS_A_DAY]
    traffic = _Traffic(min(bins), max(bins))
    for row in exposure:
        if (key := _key_of(row)) is not None:
            traffic.add(key, row.bin, row.orders)
    for label in engine.ask(TRACE_LABELS, tenant=tenant, **days):
        if first <= label.bin < last:
            traffic.label(label)
    for order in orders:
        traffic.order(order)
    traffic.finish(victims)
    looks = {
        one.order_id: [look for look in seen.get((tenant, one.order_id), ()) if look.day >= since]
        for one in victims
    }
    touched = [touched_by(one, looks.get(one.order_id, ()), shifts, blind=blind) for one in victims]
    keys = _worth_asking(traffic.keys, touched)
    return Ground(
        tenant=tenant,
        victims=tuple(victims),
        keys=keys,
        exposure=np.array([traffic.keys[key] for key in keys]).reshape(len(keys), traffic.size),
        first_bin=traffic.first_bin,
        hits=_hits(touched, keys),
        actors=Counter(kind for kind, *_ in {key.actor for key in traffic.keys}),
        holders=Counter(key.way for key in traffic.keys),
        cells=tuple(traffic.cells),
        cell_orders=np.array(list(traffic.cells.values())).reshape(len(traffic.cells), traffic.size),
        log_days=span.last_day - span.first_day + 1,
        blind=blind,
        explained_known=span.explained > 0,
        habits=_habits(exposure, traffic),
        sentinels=frozenset(
            at for at, one in enumerate(victims) if any(look.decoy for look in looks.get(one.order_id, ()))
        ),
    )


def _habits(rows: Sequence[ExposureRow], traffic: "_Traffic") -> dict[str, Habit]:
    """Return what every account reads, by bin."""
    found: dict[str, Habit] = {}
    for row in rows:
        if row.kind == "account" and row.kernel in "RUX" and row.account:
            if (habit := found.get(row.account)) is None:
                habit = found[row.account] = Habit(*np.zeros((3, traffic.size)))
            counts = {"R": habit.read, "U": habit.unexplained, "X": habit.off_shift}[row.kernel]
            counts[row.bin - traffic.first_bin] += row.orders
    return found


def _hits(touched: Sequence[Touched], keys: Sequence[Key]) -> Hits:
    place = {key: at for at, key in enumerate(keys)}
    rows = sorted(
        (place[key], victim, time, explained)
        for victim, found in enumerate(touched)
        for key, (time, explained) in found.items()
        if key in place
    )
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    return Hits(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.bool_),
    )


def _key_of(row: ExposureRow) -> Key | None:
    if row.kernel not in _KERNELS[row.kind]:
        return None
    needed = {
        "account": (row.account,),
        "workstation": (row.workstation,),
        "pair": (row.account, row.workstation),
    }
    if not all(needed.get(row.kind, (True,))):
        return None
    return Key(row.kind, row.account or "", row.workstation or "", row.kernel)


def touched_by(victim: Joined, looks: Sequence[VictimLookRow], shifts: Shifts, *, blind: bool) -> Touched:
    """Return the first look of every key at an order, and whether it has a work reason."""
    found: Touched = {}

    def touch(keys: Iterable[Key], time: float, *, explained: bool) -> None:
        for key in keys:
            if key not in found or time < found[key][0]:
                found[key] = (time, explained)

    for look in looks:
        time, explained = look.ts_us / DAY_US, look.explained_by is not None
        if look.action in _PRINTS:
            if victim.lane != "B":
                touch(_print_keys(look, victim.shop), time, explained=explained)
                touch(_label_keys(victim), time, explained=False)
        elif look.exposed or blind:
            off = shifts.off(look.tenant, look.account or "", look.day, look.w10)
            touch(_read_keys(look, off=off), time, explained=explained)
    if not np.isnan(victim.created):
        shop = [Key("shop", kernel="orders", detail=victim.shop)] if victim.shop else []
        goods = [Key("platform", kernel="goods", detail=victim.category)] if victim.category else []
        touch([Key("platform", kernel="orders"), *shop, *goods], victim.created, explained=False)
    return found


def _label_keys(victim: Joined) -> Iterable[Key]:
    yield Key("unlogged")
    yield Key("platform", kernel="labels")
    if victim.carrier:
        yield Key("unlogged", detail=victim.carrier)
        if victim.shop:
            yield Key("unlogged", "", "", "S", victim.carrier, victim.shop)


def _print_keys(look: VictimLookRow, shop: str) -> Iterable[Key]:
    account, station = look.account or "", look.workstation or ""
    kernels = "PE" if look.exposed else "P"
    if station:
        yield from (Key("workstation", "", station, one) for one in (*kernels, "A"))
        if shop:
            yield Key("workstation", "", station, "S", shop=shop)
    if account:
        yield Key("account", account, kernel="P")
        if station:
            yield from (Key("pair", account, station, one) for one in kernels)


def _read_keys(look: VictimLookRow, *, off: bool) -> Iterable[Key]:
    account, station = look.account or "", look.workstation or ""
    kernels = "R" + "U" * (look.explained_by is None) + "X" * off
    if account:
        yield from (Key("account", account, kernel=one) for one in kernels)
        if station:
            yield from (Key("pair", account, station, one) for one in kernels)
    if station:
        yield from (Key("workstation", "", station, one) for one in "RA")


def _worth_asking(table: Mapping[Key, Floats], hits: Sequence[Touched]) -> tuple[Key, ...]:
    """Return the keys that met at least two victims, without those that equal a wider key."""
    met = Counter(key for found in hits for key in found)
    keys = []
    for key in sorted(met):
        if met[key] < FEWEST or key not in table:
            continue
        if key.kernel == "U" and _same(table, key, "R"):
            continue
        if key.kernel in "EA" and key.kind != "unlogged" and _same(table, key, "P"):
            continue
        keys.append(key)
    return tuple(keys)


def _same(table: Mapping[Key, Floats], key: Key, kernel: str) -> bool:
    other = table.get(Key(key.kind, key.account, key.workstation, kernel, key.detail))
    return other is not None and np.array_equal(table[key], other)
