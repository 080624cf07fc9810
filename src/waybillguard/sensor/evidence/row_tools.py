"""Translates rows of known tools, whose columns have specific meanings, into observations.

Column names are normalized by ``rows`` and follow each tool's documentation: autorunsc, Process Monitor, NirSoft, CSV of
PECmd, AmcacheParser, AppCompatCacheParser, LECmd, SrumECmd, MFTECmd, Velociraptor, osquery, ``Get-MpPreference``, ``netsh``.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from waybillguard.sensor.evidence.registry_keys import registry_key
from waybillguard.sensor.evidence.rows import Row
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.parts import is_odd_library_place
from waybillguard.sensor.paths import base_name, is_print_store, port_number, program_path, whole_number

type Clock = Callable[..., datetime | None]
type Say = Callable[..., Observation]
type Meaning = Callable[[Row, Say, Clock], Iterator[Observation]]
TIMES = ("creationdate", "createtime", "timecreated", "date", "createddate", "filecreatedtime", "visittime", "lastplugunplugdate", "actiontime")  # fmt: skip


def text_of(low: Row, *names: str) -> str:
    """Return the first of these cells that is not empty."""
    return next((low[name] for name in names if low.get(name)), "")


_AUTORUNS: tuple[tuple[str, Kind], ...] = (
    ("task", "task"),
    ("service", "service"),
    ("driver", "service"),
    ("print monitor", "print_monitor"),
    ("logon", "autorun"),
    ("startup", "autorun"),
    ("wmi", "autorun"),
)
_VALUES = {
    "appinit_dlls",
    "notification packages",
    "authentication packages",
    "security packages",
    "shell",
    "userinit",
}
"""Registry values that autorunsc appends to a location."""


def _autoruns(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield autostarts from autorunsc, by category; registry values are read as such."""
    place, category = low["entrylocation"], text_of(low, "category").lower()
    image = text_of(low, "executablepath")
    if not image:
        return
    key, _, value = place.rpartition("\\")
    target, at = text_of(low, "launchstring") or image, say("program_seen")
    if value.lower() in _VALUES:
        yield from registry_key(key, {value: target}, at.file, at.record)
        return
    if value.lower() == "image file execution options":
        yield from registry_key(f"{place}\\{text_of(low, 'entry')}", {"Debugger": target}, at.file, at.record)
        return
    kind = next((kind for word, kind in _AUTORUNS if word in category), None)
    path, command = program_path(image), text_of(low, "launchstring")
    if kind is None and is_odd_library_place(path):
        yield say("hook", name="foreign_library", path=path, command=place)
        return
    kind = kind or "program_seen"
    marks: tuple[str, ...] = ("driver",) if "driver" in category else ()
    if "wmi" in category:
        marks = ("subscription",)
    if kind == "service" and path.endswith(".dll"):
        command = f"svchost {path}"
    yield say(
        kind,
        name=text_of(low, "entry") or base_name(place),
        path=path if kind != "print_monitor" or "\\system32\\" not in path else base_name(path),
        command=command or image,
        signer=text_of(low, "signer", "publisher"),
        product=text_of(low, "message"),
        marks=(*marks, "listing"),
    )


def _prefetch(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    """Yield a program's runs from PECmd (UTC); the program's path is among its loaded files."""
    name, loaded = low["executablename"], re.split(r",\s*", text_of(low, "filesloaded"))
    path = next((each for each in loaded if each.rpartition("\\")[2].upper() == name.upper()), name)
    yield say(
        "program_run",
        time=clock(text_of(low, "lastrun"), utc=True),
        name=name.lower(),
        path=program_path(path),
        count=whole_number(text_of(low, "runcount")) or 1,
        command="\n".join(
            each for each in loaded if each.upper().endswith((".DLL", ".DRV", ".DB", ".SPL", ".SHD"))
        ),
        marks=("prefetch",),
    )


def _amcache(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a program that was present, from AmcacheParser."""
    path = program_path(low["fullpath"])
    yield say(
        "program_seen",
        name=text_of(low, "name").lower() or base_name(path),
        path=path,
        signer=text_of(low, "publisher"),
        product=text_of(low, "displayname"),
        original=text_of(low, "originalfilename"),
        command=text_of(low, "sha1"),
        marks=("amcache",),
    )


def _shimcache(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a program that was present, from AppCompatCacheParser."""
    path = program_path(low["path"])
    yield say("program_seen", name=base_name(path), path=path, marks=("shimcache",))


def _link(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a shortcut from LECmd: an autostart in the Startup folder, elsewhere a program that a user starts."""
    path, starts = program_path(low["localpath"]), "\\startup\\" in low["sourcefile"].lower()
    yield say(
        "autorun" if starts else "program_run",
        name=base_name(low["sourcefile"].replace("\\", "/")),
        path=path,
        command=f"{path} {text_of(low, 'arguments')}".strip()[:1000],
        marks=("link",),
    )


def _network_use(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    """Yield a program that used the network, from SrumECmd (UTC)."""
    path = program_path(low["exeinfo"])
    if "\\" in path:
        when = clock(text_of(low, "timestamp"), utc=True)
        yield say("program_run", time=when, name=base_name(path), path=path, marks=("network_use",))


def _task(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a scheduled task from Velociraptor."""
    command = f"{low['command']} {text_of(low, 'arguments')}".strip()
    name = re.sub(r"(?i)^.*?\\system32\\tasks(?=\\)", "", low["ospath"])
    yield say(
        "task", name=name, path=program_path(low["command"]), command=command, account=text_of(low, "userid")
    )


def _started(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a start entry from Velociraptor, osquery or Windows' own class."""
    command = text_of(low, "details", "command") or f"{text_of(low, 'path')} {text_of(low, 'args')}".strip()
    yield say("autorun", name=text_of(low, "name", "caption"), path=program_path(command), command=command)


def _cron(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a crontab line from osquery or Velociraptor."""
    yield say(
        "task",
        name="cron",
        path=low["command"].strip().partition(" ")[0],
        command=low["command"],
        account=text_of(low, "username"),
    )


def _service(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a service from osquery or ServiWin."""
    path = text_of(low, "modulepath") or text_of(low, "filename", "path")
    yield say("service", name=text_of(low, "name"), path=program_path(path), command=text_of(low, "path", "filename"),
              product=text_of(low, "displayname"), account=text_of(low, "username"))  # fmt: skip


def _driver(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a driver from DriverView."""
    path = program_path(low["filename"])
    yield say(
        "service",
        name=base_name(path).removesuffix(".sys"),
        path=path,
        product=text_of(low, "message"),
        marks=("driver",),
    )


def _operation(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a file or network operation of a program from Process Monitor."""
    session = f"pid{low['processid']}" if low.get("processid") else ""
    far = re.search(r"-> \[?([^\s\]]+?)\]?:(\w+)$", low["path"])
    if far and low["operation"].startswith(("TCP", "UDP")):
        yield say(
            "connection", name=low["processname"], origin=far[1], port=port_number(far[2]), session=session
        )
    elif is_print_store(low["path"]):
        yield say("print_access", name=low["processname"], command=low["path"], session=session)


def _opened(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a file that a program has open, from OpenedFilesView or Velociraptor."""
    if is_print_store(low["fullpath"]):
        path = program_path(text_of(low, "executablepath"))
        yield say(
            "print_access",
            name=base_name(path) or text_of(low, "processname"),
            path=path,
            command=low["fullpath"],
        )


def _file(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    """Yield a file on the disk from MFTECmd (UTC)."""
    path = program_path(f"c:{low['parentpath'].removeprefix('.')}\\{low['filename']}")
    if re.search(r"\.(?:exe|dll|sys|scr|ps1|vbs|js|bat|cmd|lnk)$", path):
        yield say(
            "program_seen",
            time=clock(text_of(low, "created0x10"), utc=True),
            name=base_name(path),
            path=path,
            marks=("listing",),
        )


def _device(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    """Yield a USB device from USBDeview."""
    text, when = " ".join(low.values()), clock(text_of(low, *TIMES))
    if re.search(r"mass storage|大容量存储", text, re.IGNORECASE):
        yield say("usb_storage", time=when, name=text_of(low, "message", "devicename")[:120])
    elif re.search(r"R?NDIS|\bCDC\b|tether", text, re.IGNORECASE):
        number = f"VID_{text_of(low, 'vendorid').removeprefix('0x').upper()}&PID_{text_of(low, 'productid').removeprefix('0x').upper()}"
        yield say("posing_device", time=when, name=number, product="network")


def _guard(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield the antivirus's exclusions, and whether it is disabled (``Get-MpPreference``)."""
    if low.get("disablerealtimemonitoring", "").lower() == "true":
        yield say("setting", name="antivirus_off", command="DisableRealtimeMonitoring")
    for name in ("exclusionpath", "exclusionprocess", "exclusionextension"):
        for each in re.split(r"\s*,\s*", low.get(name, "").strip("{} ")):
            if each:
                yield say("setting", name="antivirus_exclusion", path=each.lower(), command=each)


def _firewall_rule(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a rule of Windows' firewall (``netsh advfirewall firewall show rule``)."""
    allows = "3" if re.match(r"allow|允许", text_of(low, "action", "操作"), re.IGNORECASE) else "1"
    inward = "1" if re.match(r"in|入", text_of(low, "direction", "方向"), re.IGNORECASE) else "2"
    yield say("firewall_rule", name=text_of(low, "规则名称", "rulename"), path=program_path(text_of(low, "program", "程序")),
              command=f"direction={inward} action={allows} protocol=* ports={text_of(low, 'localport') or '*'} from={text_of(low, '远程ip', 'remoteaddress') or '?'}")  # fmt: skip


TOOLS: tuple[tuple[set[str], Meaning], ...] = (
    ({"ospath", "command"}, _task),
    ({"ospath", "details"}, _started),
    ({"entrylocation", "executablepath"}, _autoruns),
    ({"executablename", "runcount"}, _prefetch),
    ({"fullpath", "sha1"}, _amcache),
    ({"fullpath", "processid"}, _opened),
    ({"path", "cacheentryposition"}, _shimcache),
    ({"localpath", "sourcefile"}, _link),
    ({"exeinfo", "timestamp"}, _network_use),
    ({"operation", "processname", "path"}, _operation),
    ({"parentpath", "filename"}, _file),
    ({"command", "location"}, _started),
    ({"path", "args", "source"}, _started),
    ({"command", "minute"}, _cron),
    ({"filename", "startuptype"}, _service),
    ({"path", "starttype"}, _service),
    ({"filename", "drivername"}, _driver),
    ({"devicetype", "serialnumber"}, _device),
    ({"exclusionpath"}, _guard),
    ({"规则名称"}, _firewall_rule),
    ({"rulename"}, _firewall_rule),
)
