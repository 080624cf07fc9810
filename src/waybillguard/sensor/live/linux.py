"""A running Linux machine: processes, ports, services, autostarts, programs, the print system, sign-ins.

Everything is read from /proc and files below ``root``; no command is run, so the scan is quick and works without
systemd. Processes of others show their open files only to root; without it that is said as a loss.
"""

import contextlib
import filecmp
import os
import re
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence import linux_files, print_config, system_logs
from waybillguard.sensor.evidence.binary import read_binary
from waybillguard.sensor.evidence.tool_logs import PARSERS
from waybillguard.sensor.live.system import Part
from waybillguard.sensor.observation import Kind, Loss, Observation
from waybillguard.sensor.paths import is_user_writable

_MAX_BINARIES = 40
_MAX_HOME_FILES = 4_000
_MAX_LOG = 8 << 20
_UNITS = ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system", "run/systemd/system")
"""Where units lie; ``lib`` is a link to ``usr/lib`` on merged systems and is then passed over."""
_CRON = ("etc/crontab", "etc/cron.d", "var/spool/cron", "var/spool/cron/crontabs", "etc/rc.local")
_CUPS = (
    ("usr/lib/cups/backend", "backend"),
    ("usr/lib/cups/filter", "filter"),
    ("usr/libexec/cups/backend", "backend"),
)
_PLACES = ("Downloads", "下载", "Desktop", "桌面", ".local/bin", ".local/share/applications", ".cache", "")


class LinuxMachine:
    """This Linux machine, or what lies below another root.

    Args:
        root: where files are read from.
        processes: look at the running processes; off for a root that is not this machine's.
    """

    system = "linux"

    def __init__(self, root: Path = Path("/"), *, processes: bool = True) -> None:
        self.losses: list[Loss] = []
        self._root, self._processes = root, processes
        self._running: list[Observation] = []
        self._packaged: set[str] | None = None

    def name(self) -> str:
        """Return the machine's name."""
        return socket.gethostname()

    def offset(self) -> int:
        """Return how many minutes local time is ahead of UTC."""
        return time.localtime().tm_gmtoff // 60

    def parts(self) -> list[Part]:
        """Return the readers."""
        files: list[Part] = [
            self._services,
            self._autostarts,
            self._packages,
            self._cups,
            self._homes,
            self._tool_logs,
            self._sign_ins,
        ]
        return (
            [self._programs, self._ports, self._open_files, self._binaries, *files]
            if self._processes
            else [*files, self._binaries]
        )

    def _programs(self) -> Iterator[Observation]:
        for process in psutil.process_iter(["pid", "name", "exe", "cmdline", "username", "create_time"]):
            about = process.info
            if not about["exe"] and not about["cmdline"]:
                continue  # a thread of the kernel
            command = " ".join(about["cmdline"] or ())[:2000]
            path = (about["exe"] or (about["cmdline"] or [""])[0]).removesuffix(" (deleted)")
            script = next((word for word in (about["cmdline"] or [])[1:3] if word.startswith("/")), "")
            seen = Observation(
                kind="program_run",
                file="process list",
                record=f"pid {about['pid']}",
                time=datetime.fromtimestamp(about["create_time"] or 0, UTC),
                name=about["name"] or "",
                path=script if _is_interpreter(path) and script else path,
                command=command,
                account=about["username"] or "",
                session=f"pid{about['pid']}",
            )
            self._running.append(seen)
            yield seen

    def _ports(self) -> Iterator[Observation]:
        owners = {each.session: each for each in self._running}
        for each in psutil.net_connections(kind="inet"):
            if each.status not in {"LISTEN", "ESTABLISHED"} or not each.laddr:
                continue
            owner = owners.get(f"pid{each.pid}")
            listens = each.status == "LISTEN"
            far = each.raddr or each.laddr
            yield Observation(
                kind="listener" if listens else "connection",
                file="sockets",
                record=f"{each.laddr[0]}:{each.laddr[1]} {each.status} {far[1]}",
                name=owner.name if owner else "",
                path=owner.path if owner else "",
                command=owner.command if owner else "",
                account=owner.account if owner else "",
                origin=each.laddr[0] if listens else far[0],
                port=each.laddr[1] if listens else far[1],
                session=f"pid{each.pid}" if each.pid else "",
            )

    def _open_files(self) -> Iterator[Observation]:
        """Yield programs that hold the spool open, or a socket that hears all packets."""
        sniffed = _packet_sockets(self._root)
        unseen = 0
        for seen in self._running:
            folder = self._root / "proc" / seen.session.removeprefix("pid") / "fd"
            try:
                targets = [str(each.readlink()) for each in folder.iterdir()]
            except OSError:
                unseen += 1
                continue
            hit = next((each for each in targets if "/spool/cups/" in each or each.endswith("print.db")), "")
            packets = next(
                (each for each in targets if each.startswith("socket:[") and each[8:-1] in sniffed), ""
            )
            if hit:
                yield _holds(seen, "print_access", seen.name, hit)
            if packets and seen.name not in {
                "dhclient",
                "NetworkManager",
                "systemd-networkd",
                "dhcpcd",
                "wpa_supplicant",
            }:
                yield _holds(seen, "setting", "packet_capture", packets)
        if unseen:
            self.losses.append(
                Loss(
                    file="open files",
                    reason=f"{unseen} processes of others show their open files only to root",
                    records_read=len(self._running) - unseen,
                )
            )

    def _binaries(self) -> Iterator[Observation]:
        """Yield what programs say of themselves that run from a place where people can write."""
        done: set[str] = set()
        for seen in self._running:
            if not is_user_writable(seen.path) or seen.path in done or len(done) >= _MAX_BINARIES:
                continue
            done.add(seen.path)
            path = self._root / seen.path.lstrip("/")
            with contextlib.suppress(OSError):
                if not stat.S_ISREG(path.stat().st_mode):
                    continue
                with path.open("rb") as stream:
                    yield from read_binary(stream, seen.path, path=seen.path)

    def _services(self) -> Iterator[Observation]:
        for place in _UNITS:
            folder = self._root / place
            if folder.parent.parent.is_symlink() or not folder.is_dir():
                continue
            for path in sorted((*folder.glob("*.service"), *folder.glob("*.service.d/*.conf"))):
                own = str(path.relative_to(self._root))
                loose = place.startswith("etc") and not path.is_symlink() and not self._is_packaged("/" + own)
                marks = ("unpackaged",) if loose else ()
                yield from linux_files.read_unit(_text(path), own, time=_written(path), marks=marks)

    def _autostarts(self) -> Iterator[Observation]:
        for place in _CRON:
            path = self._root / place
            for file in sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []:
                lines = enumerate(_text(file).splitlines(), start=1)
                yield from linux_files.read_cron(
                    lines, str(file.relative_to(self._root)), time=_written(file)
                )
        for folder in [
            self._root / "etc/xdg/autostart",
            *(home / ".config/autostart" for home in self._homes_of()),
        ]:
            for file in sorted(folder.glob("*.desktop")) if folder.is_dir() else []:
                yield from linux_files.read_autostart(
                    _text(file), str(file.relative_to(self._root)), time=_written(file)
                )

    def _packages(self) -> Iterator[Observation]:
        """Yield installed packages of known tools from dpkg's own lists: their time is that of the installation."""
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
            yield from read(_text(self._root / name), name)
        for ppd in sorted((self._root / "etc/cups/ppd").glob("*.ppd")):
            yield from print_config.read_ppd(_text(ppd), f"etc/cups/ppd/{ppd.name}")
        for name in ("etc/iptables/rules.v4", "etc/iptables/rules.v6", "etc/nftables.conf"):
            lines = enumerate(_text(self._root / name).splitlines(), 1)
            yield from print_config.read_packet_rules(lines, name)

    def _homes(self) -> Iterator[Observation]:
        """Yield programs that lie in people's folders, and the folders that known tools make there."""
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
                with path.open(encoding="utf-8", errors="replace") as lines:
                    yield from PARSERS[parser](_bounded(enumerate(lines, start=1)), shown)

    def _sign_ins(self) -> Iterator[Observation]:
        for name in ("auth.log", "secure"):
            path = self._root / "var/log" / name
            if path.is_file():
                year = datetime.fromtimestamp(path.stat().st_mtime, UTC).year
                with path.open(encoding="utf-8", errors="replace") as lines:
                    yield from system_logs.read_auth_log(
                        _bounded(enumerate(lines, start=1)), f"var/log/{name}", year
                    )

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
        """Does the package database know a file. Without one (another distribution) nothing is called unpackaged."""
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
                    self._packaged.update(_text(each).splitlines())
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
        """Is this backend the packaged one of ``backend-available``, linked or copied by the package's own script."""
        try:
            return any(
                self._is_packaged("/" + str(twin.relative_to(self._root)))
                and filecmp.cmp(twin, path, shallow=False)
                for twin in (
                    path.parent.parent / "backend-available"
                ).iterdir()  # mdns is dnssd by another name
            )
        except OSError:
            return False

    def _in_any_package(self, path: str) -> bool:
        folder = self._root / "var/lib/dpkg/info"
        needle = path.rpartition("/")[2]
        return any(needle in _text(each) for each in folder.glob(f"{needle.partition('.')[0][:4]}*.list"))


def _holds(seen: Observation, kind: Kind, name: str, what: str) -> Observation:
    return Observation(
        kind=kind,
        file="open files",
        record=f"{seen.record} {what}"[:200],
        time=seen.time,
        name=name,
        path=seen.path,
        command=what,
        account=seen.account,
        session=seen.session,
    )


def _packet_sockets(root: Path) -> set[str]:
    """Return the inodes of sockets that hear every packet of an interface."""
    rows = _text(root / "proc/net/packet").splitlines()[1:]
    return {row.split()[-1] for row in rows if row.split()[2:3] == ["3"]}


def _bounded(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    read = 0
    for number, line in lines:
        read += len(line)
        if read > _MAX_LOG:
            return
        yield number, line.rstrip("\r\n")


def _is_interpreter(path: str) -> bool:
    return bool(re.search(r"/(?:python[\d.]*|bash|sh|dash|perl|node|java)$", path))


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


def _text(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > 4 << 20:
            return ""
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _written(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except OSError:
        return None
