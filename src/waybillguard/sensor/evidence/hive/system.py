"""Reads the SYSTEM hive: services, the print system, remote desktop, program runs, USB disks, device stack drivers."""

import struct
from collections.abc import Iterator
from datetime import datetime

from waybillguard.sensor.evidence.clock import filetime
from waybillguard.sensor.evidence.hive.keys import HiveKeys, Key, sub, value_of, values_of
from waybillguard.sensor.evidence.registry_keys import FILTERED, RDP_PORT
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, program_path

_DRIVER_TYPES = {1, 2, 8}


class SystemHive(HiveKeys):
    """Reader of the SYSTEM hive."""

    def _control(self, rest: str) -> Key | None:
        current = value_of(self.tops.get("select"), "Current")
        names = [f"ControlSet{int(current):03}"] if isinstance(current, int) else []
        names += sorted(name for name in self.tops if name.startswith("controlset"))
        return next((key for name in names if (key := self.at(f"{name}\\{rest}")) is not None), None)

    def _zone(self) -> Iterator[Observation]:
        zone = self._control(r"Control\TimeZoneInformation")
        bias = value_of(zone, "ActiveTimeBias")
        if not isinstance(bias, int):
            bias = value_of(zone, "Bias")
        if isinstance(bias, int):
            self.offset = -(bias if bias < 1 << 31 else bias - (1 << 32))
        self.computer = str(
            value_of(self._control(r"Control\ComputerName\ComputerName"), "ComputerName") or ""
        )
        yield from ()

    def _services(self) -> Iterator[Observation]:
        for key in sub(self._control("Services")):
            image = str(value_of(key, "ImagePath") or "")
            self.records += 1
            if not image:
                continue
            library = ""
            if "svchost" in image.lower():
                parameters = next((each for each in sub(key) if each.name().lower() == "parameters"), None)
                library = str(value_of(parameters, "ServiceDll") or value_of(key, "ServiceDll") or "")
            kind = value_of(key, "Type")
            yield self.seen(
                "service",
                key,
                name=key.name(),
                path=program_path(library or image),
                command=image,
                account=str(value_of(key, "ObjectName") or ""),
                product=_plain(str(value_of(key, "DisplayName") or "")),
                marks=("driver",) if kind in _DRIVER_TYPES else (),
            )

    def _print_parts(self) -> Iterator[Observation]:
        for key in sub(self._control(r"Control\Print\Monitors")):
            yield self.seen(
                "print_monitor", key, name=key.name(), path=str(value_of(key, "Driver") or "").lower()
            )
            for ports in sub(key):
                for port in sub(ports):
                    command = str(value_of(port, "Command") or value_of(port, "Arguments") or "")
                    if command:
                        yield self.seen(
                            "print_monitor",
                            port,
                            name=f"{key.name()} {port.name()}",
                            path=program_path(command),
                            command=command,
                        )
                    host = str(value_of(port, "HostName") or value_of(port, "IPAddress") or "")
                    if host:
                        yield self.seen("printer", port, name=port.name(), command=host, marks=("port",))
        for place in sub(self._control(r"Control\Print\Environments")):
            for processors in sub(place):
                if processors.name().lower() != "print processors":
                    continue
                for key in sub(processors):
                    yield self.seen(
                        "print_processor",
                        key,
                        name=key.name(),
                        path=str(value_of(key, "Driver") or "").lower(),
                    )
        yield from self.printer_keys(self._control(r"Control\Print\Printers"))

    def _remote_desktop(self) -> Iterator[Observation]:
        server = self._control(r"Control\Terminal Server")
        if value_of(server, "fDenyTSConnections") == 0:
            yield self.seen("setting", server, name="rdp_enabled", command="fDenyTSConnections=0")
        listener = self._control(r"Control\Terminal Server\WinStations\RDP-Tcp")
        port = value_of(listener, "PortNumber")
        if isinstance(port, int) and port != RDP_PORT:
            yield self.seen("setting", listener, name="rdp_port", command=str(port), port=port)
        parameters = self._control(r"Services\TermService\Parameters")
        library = str(value_of(parameters, "ServiceDll") or "")
        if library and base_name(library) != "termsrv.dll":
            yield self.seen(
                "setting", parameters, name="rdp_service_dll", path=program_path(library), command=library
            )
        for protocol in ("v4tov4", "v4tov6", "v6tov4", "v6tov6"):
            forwards = self._control(rf"Services\PortProxy\{protocol}\tcp")
            for value in forwards.values() if forwards is not None else ():
                yield self.seen(
                    "port_forward", forwards, name=value.name(), command=f"{value.name()} → {value.value()}"
                )
        for name, text in values_of(
            self._control(r"Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules")
        ):
            rule = dict(part.split("=", 1) for part in str(text).split("|") if "=" in part)
            if rule.get("Action") == "Allow" and rule.get("Dir") == "In" and rule.get("App"):
                yield self.seen(
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
            for user in sub(self._control(service)):
                for name, data in values_of(user):
                    if isinstance(data, bytes) and len(data) >= 8 and "\\" in name:  # noqa: PLR2004
                        when = filetime(struct.unpack_from("<Q", data)[0])
                        yield self.seen(
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
        data = value_of(key, "AppCompatCache")
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
        for device in sub(self._control(r"Enum\USBSTOR")):
            for instance in sub(device):
                yield self.seen(
                    "usb_storage",
                    instance,
                    name=str(value_of(instance, "FriendlyName") or device.name()),
                    path=device.name(),
                )

    def _system_hooks(self) -> Iterator[Observation]:
        for place in FILTERED:
            yield from self.as_exported(
                self._control(rf"Control\Class\{place}"), "HKEY_LOCAL_MACHINE\\SYSTEM"
            )
        yield from self.as_exported(self._control(r"Control\Lsa"), "HKEY_LOCAL_MACHINE\\SYSTEM")
        yield from self.as_exported(self._control(r"Control\Print\Printers"), "HKEY_LOCAL_MACHINE\\SYSTEM")
        for path in (
            r"Control\Print\Providers",
            r"Control\Keyboard Layouts",
            r"Services\Dnscache\Parameters\DnsPolicyConfig",
            r"Control\SafeBoot\Minimal",
            r"Control\SafeBoot\Network",
        ):
            for key in sub(self._control(path)):
                yield from self.as_exported(key, "HKEY_LOCAL_MACHINE\\SYSTEM")


def _plain(text: str) -> str:
    return "" if text.startswith("@") else text


def _shim_entries(data: bytes) -> Iterator[tuple[str, datetime | None]]:
    """Yield path and file time from AppCompatCache of Windows 8 to 11 and Windows 7 (64 bit)."""
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
