"""What single Windows events mean for a print PC.

A table from provider and event number to a small function that turns the event's fields into an observation.
Numbers and fields after Microsoft's documentation of each provider and the author-named logs of
EVTX-to-MITRE-Attack (CC0).
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from waybillguard.sensor.evidence.clock import iso
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.parts import system_parts
from waybillguard.sensor.paths import base_name, is_forward, is_installed_place, program_path


class Event(msgspec.Struct, frozen=True):
    """One event: where it lies, when it was, its provider and its fields by name."""

    file: str
    record: str
    time: datetime | None
    provider: str
    number: int
    channel: str
    fields: dict[str, str]
    user: str = ""

    def get(self, *names: str) -> str:
        """Return the first of these fields that says something."""
        for name in names:
            value = self.fields.get(name, "")
            if value and value not in {"-", "%%1793", "%%1794"}:
                return value
        return ""

    def seen(self, kind: Kind, **values: Any) -> Observation:  # noqa: ANN401 - the observation's own fields
        """Build an observation that points at this event."""
        return Observation(kind=kind, file=self.file, record=self.record, time=self.time, **values)


type Meaning = Callable[[Event], Observation | None]

_SCM = "service control manager"
_SECURITY = "microsoft-windows-security-auditing"
_EVENTLOG = "microsoft-windows-eventlog"
_SESSIONS = "microsoft-windows-terminalservices-localsessionmanager"
_REMOTE = "microsoft-windows-terminalservices-remoteconnectionmanager"
_RDP_CORE = "microsoft-windows-remotedesktopservices-rdpcorets"
_MSI = "msiinstaller"
_SYSMON = "microsoft-windows-sysmon"
_TASKS = "microsoft-windows-taskscheduler"
_FIREWALL = "microsoft-windows-windows firewall with advanced security"
_PRINT = "microsoft-windows-printservice"
_LOOPBACK = {"", "-", "LOCAL", "本地", "::1", "127.0.0.1", "::ffff:127.0.0.1"}
_SETTINGS = (
    ("rdp_shadow", re.compile(r"\\Terminal Services(?:\\Shadow)?$", re.IGNORECASE)),
    ("rdp_enabled", re.compile(r"\\Terminal Server\\fDenyTSConnections$", re.IGNORECASE)),
    ("rdp_port", re.compile(r"\\RDP-Tcp\\PortNumber$", re.IGNORECASE)),
    ("rdp_service_dll", re.compile(r"\\TermService\\Parameters\\ServiceDll$", re.IGNORECASE)),
    ("port_proxy", re.compile(r"\\PortProxy\\v4tov4\\", re.IGNORECASE)),
    ("hidden_account", re.compile(r"\\SpecialAccounts\\UserList\\", re.IGNORECASE)),
)


def _account(event: Event, who: str = "Subject") -> str:
    name = event.get(f"{who}UserName", "User", "AccountName")
    domain = event.get(f"{who}DomainName", "AccountDomain")
    return f"{domain}\\{name}" if domain and name and "\\" not in name else name


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
        account=_account(event),
    )


def _process_4688(event: Event) -> Observation:
    path, command = event.get("NewProcessName"), event.get("CommandLine")
    kind: Kind = "port_forward" if is_forward(command) else "program_run"
    return event.seen(
        kind,
        name=base_name(path),
        path=program_path(path),
        command=command,
        account=_account(event),
        origin_name=base_name(event.get("ParentProcessName")),
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
        port=int(port) if port.isdigit() else 0,
    )


def _dns_sysmon(event: Event) -> Observation:
    return event.seen(
        "dns",
        name=base_name(event.get("Image")),
        path=program_path(event.get("Image")),
        origin_name=event.get("QueryName"),
    )


def _registry_sysmon(event: Event) -> Observation | None:
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
    if re.search(r"\\CurrentVersion\\(?:Run|RunOnce)\\", key, re.IGNORECASE):
        details = event.get("Details")
        return event.seen(
            "autorun", name=key.rpartition("\\")[2], path=program_path(details), command=details
        )
    return None


def _registry_4657(event: Event) -> Observation | None:
    joined = msgspec.structs.replace(
        event,
        fields={
            "TargetObject": f"{event.get('ObjectName')}\\{event.get('ObjectValueName')}",
            "Details": event.get("NewValue"),
            "User": _account(event),
            "Image": event.get("ProcessName"),
        },
    )
    return _registry_sysmon(joined)


def _cleared(event: Event) -> Observation:
    return event.seen("log_cleared", name=event.get("Channel") or event.channel, account=_account(event))


def _sign_in(event: Event) -> Observation | None:
    kind, origin = event.get("LogonType"), event.get("IpAddress")
    values = {
        "account": _account(event, "Target"),
        "session": event.get("TargetLogonId").lower(),
        "origin": "" if origin in _LOOPBACK else origin,
    }
    if kind == "10":
        values["origin"] = origin
        return event.seen(
            "session_start", tool="rdp", name="4624", origin_name=event.get("WorkstationName"), **values
        )
    if kind == "7" and values["origin"]:
        return event.seen("session_trace", tool="rdp", name="4624", **values)
    if kind in {"2", "11"} and not values["account"].rpartition("\\")[2].upper().startswith(
        ("DWM-", "UMFD-")
    ):
        return event.seen("sign_in", name=kind, **values)
    return None


def _sign_out(event: Event) -> Observation:
    return event.seen(
        "session_end",
        tool="rdp",
        name="4634",
        account=_account(event, "Target"),
        session=event.get("TargetLogonId").lower(),
    )


def _refused(event: Event) -> Observation | None:
    if event.get("LogonType") not in {"3", "10"} or event.get("IpAddress") in _LOOPBACK:
        return None
    return event.seen(
        "session_attempts",
        tool="rdp",
        name="4625",
        account=_account(event, "Target"),
        origin=event.get("IpAddress"),
    )


def _reconnect(event: Event) -> Observation:
    start = event.number == 4778  # noqa: PLR2004 - reconnected; 4779 is disconnected
    return event.seen(
        "session_start" if start else "session_end",
        tool="rdp",
        name=str(event.number),
        account=_account(event),
        session=event.get("LogonID").lower(),
        origin="" if event.get("ClientAddress") in _LOOPBACK else event.get("ClientAddress"),
        origin_name=event.get("ClientName"),
        command=event.get("SessionName"),
    )


def _denied_4825(event: Event) -> Observation:
    return event.seen(
        "session_attempts",
        tool="rdp",
        name="4825",
        account=_account(event),
        origin=event.get("ClientAddress"),
    )


def _local_session(event: Event) -> Observation | None:
    origin = event.get("Address")
    values: dict[str, Any] = {
        "tool": "rdp",
        "name": str(event.number),
        "account": event.get("User", "TargetUser"),
        "session": f"ts{event.get('SessionID', 'TargetSessionId', 'Session')}",
    }
    if event.number in {21, 22, 25}:
        if origin in _LOOPBACK - {"127.0.0.1", "::1", "::ffff:127.0.0.1"}:
            return event.seen("sign_in", name="2", account=values["account"]) if event.number == 21 else None  # noqa: PLR2004
        return event.seen("session_start", origin=origin, **values)
    return event.seen("session_end", origin=origin if origin not in _LOOPBACK else "", **values)


def _authenticated_1149(event: Event) -> Observation:
    domain, name = event.get("Param2"), event.get("Param1")
    return event.seen(
        "session_trace",
        tool="rdp",
        name="1149",
        account=f"{domain}\\{name}" if domain else name,
        origin=event.get("Param3"),
    )


def _rdp_core(event: Event) -> Observation | None:
    address = event.get("ClientIP", "IPString").strip("[]")
    host = address.rpartition(":")[0].strip("[]") if address.count(":") == 1 or "]:" in address else address
    if not host:
        return None
    return event.seen("session_attempts", tool="rdp", name=str(event.number), origin=host)


def _share(event: Event) -> Observation | None:
    share, target = event.get("ShareName"), event.get("RelativeTargetName")
    if not re.search(r"\\(?:ADMIN|[A-Z])\$$", share, re.IGNORECASE):
        return None
    return event.seen(
        "share_access",
        name=share.rpartition("\\")[2],
        path=target,
        account=_account(event),
        origin=event.get("IpAddress"),
    )


def _account_created(event: Event) -> Observation:
    return event.seen(
        "account_created",
        name=event.get("TargetUserName", "SamAccountName"),
        account=_account(event),
        session=event.get("TargetSid"),
    )


def _account_deleted(event: Event) -> Observation:
    return event.seen("account_deleted", name=event.get("TargetUserName"), account=_account(event))


def _account_raised(event: Event) -> Observation | None:
    if event.get("TargetSid") not in {"S-1-5-32-544", "S-1-5-32-555"}:
        return None
    return event.seen(
        "account_raised",
        name=event.get("MemberName").partition(",")[0].removeprefix("CN=") or event.get("MemberSid"),
        command=event.get("TargetUserName"),
        account=_account(event),
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
        account=_account(event),
        marks=("created",),
    )


def _task_registered(event: Event) -> Observation:
    return event.seen(
        "task", name=event.get("TaskName"), account=event.get("UserContext", "UserName"), marks=("created",)
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


def _shadowed(event: Event) -> Observation:
    """Somebody watches or steers another's session (20503 to 20508); the fields differ by version, so all are read."""
    texts = [value for value in event.fields.values() if value.strip()]
    address = next(
        (each for each in texts if re.fullmatch(r"[\d.]{7,15}|[0-9a-fA-F:]*:[0-9a-fA-F:]+", each)), ""
    )
    names = [each for each in texts if each != address and not each.isdigit()]
    return event.seen(
        "session_end" if event.number in {20504, 20507} else "session_start",
        tool="rdp",
        name="shadow",
        account=names[0] if names else event.user,
        origin=address,
        origin_name=names[1] if len(names) > 1 else "",
        session="shadow",
    )


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
    """A library in the print service from where none is installed, or an unsigned one under a name of Windows."""
    path = program_path(event.get("ImageLoaded"))
    spooler = base_name(event.get("Image")) in {"spoolsv.exe", "printisolationhost.exe"}
    elsewhere = spooler and not is_installed_place(path)
    borrowed = (
        event.get("Signed").lower() == "false"
        and base_name(path) in system_parts().borrowed_libraries
        and not path.startswith("c:\\windows\\")
    )
    if not elsewhere and not borrowed:
        return None
    return event.seen(
        "hook", name="print_library" if spooler else "borrowed_library", path=path, command=event.get("Image")
    )


def _thread_sysmon(event: Event) -> Observation | None:
    """Code that a program from no program's folder puts into another."""
    source = program_path(event.get("SourceImage"))
    return (
        None
        if is_installed_place(source)
        else event.seen("hook", name="injected", path=source, command=event.get("TargetImage"))
    )


def _file_sysmon(event: Event) -> Observation | None:
    path = event.get("TargetFilename")
    if not re.search(r"\\(?:startup|xlstart)\\|\\spool\\(?:prtprocs|drivers)\\", path, re.IGNORECASE):
        return None
    return event.seen(
        "program_seen", name=base_name(path), path=program_path(path), account=event.get("User")
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


def _sshd(event: Event) -> Observation | None:
    text = event.get("payload")
    accepted = re.match(r"Accepted \S+ for (\S+) from (\S+) port \d+", text)
    if accepted:
        return event.seen("session_start", tool="ssh", name="ssh", account=accepted[1], origin=accepted[2])
    ended = re.match(r"Disconnected from (?:user )?(\S+) (\S+) port", text)
    if ended:
        return event.seen("session_end", tool="ssh", account=ended[1], origin=ended[2])
    listening = re.match(r"Server listening on (\S+) port (\d+)", text)
    if listening:
        return event.seen("listener", name="sshd.exe", port=int(listening[2]), origin=listening[1])
    refused = re.match(r"Failed \w+ for (?:invalid user )?(\S+) from (\S+) port", text)
    if refused:
        return event.seen("session_attempts", tool="ssh", name="ssh", account=refused[1], origin=refused[2])
    return None


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
    """A permanent WMI subscription: the two kinds of consumer that start something; the others write logs."""
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
    (_SCM, 7045): _service_7045,
    (_SECURITY, 4697): _service_4697,
    (_SECURITY, 4688): _process_4688,
    (_SECURITY, 4624): _sign_in,
    (_SECURITY, 4634): _sign_out,
    (_SECURITY, 4647): _sign_out,
    (_SECURITY, 4625): _refused,
    (_SECURITY, 4657): _registry_4657,
    (_SECURITY, 4698): _task_4698,
    (_SECURITY, 4720): _account_created,
    (_SECURITY, 4726): _account_deleted,
    (_SECURITY, 4732): _account_raised,
    (_SECURITY, 4778): _reconnect,
    (_SECURITY, 4779): _reconnect,
    (_SECURITY, 4825): _denied_4825,
    (_SECURITY, 5140): _share,
    (_SECURITY, 5145): _share,
    (_SECURITY, 6416): _usb,
    (_SECURITY, 4616): _clock,
    (_EVENTLOG, 104): _cleared,
    (_EVENTLOG, 1102): _cleared,
    ("eventlog", 6005): _boot,
    ("microsoft-windows-kernel-general", 12): _boot,
    ("microsoft-windows-kernel-general", 1): _clock,
    ("microsoft-windows-power-troubleshooter", 1): _wake,
    (_SESSIONS, 21): _local_session,
    (_SESSIONS, 23): _local_session,
    (_SESSIONS, 24): _local_session,
    (_SESSIONS, 25): _local_session,
    (_REMOTE, 1149): _authenticated_1149,
    **{(_REMOTE, number): _shadowed for number in (20503, 20504, 20506, 20507, 20508)},
    (_RDP_CORE, 131): _rdp_core,
    (_RDP_CORE, 140): _rdp_core,
    (_MSI, 1033): _msi,
    (_MSI, 1034): _msi,
    (_MSI, 11707): _msi,
    (_MSI, 11724): _msi,
    (_SYSMON, 1): _process_sysmon,
    (_SYSMON, 3): _connection_sysmon,
    (_SYSMON, 6): _driver_sysmon,
    (_SYSMON, 7): _library_sysmon,
    (_SYSMON, 8): _thread_sysmon,
    (_SYSMON, 11): _file_sysmon,
    (_SYSMON, 12): _registry_sysmon,
    (_SYSMON, 13): _registry_sysmon,
    (_SYSMON, 22): _dns_sysmon,
    (_TASKS, 106): _task_registered,
    (_TASKS, 140): _task_registered,
    (_FIREWALL, 2004): _firewall,
    (_FIREWALL, 2005): _firewall,
    (_FIREWALL, 2097): _firewall,
    (_PRINT, 307): _printed,
    (_PRINT, 300): _driver_added,
    (_PRINT, 316): _driver_added,
    ("microsoft-windows-driverframeworks-usermode", 2003): _usb,
    ("microsoft-windows-userpnp", 20001): _usb,
    ("microsoft-windows-userpnp", 20003): _usb,
    ("microsoft-windows-partition", 1006): _usb,
    ("openssh", 4): _sshd,
    ("microsoft-windows-wmi-activity", 5861): _subscription,
    (_SYSMON, 20): _subscription,
    ("microsoft-windows-windows defender", 1116): _defender,
    ("microsoft-windows-windows defender", 1117): _defender,
    ("microsoft-windows-windows defender", 5001): _defender,
}
NUMBERS = frozenset(number for _, number in MEANINGS)
"""Event numbers that may mean something; all others are passed over before their JSON is parsed."""
