r"""Reads a running Windows machine through its own commands and registry, with the parsers used for evidence.

Written against recorded outputs; not tested on Windows yet. It calls ``tasklist``, ``netstat`` and ``wevtutil`` (read
only), and reads the registry through ``winreg``. Both are parameters, so that the same code scans a recorded machine.
"""

import ctypes
import io
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from waybillguard.sensor.evidence import exports
from waybillguard.sensor.evidence.binary import read_binary
from waybillguard.sensor.evidence.event_log import EventLog
from waybillguard.sensor.evidence.interest import is_of_interest
from waybillguard.sensor.evidence.registry_keys import FILTERED, registry_key
from waybillguard.sensor.live.system import Part
from waybillguard.sensor.observation import Loss, Observation
from waybillguard.sensor.paths import is_user_writable

type Run = Callable[[list[str]], bytes]
type Registry = Callable[[str, int], Iterator[tuple[str, dict[str, str | int]]]]

_KEYS = (
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services", 2),
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\PortProxy", 3),
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Print", 5),
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Terminal Server", 3),
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\USBSTOR", 3),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall", 2),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall", 2),
    (r"HKEY_CURRENT_USER\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall", 2),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run", 1),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Run", 1),
    (r"HKEY_CURRENT_USER\SOFTWARE\Microsoft\Windows\CurrentVersion\Run", 1),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services", 1),
    *((rf"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{place}", 0) for place in FILTERED),
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa", 0),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon", 0),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Windows", 0),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options", 1),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Defender\Exclusions", 1),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\CTF\TIP", 4),
    (r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SafeBoot", 2),
    (r"HKEY_CURRENT_USER\SOFTWARE\Classes\CLSID", 2),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Google\Chrome", 1),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Edge", 1),
    (r"HKEY_CURRENT_USER\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings", 0),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts", 2),
)
_EVENTS = {
    "System": "EventID=7045 or EventID=104 or EventID=12 or EventID=1",
    "Security": "EventID=4697 or EventID=1102 or EventID=4720 or EventID=4732 or EventID=4778 or EventID=4779",
    "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational": "EventID=21 or EventID=23 or EventID=24 or EventID=25",
    "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational": "EventID=1149",
}
_MAX_EVENTS = 400
_MAX_BINARIES = 30


def run(command: list[str]) -> bytes:
    """Run one of the system's own commands for at most ten seconds and return its output.

    Raises:
        OSError: the command does not exist or fails.
    """
    try:
        done = subprocess.run(  # noqa: S603 - constants of this module
            [_systems_own(command[0]), *command[1:]],
            capture_output=True,
            check=False,
            timeout=10,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(f"{command[0]} did not answer") from error
    if done.returncode:
        raise OSError(f"{command[0]} failed")
    return done.stdout


def _systems_own(program: str, folder: str = "") -> str:
    """Return the full path of one of Windows' own commands.

    By its bare name, Windows would start a ``netstat.exe`` planted in the folder from which the scan is started.
    """
    if not folder and sys.platform == "win32":
        held = ctypes.create_unicode_buffer(260)
        ctypes.windll.kernel32.GetSystemDirectoryW(held, len(held))
        folder = held.value
    return rf"{folder}\{program}.exe" if folder else program


class WindowsMachine:
    """This Windows machine, or a recorded one."""

    system = "windows"

    def __init__(self, *, run: Run = run, registry: Registry | None = None, files: bool = True) -> None:
        self.losses: list[Loss] = []
        self._run, self._registry, self._files = run, registry or _registry, files
        self._paths: list[str] = []

    def name(self) -> str:
        """Return the machine's name."""
        return socket.gethostname()

    def offset(self) -> int:
        """Return the offset of local time from UTC, in minutes."""
        return time.localtime().tm_gmtoff // 60

    def parts(self) -> list[Part]:
        """Return the readers."""
        return [self._programs, self._ports, self._registry_keys, self._logs, self._binaries]

    def _programs(self) -> Iterator[Observation]:
        for seen in exports.read_tasklist(
            _lines(self._run(["tasklist", "/v", "/fo", "csv", "/nh"])), "tasklist"
        ):
            path = self._path_of(seen.session)
            if path:
                self._paths.append(path)
            yield Observation(
                kind="program_run",
                file="tasklist",
                record=seen.record,
                name=seen.name,
                path=path.lower(),
                account=seen.account,
                session=seen.session,
            )

    def _path_of(self, session: str) -> str:
        if not self._files:
            return ""
        import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - on the machine itself alone

        try:
            return str(psutil.Process(int(session.removeprefix("pid"))).exe())
        except (psutil.Error, OSError, ValueError):
            return ""

    def _ports(self) -> Iterator[Observation]:
        yield from exports.read_netstat(_lines(self._run(["netstat", "-ano"])), "netstat")

    def _registry_keys(self) -> Iterator[Observation]:
        for key, depth in _KEYS:
            try:
                for path, values in self._registry(key, depth):
                    yield from registry_key(path, values, "registry", path)
            except FileNotFoundError:
                continue  # no policy is set there
            except OSError:
                self.losses.append(Loss(file=key, reason="could not be read with these rights"))

    def _logs(self) -> Iterator[Observation]:
        for channel, query in _EVENTS.items():
            try:
                text = self._run(
                    [
                        "wevtutil",
                        "qe",
                        channel,
                        f"/q:*[System[({query})]]",
                        "/f:xml",
                        "/rd:true",
                        f"/c:{_MAX_EVENTS}",
                    ]
                )
            except OSError:
                self.losses.append(Loss(file=channel, reason="could not be read with these rights"))
                continue
            log = EventLog(channel, is_of_interest)
            yield from log.read_xml(io.BytesIO(text))
            self.losses += log.losses

    def _binaries(self) -> Iterator[Observation]:
        for path in list(dict.fromkeys(each for each in self._paths if is_user_writable(each)))[
            :_MAX_BINARIES
        ]:
            try:
                with Path(path).open("rb") as stream:
                    yield from read_binary(stream, path, path=path.lower())
            except OSError:
                continue


def _lines(data: bytes) -> list[str]:
    encoding = "utf-16" if data[:2] == b"\xff\xfe" else "utf-8"
    try:
        return data.decode(encoding).splitlines()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace").splitlines()


def _registry(path: str, depth: int) -> Iterator[tuple[str, dict[str, str | int]]]:
    """Yield keys with their values from the machine's own registry.

    Raises:
        OSError: the key does not exist or the caller has no access.
    """
    if sys.platform != "win32":
        raise OSError("no registry here")
    import winreg  # noqa: PLC0415

    top, _, rest = path.partition("\\")
    root = winreg.HKEY_LOCAL_MACHINE if top == "HKEY_LOCAL_MACHINE" else winreg.HKEY_CURRENT_USER
    with winreg.OpenKey(root, rest, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
        count, values, _ = winreg.QueryInfoKey(key)
        found: dict[str, str | int] = {}
        for number in range(values):
            name, value, _ = winreg.EnumValue(key, number)
            if isinstance(value, list):
                found[name] = "\0".join(map(str, value))
            elif isinstance(value, str | int):
                found[name] = value
        yield path, found
        names = [winreg.EnumKey(key, number) for number in range(count)]
    for name in names if depth else ():
        try:
            yield from _registry(f"{path}\\{name}", depth - 1)
        except OSError:
            continue
