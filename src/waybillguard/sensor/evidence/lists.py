"""Reads plain lists from commands and collectors: connections, forwards, DNS names, programs, files, autostarts."""

import re
from collections.abc import Iterator

from waybillguard.sensor.evidence.clock import in_form, iso
from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.evidence.linux_files import read_script
from waybillguard.sensor.evidence.print_config import cups_program
from waybillguard.sensor.evidence.row_meanings import read_row
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_print_store, port_number

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
    """Yield the DNS names that this PC resolved (``ipconfig /displaydns``)."""
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
    """Yield the files of running programs (``ls -l /proc/*/exe``), with a mark for deleted files."""
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
    """Yield parts of CUPS and programs known to the rules from a bodyfile (The Sleuth Kit)."""
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
    """Yield the port forwards in SSH settings, with their host (ssh_config)."""
    host = ""
    for number, line in lines:
        named = re.match(r"^\s*(Host|HostName)\s+(\S+)", line, re.IGNORECASE)
        keys = re.match(
            r"^\s*(?:AuthorizedKeys(?:File|Command)|TrustedUserCAKeys)\s+(?!none\b|/dev/null)(\S.*)$",
            line,
            re.IGNORECASE,
        )
        if keys and not re.fullmatch(r"(?:(?:%h/)?\.ssh/authorized_keys2?\s*)+", keys[1]):
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {number}",
                name="ssh_keys_elsewhere",
                command=line.strip()[:200],
            )
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


FORWARDED = re.compile(
    r"^\s*(\*|[\d.]{7,15}|\[?[0-9a-fA-F:]{2,}\]?)[ \t]+(\d{1,5})[ \t]+(?=[\d-]*[A-Za-z.:])([\w.:-]+)[ \t]+(\d{1,5})[ \t]*$",
    re.MULTILINE,
)


def read_forwards(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield the port forwards that ``netsh interface portproxy show all`` lists."""
    for number, line in lines:
        row = FORWARDED.match(line)
        if row:
            yield Observation(
                kind="port_forward",
                file=file,
                record=f"line {number}",
                name=f"{row[1]}:{row[2]}",
                command=f"{row[1]}:{row[2]} → {row[3]}:{row[4]}",
            )


FIREWALL = re.compile(
    r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (ALLOW|DROP|INFO-\S+) (?:TCP|UDP) (\S+) (\S+) (\d+) (\d+) (.*)$",
    re.MULTILINE,
)


def read_firewall_log(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield allowed outgoing connections (``pfirewall.log``; local time), each address and port once."""
    told: set[tuple[str, str]] = set()
    for number, line in lines:
        row = FIREWALL.match(line)
        if (
            row
            and row[3] == "ALLOW"
            and not row[8].rstrip().endswith("RECEIVE")
            and (row[5], row[7]) not in told
        ):
            told.add((row[5], row[7]))
            yield Observation(
                kind="connection",
                file=file,
                record=f"line {number}",
                time=iso(f"{row[1]}T{row[2]}"),
                origin=row[5],
                port=port_number(row[7]),
            )


HANDLE = re.compile(
    r"^(\S+(?: \S+)*)\s+pid: (\d+)\s+(?:type: \w+\s+)?(?:\S+(?: \S+)*\s+)?[0-9A-F]+: (?:\([RWD-]+\)\s+)?([A-Za-z]:\\.*)$",
    re.MULTILINE,
)


def read_handles(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield programs that have spool files open, from Sysinternals' ``handle``."""
    for number, line in lines:
        row = HANDLE.match(line)
        if row and is_print_store(row[3]):
            yield Observation(
                kind="print_access",
                file=file,
                record=f"line {number}",
                name=row[1],
                command=row[3],
                session=f"pid{row[2]}",
            )


STARTS = re.compile(r"^(?:HK\w+\\.+|Task Scheduler|.+\\Startup)\s*\n\s{2,3}\S", re.MULTILINE)


def read_starts(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield autostarts from Autoruns' text: a place, below it each entry, and below that its command and file."""
    place, entry, told, start = "", "", list[str](), 0
    for number, line in [*lines, (0, "")]:
        depth = len(line) - len(line.lstrip())
        if depth < 4 or not line.strip():  # noqa: PLR2004 - an entry's own lines stand deeper
            files = [
                each
                for each in told
                if re.search(r"^[\"%]?\w*%?:?\\|\.(?:exe|dll|sys)\b", each, re.IGNORECASE)
            ]
            if entry and files:
                low = place.lower()
                category = (
                    "tasks" if "task scheduler" in low else "print monitors" if "\\monitors" in low or "print processors" in low
                    else "drivers" if files[-1].lower().endswith(".sys") else "services" if low.endswith("\\services") else "wmi" if "wmi" in low
                    else "logon" if re.search(r"\\run(?:once)?$|startup", low) else ""
                )  # fmt: skip
                row = {
                    "entrylocation": place, "entry": entry, "category": category, "executablepath": files[-1], "launchstring": files[0],
                    "publisher": next((each for each in told if each.startswith("(")), ""),
                }  # fmt: skip
                yield from read_row(row, file, f"line {start}", lambda _text, **_: None)
            place = line.strip() if depth == 0 and line.strip() else place
            entry, told, start = line.strip() if depth else "", [], number
        else:
            told.append(line.strip())


DESKTOP = re.compile(
    r"^[ >](\S+)\s+(rdp-tcp#\d+)\s+\d+\s+\S+\s+\S+\s+(\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d\d)", re.MULTILINE
)


def read_desktop_sessions(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield accounts signed in by remote desktop, from ``query user`` (local time)."""
    for number, line in lines:
        row = DESKTOP.match(line)
        if row:
            yield Observation(
                kind="session_start", tool="rdp", name="quser", file=file, record=f"line {number}", time=in_form(row[3], "%Y/%m/%d %H:%M"),
                account=row[1], session=row[2],
            )  # fmt: skip


PROMPT = re.compile(
    r"^(?:PS )?[A-Za-z]:\\[^>\r\n]*>\s*\S|^\[?[\w.-]+@[\w.-]+[: ][^\]$#]*\]?[$#] \S", re.MULTILINE
)
_TYPED = re.compile(r"^(?:(?:PS )?[A-Za-z]:\\[^>]*>|\[?[\w.-]+@[\w.-]+[: ][^\]$#]*\]?[$#])\s*(\S.*)$")


def read_typed(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield observations from commands typed at a prompt, in a transcript or a copied screen."""
    yield from read_script(((number, row[1]) for number, line in lines if (row := _TYPED.match(line))), file)
