"""Translates Sysmon's events: programs, connections, libraries, drivers, files, the registry.

Source of numbers and fields: Sysmon's documentation.
"""

import re

from waybillguard.sensor.evidence.event import Event, Meaning
from waybillguard.sensor.evidence.registry_keys.loads import class_hook
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.parts import is_own_place, system_parts
from waybillguard.sensor.paths import (
    base_name,
    is_forward,
    is_installed_place,
    is_spool,
    is_user_writable,
    port_number,
    program_path,
)

SYSMON = "microsoft-windows-sysmon"
_CLASS = re.compile(
    r"\\CLSID\\(\{[0-9A-F-]{36}\})\\(?:InprocServer32|LocalServer32|TreatAs)\b", re.IGNORECASE
)
_SETTINGS = (
    ("rdp_shadow", re.compile(r"\\Terminal Services(?:\\Shadow)?$", re.IGNORECASE)),
    ("rdp_enabled", re.compile(r"\\Terminal Server\\fDenyTSConnections$", re.IGNORECASE)),
    ("rdp_port", re.compile(r"\\RDP-Tcp\\PortNumber$", re.IGNORECASE)),
    ("rdp_service_dll", re.compile(r"\\TermService\\Parameters\\ServiceDll$", re.IGNORECASE)),
    ("port_proxy", re.compile(r"\\PortProxy\\v4tov4\\", re.IGNORECASE)),
    ("hidden_account", re.compile(r"\\SpecialAccounts\\UserList\\", re.IGNORECASE)),
)


def _process_sysmon(event: Event) -> Observation:
    path, command = event.get("Image"), event.get("CommandLine")
    kind: Kind = "port_forward" if is_forward(command) else "program_run"
    return event.seen(
        kind,
        name=base_name(path),
        path=program_path(path),
        command=command,
        account=event.get("User"),
        product=event.get("Product", "Description"),
        original=event.get("OriginalFileName"),
        signer=event.get("Company"),
        origin_name=base_name(event.get("ParentImage")),
    )


def _connection_sysmon(event: Event) -> Observation:
    port = event.get("DestinationPort")
    return event.seen(
        "connection",
        name=base_name(event.get("Image")),
        path=program_path(event.get("Image")),
        account=event.get("User"),
        origin=event.get("DestinationIp"),
        origin_name=event.get("DestinationHostname"),
        port=port_number(port),
    )


def _dns_sysmon(event: Event) -> Observation:
    return event.seen(
        "dns",
        name=base_name(event.get("Image")),
        path=program_path(event.get("Image")),
        origin_name=event.get("QueryName"),
    )


def registry_written(event: Event) -> Observation | None:
    """Return a registry write, if the value is one of the relevant ones."""
    key = event.get("TargetObject")
    for name, pattern in _SETTINGS:
        if pattern.search(key):
            return event.seen(
                "setting",
                name=name,
                path=key,
                command=event.get("Details", "EventType"),
                account=event.get("User"),
                origin_name=base_name(event.get("Image")),
            )
    if re.search(r"\\Print\\(?:Monitors|Environments\\[^\\]+\\Print Processors)\\", key, re.IGNORECASE):
        kind: Kind = "print_monitor" if "\\Monitors\\" in key else "print_processor"
        name = re.split(r"\\(?:Monitors|Print Processors)\\", key, flags=re.IGNORECASE)[-1].partition("\\")[0]
        return event.seen(kind, name=name, path=event.get("Details"), account=event.get("User"))
    taken, path = _CLASS.search(key), program_path(event.get("Details"))
    if taken and (place := class_hook(key.partition("\\")[0], path)):
        return event.seen("hook", name=place, path=path, command=taken[1].lower(), account=event.get("User"))
    if re.search(r"\\CurrentVersion\\(?:Run|RunOnce)\\", key, re.IGNORECASE):
        details = event.get("Details")
        return event.seen(
            "autorun", name=key.rpartition("\\")[2], path=program_path(details), command=details
        )
    return None


def _driver_sysmon(event: Event) -> Observation:
    path = event.get("ImageLoaded")
    return event.seen(
        "service",
        name=base_name(path).removesuffix(".sys"),
        path=program_path(path),
        signer=event.get("Signature"),
        marks=("driver",),
    )


def _library_sysmon(event: Event) -> Observation | None:
    """Return a library in the print service from an unusual place, or an unsigned one foreign to its program."""
    path = program_path(event.get("ImageLoaded"))
    spooler = base_name(event.get("Image")) in {"spoolsv.exe", "printisolationhost.exe"}
    elsewhere = spooler and not is_installed_place(path)
    unsigned = event.get("Signed").lower() == "false"
    borrowed = (
        unsigned
        and base_name(path) in system_parts().borrowed_libraries
        and not path.startswith("c:\\windows\\")
    )
    # Programs in a user folder load their own libraries; one loaded into another maker's program is unusual.
    image = program_path(event.get("Image"))
    foreign = (unsigned and is_own_place(path) and is_installed_place(image)) or (
        unsigned and is_user_writable(path) and image.startswith("c:\\windows\\")
    )
    if not elsewhere and not borrowed and not foreign:
        return None
    name = "print_library" if spooler else "borrowed_library" if borrowed else "foreign_library"
    return event.seen("hook", name=name, path=path, command=event.get("Image"))


def _thread_sysmon(event: Event) -> Observation | None:
    """Return code injected into another process by a program outside the program folders."""
    source = program_path(event.get("SourceImage"))
    return (
        None
        if is_installed_place(source)
        else event.seen("hook", name="injected", path=source, command=event.get("TargetImage"))
    )


def _file_sysmon(event: Event) -> Observation | None:
    path = event.get("TargetFilename")
    if re.search(r"\.(?:spl|shd)$", path, re.IGNORECASE) and not is_spool(path):
        image = event.get("Image")
        return event.seen(
            "print_access",
            name=base_name(image),
            path=program_path(image),
            command=path,
            account=event.get("User"),
        )
    if not re.search(r"\\(?:startup|xlstart)\\|\\spool\\(?:prtprocs|drivers)\\", path, re.IGNORECASE):
        return None
    return event.seen(
        "program_seen", name=base_name(path), path=program_path(path), account=event.get("User")
    )


SYSMON_MEANINGS: dict[tuple[str, int], Meaning] = {
    (SYSMON, 1): _process_sysmon,
    (SYSMON, 3): _connection_sysmon,
    (SYSMON, 6): _driver_sysmon,
    (SYSMON, 7): _library_sysmon,
    (SYSMON, 8): _thread_sysmon,
    (SYSMON, 11): _file_sysmon,
    (SYSMON, 12): registry_written,
    (SYSMON, 13): registry_written,
    (SYSMON, 22): _dns_sysmon,
}
