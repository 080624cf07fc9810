"""Reads a running Linux machine: processes, ports, services, autostarts, programs, the print system, sign-ins.

Everything is read from /proc and files below ``root``. No command is run, so the scan is quick and works without
systemd. Open files of other users' processes require root; without it they are reported as a loss.
"""

import contextlib
import re
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from waybillguard.sensor.evidence.binary import read_binary
from waybillguard.sensor.live.linux_files import LinuxFiles, text_of
from waybillguard.sensor.live.system import Part
from waybillguard.sensor.observation import Kind, Loss, Observation
from waybillguard.sensor.paths import is_user_writable

_MAX_BINARIES = 40


class LinuxMachine(LinuxFiles):
    """This Linux machine, or the file system below another root.

    Args:
        root: folder that files are read from.
        processes: whether to read running processes; False for the root of another machine.
    """

    system = "linux"

    def __init__(self, root: Path = Path("/"), *, processes: bool = True) -> None:
        super().__init__(root)
        self._processes = processes
        self._running: list[Observation] = []

    def name(self) -> str:
        """Return the machine's name."""
        return socket.gethostname()

    def offset(self) -> int:
        """Return the offset of local time from UTC, in minutes."""
        return time.localtime().tm_gmtoff // 60

    def parts(self) -> list[Part]:
        """Return the readers."""
        files: list[Part] = [
            self._services,
            self._own_units,
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
                continue  # a kernel thread
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
                marks=(
                    *(("deleted",) if (about["exe"] or "").endswith(" (deleted)") else ()),
                    *(("posing_kernel",) if re.match(r"\[\w[\w/:-]*\]$", command) else ()),
                ),
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
        """Yield programs that have the spool or a packet-capture socket open."""
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
        """Yield signer and version fields of programs that run from a user-writable place."""
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
    """Return the inodes of sockets that capture every packet of an interface."""
    rows = text_of(root / "proc/net/packet").splitlines()[1:]
    return {row.split()[-1] for row in rows if row.split()[2:3] == ["3"]}


def _is_interpreter(path: str) -> bool:
    return bool(re.search(r"/(?:python[\d.]*|bash|sh|dash|perl|node|java)$", path))
