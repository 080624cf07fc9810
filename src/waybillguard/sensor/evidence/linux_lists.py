"""Reads output of Linux commands: sign-ins, open files, changed files, listings, accounts, the audit log."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

import msgspec

from waybillguard.sensor.evidence.clock import in_form
from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.evidence.print_config import cups_program
from waybillguard.sensor.evidence.system_logs import read_auth_log
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_installed_place, is_print_store, port_number, whole_number

LAST = re.compile(
    r"^(?P<who>[a-z_][\w.-]*)\s+(?P<line>pts/\d+|tty\S*|:\d\S*)\s+(?P<from>\S+)\s+(?P<start>[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d(?::\d\d)?(?: \d{4})?)"
    r"(?:\s+-\s+(?P<end>[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}|\d\d:\d\d))?",
    re.MULTILINE,
)
WHO = re.compile(
    r"^(?P<who>[a-z_][\w.-]*)\s+(?P<line>pts/\d+)\s+(?P<start>\d{4}-\d\d-\d\d \d\d:\d\d)\s+\((?P<from>[\w.:-]+)\)",
    re.MULTILINE,
)


def read_last(lines: Lines, file: str, year: int | None = None) -> Iterator[Observation]:
    """Yield remote sign-ins from ``last`` and ``who`` (util-linux, coreutils; local time)."""
    for number, line in lines:
        row = LAST.match(line) or WHO.match(line)
        if row is None or row["from"].startswith(":") or not re.search(r"[.:]", row["from"]):
            continue
        ended = row.groupdict().get("end") or ""
        yield Observation(
            kind="session" if len(ended) > 5 else "session_start",  # noqa: PLR2004 - a clock alone lacks the day
            tool="ssh",
            name="last",
            file=file,
            record=f"line {number}",
            time=_last_time(row["start"], year),
            until=_last_time(ended, year),
            account=row["who"],
            origin=row["from"],
            session=f"{row['line']}{row['start']}",
        )


def _last_time(text: str, year: int | None) -> datetime | None:
    words = text.split()
    if len(words) == 2:  # noqa: PLR2004 - of who
        return in_form(text, "%Y-%m-%d %H:%M")
    if len(words) < 4:  # noqa: PLR2004 - a clock alone
        return None
    clock = words[3] if words[3].count(":") > 1 else f"{words[3]}:00"
    known = words[4] if len(words) > 4 else year  # noqa: PLR2004 - after day, month, number and clock
    return in_form(f"{known} {words[1]} {words[2]} {clock}", "%Y %b %d %H:%M:%S")


OPEN = re.compile(
    r"^(?P<name>\S+)\s+(?P<pid>\d+)\s+(?:\d+\s+)?(?P<who>\S+)\s+(?P<fd>cwd|txt|mem|rtd|DEL|\d+[a-zA-Z-]*)\s+(?P<type>\S+)\s+(?P<rest>.*)$",
    re.MULTILINE,
)
_OPEN_SOCKET = re.compile(
    r"\b(?:TCP|UDP) (?P<here>\S+?):(?P<port>\w+|\*)(?:->(?P<far>\S+):(?P<far_port>\w+))?(?: \((?P<state>\w+)\))?$"
)


def read_open_files(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield sockets, programs, libraries and readers of the spool from ``lsof``."""
    for number, line in lines:
        row = OPEN.match(line)
        if row is None:
            continue
        say = partial(
            Observation,
            file=file,
            record=f"line {number}",
            name=row["name"],
            session=f"pid{row['pid']}",
            account=row["who"],
        )
        socket, place = _OPEN_SOCKET.search(row["rest"]), re.search(r"(/\S.*)$", row["rest"])
        if socket and socket["far"]:
            yield say(
                kind="connection", origin=socket["far"].strip("[]"), port=port_number(socket["far_port"])
            )
        elif socket:
            yield say(kind="listener", origin=socket["here"].strip("[]"), port=port_number(socket["port"]))
        elif place and is_print_store(place[1]):
            yield say(kind="print_access", command=place[1])
        elif place and row["fd"] == "mem" and row["name"] in {"cupsd", "lpd", "ipp", "socket", "usb"}:
            if not is_installed_place(place[1]):
                yield say(kind="hook", name="preload", path=place[1], command=row["name"])
        elif place and row["fd"] in {"txt", "DEL"}:
            yield say(
                kind="program_run",
                path=place[1].removesuffix(" (deleted)"),
                marks=("deleted",) if "(deleted)" in line else (),
            )


CHANGED = re.compile(r"^(?:[.?SM5DLUGTPC]{8,9}|missing)\s+(?:[cdglr]\s+)?(/\S+)", re.MULTILINE)
_WATCHED = re.compile(r"/cups/(?:backend|filter)/|/(?:s?bin|security)/|\.so(?:\.|$)|/systemd/system/|\.ppd$")


def read_changed(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield packaged programs and libraries changed since installation (``dpkg -V``, ``rpm -V``, ``debsums -c``)."""
    for number, line in lines:
        row = CHANGED.match(line)
        if row and "5" in line.partition("/")[0] and _WATCHED.search(row[1]):
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {number}",
                name="changed_program",
                path=row[1],
                command=row[1],
            )


LISTED = re.compile(r"^(?:\s*\d+\s+\d+\s+)?[-dlbcps][-rwxsStT]{9}[.+@]?\s+\d+\s+\S+\s+\S+\s+\d", re.MULTILINE)
_LISTED_ROW = re.compile(
    r"^(?:\s*\d+\s+\d+\s+)?-(?P<bits>[-rwxsStT]{9})[.+@]?\s+\d+\s+\S+\s+\S+\s+\d+\s+(?:[A-Z][a-z]{2}\s+\d+\s+[\d:]+|\d{4}-\d\d-\d\d\s+[\d:.]+(?:\s+[+-]\d{4})?|\d+月\s+\d+日?\s+[\d:]+)\s+(?P<name>/\S.*|[^\s/][^/]*)$"
)
_LISTED_IN = re.compile(r"^(/\S[^:]*):\s*$|\bls\s+-\S+\s+(?:-\S+\s+)*(/\S+)")


def read_listing(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield programs of CUPS and in unusual places from ``ls -l``, ``ls -lR`` and ``find -ls``."""
    folder = ""
    for number, line in lines:
        linked = re.search(r"^(?:\s*\d+\s+\d+\s+)?l\S{9}.*\s(\S+ -> \S*/spool/cups\S*)", line)
        if linked and "/proc/" not in linked[1]:
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {number}",
                name="names_spool",
                command=linked[1],
                marks=("copies",),
            )
        where = _LISTED_IN.search(line)
        row = _LISTED_ROW.match(line)
        if where and row is None:
            folder = (where[1] or where[2]).rstrip("/")
        elif row and (folder or row["name"].startswith("/")):
            name = row["name"].partition(" -> ")[0].strip()
            path = name if name.startswith("/") else f"{folder}/{name}"
            if "x" in row["bits"] or path.endswith((".so", ".sh", ".py", ".pl")):
                yield from cups_program(path, file, f"line {number}")
                yield Observation(
                    kind="program_seen",
                    file=file,
                    record=f"line {number}",
                    name=path.rpartition("/")[2],
                    path=path,
                    marks=("listing",),
                )


PRINTERS = re.compile(
    r"^device for (\S+): (\S+)|^(\S+)\s*的设备[:：]\s*(\S+)|^用于 (\S+) 的设备[:：]\s*(\S+)", re.MULTILINE
)


def read_printer_list(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield printers and their backends from ``lpstat -v``."""
    for number, line in lines:
        row = PRINTERS.match(line)
        if row:
            name, uri = (each for each in row.groups() if each)
            scheme = uri.partition(":")[0]
            yield Observation(
                kind="printer", file=file, record=f"line {number}", name=name, path=scheme, command=uri
            )
            if ":" in uri:
                yield Observation(
                    kind="print_filter",
                    file=file,
                    record=f"line {number} backend",
                    name=scheme,
                    command="backend",
                )


_AUDIT = re.compile(
    r"^(?:node=\S+ )?type=(?P<type>\w+) msg=audit\((?P<time>[\d.]+|[^)]*?)(?::(?P<id>\d+))?\)\s*: (?P<rest>.*)$"
)
_ARGUMENT = re.compile(r"\ba(\d+)=(?:\"([^\"]*)\"|(\S+))")


def read_audit(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield program runs and opened spool files from the audit log (auditd's raw form and ``ausearch -i``)."""
    programs: dict[str, Observation] = {}
    for number, line in lines:
        row = _AUDIT.match(line)
        if row is None:
            continue
        stamp = re.match(r"\d{1,11}\.\d+$", row["time"])
        when = datetime.fromtimestamp(float(stamp[0]), UTC) if stamp else None
        say = partial(Observation, file=file, record=f"line {number}", time=when)
        rest = row["rest"]
        if row["type"] == "SYSCALL":
            exe, who = (
                re.search(r"\bexe=\"?([^\"\s]+)", rest),
                re.search(r"\b(?:auid|AUID)=\"?([A-Za-z_]\w*|\d+)", rest),
            )
            name = re.search(r"\bcomm=\"?([^\"\s]+)", rest)
            programs[row["id"] or ""] = say(
                kind="program_run",
                path=exe[1] if exe else "",
                name=name[1] if name else "",
                account=who[1] if who else "",
            )
        elif row["type"] in {"EXECVE", "PROCTITLE"}:
            title = re.search(r"proctitle=(?:\"([^\"]*)\"|([0-9A-F]{4,})$|(.*))", rest)
            words = [_unhexed(text or bare) for _, text, bare in _ARGUMENT.findall(rest)]
            if title and not words:
                words = [_unhexed(title[2]) if title[2] else (title[1] or title[3])]
            if words:
                known = programs.get(row["id"] or "")
                path = known.path if known else words[0].split(" ")[0]
                yield say(
                    kind="program_run", name=path.rpartition("/")[2], path=path, command=" ".join(words)[:2000],
                    account=known.account if known else "",
                )  # fmt: skip
        elif (
            row["type"] == "PATH"
            and (place := re.search(r"\bname=\"?([^\"\s]+)", rest))
            and is_print_store(place[1])
        ):
            known = programs.get(row["id"] or "")
            if known and known.path:
                yield say(
                    kind="print_access",
                    name=known.name,
                    path=known.path,
                    command=place[1],
                    account=known.account,
                )


def is_audit(text: str) -> bool:
    """Return whether a text begins like the audit log."""
    return any(_AUDIT.match(line) for line in text.splitlines()[:5])


def _unhexed(text: str) -> str:
    if re.fullmatch(r"(?:[0-9A-F]{2}){3,}", text):
        return bytes.fromhex(text).replace(b"\0", b" ").decode("utf-8", "replace")
    return text


def read_conversions(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield the conversion filters configured for CUPS (``*.convs``, mime.convs(5))."""
    for number, line in lines:
        cells = line.split()
        if len(cells) == 4 and cells[2].isdigit():  # noqa: PLR2004 - from, to, cost, filter
            yield Observation(kind="print_filter", file=file, record=f"line {number}", name=cells[3].rpartition("/")[2], path=cells[3] if "/" in cells[3] else "",
                              command="filter")  # fmt: skip


def read_modules(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield commands that run instead of loading a kernel module (modprobe.d(5))."""
    for number, line in lines:
        row = re.match(r"^\s*(?:install|remove)\s+(\S+)\s+(\S.*)$", line)
        if row and not re.match(r"/(?:usr/)?s?bin/(?:true|false)\s*$", row[2]):
            path = row[2].split()[0]
            yield Observation(
                kind="autorun",
                file=file,
                record=f"line {number}",
                name=f"modprobe {row[1]}",
                path=path,
                command=row[2],
                marks=("udev",),
            )


MAPPED = re.compile(r"^[0-9a-f]{6,16}-[0-9a-f]{6,16} [r-][w-]x[ps] \S+ \S+ \d+\s+(/\S+\.so\S*)", re.MULTILINE)


def read_memory_map(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield loaded libraries from outside the system's folders (``/proc/PID/maps``)."""
    for number, line in lines:
        row = MAPPED.match(line)
        if row and not is_installed_place(row[1]):
            yield Observation(
                kind="hook",
                file=file,
                record=f"line {number}",
                name="preload",
                path=row[1],
                command=file.rpartition("/")[2],
            )


_LOGIN_SHELL = re.compile(r"/(?:ba|da|z|k|c|tc|fi)?sh$")
_PEOPLE = 1000


def read_accounts(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield accounts of ``passwd`` that have root rights, and service accounts that can sign in."""
    for place, line in lines:
        cells = line.strip().split(":")
        number = whole_number(cells[2]) if len(cells) == 7 else None  # noqa: PLR2004 - passwd(5)
        if number is None or cells[0] in {"root", "sync", "postgres"}:  # Debian gives postgres a shell
            continue
        if number == 0 or (number < _PEOPLE and _LOGIN_SHELL.search(cells[6])):
            what = "uid 0" if number == 0 else cells[6]
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {place}",
                name="odd_account",
                command=f"{cells[0]} ({what})",
                account=cells[0],
            )


def read_sudoers(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield accounts that can become root without a password (sudoers(5))."""
    for number, line in lines:
        row = re.match(r"^\s*([A-Za-z_][\w.-]*)\s+\S+\s*=\s*(?:\([^()]*\)\s*)?NOPASSWD:\s*(\S.*)$", line)
        if row and row[1] != "root":
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {number}",
                name="root_without_password",
                command=f"{row[1]}: {row[2]}"[:200],
                account=row[1],
            )


DMESG = re.compile(
    r"^\[\s*(?:\d+\.\d+|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4})\] \S", re.MULTILINE
)
_NO_YEAR = 1900
_DMESG_ROW = re.compile(r"^\[\s*(?:\d+\.\d+|\w{3} (\w{3} +\d+ \d\d:\d\d:\d\d) (\d{4}))\] (.*)$")


def read_dmesg(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield USB disks and network cards from kernel messages (``dmesg``, ``dmesg -T``; local time)."""
    for seen in read_auth_log(_as_kernel(lines), file):
        since_boot = seen.time is not None and seen.time.year == _NO_YEAR
        yield msgspec.structs.replace(seen, time=None) if since_boot else seen


def _as_kernel(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        row = _DMESG_ROW.match(line)
        if row:
            when = in_form(f"{row[2]} {' '.join(row[1].split())}", "%Y %b %d %H:%M:%S") if row[1] else None
            yield number, f"{when.isoformat() if when else 'Jan  1 00:00:00'} host kernel: {row[3]}"
