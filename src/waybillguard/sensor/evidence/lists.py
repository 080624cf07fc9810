"""Plain lists that commands and collectors print: connections, names looked up, programs, units, files, SSH's settings."""

import re
from collections.abc import Iterator

from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.evidence.print_config import cups_program
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import port_number

_LINUX_NETSTAT = re.compile(
    r"^(?:tcp|udp)6?\s+\d+\s+\d+\s+(\S+):([0-9]{1,5})\s+(\S+):([^\s:]+)\s+(?:(LISTEN|ESTABLISHED)\s+)?(?:([0-9]{1,10})/(\S+))?"
)


def read_linux_netstat(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield listeners and connections from ``netstat -anp`` (net-tools)."""
    for number, line in lines:
        row = _LINUX_NETSTAT.match(line)
        if row and row[5]:
            far = row[5] == "ESTABLISHED"
            yield Observation(
                kind="connection" if far else "listener",
                file=file,
                record=f"line {number}",
                name=row[7] or "",
                origin=row[3 if far else 1].strip("[]"),
                port=port_number(row[4 if far else 2]),
                session=f"pid{row[6]}" if row[6] else "",
            )


_NAME = re.compile(r"^\s*(?:记录名称|Record Name)[ .]*[:：]\s*(\S+)", re.IGNORECASE)


def read_dns_cache(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield the names that this PC looked up (``ipconfig /displaydns``)."""
    for number, line in lines:
        row = _NAME.match(line)
        if row:
            yield Observation(
                kind="dns", file=file, record=f"line {number}", origin_name=row[1].rstrip(".").lower()
            )


_PROGRAM = re.compile(r"^(\S(?:[^\t]{0,60}?\S)?\.exe)\s+([0-9]{1,8})\s", re.IGNORECASE)


def read_program_list(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield running programs from ``tasklist`` and ``tasklist /svc`` as text."""
    for number, line in lines:
        row = _PROGRAM.match(line)
        if row:
            yield Observation(
                kind="program_run",
                file=file,
                record=f"line {number}",
                name=row[1].lower(),
                session=f"pid{row[2]}",
            )


_RUNNING = re.compile(r"/proc/([0-9]{1,10})/exe -> (/\S.*)$")


def read_running_files(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield the files that running programs come from (``ls -l /proc/*/exe``), and whether they are gone."""
    for number, line in lines:
        row = _RUNNING.search(line)
        if row:
            path = row[2].rstrip().removesuffix(" (deleted)")
            yield Observation(
                kind="program_run",
                file=file,
                record=f"line {number}",
                name=path.rpartition("/")[2],
                path=path,
                session=f"pid{row[1]}",
                marks=("deleted",) if path != row[2].rstrip() else (),
            )


_UNIT = re.compile(r"^[\s●*]*+(\S+)\.service\s+(?:loaded|enabled|not-found|static)\s")


def read_units(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield services by name from ``systemctl list-units`` and ``list-unit-files``."""
    for number, line in lines:
        row = _UNIT.match(line)
        if row:
            yield Observation(kind="service", file=file, record=f"line {number}", name=row[1])


def read_bodyfile(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield files by their places from a bodyfile (The Sleuth Kit): parts of CUPS, and programs that rules know."""
    for number, line in lines:
        cells = line.split("|")
        if len(cells) < 11 or cells[3].startswith("d") or "x" not in cells[3]:  # noqa: PLR2004
            continue
        path, record = cells[1].partition(" -> ")[0], f"line {number}"
        yield from cups_program(path, file, record)
        yield Observation(
            kind="program_seen",
            file=file,
            record=record,
            name=path.rpartition("/")[2],
            path=path,
            marks=("listing",),
        )


_FORWARDS = re.compile(
    r"^\s*(RemoteForward|DynamicForward|LocalForward|GatewayPorts|PermitTunnel)\s+(?!no\b)(\S.*)$",
    re.IGNORECASE,
)


def read_ssh_settings(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield forwards that SSH's settings make, with the host that they go to (ssh_config)."""
    host = ""
    for number, line in lines:
        named = re.match(r"^\s*(Host|HostName)\s+(\S+)", line, re.IGNORECASE)
        if named:
            host = named[2]
        elif (row := _FORWARDS.match(line)) is not None:
            yield Observation(
                kind="port_forward",
                file=file,
                record=f"line {number}",
                name="ssh",
                path="ssh",
                origin=host,
                command=f"ssh {host} {row[1]} {row[2].strip()}"[:300],
            )
