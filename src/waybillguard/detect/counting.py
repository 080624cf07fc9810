"""Computes the counts of an account's day from its ten-minute windows; one order may enter several counts."""

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

ORDERS_PER_NAMELESS_EXPORT: Final = 10
"""Orders that an export counts as if it names none."""
KNOWN_AFTER_DAYS: Final = 2
"""Days without an alert after which a place is known for an account."""
_EXPLAINS: Final = 0.3
_EXPLAINS_PRINTS: Final = 0.9
_EXPLAINS_REPRINTS: Final = 0.5

type Key = tuple[str, str]
type Place = tuple[str | None, str | None]
type Cell = tuple[str | None, str | None, int]


def place_of(workstation: str | None, ip: str | None) -> Place:
    """Return the place of an act: its station, else its network (/24 for IPv4, /64 for IPv6)."""
    if workstation:
        return workstation, None
    return None, _network(ip) if ip else None


@lru_cache(65_536)
def _network(ip: str) -> str:
    """Return the network of an address; IPv6 privacy addresses change their host part every day.

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
    """Measures for which actions a tenant's log explains looks.

    Looks are counted once per account and day: a thief's flood must not make the log count as one without explanations.

    Attributes:
        shown: account days with looks at plaintext.
        shown_explained: those of them on which at least half of the looks are explained.
    """

    shown: int = 0
    shown_explained: int = 0
    prints: int = 0
    prints_explained: int = 0
    reprints: int = 0
    reprints_explained: int = 0

    def add(self, row: AccountDayRow) -> None:
        """Add one account's day."""
        self.shown += row.shown > 0
        self.shown_explained += row.shown > 0 and 2 * row.shown_explained >= row.shown
        self.prints += row.prints
        self.prints_explained += row.prints_explained
        self.reprints += row.reprints
        self.reprints_explained += row.reprints_explained

    @property
    def explains(self) -> bool:
        """Return whether the log explains looks, so that a missing explanation is significant."""
        return self.shown_explained >= _EXPLAINS * max(self.shown, 1)

    @property
    def explains_prints(self) -> bool:
        """Return whether the log explains prints."""
        return self.prints > 0 and self.prints_explained >= _EXPLAINS_PRINTS * self.prints

    @property
    def explains_reprints(self) -> bool:
        """Return whether the log explains reprints."""
        return self.reprints > 0 and self.reprints_explained >= _EXPLAINS_REPRINTS * self.reprints


@dataclass(frozen=True, slots=True)
class SharedStation:
    """The windows of a day in which a station served several accounts, and the unexplained orders shown in them."""

    windows: frozenset[int]
    count: int


@dataclass(frozen=True, slots=True)
class Situation:
    """The context of an account's day: what is needed to judge the time and place of its acts.

    Attributes:
        duty: the account's entry in the roster; None without one.
        anyone: windows in which the roster has anybody of the tenant on shift; None if it has no shifts.
        team: windows in which a large part of the staff is working, by the log.
        judged_hours: False if the account's shifts in the roster are doubtful.
        margin: hours before and after a shift that count as shift.
        short_log: whether the tenant's log is too short to tell which stations serve several accounts.
        shared_stations: stations that several accounts used within an hour, by name.
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
    """One account's day: counts in the order of ``COUNTS``, and the cells behind each count of a time or place."""

    counts: list[float] = field(default_factory=lambda: [0.0] * len(COUNTS))
    cells: dict[str, set[Cell]] = field(default_factory=lambda: defaultdict(set))
    doubted_employment: bool = False
    unjudged: frozenset[str] = frozenset()

    def add(self, name: str, value: float, cell: Cell | None = None) -> None:
        """Add a value to a count."""
        if value:
            self.counts[COUNTS.index(name)] += value
            if cell is not None:
                self.cells[name].add(cell)


def count_unexplained(row: CellRow, coverage: Coverage) -> int:
    """Return the number of orders of a cell that were shown or exported without an explanation.

    Unexplained reprints are left out if at least half of the cell's reprints are explained by a printer jam.
    """
    jam = row.reprints >= 2 * row.bare_reprints
    return (
        row.bare
        + (row.bare_prints if coverage.explains_prints else 0)
        + (row.bare_reprints if coverage.explains_reprints and not jam else 0)
        + row.exports
        + ORDERS_PER_NAMELESS_EXPORT * row.nameless_exports
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
        suspicious = count_unexplained(row, about.coverage)
        exports = row.exports + ORDERS_PER_NAMELESS_EXPORT * row.nameless_exports
        day.add("unexplained", suspicious - exports)
        day.add("export", exports)
        day.add("volume", row.shown)
        day.add("reprint", row.bare_reprints if about.coverage.explains_reprints else row.reprints)
        if about.coverage.explains:  # in a log without explanations a picker's list cannot be told apart
            day.add("browse", row.browsed)
        day.add("decoy", row.decoys)
        # These count the same looks as ``unexplained``, with stricter limits on the days not in ``unjudged``.
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
        column = COUNTS.index("shared")  # the total of all accounts at the station
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
    if duty is not None and duty.restricts_hours:
        return not duty.on_shift(w10, about.margin)
    return about.anyone is not None and w10 not in about.anyone


def _new_place(place: Place, about: Situation) -> bool:
    if place == (None, None) or not about.places:
        return False
    if about.duty is not None and place[0] in about.duty.stations:
        return False
    return about.places.get(place, 0) < KNOWN_AFTER_DAYS
