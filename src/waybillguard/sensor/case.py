"""The input of the rules: all observations of one machine, matched with the catalogue."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property

import msgspec

from waybillguard.events.shared import Fact, RemoteSession, Severity
from waybillguard.sensor.catalogue import Catalogue, Match, Tool, catalogue
from waybillguard.sensor.installs import Install, join_installs
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name
from waybillguard.sensor.sessions import join_sessions

CHINA = 480
"""Default offset from UTC in minutes, if the evidence has none."""
FARTHEST = 14 * 60
"""Largest offset from UTC in use, in minutes; a hive with a larger one is damaged or forged."""
_YEARS = range(1899, 2200)
"""Plausible years; others are placeholders (0001 in .NET and Go, 9999) or forged and count as no time."""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A site's approval of a tool: which tool, who uses it, and until when."""

    tool: str
    until: date
    who: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that the machine's owner provides.

    Attributes:
        shift: working hours of the print room, local time; entry and installation outside them are more severe.
        offset: offset of local time from UTC in minutes; None takes it from the evidence, else China's.
        approvals: approved tools.
        today: the day on which approvals must be valid; None for the last day of the evidence.
    """

    shift: tuple[time, time] = (time(7), time(23))
    offset: int | None = None
    approvals: tuple[Approval, ...] = ()
    today: date | None = None


class Case:
    """The observations of one machine by time, matched with the catalogue and joined to sessions and installations."""

    def __init__(
        self,
        seen: Iterable[Observation],
        *,
        settings: Settings | None = None,
        offset: int | None = None,
        tools: Catalogue | None = None,
        computers: Iterable[str] = (),
    ) -> None:
        self.computers = tuple(computers)
        self.settings = settings or Settings()
        minutes = self.settings.offset if self.settings.offset is not None else offset
        minutes = minutes if minutes is not None and abs(minutes) <= FARTHEST else None
        self.zone_known = minutes is not None
        self.zone = timezone(timedelta(minutes=CHINA if minutes is None else minutes))
        self.catalogue = tools or catalogue()
        self._paths: dict[str, dict[str, list[Observation]]] = {}
        self._names: dict[str, dict[str, list[Observation]]] = {}
        self.seen = sorted(_without_copies(self._with_zone(each) for each in seen), key=_order)
        self.matches: list[tuple[Observation, list[Match]]] = [
            (each, found) for each in self.seen if (found := self.catalogue.match(each))
        ]

    def _with_zone(self, seen: Observation) -> Observation:
        changes = {
            name: self._in_utc(value)
            for name in ("time", "until")
            if isinstance(value := getattr(seen, name), datetime)
            and (value.tzinfo is None or value.year not in _YEARS)
        }
        return msgspec.structs.replace(seen, **changes) if changes else seen

    def _in_utc(self, when: datetime) -> datetime | None:
        if when.year not in _YEARS:
            return None
        return when.replace(tzinfo=when.tzinfo or self.zone).astimezone(UTC)

    def of(self, *kinds: str) -> list[Observation]:
        """Return the observations of these kinds, kind by kind, each by time."""
        return [each for kind in kinds for each in self._by_kind.get(kind, ())]

    def with_path(self, kind: str, path: str) -> list[Observation]:
        """Return the observations of a kind with this path, by time."""
        if kind not in self._paths:
            self._paths[kind] = _indexed(self.of(kind), lambda each: each.path)
        return self._paths[kind].get(path, [])

    def with_file_name(self, kind: str, name: str) -> list[Observation]:
        """Return the observations of a kind whose program has this file name, by time."""
        if kind not in self._names:
            self._names[kind] = _indexed(self.of(kind), lambda each: base_name(each.path or each.name))
        return self._names[kind].get(name, [])

    @cached_property
    def _by_kind(self) -> dict[str, list[Observation]]:
        out: dict[str, list[Observation]] = defaultdict(list)
        for each in self.seen:
            out[each.kind].append(each)
        return out

    @cached_property
    def by_tool(self) -> dict[str, list[tuple[Observation, list[Match]]]]:
        """The observations by tool; a tool that only weak facts of one type suggest is left out."""
        out: dict[str, list[tuple[Observation, list[Match]]]] = defaultdict(list)
        for seen, found in self.matches:
            for tool in dict.fromkeys(match.tool.id for match in found):
                out[tool].append((seen, [match for match in found if match.tool.id == tool]))
        return {tool: rows for tool, rows in out.items() if _is_identified(rows)}

    @cached_property
    def sessions(self) -> tuple[RemoteSession, ...]:
        """The distinct remote sessions, by start."""
        return join_sessions(self.seen, self.catalogue)

    @cached_property
    def installs(self) -> tuple[Install, ...]:
        """The distinct installations, by time."""
        return join_installs(self.seen, self.by_tool, self.zone)

    def out_of_shift(self, when: datetime | None) -> bool:
        """Return whether a time is outside the print room's working hours; False without a time."""
        if when is None:
            return False
        start, end = self.settings.shift
        clock = when.astimezone(self.zone).time()
        inside = start <= clock < end if start < end else clock >= start or clock < end
        return not inside

    def approved(self, tool: Tool) -> bool:
        """Return whether the site has approved a tool for ``Settings.today``."""
        today = self.settings.today or self.last_day
        names = {tool.id.lower(), tool.name.lower()}
        return any(
            any(approval.tool.lower() == name or approval.tool.lower() in name.split() for name in names)
            and (today is None or approval.until >= today)
            for approval in self.settings.approvals
        )

    @cached_property
    def last_day(self) -> date | None:
        """The latest day of any observation."""
        times = [each.time for each in self.seen if each.time is not None]
        return max(times).astimezone(self.zone).date() if times else None

    def local(self, when: datetime | None) -> str:
        """Format a time for people, in the machine's time zone."""
        return when.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if when else "时间不详"


def _without_copies(rows: Iterable[Observation]) -> Iterator[Observation]:
    """Leave out dated records repeated in a copy of the same log (a shadow copy, an export): they confirm nothing."""
    told: set[tuple[object, ...]] = set()
    for each in rows:
        about = msgspec.structs.astuple(msgspec.structs.replace(each, file=""))
        if each.time is None or about not in told:
            told.add(about)
            yield each


def _indexed(rows: Iterable[Observation], key: Callable[[Observation], str]) -> dict[str, list[Observation]]:
    out: dict[str, list[Observation]] = defaultdict(list)
    for each in rows:
        out[key(each)].append(each)
    return dict(out)


def fact(seen: Observation, code: str) -> Fact:
    """Return an observation as a fact of a finding."""
    return Fact(
        fact=code, time=seen.time.isoformat() if seen.time else "", file=seen.file, record=seen.record
    )


NEAR = timedelta(hours=1)
"""Observations closer than this are considered together."""


def near(rows: Iterable[Observation], seen: Observation) -> list[Observation]:
    """Return the observations within an hour of this one."""
    return [each for each in rows if each.time and seen.time and abs(each.time - seen.time) < NEAR]


def independent(facts: Iterable[Fact]) -> int:
    """Return the number of independent facts; facts from the same record count once."""
    return len({(each.file, each.record) for each in facts})


_SEVERITIES: dict[str, Severity] = {each: each for each in ("low", "medium", "high", "critical")}


def capped(severity: str, facts: Iterable[Fact], *, assumed: bool = False) -> Severity:
    """Return the severity after two general caps: high needs two independent facts; assumed facts give at most low."""
    if assumed:
        return "low"
    if severity in {"high", "critical"} and independent(facts) < 2:  # noqa: PLR2004
        return "medium"
    return _SEVERITIES[severity]


def _order(seen: Observation) -> tuple[datetime, str, str]:
    return (seen.time or datetime.max.replace(tzinfo=UTC), seen.file, seen.record)


def _is_identified(rows: list[tuple[Observation, list[Match]]]) -> bool:
    """Return whether the facts identify the tool: one that is not weak, or weak ones of two types other than ports."""
    facts = [match for _, found in rows for match in found]
    return (
        any(not match.weak for match in facts)
        or len({match.type for match in facts if match.type != "port"}) > 1
    )
