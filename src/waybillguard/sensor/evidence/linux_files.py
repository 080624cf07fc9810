"""Files of a Linux machine that say what starts and what was installed: units, cron, autostart, dpkg's log.

Shared by evidence and the live scan.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from waybillguard.sensor.observation import Observation

_DPKG = re.compile(
    r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) (install|remove|purge) ([^\s:]+)(?::\S+)? (\S+) (\S+)"
)
_COMMAND = re.compile(r"(?:^|\s)(/[^\s;|&>]+)")


def read_unit(
    text: str, file: str, *, time: datetime | None = None, marks: tuple[str, ...] = ()
) -> Iterator[Observation]:
    """Yield the program that a systemd service starts."""
    command = re.search(r"^ExecStart=[-@:+!]*(\S.*)$", text, re.MULTILINE)
    if command is None:
        return
    about = re.search(r"^Description=(.+)$", text, re.MULTILINE)
    program = command[1].split()[0]
    yield Observation(
        kind="service",
        file=file,
        record="ExecStart",
        time=time,
        name=file.rpartition("/")[2].removesuffix(".service"),
        path=program if "/" in program else f"/usr/bin/{program}",
        command=command[1][:1000],
        product=about[1] if about else "",
        marks=marks,
    )


def read_autostart(text: str, file: str, *, time: datetime | None = None) -> Iterator[Observation]:
    """Yield the program that a desktop entry starts at sign-in."""
    command = re.search(r"^Exec=(\S.*)$", text, re.MULTILINE)
    if command:
        yield Observation(
            kind="autorun",
            file=file,
            record="Exec",
            time=time,
            name=file.rpartition("/")[2].removesuffix(".desktop"),
            path=command[1].split()[0],
            command=command[1][:500],
        )


def read_cron(
    lines: Iterable[tuple[int, str]], file: str, *, time: datetime | None = None
) -> Iterator[Observation]:
    """Yield the programs of a crontab or rc.local."""
    for number, line in lines:
        if line.lstrip().startswith("#") or re.match(r"^\w+=", line):
            continue
        found = _COMMAND.search(line)
        if found:
            yield Observation(
                kind="task",
                file=file,
                record=f"line {number}",
                time=time,
                name=file.rpartition("/")[2],
                path=found[1],
                command=line.strip()[:500],
            )


def read_dpkg_log(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield installed and removed packages (``/var/log/dpkg.log``; local time)."""
    for number, line in lines:
        row = _DPKG.match(line)
        if row:
            yield Observation(
                kind="program_installed" if row[2] == "install" else "program_removed",
                file=file,
                record=f"line {number}",
                time=datetime.strptime(row[1], "%Y-%m-%d %H:%M:%S"),  # noqa: DTZ007 - local time
                name=row[3],
            )


_PATHS = re.compile(
    r"(?<![\w])([A-Za-z]:\\(?:[^\\/:*?\"<>|\r\n,;]+\\)*[^\\/:*?\"<>|\r\n,;]+?\.(?:exe|dll|sys|scr))(?=$|[\s\",;])",
    re.IGNORECASE,
)
_DIR_OF = re.compile(
    r"(?:Directory of|目录:?)\s*([A-Za-z]:\\\S.*)$|^\s*([A-Za-z]:\\.*?)\s*的目录\s*$", re.IGNORECASE
)
_DIR_ROW = re.compile(
    r"^\d[\d/.-]+\s+[\d:]+(?:\s*[AP]M)?\s+[\d,.]+\s+(\S.*\.(?:exe|dll|sys|scr))\s*$", re.IGNORECASE
)
_MAX_NAMED = 20_000


def read_paths(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield programs of Windows that a listing or any other text names by their whole path."""
    folder, named = "", 0
    for number, line in lines:
        where = _DIR_OF.search(line)
        if where:
            folder = (where[1] or where[2]).strip()
            continue
        row = _DIR_ROW.match(line) if folder else None
        found = [f"{folder}\\{row[1]}"] if row else _PATHS.findall(line)
        for path in found:
            named += 1
            if named > _MAX_NAMED:
                return
            yield Observation(
                kind="program_seen",
                file=file,
                record=f"line {number}",
                name=path.rpartition("\\")[2].lower(),
                path=path.lower(),
                marks=("listing",),
            )
