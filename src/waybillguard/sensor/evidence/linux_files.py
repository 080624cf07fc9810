"""Reads Linux files about autostarts and installed packages: units, cron, autostart, dpkg's log.

Used for evidence and by the live scan.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from waybillguard.sensor.evidence.print_config import read_preload
from waybillguard.sensor.observation import Observation

_DPKG = re.compile(
    r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) (install|remove|purge) ([^\s:]+)(?::\S+)? (\S+) (\S+)"
)
_COMMAND = re.compile(r"(?:^|\s)(/[^\s;|&>]+)")


def read_unit(
    text: str, file: str, *, time: datetime | None = None, marks: tuple[str, ...] = ()
) -> Iterator[Observation]:
    """Yield the programs that a systemd service or drop-in starts, and the libraries that it preloads."""
    parts = re.split(r"^# (/\S+\.(?:service|path|timer|socket|conf))\s*$", text, flags=re.MULTILINE)
    if len(parts) > 1:  # systemctl cat
        for place, part in zip(parts[1::2], parts[2::2], strict=True):
            yield from (
                msgspec.structs.replace(each, file=file, record=f"{place} {each.record}")
                for each in read_unit(part, place, time=time, marks=marks)
            )
        return
    about = re.search(r"^Description=(.+)$", text, re.MULTILINE)
    parent = re.search(r"([^/]+)\.service\.d/[^/]+$", file)
    marks = (*marks, "drop_in") if parent else marks
    marks = (
        (*marks, "own_unit") if re.search(r"/(?:\.config|\.local/share)/systemd/user/", f"/{file}") else marks
    )
    name = parent[1] if parent else file.rpartition("/")[2].removesuffix(".service")
    for what, command in re.findall(r"^(Exec(?:Start|Stop)?\w*)=[-@:+!]*(\S.*)$", text, re.MULTILINE):
        program = command.split()[0]
        yield Observation(
            kind="service",
            file=file,
            record=what,
            time=time,
            name=name,
            path=program if "/" in program else f"/usr/bin/{program}",
            command=command[:1000],
            product=about[1] if about else "",
            marks=marks,
        )
    watched = re.findall(
        r"^Path(?:Exists|ExistsGlob|Changed|Modified)=(\S.*)$|^DirectoryNotEmpty=(\S.*)$", text, re.MULTILINE
    )
    started = re.search(r"^Unit=(\S+)", text, re.MULTILINE)
    for place in (changed or filled for changed, filled in watched):
        yield Observation(
            kind="service", file=file, record=f"watches {place}", time=time, name=name,
            command=f"inotifywait {place} → {started[1] if started else name.removesuffix('.path')}", marks=marks,
        )  # fmt: skip
    yield from read_preload(text, file)


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
        watching = re.match(r"^(/\S+)\s+IN_\S+\s+(/\S+)", line)
        if watching:  # incrontab(5): the place, the mask, the command
            yield Observation(
                kind="task", file=file, record=f"line {number}", time=time, name=watching[2].rpartition("/")[2], path=watching[2],
                command=f"inotifywait {line.strip()}"[:500],
            )  # fmt: skip
        elif found:
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


_PACKAGE = re.compile(r"^ii\s+([^\s:]+)(?::\S+)?\s+\S+\s")


def read_packages(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the packages that ``dpkg -l`` lists as installed."""
    for number, line in lines:
        row = _PACKAGE.match(line)
        if row:
            yield Observation(kind="program_installed", file=file, record=f"line {number}", name=row[1])


_UDEV_RUN = re.compile(r"\b(?:RUN|PROGRAM)(?:\{\w+\})?\+?=+\s*\"([^\"]+)\"")
_PAM = re.compile(r"^\s*-?(?:auth|account|password|session)\s+(?:\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$")
_PAM_HOME = re.compile(r"^/(?:usr/)?lib(?:64|/[\w-]+)?/security/")
_KEY = re.compile(r"^(?:(\S.*?)\s+)?((?:ssh|ecdsa|sk)-[\w@.-]+)\s+[A-Za-z0-9+/=]{20,}(?:\s+(.*))?$")
_LEFT_RUNNING = re.compile(
    r"^\s*(?:nohup|setsid|exec)\s+(\S.*)$|^\s*\(?([^#\s].*[^&\s])\s*&\s*\)?\s*$|\b(?:nohup|setsid)\s+(\S[^&|;]*)&"
)


def read_udev(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the programs that a udev rule starts when a device is connected."""
    for number, line in lines:
        for command in _UDEV_RUN.findall("" if line.lstrip().startswith("#") else line):
            yield Observation(
                kind="autorun",
                file=file,
                record=f"line {number}",
                name=file.rpartition("/")[2],
                path=command.split()[0],
                command=f"{command} ({line.strip()[:300]})",
                marks=("udev",),
            )


def read_pam(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield what PAM runs at sign-in in addition to its own modules: programs (``pam_exec``) and foreign modules."""
    for number, line in lines:
        row = _PAM.match(line)
        if row is None:
            continue
        module, program = row[1], re.search(r"(?:^|\s)(/\S+)", row[2])
        runs = module.endswith("pam_exec.so") and program
        if runs or ("/" in module and not _PAM_HOME.match(module)):
            yield Observation(
                kind="hook",
                file=file,
                record=f"line {number}",
                name="lsa_package",
                path=program[1] if runs and program else module,
                command=line.strip()[:300],
            )


def read_keys(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the SSH keys authorized for an account, by their comment."""
    low = file.lower()
    of_all = "administrators_authorized_keys" in low or "/root/" in f"/{low}"
    for number, line in lines:
        row = _KEY.match(line.strip())
        if row:
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {number}",
                name="ssh_key_administrator" if of_all else "ssh_key",
                command=(row[3] or "?")[:80],
            )


def read_profile_script(text: str, file: str) -> Iterator[Observation]:
    """Yield programs that a shell's start file runs in the background, and libraries it loads into every program."""
    for number, line in enumerate(text.splitlines(), 1):
        row = _LEFT_RUNNING.search(line)
        if row:
            command = (row[1] or row[2] or row[3]).strip()
            yield Observation(
                kind="autorun",
                file=file,
                record=f"line {number}",
                name=file.rpartition("/")[2],
                path=command.split()[0].strip("\"'"),
                command=command[:500],
            )
    yield from read_preload(text, file)
    yield from read_script(enumerate(text.splitlines(), 1), file)


def read_script(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the lines of a script that name a program or an address; the rules judge them."""
    for number, line in lines:
        if (
            number <= _MAX_NAMED
            and re.search(r"\s", line.strip())
            and not re.match(r"\s*(?:#|'|//|::|rem\b)", line, re.IGNORECASE)
        ):
            yield Observation(
                kind="script",
                file=file,
                record=f"line {number}",
                name=file.rpartition("/")[2],
                path=file.rpartition("/")[2].lower(),
                command=line.strip()[:2000],
            )
            yield from read_paths([(number, line)], file)


def read_shares(text: str, file: str) -> Iterator[Observation]:
    """Yield shares of the spool folder (smb.conf)."""
    for place in re.findall(r"^[ \t]*path\s*=\s*(\S*spool\S*)", text, re.MULTILINE | re.IGNORECASE):
        if not place.rstrip("/").endswith(("/samba", "/print$")):
            yield Observation(kind="setting", file=file, record=place, name="spool_shared", command=place)


PATHS = re.compile(
    r"(?<![\w])([A-Za-z]:\\(?:[^\\/:*?\"<>|\r\n,;]+\\)*[^\\/:*?\"<>|\r\n,;]+?\.(?:exe|dll|sys|scr))(?=$|[\s\",;<'）)])",
    re.IGNORECASE,
)
_DIR_OF = re.compile(
    r"(?:Directory(?: of|:)|目录:?)\s*([A-Za-z]:\\\S.*)$|^\s*([A-Za-z]:\\.*)的目录\s*$", re.IGNORECASE
)
_DIR_ROW = re.compile(
    r"^(?:[-darhsl]{5,7}\s+)?\d[\d/.-]+\s+[\d:]+(?:\s*[AP]M)?\s+[\d,.]+\s+(\S.*\.(?:exe|dll|sys|scr))\s*$",
    re.IGNORECASE,
)
_MAX_NAMED = 20_000


def read_paths(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield Windows programs that a text names with their full path."""
    folder, named = "", 0
    for number, line in lines:
        where = _DIR_OF.search(line)
        if where:
            folder = (where[1] or where[2]).strip()
            continue
        row = _DIR_ROW.match(line) if folder else None
        found = [f"{folder}\\{row[1]}"] if row else PATHS.findall(line)
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
