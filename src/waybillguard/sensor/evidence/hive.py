r"""Registry hives: services, what starts by itself, what ran, what is installed, printers and remote desktop.

A hive is recognised by the keys it holds, never by its file name. Read with python-registry. Layouts of BAM,
UserAssist, shimcache and amcache after published descriptions; print monitors and processors after Microsoft's
documentation of the spooler.
"""

import codecs
import io
import re
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from waybillguard.sensor.evidence.clock import filetime
from waybillguard.sensor.evidence.registry_keys import FILTERED, KEEPS_JOBS, RDP_PORT, registry_key
from waybillguard.sensor.observation import Kind, Loss, Observation
from waybillguard.sensor.paths import base_name, program_path

MAX_SIZE = 256 << 20
_DRIVER_TYPES = {1, 2, 8}
_GUID = re.compile(r"^\{[0-9A-Fa-f-]{36}\}")
type _Key = Any  # python-registry has no types


class HiveError(ValueError):
    """This is not a registry hive, or its header is damaged."""


class Hive:
    """One hive on its way through what is known of its keys.

    Attributes:
        records: how many keys and values were read.
        losses: what could not be read.
        offset: minutes that local time is ahead of UTC, if this hive says it.
        computer: the machine's name, if this hive says it.
    """

    def __init__(self, data: bytes, file: str) -> None:
        from Registry import Registry  # type: ignore[import-untyped]  # noqa: PLC0415 - a live scan reads no hives

        self.file, self.records = file, 0
        self.losses: list[Loss] = []
        self.offset: int | None = None
        self.computer = ""
        try:
            self._root: _Key = Registry.Registry(io.BytesIO(data)).root()
            self._tops = {key.name().lower(): key for key in self._root.subkeys()}
        except Exception as error:
            raise HiveError("not a registry hive, or its header is damaged") from error

    def read(self) -> Iterator[Observation]:
        """Yield what the hive says; a damaged part is a loss and the other parts are read."""
        for part in self._parts():
            try:
                yield from part()
            except Exception:  # noqa: BLE001 - see above; the text may quote a name
                self.losses.append(
                    Loss(
                        file=self.file,
                        reason=f"damaged near {part.__name__.strip('_')}",
                        records_read=self.records,
                    )
                )

    def _parts(self) -> list[Callable[[], Iterator[Observation]]]:
        if "select" in self._tops or any(name.startswith("controlset") for name in self._tops):
            return [
                self._zone,
                self._services,
                self._print_parts,
                self._remote_desktop,
                self._bam,
                self._shimcache,
                self._usb,
                self._system_hooks,
            ]
        if "inventoryapplicationfile" in {
            key.name().lower() for top in self._tops.values() for key in _sub(top)
        }:
            return [self._amcache]
        if (
            "file" in {key.name().lower() for top in self._tops.values() for key in _sub(top)}
            and "root" in self._tops
        ):
            return [self._amcache_old]
        if "microsoft" in self._tops:
            return [
                self._installed,
                self._run_keys,
                self._printers,
                self._policies,
                self._hidden_accounts,
                self._makers,
                self._software_hooks,
            ]
        if "software" in self._tops:
            return [
                self._user_run_keys,
                self._user_installed,
                self._user_assist,
                self._user_printers,
                self._user_makers,
                self._user_hooks,
            ]
        return []

    def _at(self, path: str) -> _Key | None:
        key = self._root
        for part in path.split("\\"):
            key = next((each for each in _sub(key) if each.name().lower() == part.lower()), None)
            if key is None:
                return None
        return key

    def _seen(self, kind: Kind, key: _Key, **values: Any) -> Observation:  # noqa: ANN401
        self.records += 1
        values.setdefault("time", _written(key))
        return Observation(kind=kind, file=self.file, record=_path(key), **values)

    # SYSTEM

    def _control(self, rest: str) -> _Key | None:
        current = _value(self._tops.get("select"), "Current")
        names = [f"ControlSet{int(current):03}"] if isinstance(current, int) else []
        names += sorted(name for name in self._tops if name.startswith("controlset"))
        return next((key for name in names if (key := self._at(f"{name}\\{rest}")) is not None), None)

    def _zone(self) -> Iterator[Observation]:
        zone = self._control(r"Control\TimeZoneInformation")
        bias = _value(zone, "ActiveTimeBias")
        if not isinstance(bias, int):
            bias = _value(zone, "Bias")
        if isinstance(bias, int):
            self.offset = -(bias if bias < 1 << 31 else bias - (1 << 32))
        self.computer = str(_value(self._control(r"Control\ComputerName\ComputerName"), "ComputerName") or "")
        yield from ()

    def _services(self) -> Iterator[Observation]:
        for key in _sub(self._control("Services")):
            image = str(_value(key, "ImagePath") or "")
            self.records += 1
            if not image:
                continue
            library = ""
            if "svchost" in image.lower():
                parameters = next((each for each in _sub(key) if each.name().lower() == "parameters"), None)
                library = str(_value(parameters, "ServiceDll") or _value(key, "ServiceDll") or "")
            kind = _value(key, "Type")
            yield self._seen(
                "service",
                key,
                name=key.name(),
                path=program_path(library or image),
                command=image,
                account=str(_value(key, "ObjectName") or ""),
                product=_plain(str(_value(key, "DisplayName") or "")),
                marks=("driver",) if kind in _DRIVER_TYPES else (),
            )

    def _print_parts(self) -> Iterator[Observation]:
        for key in _sub(self._control(r"Control\Print\Monitors")):
            yield self._seen(
                "print_monitor", key, name=key.name(), path=str(_value(key, "Driver") or "").lower()
            )
            for ports in _sub(key):
                for port in _sub(ports):
                    command = str(_value(port, "Command") or _value(port, "Arguments") or "")
                    if command:
                        yield self._seen(
                            "print_monitor",
                            port,
                            name=f"{key.name()} {port.name()}",
                            path=program_path(command),
                            command=command,
                        )
                    host = str(_value(port, "HostName") or _value(port, "IPAddress") or "")
                    if host:
                        yield self._seen("printer", port, name=port.name(), command=host, marks=("port",))
        for place in _sub(self._control(r"Control\Print\Environments")):
            for processors in _sub(place):
                if processors.name().lower() != "print processors":
                    continue
                for key in _sub(processors):
                    yield self._seen(
                        "print_processor", key, name=key.name(), path=str(_value(key, "Driver") or "").lower()
                    )
        yield from self._printer_keys(self._control(r"Control\Print\Printers"))

    def _printer_keys(self, printers: _Key | None) -> Iterator[Observation]:
        for key in _sub(printers):
            driver = str(_value(key, "Printer Driver") or "")
            bits = _value(key, "Attributes")
            if isinstance(bits, int) and bits & KEEPS_JOBS:
                yield self._seen("setting", key, name="jobs_kept", command=key.name())
            if driver or _value(key, "Port"):
                yield self._seen(
                    "printer",
                    key,
                    name=key.name(),
                    path=driver,
                    command=str(_value(key, "Port") or ""),
                    product=str(_value(key, "Print Processor") or ""),
                )

    def _remote_desktop(self) -> Iterator[Observation]:
        server = self._control(r"Control\Terminal Server")
        if _value(server, "fDenyTSConnections") == 0:
            yield self._seen("setting", server, name="rdp_enabled", command="fDenyTSConnections=0")
        listener = self._control(r"Control\Terminal Server\WinStations\RDP-Tcp")
        port = _value(listener, "PortNumber")
        if isinstance(port, int) and port != RDP_PORT:
            yield self._seen("setting", listener, name="rdp_port", command=str(port), port=port)
        parameters = self._control(r"Services\TermService\Parameters")
        library = str(_value(parameters, "ServiceDll") or "")
        if library and base_name(library) != "termsrv.dll":
            yield self._seen(
                "setting", parameters, name="rdp_service_dll", path=program_path(library), command=library
            )
        for protocol in ("v4tov4", "v4tov6", "v6tov4", "v6tov6"):
            forwards = self._control(rf"Services\PortProxy\{protocol}\tcp")
            for value in forwards.values() if forwards is not None else ():
                yield self._seen(
                    "port_forward", forwards, name=value.name(), command=f"{value.name()} → {value.value()}"
                )
        for name, text in _values(
            self._control(r"Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules")
        ):
            rule = dict(part.split("=", 1) for part in str(text).split("|") if "=" in part)
            if rule.get("Action") == "Allow" and rule.get("Dir") == "In" and rule.get("App"):
                yield self._seen(
                    "firewall_rule",
                    self._control(r"Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules"),
                    name=rule.get("Name", name),
                    path=program_path(rule["App"]),
                    command=f"direction=1 action=3 ports={rule.get('LPort', '*')} from={rule.get('RA4', '*')}",
                    time=None,
                )

    def _bam(self) -> Iterator[Observation]:
        for service in (
            r"Services\bam\State\UserSettings",
            r"Services\bam\UserSettings",
            r"Services\dam\UserSettings",
        ):
            for user in _sub(self._control(service)):
                for name, data in _values(user):
                    if isinstance(data, bytes) and len(data) >= 8 and "\\" in name:  # noqa: PLR2004
                        when = filetime(struct.unpack_from("<Q", data)[0])
                        yield self._seen(
                            "program_run",
                            user,
                            time=when,
                            name=base_name(name),
                            path=program_path(name),
                            account=user.name(),
                            marks=("bam",),
                        )

    def _shimcache(self) -> Iterator[Observation]:
        key = self._control(r"Control\Session Manager\AppCompatCache")
        data = _value(key, "AppCompatCache")
        if not isinstance(data, bytes):
            return
        for place, (path, when) in enumerate(_shim_entries(data), start=1):
            self.records += 1
            yield Observation(
                kind="program_seen",
                file=self.file,
                record=f"AppCompatCache {place}",
                time=when,
                name=base_name(path),
                path=program_path(path),
                marks=("shimcache", "file_time"),
            )

    def _usb(self) -> Iterator[Observation]:
        for device in _sub(self._control(r"Enum\USBSTOR")):
            for instance in _sub(device):
                yield self._seen(
                    "usb_storage",
                    instance,
                    name=str(_value(instance, "FriendlyName") or device.name()),
                    path=device.name(),
                )

    # SOFTWARE

    def _uninstall(self, path: str) -> Iterator[Observation]:
        for key in _sub(self._at(path)):
            name = str(_value(key, "DisplayName") or "")
            if not name and _GUID.match(key.name()):
                continue
            day = str(_value(key, "InstallDate") or "")
            place = str(
                _value(key, "InstallLocation")
                or _value(key, "DisplayIcon")
                or _value(key, "UninstallString")
                or ""
            )
            yield self._seen(
                "program_installed",
                key,
                name=name or key.name(),
                path=program_path(place.partition(",")[0])
                + ("\\" if place and "." not in place[-5:] else ""),
                signer=str(_value(key, "Publisher") or ""),
                marks=(f"install_date:{day}",) if re.fullmatch(r"\d{8}", day) else (),
            )

    def _installed(self) -> Iterator[Observation]:
        yield from self._uninstall(r"Microsoft\Windows\CurrentVersion\Uninstall")
        yield from self._uninstall(r"WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall")

    def _run_values(self, prefix: str) -> Iterator[Observation]:
        for place in ("Run", "RunOnce", r"Policies\Explorer\Run"):
            key = self._at(rf"{prefix}Microsoft\Windows\CurrentVersion\{place}")
            for name, text in _values(key):
                yield self._seen("autorun", key, name=name, path=program_path(str(text)), command=str(text))

    def _run_keys(self) -> Iterator[Observation]:
        yield from self._run_values("")
        yield from self._run_values("WOW6432Node\\")
        yield from self._as_exported(
            self._at(r"Microsoft\Windows NT\CurrentVersion\Winlogon"), "HKEY_LOCAL_MACHINE\\SOFTWARE"
        )
        for key in _sub(self._at(r"Microsoft\Windows NT\CurrentVersion\Image File Execution Options")):
            yield from self._as_exported(key, "HKEY_LOCAL_MACHINE\\SOFTWARE")

    # What the text exports mean too, with the time that only a hive has.

    def _as_exported(self, key: _Key | None, top: str) -> Iterator[Observation]:
        if key is None:
            return
        values = {name: _exported(value) for name, value in _values(key)}
        for seen in registry_key(f"{top}\\{_path(key)}", values, self.file, _path(key)):
            self.records += 1
            yield msgspec.structs.replace(seen, time=_written(key))

    def _system_hooks(self) -> Iterator[Observation]:
        for place in FILTERED:
            yield from self._as_exported(
                self._control(rf"Control\Class\{place}"), "HKEY_LOCAL_MACHINE\\SYSTEM"
            )
        yield from self._as_exported(self._control(r"Control\Lsa"), "HKEY_LOCAL_MACHINE\\SYSTEM")
        yield from self._as_exported(self._control(r"Control\Print\Printers"), "HKEY_LOCAL_MACHINE\\SYSTEM")
        for path in (
            r"Control\Print\Providers",
            r"Control\Keyboard Layouts",
            r"Services\Dnscache\Parameters\DnsPolicyConfig",
        ):
            for key in _sub(self._control(path)):
                yield from self._as_exported(key, "HKEY_LOCAL_MACHINE\\SYSTEM")

    def _software_hooks(self) -> Iterator[Observation]:
        for path in (
            r"Microsoft\Windows NT\CurrentVersion\Windows",
            r"Microsoft\Windows Defender\Exclusions\Paths",
            r"Microsoft\Windows Defender\Exclusions\Processes",
            r"Policies\Google\Chrome\ExtensionInstallForcelist",
            r"Policies\Microsoft\Edge\ExtensionInstallForcelist",
            r"Microsoft\Windows NT\CurrentVersion\Ports",
            r"Microsoft\Command Processor",
            r"Microsoft\NetSh",
        ):
            yield from self._as_exported(self._at(path), "HKEY_LOCAL_MACHINE\\SOFTWARE")
        for path in (
            r"Google\Chrome\Extensions",
            r"WOW6432Node\Google\Chrome\Extensions",
            r"Microsoft\Edge\Extensions",
        ):
            for key in _sub(self._at(path)):
                yield from self._as_exported(key, "HKEY_LOCAL_MACHINE\\SOFTWARE")

    def _user_hooks(self) -> Iterator[Observation]:
        for path in (
            r"Software\Microsoft\Windows\CurrentVersion\Internet Settings",
            r"Software\Policies\Google\Chrome\ExtensionInstallForcelist",
            r"Software\Policies\Microsoft\Edge\ExtensionInstallForcelist",
            "Environment",
            r"Software\Microsoft\Command Processor",
            r"Control Panel\Desktop",
            r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders",
        ):
            yield from self._as_exported(self._at(path), "HKEY_CURRENT_USER")

    def _printers(self) -> Iterator[Observation]:
        yield from self._printer_keys(self._at(r"Microsoft\Windows NT\CurrentVersion\Print\Printers"))

    def _policies(self) -> Iterator[Observation]:
        key = self._at(r"Policies\Microsoft\Windows NT\Terminal Services")
        shadow = _value(key, "Shadow")
        if isinstance(shadow, int) and shadow:
            yield self._seen("setting", key, name="rdp_shadow", command=f"Shadow={shadow}")
        defender = self._at(r"Policies\Microsoft\Windows Defender")
        if _value(defender, "DisableAntiSpyware") == 1:
            yield self._seen("setting", defender, name="antivirus_off", command="DisableAntiSpyware=1")

    def _hidden_accounts(self) -> Iterator[Observation]:
        key = self._at(r"Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts\UserList")
        for name, shown in _values(key):
            if shown == 0:
                yield self._seen("setting", key, name="hidden_account", command=name)

    def _makers(self) -> Iterator[Observation]:
        for prefix in ("", "WOW6432Node"):
            yield from self._maker_keys(self._at(prefix) if prefix else self._root, "SOFTWARE")

    def _maker_keys(self, parent: _Key | None, name: str) -> Iterator[Observation]:
        for key in _sub(parent):
            for child in (
                (key, *_sub(key)) if key.name().lower() in {"oray", "netease", "clients"} else (key,)
            ):
                if child.name().lower() not in {"microsoft", "classes", "wow6432node", "policies", "clients"}:
                    tail = _path(child).split("\\", 1)[-1]
                    yield self._seen("program_seen", child, path=f"{name}\\{tail}\\", marks=("registry",))

    # NTUSER

    def _user_run_keys(self) -> Iterator[Observation]:
        yield from self._run_values("Software\\")

    def _user_installed(self) -> Iterator[Observation]:
        yield from self._uninstall(r"Software\Microsoft\Windows\CurrentVersion\Uninstall")

    def _user_makers(self) -> Iterator[Observation]:
        yield from self._maker_keys(self._at("Software"), "SOFTWARE")

    def _user_printers(self) -> Iterator[Observation]:
        key = self._at(r"Printers\Connections")
        for each in _sub(key):
            yield self._seen("printer", each, name=each.name().replace(",", "\\"))

    def _user_assist(self) -> Iterator[Observation]:
        for group in _sub(self._at(r"Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist")):
            for counts in _sub(group):
                for name, data in _values(counts):
                    path = codecs.decode(name, "rot13")
                    if not isinstance(data, bytes) or ".exe" not in path.lower():
                        continue
                    when, count = None, 1
                    if len(data) >= 68:  # noqa: PLR2004 - Windows 7 and later
                        when, count = (
                            filetime(struct.unpack_from("<Q", data, 60)[0]),
                            struct.unpack_from("<I", data, 4)[0],
                        )
                    elif len(data) >= 16:  # noqa: PLR2004
                        when = filetime(struct.unpack_from("<Q", data, 8)[0])
                    path = _GUID.sub("", path.removeprefix("UEME_RUNPATH:"))
                    yield self._seen(
                        "program_run",
                        counts,
                        time=when,
                        name=base_name(path),
                        path=program_path(path),
                        count=max(count, 1),
                        marks=("userassist",),
                    )

    # Amcache

    def _amcache(self) -> Iterator[Observation]:
        for key in _sub(self._at(r"Root\InventoryApplicationFile")):
            path = str(_value(key, "LowerCaseLongPath") or "")
            if path:
                yield self._seen(
                    "program_seen",
                    key,
                    name=str(_value(key, "Name") or base_name(path)).lower(),
                    path=program_path(path),
                    signer=str(_value(key, "Publisher") or ""),
                    product=str(_value(key, "ProductName") or ""),
                    original=str(_value(key, "OriginalFileName") or ""),
                    command=str(_value(key, "FileId") or ""),
                    marks=("amcache",),
                )
        for key in _sub(self._at(r"Root\InventoryApplication")):
            name = str(_value(key, "Name") or "")
            if name:
                yield self._seen(
                    "program_installed",
                    key,
                    name=name,
                    path=str(_value(key, "RootDirPath") or "").lower(),
                    signer=str(_value(key, "Publisher") or ""),
                    marks=("amcache",),
                )

    def _amcache_old(self) -> Iterator[Observation]:
        for volume in _sub(self._at(r"Root\File")):
            for key in _sub(volume):
                path = str(_value(key, "15") or "")
                if path:
                    yield self._seen(
                        "program_seen",
                        key,
                        name=base_name(path),
                        path=program_path(path),
                        signer=str(_value(key, "1") or ""),
                        product=str(_value(key, "0") or ""),
                        command=str(_value(key, "101") or ""),
                        marks=("amcache",),
                    )


def _exported(value: Any) -> str | int:  # noqa: ANN401 - what the registry holds
    """Return a value as a text export gives it; binary ones say nothing here."""
    if isinstance(value, list):
        return "\0".join(map(str, value))
    return value if isinstance(value, str | int) else ""


def _sub(key: _Key | None) -> list[_Key]:
    return list(key.subkeys()) if key is not None else []


def _values(key: _Key | None) -> Iterator[tuple[str, Any]]:
    for value in key.values() if key is not None else ():
        try:
            yield value.name(), value.value()
        except Exception:  # noqa: BLE001, S112 - one damaged value does not stop the key
            continue


def _value(key: _Key | None, name: str) -> Any:  # noqa: ANN401 - what the registry holds
    return next((data for known, data in _values(key) if known.lower() == name.lower()), None)


def _written(key: _Key) -> datetime | None:
    try:
        when: datetime = key.timestamp()
    except (OverflowError, ValueError):
        return None
    return when.replace(tzinfo=UTC)


def _path(key: _Key) -> str:
    return str(key.path()).partition("\\")[2] or str(key.path())


def _plain(text: str) -> str:
    return "" if text.startswith("@") else text


def _shim_entries(data: bytes) -> Iterator[tuple[str, datetime | None]]:
    """Yield path and the file's own time from AppCompatCache of Windows 8 to 11; Windows 7 (64 bit) too."""
    (head,) = struct.unpack_from("<I", data)
    if head == 0xBADC0FEE:  # noqa: PLR2004 - Windows 7
        (count,) = struct.unpack_from("<I", data, 4)
        for entry in range(min(count, 1024)):
            at = 128 + entry * 48
            if at + 48 > len(data):
                return
            size, _, where, ticks = struct.unpack_from("<HHxxxxQQ", data, at)
            yield data[where : where + size].decode("utf-16-le", "replace"), filetime(ticks)
        return
    at = data.find(b"10ts", 0, 256)
    at = data.find(b"00ts", 0, 256) if at < 0 else at
    while at >= 0 and at + 14 <= len(data) and data[at : at + 4] in {b"10ts", b"00ts"}:
        (length,) = struct.unpack_from("<I", data, at + 8)
        (size,) = struct.unpack_from("<H", data, at + 12)
        path = data[at + 14 : at + 14 + size].decode("utf-16-le", "replace")
        end = at + 14 + size
        ticks = struct.unpack_from("<Q", data, end)[0] if end + 8 <= len(data) else 0
        yield path, filetime(ticks)
        at += 12 + length
