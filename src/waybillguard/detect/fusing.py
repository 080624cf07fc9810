"""Fuses hits and their looks into episodes: one theft is one episode that grows."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from waybillguard.detect.watch import Hit
from waybillguard.events.engines.answers import SuspectRow

QUIET_DAYS: Final = 10
"""Days without growth after which an episode has ended; a later hit starts another."""
_OWN_SHARE: Final = 0.25
_OWN_LEAST: Final = 10
_WIDE: Final = frozenset({"volume", "unexplained", "leaving", "burst"})
_JOINT: Final = frozenset({"off_shift", "gone", "place", "sleeping", "shared"})
_LABELS: Final = frozenset({"print", "reprint"})

type Where = tuple[str | None, str | None]


@dataclass(slots=True)
class Episode:
    """One theft, as seen so far.

    Attributes:
        raised_us: time of the look that completed the first hit, in microseconds.
        rows: the looks of the theft, each with the counts that include it.
    """

    tenant: str
    account: str
    workstation: str | None
    raised_us: int
    last_day: int
    hits: list[Hit] = field(default_factory=list)
    rows: dict[SuspectRow, set[str]] = field(default_factory=dict)
    accounts: Counter[str] = field(default_factory=Counter)

    def own_rows(self) -> list[SuspectRow]:
        """Return the looks of the theft, by time.

        Counts of all looks include honest ones. If a narrower count fired, only its looks are returned.
        """
        wide = {"volume"} if all(one.explains for one in self.hits) else _WIDE
        narrow = {one.counts for one in self.hits} - wide
        rows = [row for row, marks in self.rows.items() if not narrow or marks & narrow]
        return sorted(rows, key=lambda one: (one.ts_us, one.order_id or ""))


def belongs(row: SuspectRow, hit: Hit) -> bool:
    """Return whether a hit counted this look."""
    if hit.orders is not None:
        return row.action in _LABELS and row.order_id in hit.orders
    if hit.cells is not None and (row.day != hit.day or (row.workstation, row.ip, row.w10) not in hit.cells):
        return False
    bare = row.plain and row.explained_by is None
    unexplained = bare and _counted(row, hit)
    export = row.action == "export"
    # A hand-over to the carrier follows from a print job; like the print itself it does not touch a decoy.
    printed = row.action == "print" or row.explained_by == "print_job"
    made = {
        "decoy": row.bait and not printed and (row.explained_by is None or export),
        "export": export,
        "volume": row.plain and row.action not in {"print", "reprint", "export"},
        "reprint": row.action == "reprint" and (bare or not hit.reprints),
        "browse": not row.plain and row.explained_by is None and row.action in {"view", "search"},
        "unexplained": unexplained,
    }
    return made.get(hit.counts, unexplained or export)


def _counted(row: SuspectRow, hit: Hit) -> bool:
    return {"print": hit.prints, "reprint": hit.reprints, "export": False}.get(row.action, True)


def fuse_hits(hits: Iterable[Hit], looks: Mapping[tuple[str, str], Sequence[SuspectRow]]) -> list[Episode]:
    """Fuse hits into episodes, in the order in which they were raised.

    Args:
        hits: hits of any detectors.
        looks: looks by (tenant, account), by time.
    """
    grown: list[Episode] = []
    open_: dict[tuple[str, str, str | None], Episode] = {}
    beside: dict[tuple[str, str, str | None], Episode] = {}
    hits = sorted(hits, key=lambda one: (one.day, one.counts not in _JOINT))
    joint = {(one.tenant, one.account, one.day) for one in hits if one.counts in _JOINT}
    shared = _looks_at_shared_stations(hits, looks)
    for hit in hits:
        rows = [
            one for one in looks.get((hit.tenant, hit.account), ()) if hit.day - hit.days < one.day <= hit.day
        ]
        counted = [one for one in rows if belongs(one, hit)]
        if not counted:
            continue
        alone = max(_raised(counted, hit), hit.known_us)
        for station, mine in _by_station(counted, hit.day).items():
            together = shared.get((hit.tenant, hit.day, station)) if hit.counts == "shared" else None
            raised = _raised(together, hit) if together else alone
            where = (hit.tenant, hit.account, station)
            found = _find(open_, grown, hit, station, mine)
            other = None if hit.counts in _JOINT else _find(beside, (), hit, station, mine)
            apart = other is not None if found is None else _differs(found, hit, mine, joint)
            told = open_[where].rows if apart and where in open_ else {}
            fresh = [one for one in mine if one not in told]
            episode = other if apart else found
            if episode is None:
                episode = Episode(*where, raised, hit.day)
                grown.append(episode)
            (beside if apart else open_)[where] = episode
            today = [one for one in fresh if one.day == hit.day]
            here = max(raised, today[0].ts_us) if today else raised
            episode.raised_us = min(episode.raised_us, here) if episode.hits else here
            episode.last_day = max(episode.last_day, hit.day)
            episode.hits.append(hit)
            for one in fresh:
                marks = episode.rows.setdefault(one, set())
                if not marks:
                    episode.accounts[hit.account] += 1
                marks.add(hit.counts)
    for made in grown:
        made.account = made.accounts.most_common(1)[0][0]
    return sorted(grown, key=lambda one: one.raised_us)


def _looks_at_shared_stations(
    hits: Iterable[Hit], looks: Mapping[tuple[str, str], Sequence[SuspectRow]]
) -> dict[tuple[str, int, str | None], list[SuspectRow]]:
    """Return the looks of all accounts at shared stations by tenant, day and station, sorted by time."""
    found: dict[tuple[str, int, str | None], list[SuspectRow]] = defaultdict(list)
    for hit in hits:
        if hit.counts == "shared":
            for one in looks.get((hit.tenant, hit.account), ()):
                if belongs(one, hit):
                    found[hit.tenant, hit.day, one.workstation].append(one)
    return {key: sorted(rows, key=lambda one: one.ts_us) for key, rows in found.items()}


def _differs(
    episode: Episode, hit: Hit, rows: Sequence[SuspectRow], joint: Container[tuple[str, str, int]]
) -> bool:
    """Return whether a hit is ordinary in time and place while the episode is not, and so belongs to another person."""
    return (
        hit.counts not in _JOINT
        and (hit.tenant, hit.account, hit.day) not in joint
        and any(one.counts in _JOINT for one in episode.hits)
        and sum(one.day == hit.day and one not in episode.rows for one in rows) >= _OWN_LEAST
    )


def _raised(counted: Sequence[SuspectRow], hit: Hit) -> int:
    """Return the time of the look that exceeded the limit, in microseconds."""
    seen: set[tuple[object, ...]] = set()
    last = counted[-1].ts_us
    for row in counted:
        if row.day != hit.day:
            continue
        seen.add((row.workstation, row.ip, row.w10, row.order_id if row.order_id is not None else row.ts_us))
        if len(seen) >= hit.need:
            return row.ts_us
    return last


def _by_station(counted: Sequence[SuspectRow], day: int) -> dict[str | None, list[SuspectRow]]:
    """Group looks by station; those of a station with few looks join the station with the most."""
    parts: dict[str | None, list[SuspectRow]] = defaultdict(list)
    for row in counted:
        parts[row.workstation].append(row)
    most = max(parts, key=lambda one: (sum(row.day == day for row in parts[one]), len(parts[one])))
    own: dict[str | None, list[SuspectRow]] = {most: []}
    for station, rows in parts.items():
        large = len(rows) >= max(_OWN_LEAST, _OWN_SHARE * len(counted)) and any(
            row.day == day for row in rows
        )
        for row in rows:
            insort(own.setdefault(station if large else most, []), row, key=lambda one: one.ts_us)
    return own


def _find(
    open_: Mapping[tuple[str, str, str | None], Episode],
    grown: Sequence[Episode],
    hit: Hit,
    station: str | None,
    rows: Sequence[SuspectRow],
) -> Episode | None:
    """Return the episode that a hit continues: of the same account and station, or of another account at that place."""
    found = open_.get((hit.tenant, hit.account, station))
    if found is not None and hit.day - found.last_day <= QUIET_DAYS:
        return found
    if hit.counts not in _JOINT:
        return None
    networks = {one.ip for one in rows}
    for one in reversed(grown):
        if one.tenant != hit.tenant or one.workstation != station or hit.day - one.last_day > 1:
            continue
        if not _JOINT & {other.counts for other in one.hits}:
            continue
        if station is not None or networks & {row.ip for row in one.rows} - {None}:
            return one
    return None
