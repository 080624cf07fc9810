"""Reads the files of a Linux machine: services, autostarts, packages, the print system, programs in homes, logs."""

import contextlib
import filecmp
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence import linux_files, print_config, system_logs
from waybillguard.sensor.evidence.binary import read_binary
from waybillguard.sensor.evidence.tool_logs import PARSERS
from waybillguard.sensor.observation import Loss, Observation

_MAX_HOME_FILES = 4_000
_MAX_LOG, _HEAD, _LONGEST_LINE = 8 << 20, 1 << 20, 64_000
_MAX_TEXT = 32 << 20
"""Maximum bytes of a unit or similar file; far above normal, so that padding with comments does not hide one."""
_UNITS = ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system", "run/systemd/system")
"""Folders of units; ``lib`` is skipped where it is a link to ``usr/lib``."""
_CRON = ("etc/crontab", "etc/cron.d", "var/spool/cron", "var/spool/cron/crontabs", "etc/rc.local")
_CUPS = (
    ("usr/lib/cups/backend", "backend"),
    ("usr/lib/cups/filter", "filter"),
    ("usr/libexec/cups/backend", "backend"),
)
_PLACES = ("Downloads", "下载", "Desktop", "桌面", ".local/bin", ".local/share/applications", ".cache", "")


class LinuxFiles:
    """The files of this Linux machine, or of the file system below another root."""

    def __init__(self, root: Path) -> None:
        self.losses: list[Loss] = []
        self._root = root
        self._packaged: set[str] | None = None

    def _services(self) -> Iterator[Observation]:
        for place in _UNITS:
            folder = self._root / place
            if folder.parent.parent.is_symlink() or not folder.is_dir():
                continue
            for path in sorted((*folder.glob("*.service"), *folder.glob("*.service.d/*.conf"))):
                own = str(path.relative_to(self._root))
                loose = place.startswith("etc") and not path.is_symlink() and not self._is_packaged("/" + own)
                marks = ("unpackaged",) if loose else ()
                yield from linux_files.read_unit(text_of(path), own, time=_written(path), marks=marks)

    def _own_units(self) -> Iterator[Observation]:
        """Yield the services that users set up for themselves."""
        for home in self._homes_of():
            for path in sorted((home / ".config/systemd/user").glob("*.service")):
                own = str(path.relative_to(self._root))
                yield from linux_files.read_unit(text_of(path), own, time=_written(path))

    def _autostarts(self) -> Iterator[Observation]:
        for place in _CRON:
            path = self._root / place
            for file in sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []:
                lines = enumerate(text_of(file).splitlines(), start=1)
                yield from linux_files.read_cron(
                    lines, str(file.relative_to(self._root)), time=_written(file)
                )
        for folder in [
            self._root / "etc/xdg/autostart",
            *(home / ".config/autostart" for home in self._homes_of()),
        ]:
            for file in sorted(folder.glob("*.desktop")) if folder.is_dir() else []:
                yield from linux_files.read_autostart(
                    text_of(file), str(file.relative_to(self._root)), time=_written(file)
                )

    def _packages(self) -> Iterator[Observation]:
        """Yield installed packages of known tools from dpkg's file lists, whose time is that of the installation."""
        folder = self._root / "var/lib/dpkg/info"
        names = {value for tool in catalogue().tools for _, kind, value in tool.facts() if kind == "package"}
        for name in sorted(names):
            for path in [folder / f"{name}.list", *folder.glob(f"{name}:*.list")]:
                if path.is_file():
                    yield Observation(
                        kind="program_installed",
                        file=str(path.relative_to(self._root)),
                        record=name,
                        time=_written(path),
                        name=name,
                    )

    def _cups(self) -> Iterator[Observation]:
        for place, what in _CUPS:
            folder = self._root / place
            for path in sorted(folder.iterdir()) if folder.is_dir() else []:
                shown = "/" + str(path.relative_to(self._root))
                packaged = self._is_packaged(shown) or self._is_copy(path)
                yield Observation(
                    kind="print_filter",
                    file=place,
                    record=path.name,
                    time=_written(path),
                    name=path.name,
                    path=shown,
                    command=what,
                    marks=("packaged",) if packaged else ("unpackaged",),
                )
        for name, read in (
            ("etc/cups/printers.conf", print_config.read_printers_conf),
            ("etc/cups/cupsd.conf", print_config.read_cupsd),
            ("etc/ld.so.preload", print_config.read_preload),
        ):
            yield from read(text_of(self._root / name), name)
        for ppd in sorted((self._root / "etc/cups/ppd").glob("*.ppd")):
            yield from print_config.read_ppd(text_of(ppd), f"etc/cups/ppd/{ppd.name}")
        for name in ("etc/iptables/rules.v4", "etc/iptables/rules.v6", "etc/nftables.conf"):
            lines = enumerate(text_of(self._root / name).splitlines(), 1)
            yield from print_config.read_packet_rules(lines, name)

    def _homes(self) -> Iterator[Observation]:
        """Yield programs in home folders, and the folders that known tools create there."""
        for home in self._homes_of():
            folders = [home / place for place in _PLACES]
            for folder in [each for each in folders if each.is_dir() and not each.is_symlink()]:
                yield from self._programs_in(folder)
            settings = home / ".config"
            for path in sorted(settings.iterdir()) if settings.is_dir() else []:
                yield self._folder(path)

    def _programs_in(self, folder: Path) -> Iterator[Observation]:
        for number, path in enumerate(sorted(folder.iterdir())):
            if number == _MAX_HOME_FILES:
                place = str(folder.relative_to(self._root))
                self.losses.append(Loss(file=place, reason="more files than looked at", records_read=number))
                return
            if path.is_symlink():
                continue
            if path.is_dir():
                yield self._folder(path)
            elif _is_program(path):
                shown = "/" + str(path.relative_to(self._root))
                with contextlib.suppress(OSError), path.open("rb") as stream:
                    yield from read_binary(stream, shown, path=shown)

    def _folder(self, path: Path) -> Observation:
        shown = f"/{path.relative_to(self._root)}/"
        return Observation(
            kind="program_seen",
            file="homes",
            record=shown,
            time=_written(path),
            path=shown,
            marks=("registry",),
        )

    def _tool_logs(self) -> Iterator[Observation]:
        places = [
            "var/log",
            "var/log/sunlogin",
            "var/lib/todesk",
            "var/log/teamviewer15",
            "opt/todesk/logs",
            "var/log/anydesk",
        ]
        folders = [self._root / place for place in places]
        for home in self._homes_of():
            folders += [
                home / ".anydesk",
                home / ".local/share/logs/RustDesk",
                home / ".local/share/logs/RustDesk/server",
                home / ".config/AnyDesk/Logs",
            ]
        for folder in folders:
            for path in sorted(folder.iterdir()) if folder.is_dir() else []:
                shown = str(path.relative_to(self._root))
                tool = catalogue().log_tool(path.name.lower(), shown)
                if tool is None or not tool.parser or not path.is_file():
                    continue
                parser = "anydesk_connections" if path.name == "connection_trace.txt" else tool.parser
                yield from PARSERS[parser](self._log(path, shown), shown)

    def _sign_ins(self) -> Iterator[Observation]:
        for name in ("auth.log", "secure"):
            path = self._root / "var/log" / name
            if path.is_file():
                written, shown = _written(path), f"var/log/{name}"
                yield from system_logs.read_auth_log(
                    self._log(path, shown), shown, written.year if written else None
                )

    def _log(self, path: Path, shown: str) -> Iterator[tuple[int, str]]:
        """Yield the numbered lines of a log; of a large log only its beginning and its end with the newest lines."""
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            yield from _lines_to(stream, 1, _HEAD if size > _MAX_LOG else _MAX_LOG)
            if size <= _MAX_LOG:
                return
            self.losses.append(
                Loss(file=shown, reason=f"larger than {_MAX_LOG >> 20} MiB; its middle was not read")
            )
            stream.seek(0)
            left, number = size - _MAX_LOG, 1
            while left > 0 and (piece := stream.read(min(left, _HEAD))):
                left, number = left - len(piece), number + piece.count(b"\n")
            stream.readline(_LONGEST_LINE)  # skip the rest of a line
            yield from _lines_to(stream, number + 1, size)

    def _homes_of(self) -> list[Path]:
        base = self._root / "home"
        homes = (
            [each for each in sorted(base.iterdir()) if each.is_dir() and not each.is_symlink()]
            if base.is_dir()
            else []
        )
        return (
            [*homes, self._root / "root"]
            if os.access(self._root / "root", os.R_OK | os.X_OK) and (self._root / "root").is_dir()
            else homes
        )

    def _is_packaged(self, path: str) -> bool:
        """Return whether a file belongs to a package; True on distributions without dpkg's database."""
        if self._packaged is None:
            self._packaged = set()
            folder = self._root / "var/lib/dpkg/info"
            for each in folder.glob("*.list") if folder.is_dir() else []:
                if (
                    "cups" in each.name
                    or "print" in each.name
                    or "hplip" in each.name
                    or "foomatic" in each.name
                    or "gutenprint" in each.name
                ):
                    self._packaged.update(text_of(each).splitlines())
        if not self._packaged:
            return True
        if (
            path in self._packaged
            or f"/usr{path}" in self._packaged
            or path.removeprefix("/usr") in self._packaged
        ):
            return True
        return not path.startswith(("/usr/lib/cups", "/usr/libexec/cups")) and self._in_any_package(path)

    def _is_copy(self, path: Path) -> bool:
        """Return whether a backend is the packaged one in ``backend-available``, linked or copied by its package."""
        try:
            return any(
                self._is_packaged("/" + str(twin.relative_to(self._root)))
                and filecmp.cmp(twin, path, shallow=False)
                for twin in (
                    path.parent.parent / "backend-available"
                ).iterdir()  # mdns is another name of dnssd
            )
        except OSError:
            return False

    def _in_any_package(self, path: str) -> bool:
        folder = self._root / "var/lib/dpkg/info"
        needle = path.rpartition("/")[2]
        return any(needle in text_of(each) for each in folder.glob(f"{needle.partition('.')[0][:4]}*.list"))


def _lines_to(stream: BinaryIO, first: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield numbered lines up to a position of a file; overlong lines are cut."""
    number = first
    while stream.tell() < end and (line := stream.readline(_LONGEST_LINE)):
        yield number, line.decode("utf-8", "replace").rstrip("\r\n")
        number += 1


def _is_program(path: Path) -> bool:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or not 4 < status.st_size < 512 << 20:  # noqa: PLR2004
            return False
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError:
        return False
    return (
        head[:2] == b"MZ"
        or head == b"\x7fELF"
        or (head[:2] == b"#!" and bool(status.st_mode & 0o111))
        or path.suffix.lower() in {".appimage", ".deb", ".rpm"}
    )


def text_of(path: Path) -> str:
    """Return the text of a file, of a large one the first part; empty if it cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return stream.read(_MAX_TEXT).decode("utf-8", "replace")
    except OSError:
        return ""


def _written(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):  # a file's time may be outside the range of datetime
        return None
