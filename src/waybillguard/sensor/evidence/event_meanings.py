"""Translates single Windows events into observations about a print PC.

A table maps provider and event number to a small function that turns the event's fields into an observation.
Sources of numbers and fields: Microsoft's documentation of each provider, and the author-named logs of
EVTX-to-MITRE-Attack (CC0).
"""

import re

import msgspec

from waybillguard.sensor.evidence.clock import iso
from waybillguard.sensor.evidence.event import SECURITY, Event, Meaning, account_of
from waybillguard.sensor.evidence.event_scripts import SCRIPT_EVENTS
from waybillguard.sensor.evidence.event_sessions import SESSION_MEANINGS
from waybillguard.sensor.evidence.event_sysmon import SYSMON, SYSMON_MEANINGS, registry_written
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.paths import (
    base_name,
    is_forward,
    is_phone_network,
    is_print_store,
    port_number,
    program_path,
)

_SCM = "service control manager"
_EVENTLOG = "microsoft-windows-eventlog"
_MSI = "msiinstaller"
_TASKS = "microsoft-windows-taskscheduler"
_FIREWALL = "microsoft-windows-windows firewall with advanced security"
_PRINT = "microsoft-windows-printservice"


def _service_7045(event: Event) -> Observation:
    path = event.get("ImagePath", "1")
    return event.seen(
        "service_installed", name=event.get("ServiceName", "0"), path=program_path(path), command=path
    )


def _service_4697(event: Event) -> Observation:
    path = event.get("ServiceFileName")
    return event.seen(
        "service_installed",
        name=event.get("ServiceName"),
        path=program_path(path),
        command=path,
        account=account_of(event),
    )


def _process_4688(event: Event) -> Observation:
    path, command = event.get("NewProcessName"), event.get("CommandLine")
    kind: Kind = "port_forward" if is_forward(command) else "program_run"
    return event.seen(
        kind,
        name=base_name(path),
        path=program_path(path),
        command=command,
        account=account_of(event),
        origin_name=base_name(event.get("ParentProcessName")),
    )


def _registry_4657(event: Event) -> Observation | None:
    joined = msgspec.structs.replace(
        event,
        fields={
            "TargetObject": f"{event.get('ObjectName')}\\{event.get('ObjectValueName')}",
            "Details": event.get("NewValue"),
            "User": account_of(event),
            "Image": event.get("ProcessName"),
        },
    )
    return registry_written(joined)


def _cleared(event: Event) -> Observation:
    return event.seen("log_cleared", name=event.get("Channel") or event.channel, account=account_of(event))


def _account_created(event: Event) -> Observation:
    return event.seen(
        "account_created",
        name=event.get("TargetUserName", "SamAccountName"),
        account=account_of(event),
        session=event.get("TargetSid"),
    )


def _account_deleted(event: Event) -> Observation:
    return event.seen("account_deleted", name=event.get("TargetUserName"), account=account_of(event))


def _account_raised(event: Event) -> Observation | None:
    if event.get("TargetSid") not in {"S-1-5-32-544", "S-1-5-32-555"}:
        return None
    return event.seen(
        "account_raised",
        name=event.get("MemberName").partition(",")[0].removeprefix("CN=") or event.get("MemberSid"),
        command=event.get("TargetUserName"),
        account=account_of(event),
        session=event.get("MemberSid"),
    )


def _firewall(event: Event) -> Observation:
    return event.seen(
        "firewall_rule",
        name=event.get("RuleName"),
        path=program_path(event.get("ApplicationPath")),
        command=" ".join(
            f"{short}={event.get(field) or '*'}"
            for short, field in (
                ("direction", "Direction"),
                ("action", "Action"),
                ("protocol", "Protocol"),
                ("ports", "LocalPorts"),
                ("from", "RemoteAddresses"),
            )
        ),
        account=event.get("ModifyingUser"),
        origin_name=base_name(event.get("ModifyingApplication")),
    )


def _msi(event: Event) -> Observation:
    text = event.get("0", "Data")
    name = re.sub(r"^(?:Product|产品)[:：]\s*", "", text).partition(" -- ")[0]
    removed = event.number in {1034, 11724}
    return event.seen(
        "program_removed" if removed else "program_installed",
        name=name,
        account=event.user,
        signer=event.get("5"),
    )


def _task_4698(event: Event) -> Observation:
    text = event.get("TaskContent")
    command = re.search(r"<Command>(.*?)</Command>", text, re.DOTALL)
    arguments = re.search(r"<Arguments>(.*?)</Arguments>", text, re.DOTALL)
    line = f"{command[1] if command else ''} {arguments[1] if arguments else ''}".strip()
    return event.seen(
        "task",
        name=event.get("TaskName"),
        path=program_path(command[1]) if command else "",
        command=line,
        account=account_of(event),
        marks=("created",),
    )


def _task_registered(event: Event) -> Observation:
    return event.seen(
        "task", name=event.get("TaskName"), account=event.get("UserContext", "UserName"), marks=("created",)
    )


def _task_ran(event: Event) -> Observation | None:
    """Return the program that a task started (200: the action; 129: the process)."""
    command = event.get("ActionName", "Path")
    return (
        event.seen("task", name=event.get("TaskName"), path=program_path(command), command=command)
        if command
        else None
    )


def _printed(event: Event) -> Observation:
    return event.seen(
        "document_printed",
        name=event.get("Param5"),
        command=event.get("Param6"),
        session=f"{event.get('Param7')}:{event.get('Param8')}",
        account=event.get("Param3"),
        origin_name=event.get("Param4"),
    )


def _driver_added(event: Event) -> Observation:
    return event.seen("printer", name=event.get("Param1", "Param2"), account=event.user, marks=("created",))


def _boot(event: Event) -> Observation:
    return event.seen("boot", name=f"{event.provider} {event.number}")


def _wake(event: Event) -> Observation:
    return event.seen("wake", name=event.get("WakeSourceText", "WakeSourceType"))


def _usb(event: Event) -> Observation | None:
    typing = re.search(
        r"VID_[0-9A-F]{4}&PID_[0-9A-F]{4}",
        event.get("DeviceId", "DeviceInstanceID", "InstanceId"),
        re.IGNORECASE,
    )
    if typing and event.get("ClassName").lower() == "keyboard":
        return event.seen("posing_device", name=typing[0].upper(), product="keyboard")
    device = event.get(
        "DeviceInstanceID", "DeviceId", "InstanceId", "ParentId", "lifetime", "DriverName", "ClassName"
    )
    text = " ".join(event.fields.values())
    if not re.search(r"USBSTOR|WPDBUSENUM|DiskDrive|\bWPD\b", text, re.IGNORECASE):
        return None
    return event.seen(
        "usb_storage", name=(event.get("Model", "DeviceDescription") or device)[:120], path=device
    )


def _defender_changed(event: Event) -> Observation | None:
    """Return an antivirus exclusion of a folder, file or program (5007)."""
    told = re.search(
        r"\\Exclusions\\\w+\\(.+?)\s*=\s*0x0", "\n".join([event.get("New Value"), *event.fields.values()])
    )
    return (
        event.seen("setting", name="antivirus_exclusion", path=told[1].lower(), command=told[1])
        if told
        else None
    )


def _object_opened(event: Event) -> Observation | None:
    """Return a program that opened a file of the spool, if the system audits it (4656, 4663)."""
    path, place = event.get("ProcessName"), event.get("ObjectName")
    if not is_print_store(place):
        return None
    return event.seen(
        "print_access",
        name=base_name(path),
        path=program_path(path),
        command=place,
        account=account_of(event),
    )


def _connection_5156(event: Event) -> Observation | None:
    """Return an outgoing connection that the filtering platform permitted."""
    path = event.get("Application", "ApplicationName")
    if event.get("Direction") not in {"%%14593", "Outbound", "出站"}:
        return None
    return event.seen(
        "connection",
        name=base_name(path),
        path=program_path(path),
        origin=event.get("DestAddress"),
        port=port_number(event.get("DestPort")),
    )


def _network_joined(event: Event) -> Observation | None:
    """Return a connection to a wireless network with a phone's name (WLAN 8001, NetworkProfile 10000)."""
    name = event.get("SSID", "Name")
    return (
        event.seen("posing_device", name=f"Wi-Fi {name}", product="network")
        if is_phone_network(name)
        else None
    )


def _print_module(event: Event) -> Observation | None:
    """Return a part of the print system that could not be loaded, and is therefore configured (808)."""
    library = re.search(r"[\w\\:. -]+\.dll", " ".join(event.fields.values()), re.IGNORECASE)
    if library is None:
        return None
    # The time is that of a service start, not of the installation.
    found = event.seen("print_monitor", name=base_name(library[0]), path=base_name(library[0]))
    return msgspec.structs.replace(found, time=None)


def _defender(event: Event) -> Observation:
    if event.number in {5001, 5010, 5012}:
        return event.seen("setting", name="antivirus_off", command=str(event.number))
    return event.seen(
        "rule_match",
        name=event.get("Threat Name"),
        path=program_path(event.get("Path").removeprefix("file:_")),
        account=event.get("Detection User"),
        origin_name="Windows Defender",
    )


def _subscription(event: Event) -> Observation | None:
    """Return a permanent WMI subscription of the two consumer types that start programs; the others write logs."""
    name, cause = event.get("CONSUMER", "Name", "Consumer"), event.get("PossibleCause", "Destination", "Type")
    if not re.search(r"CommandLine|ActiveScript|command line|script", f"{name} {cause}", re.IGNORECASE):
        return None
    template = re.search(r"CommandLineTemplate\s*=\s*\"?(.*?)\"?\s*;", cause, re.DOTALL)
    command = template[1] if template else event.get("Destination")
    return event.seen(
        "autorun",
        name=name.partition('"')[2].rstrip('"') or name,
        path=program_path(command),
        command=command,
        account=event.get("User"),
        marks=("subscription",),
    )


def _clock(event: Event) -> Observation | None:
    old, new = iso(event.get("OldTime", "PreviousTime")), iso(event.get("NewTime"))
    if old is None or new is None or (old.tzinfo is None) != (new.tzinfo is None):
        return None
    if abs((new - old).total_seconds()) < 3600:  # noqa: PLR2004 - less is the time service at work
        return None
    return event.seen(
        "clock", name="jump", command=f"{old.isoformat()} → {new.isoformat()}", account=event.user
    )


MEANINGS: dict[tuple[str, int], Meaning] = {
    **SESSION_MEANINGS,
    **SYSMON_MEANINGS,
    (_SCM, 7045): _service_7045,
    (SECURITY, 4697): _service_4697,
    (SECURITY, 4688): _process_4688,
    (SECURITY, 4657): _registry_4657,
    (SECURITY, 4698): _task_4698,
    (SECURITY, 4720): _account_created,
    (SECURITY, 4726): _account_deleted,
    (SECURITY, 4732): _account_raised,
    (SECURITY, 4656): _object_opened,
    (SECURITY, 4663): _object_opened,
    (SECURITY, 5156): _connection_5156,
    (SECURITY, 6416): _usb,
    (SECURITY, 4616): _clock,
    (_EVENTLOG, 104): _cleared,
    (_EVENTLOG, 1102): _cleared,
    ("eventlog", 6005): _boot,
    ("microsoft-windows-kernel-general", 12): _boot,
    ("microsoft-windows-kernel-general", 1): _clock,
    ("microsoft-windows-power-troubleshooter", 1): _wake,
    **{(_MSI, number): _msi for number in (1033, 1034, 11707, 11724)},
    (_TASKS, 106): _task_registered,
    (_TASKS, 140): _task_registered,
    (_TASKS, 129): _task_ran,
    (_TASKS, 200): _task_ran,
    **{(_FIREWALL, number): _firewall for number in (2004, 2005, 2097)},
    (_PRINT, 307): _printed,
    (_PRINT, 300): _driver_added,
    (_PRINT, 316): _driver_added,
    (_PRINT, 808): _print_module,
    ("microsoft-windows-wlan-autoconfig", 8001): _network_joined,
    ("microsoft-windows-networkprofile", 10000): _network_joined,
    ("microsoft-windows-windows defender", 5007): _defender_changed,
    ("microsoft-windows-driverframeworks-usermode", 2003): _usb,
    ("microsoft-windows-userpnp", 20001): _usb,
    ("microsoft-windows-userpnp", 20003): _usb,
    ("microsoft-windows-partition", 1006): _usb,
    ("microsoft-windows-wmi-activity", 5861): _subscription,
    (SYSMON, 20): _subscription,
    ("microsoft-windows-windows defender", 1116): _defender,
    ("microsoft-windows-windows defender", 1117): _defender,
    ("microsoft-windows-windows defender", 5001): _defender,
}
NUMBERS = frozenset(number for _, number in (*MEANINGS, *SCRIPT_EVENTS))
"""Event numbers with a known meaning; all others are skipped before their JSON is parsed."""
