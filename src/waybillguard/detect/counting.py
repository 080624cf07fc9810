"""What an account's day counts, from its ten-minute windows: the same orders under several aspects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from waybillguard.detect.catalogue import COUNTS
from waybillguard.detect.roster import Duty
from waybillguard.detect.stations import station_keys
from waybillguard.events.engines.answers import AccountDayRow, CellRow

NAMELESS: Final = 10
"""An export that names no order counts as many."""
KNOWN: Final = 2
"""A place is known to an account from its second quiet day on."""
_EXPLAINS: Final = 0.3
_EXPLAINS_PRINTS: Final = 0.9
_EXPLAINS_REPRINTS: Final = 0.5

type Key = tuple[str, str]
type Place = tuple[str | None, str | None]
type Cell = tuple[str | None, str | None, int]


def place_of(workstation: str | None, ip: str | None) -> Place:
    """Return where something was done: the station, else the network (the first three parts of IPv4, four of IPv6)."""
    if workstation:
        return workstation, None
    return None, _network(ip) if ip else None


@lru_cache(65_536)
def _network(ip: str) -> str:
    """Return an address without the part that a computer chooses itself, anew each day with IPv6.

    >>> _network("10.0.0.3"), _network("::ffff:10.0.0.3"), _network("2408:8256:d28a:1:f00:2:3:4"), _network("内网")
    ('10.0.0', '10.0.0', '2408:8256:d28a:1::', '内网')
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address).rpartition(".")[0]


@dataclass(slots=True)
class Coverage:
    """For which actions a tenant's log explains looks, counted over its days.

    Looks are counted by account and day, however many they are: a thief's flood must not make a log one that never
    says why.

    Attributes:
        shown: accounts' days with looks at plaintext; ``shown_explained``: those on which half of them or more are explained.
    """

    shown: int = 0
    shown_explained: int = 0
    prints: int = 0
    prints_explained: int = 0
    reprints: int = 0
    reprints_explained: int = 0

    def add(self, row: AccountDayRow) -> None:
        """Count a row."""
        self.shown += row.shown > 0
        self.shown_explained += row.shown > 0 and 2 * row.shown_explained >= row.shown
        self.prints += row.prints
        self.prints_explained += row.prints_explained
        self.reprints += row.reprints
        self.reprints_explained += row.reprints_explained

    @property
    def explains(self) -> bool:
        """Tell whether a missing explanation means anything."""
        return self.shown_explained >= _EXPLAINS * max(self.shown, 1)

    @property
    def explains_prints(self) -> bool:
        """The same for prints."""
        return self.prints > 0 and self.prints_explained >= _EXPLAINS_PRINTS * self.prints

    @property
    def explains_reprints(self) -> bool:
        """The same for reprints."""
        return self.reprints > 0 and self.reprints_explained >= _EXPLAINS_REPRINTS * self.reprints


@dataclass(frozen=True, slots=True)
class SharedStation:
    """The windows of a day in which a station served several accounts, and the orders they showed without a reason."""

    windows: frozenset[int]
    count: int


@dataclass(frozen=True, slots=True)
class Situation:
    """What must be known of an account on a day to judge where and when.

    Attributes:
        duty: None where the roster does not know the account.
        anyone: windows in which somebody of the tenant is on shift; None where the roster does not say.
        team: windows in which much of the staff is at work, whatever the roster says.
        judged_hours: False where the account's shifts are doubted.
        margin: hours around a shift that still count as shift.
        short_log: the tenant's log is too short to know which stations serve several accounts.
        shared_stations: by name, those that several accounts used within the hour.
    """

    coverage: Coverage
    duty: Duty | None
    anyone: frozenset[int] | None
    team: frozenset[int]
    judged_hours: bool
    margin: float
    employed: bool
    leaving: bool
    sleeping: bool
    places: Mapping[Place, int]
    home: Place | None
    watched_stations: Mapping[str, frozenset[int]]
    short_log: bool
    shared_stations: Mapping[str, SharedStation]


@dataclass(slots=True)
class DayCount:
    """One account's day: counts in the order of ``COUNTS``, and the cells that made each count that has a context."""

    counts: list[float] = field(default_factory=lambda: [0.0] * len(COUNTS))
    cells: dict[str, set[Cell]] = field(default_factory=lambda: defaultdict(set))
    doubted_employment: bool = False
    unjudged: frozenset[str] = frozenset()

    def add(self, name: str, value: float, cell: Cell | None = None) -> None:
        """Add to a count."""
        if value:
            self.counts[COUNTS.index(name)] += value
            if cell is not None:
                self.cells[name].add(cell)


def suspect(row: CellRow, coverage: Coverage) -> int:
    """Return the orders of a cell that were shown and that nothing explains, exports included.

    Reprints of which as many in the same ten minutes belong to a jam are taken as that jam's.
    """
    jam = row.reprints >= 2 * row.bare_reprints
    return (
        row.bare
        + (row.bare_prints if coverage.explains_prints else 0)
        + (row.bare_reprints if coverage.explains_reprints and not jam else 0)
        + row.exports
        + NAMELESS * row.nameless_exports
    )


def count_day(rows: Iterable[CellRow], about: Situation) -> DayCount:
    """Count one account's day."""
    unjudged = {name for name in ("sleeping", "leaving") if not getattr(about, name)}
    day = DayCount(unjudged=frozenset(unjudged | ({"shared"} if about.short_log else set())))
    rows = list(rows)
    burst: dict[int, int] = defaultdict(int)
    at: dict[int, set[Place]] = defaultdict(set)
    for row in rows:
        at[row.w10].add(place_of(row.workstation, row.ip))
    for row in rows:
        suspicious = suspect(row, about.coverage)
        exports = row.exports + NAMELESS * row.nameless_exports
        day.add("unexplained", suspicious - exports)
        day.add("export", exports)
        day.add("volume", row.shown)
        day.add("reprint", row.bare_reprints if about.coverage.explains_reprints else row.reprints)
        if about.coverage.explains:  # without explanations a picker's list looks the same
            day.add("browse", row.browsed)
        day.add("decoy", row.decoys)
        # The same looks as ever, judged more strictly on the days that ``unjudged`` leaves.
        day.add("sleeping", suspicious)
        day.add("leaving", suspicious)
        burst[row.w10] += suspicious
        if suspicious:
            _in_context(day, row, suspicious, at[row.w10], about)
    if burst:
        most = max(burst, key=lambda one: burst[one])
        day.add("burst", burst[most])
        day.cells["burst"] = {(row.workstation, row.ip, row.w10) for row in rows if row.w10 == most}
    return day


def _in_context(day: DayCount, row: CellRow, count: int, at: set[Place], about: Situation) -> None:
    cell = (row.workstation, row.ip, row.w10)
    place = place_of(row.workstation, row.ip)
    off = _off_shift(row.w10, about)
    new = _new_place(place, about)
    if off:
        day.add("off_shift", count, cell)
    if new:
        day.add("place", count, cell)
    if not about.employed:
        if off or new or about.coverage.explains:
            day.add("gone", count, cell)
        else:
            day.doubted_employment = True
    if len(at) > 1 and about.home is not None and place != about.home and about.home in at:
        day.add("two_places", count, cell)
    shared = about.shared_stations.get(row.workstation or "")
    if shared is not None and row.w10 in shared.windows:
        column = COUNTS.index("shared")  # what all accounts showed there together
        day.counts[column] = max(day.counts[column], shared.count)
        day.cells["shared"].add(cell)
    if row.workstation and any(
        row.w10 in about.watched_stations.get(key, ()) for key in station_keys(row.workstation)
    ):
        day.add("sensor", count, cell)


def _off_shift(w10: int, about: Situation) -> bool:
    duty = about.duty
    if not about.judged_hours or w10 in about.team or (duty is not None and duty.kind == "system"):
        return False
    if duty is not None and duty.says_when:
        return not duty.on_shift(w10, about.margin)
    return about.anyone is not None and w10 not in about.anyone


def _new_place(place: Place, about: Situation) -> bool:
    if place == (None, None) or not about.places:
        return False
    if about.duty is not None and place[0] in about.duty.stations:
        return False
    return about.places.get(place, 0) < KNOWN
