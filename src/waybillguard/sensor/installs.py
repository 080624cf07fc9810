"""Joins the traces of a program's installation: when it was installed, by whom, and as which service."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from waybillguard.sensor.catalogue import Match
from waybillguard.sensor.observation import Observation

_APART = timedelta(hours=24)
_SOON = timedelta(minutes=10)
_TWIN = timedelta(seconds=10)
"""Two logs record the same registration of a service within this time."""
_REACH = 50
"""Number of preceding groups, by time, that are searched for the second record of a registration."""
_FIRST = {"service_installed", "program_installed"}
_LATER = {
    "program_run",
    "program_seen",
    "task",
    "autorun",
    "service",
    "print_monitor",
    "print_processor",
    "print_filter",
}
type Rows = Sequence[tuple[Observation, list[Match]]]


class Install(msgspec.Struct, frozen=True, kw_only=True):
    """One installation (contracts: ``installs``). ``tool`` is empty for programs outside the catalogue."""

    tool: str
    time: datetime | None
    account: str = ""
    service: str = ""
    path: str = ""
    evidence: str = ""

    def __repr__(self) -> str:
        """Show only the tool."""
        return f"Install({self.tool!r}, …)"


def join_installs(
    seen: Iterable[Observation], by_tool: Mapping[str, Rows], zone: timezone
) -> tuple[Install, ...]:
    """Return every installation of a known tool and every registration of a service, by time."""
    out: list[Install] = []
    taken: set[tuple[str, str]] = set()
    for rows in by_tool.values():
        tool = rows[0][1][0].tool
        if tool.kind in {"client", "print_component"}:
            continue
        found = _installs_of(tool.name, [each for each, _ in rows], zone)
        out += found
        taken |= {(each.file, each.record) for each, _ in rows if each.kind == "service_installed"}
    rest = [
        each for each in seen if each.kind == "service_installed" and (each.file, each.record) not in taken
    ]
    for group in _twins(rest):
        out.append(_install("", group, group[0].time))
    return tuple(
        sorted(out, key=lambda each: (each.time or datetime.max.replace(tzinfo=UTC), each.tool, each.service))
    )


def _installs_of(tool: str, seen: list[Observation], zone: timezone) -> list[Install]:
    first = [each for each in seen if each.kind in _FIRST]
    later = [
        each
        for each in seen
        if each.kind in _LATER and "file_time" not in each.marks and "registry" not in each.marks
    ]
    if not first:
        by_path: dict[str, list[Observation]] = defaultdict(list)
        for each in later:
            by_path[each.path.rpartition("\\")[0] or each.path].append(each)
        full = {path: group for path, group in by_path.items() if "\\" in path or "/" in path} or by_path
        return [
            _install(tool, group, min((each.time for each in group if each.time), default=None))
            for group in full.values()
        ]
    out = []
    dated = sorted((each for each in later if each.time is not None), key=_time_of)
    times = [_time_of(each) for each in dated]
    for group in _clusters(first, zone):
        start = min((when for each in group if (when := _when(each, zone))), default=None)
        near: list[Observation] = []
        if start is not None:
            near = dated[bisect_right(times, start - _APART) : bisect_left(times, start + _SOON)]
        earliest = min([start, *(each.time for each in near if each.time)], default=None) if start else None
        out.append(_install(tool, [*group, *near], earliest))
    return out


def _time_of(seen: Observation) -> datetime:
    return seen.time or datetime.max.replace(tzinfo=UTC)


def _clusters(first: list[Observation], zone: timezone) -> list[list[Observation]]:
    """Split traces that are a day or more apart: a tool that returns is a second installation."""
    ordered = sorted(first, key=lambda each: _when(each, zone) or _time_of(each))
    out: list[list[Observation]] = []
    for each in ordered:
        when, before = _when(each, zone), _when(out[-1][-1], zone) if out else None
        if out and (when is None or before is None or when - before < _APART) and not _again(each, out[-1]):
            out[-1].append(each)
        else:
            out.append([each])
    return out


def _again(seen: Observation, group: list[Observation]) -> bool:
    """Return whether the same log records another registration of the same service."""
    return any(
        seen.kind == each.kind == "service_installed"
        and seen.name == each.name
        and seen.file == each.file
        and bool(seen.account) == bool(each.account)
        for each in group
    )


def _when(seen: Observation, zone: timezone) -> datetime | None:
    """Return the time of an installation; the install date, if the key was written more than two days after it."""
    for mark in seen.marks:
        if mark.startswith("install_date:"):
            day = (
                datetime.strptime(mark.partition(":")[2], "%Y%m%d").replace(tzinfo=zone)
                if _is_day(mark)
                else None
            )
            if day and (seen.time is None or seen.time - day > timedelta(days=2)):
                return day.astimezone(UTC)
    return seen.time


def _is_day(mark: str) -> bool:
    try:
        day = datetime.strptime(mark.partition(":")[2], "%Y%m%d")  # noqa: DTZ007
    except ValueError:
        return False
    return 1 < day.year < 9999  # noqa: PLR2004 - at the ends of the calendar no zone can be taken off


def _twins(services: list[Observation]) -> list[list[Observation]]:
    groups: list[list[Observation]] = []
    for each in services:
        for group in groups[-_REACH:]:
            last = group[-1]
            if (
                last.name == each.name
                and last.time is not None
                and each.time is not None
                and abs(each.time - last.time) < _TWIN
                and last.file + last.session != each.file + each.session + each.record
                and bool(last.account) != bool(each.account)
            ):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _install(tool: str, group: list[Observation], when: datetime | None) -> Install:
    def first(name: str) -> str:
        return next((str(value) for each in group if (value := getattr(each, name))), "")

    service = next(
        (each.name for each in group if each.kind in {"service_installed", "service"} and each.name), ""
    )
    path = next((each.path for each in group if "\\" in each.path or "/" in each.path), first("path"))
    return Install(
        tool=tool,
        time=when,
        account=next((each.account for each in group if each.account and each.kind != "service"), "")
        or _owner(path),
        service=service,
        path=path,
        evidence="; ".join(dict.fromkeys(f"{each.file}#{each.record}" for each in group[:12])),
    )


def _owner(path: str) -> str:
    """Return the owner of the profile in which a program is stored."""
    parts = path.replace("/", "\\").split("\\")
    for place in ("users", "documents and settings", "home"):
        if place in parts[:-2]:
            name = parts[parts.index(place) + 1]
            return "" if name in {"public", "all users", "default"} else name
    return ""
