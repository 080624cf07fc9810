"""Interface of all generators: parameters, columns of events and orders, thefts and their truth.

A generator turns `Parameters` into a `World`. A world makes each warehouse separately (`WarehouseRun`), so warehouses
can be made in any sequence or in parallel with the same result. The generators define the behaviour of warehouses
(``simulate/first``, ``simulate/floor``), not here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from waybillguard.events import Coded, Column, Columns
from waybillguard.simulate.errors import SimulateError

type Array = NDArray[Any]

#: Kinds of theft, in the order of planning. ``gangs`` are two thefts in the same warehouse.
KINDS: Final = (
    "night_remote",
    "hidden_remote",
    "leaver",
    "temp",
    "slow_clerk",
    "shared_password",
    "print_tap",
    "label_photographer",
    "gangs",
    "shop_leak",
    "erp_leak",
)
#: Kinds without an event of their own. The truth marks them, and no detector that reads events can find them.
UNSEEN: Final = frozenset({"print_tap", "label_photographer", "shop_leak", "erp_leak"})
#: Actions of the contract; their index is their code in every column of actions.
ACTIONS: Final = (
    "import", "print", "reprint", "search", "view", "reveal", "export", "login", "login_failed", "logout",
)  # fmt: skip
IMPORT, PRINT, REPRINT, SEARCH, VIEW, REVEAL, EXPORT, LOGIN, LOGIN_FAILED, LOGOUT = range(len(ACTIONS))

_LIMITS: Final = {"days": (1, 400), "warehouses": (1, 20_000), "thefts_per_kind": (0, 1000)}
#: Order numbers begin with two digits of the year and grow from day to day, including the warm-up days.
_FIRST_DAY, _LAST_DAY = date(2001, 1, 1), date(2099, 12, 31)
_PARCELS: Final = (20.0, 2_000_000.0)
#: Minimum days of a world with thefts spread over several days.
_FEWEST_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of a world; equal parameters make equal worlds.

    Attributes:
        seed: any integer from 0.
        start: first local day with events; between 2001 and 2099.
        days: local days with events.
        warehouses: number of warehouses.
        parcels: parcels per day of the median warehouse; sizes are heavy-tailed around it.
        kinds: kinds of theft that happen (`KINDS`).
        thefts_per_kind: number of thefts of each kind.
        outside: share of the victims' list from other leaks.
    """

    seed: int
    start: date = date(2026, 10, 26)
    days: int = 30
    warehouses: int = 6
    parcels: float = 1200.0
    kinds: tuple[str, ...] = KINDS
    thefts_per_kind: int = 1
    outside: float = 0.5

    def __post_init__(self) -> None:
        """Check the parameters.

        Raises:
            SimulateError (simulate_parameters): names the invalid parameter.
        """
        for name, (low, high) in _LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise _out_of_range(name, low, high)
        if not 0 <= (self.start - _FIRST_DAY).days <= (_LAST_DAY - _FIRST_DAY).days - self.days:
            raise _out_of_range("start", _FIRST_DAY, _LAST_DAY - timedelta(days=self.days))
        if self.seed < 0:
            raise _out_of_range("seed", 0, "∞")
        if not _PARCELS[0] <= self.parcels <= _PARCELS[1]:
            raise _out_of_range("parcels", *_PARCELS)
        if not 0 <= self.outside <= 0.95:  # noqa: PLR2004 - at least one victim in twenty is ours
            raise _out_of_range("outside", 0, 0.95)
        if unknown := sorted(set(self.kinds) - set(KINDS)):
            raise SimulateError(
                code="simulate_parameters",
                zh=f"不认识的窃取方式：{'、'.join(unknown)}。可用：{'、'.join(KINDS)}",
                en=f"unknown kind of theft: {', '.join(unknown)}. Known: {', '.join(KINDS)}",
            )
        if self.kinds and self.thefts_per_kind and self.days < _FEWEST_DAYS:
            raise SimulateError(
                code="simulate_parameters",
                zh=f"有窃取的世界至少要 {_FEWEST_DAYS} 天；请加大 --days，或用 --thefts none",
                en=f"a world with thefts takes at least {_FEWEST_DAYS} days; raise --days or use --thefts none",
            )


def _out_of_range(name: str, low: object, high: object) -> SimulateError:
    return SimulateError(
        code="simulate_parameters",
        zh=f"参数 {name} 超出范围，应在 {low} 到 {high} 之间",
        en=f"{name} must be between {low} and {high}",
    )


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events of one warehouse on one local day, sorted by time: NumPy columns of equal length.

    Attributes:
        columns: by the contract's names. ``ts`` and ``order_created_at``: microseconds UTC; ``day``, ``w10``:
            int32; flags: bool; columns in ``words``: codes; columns in ``numbers``: numbers. -1 is null.
        words: texts of coded columns.
        numbers: prefixes of numbered columns.
    """

    tenant: str
    day: int
    columns: Mapping[str, Array]
    words: Mapping[str, Sequence[str]]
    numbers: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.columns["ts"])

    def for_store(self) -> Columns:
        """Return the columns in the format of `waybillguard.events.EventStore.append`."""
        made: dict[str, Column] = {"tenant": self.tenant}
        for name, values in self.columns.items():
            if name in self.words:
                made[name] = Coded(values, self.words[name])
            elif name in self.numbers:
                made[name] = np.array(self.texts(name), dtype=object)
            elif name == "order_created_at":
                made[name] = np.ma.masked_less(values, 0)
            else:
                made[name] = values
        return made

    def texts(self, name: str) -> list[str | None]:
        """Return a coded or numbered column as texts; null is None."""
        values = self.columns[name].tolist()
        if name in self.numbers:
            before = self.numbers[name]
            return [None if value < 0 else f"{before}{value}" for value in values]
        words = self.words[name]
        return [None if value < 0 else words[value] for value in values]


@dataclass(frozen=True, slots=True)
class OrderColumns:
    """Orders that a warehouse received on one day; codes as in `EventColumns`, -1 is null.

    ``number`` (order_id without the tenant), ``created_at``, ``shipped_at`` (-1: not shipped), ``waybill`` (18-digit
    number), ``category``, ``shop``, ``carrier``, ``outlet``; ``erp`` and ``warehouse`` are constant per warehouse.
    """

    tenant: str
    erp: str
    columns: Mapping[str, Array]
    words: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.columns["number"])


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of the roster; hours are local, an empty end means still employed."""

    tenant: str
    account: str
    person: str
    role: str
    shift_start: float
    shift_end: float
    workstation: str
    employed_from: str
    employed_to: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Orders stolen on one day: order numbers, time of theft (microseconds UTC), goods class, time of order."""

    theft: str
    numbers: Array
    ts: Array
    categories: Array
    created: Array


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample of a warehouse's shipped orders, for victims of other leaks."""

    numbers: Array
    shipped: Array
    categories: Array
    #: Number of orders that the sample represents.
    of: int


@dataclass(slots=True)
class Theft:
    """One theft as it really happened.

    ``seen`` is False if it leaves no event of its own. ``selection`` describes what the thief wanted.
    """

    id: str
    kind: str
    tenants: list[str]
    account: str | None
    workstation: str | None
    seen: bool
    selection: dict[str, Any] = field(default_factory=dict)
    gang: str | None = None
    first: int = -1
    last: int = -1
    orders: list[str] = field(default_factory=list)
    victims: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one warehouse: events, received orders, and stolen orders."""

    events: EventColumns
    taken: Sequence[Taken]


@dataclass(frozen=True, slots=True)
class Ending:
    """Data available after a warehouse's last day: its orders day by day, and a sample of them."""

    orders: Iterator[OrderColumns]
    sample: Sample


class WarehouseRun(Protocol):
    """One warehouse, made day by day."""

    @property
    def tenant(self) -> str:
        """The warehouse's name."""
        ...

    def days(self) -> Iterator[Day]:
        """Yield the days in order; iterate once, before calling `ending`."""
        ...

    def ending(self) -> Ending:
        """Return the data available after the last day."""
        ...

    def roster(self) -> list[RosterRow]:
        """Return the accounts and their holders."""
        ...


@dataclass(frozen=True, slots=True)
class Victim:
    """One person who was called: the report, and where the data really came from.

    ``order_id`` and ``waybill_no`` are true; the report contains them if ``names_order`` and ``names_waybill``
    are set. Times in microseconds UTC.
    """

    order_id: str
    waybill_no: str
    phone_token: str
    contacted_at: int
    reported_at: int
    certainty: float
    category: str
    theft: str | None
    names_order: bool
    names_waybill: bool


class World(Protocol):
    """A planned world."""

    @property
    def tenants(self) -> Sequence[str]:
        """Names of the warehouses."""
        ...

    @property
    def thefts(self) -> Sequence[Theft]:
        """The thefts as planned; `settle` completes them."""
        ...

    def warehouse(self, index: int) -> WarehouseRun:
        """Return one warehouse, ready to run. Depends only on the parameters, not on earlier runs."""
        ...

    @property
    def unseen(self) -> Sequence[str]:
        """Thefts of this world that leave no event, in words."""
        ...

    def settle(self, taken: Mapping[str, Sequence[Taken]], samples: Mapping[str, Sample]) -> list[Victim]:
        """Complete the thefts with the stolen orders (by tenant) and return the victims' list."""
        ...


def empty(dtype: str = "int64") -> Array:
    """Return an empty array."""
    return np.empty(0, dtype=dtype)
