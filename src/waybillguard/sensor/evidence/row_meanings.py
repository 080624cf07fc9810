r"""What one row of a table means, by its columns, whatever wrote it: a service, a start, a connection, a visit, a file.

Columns bear the spellings of ``rows``. First the tools whose columns say more than their names, then what any row says.
Columns after each tool's documentation: autorunsc, Process Monitor, NirSoft, the CSV of PECmd, AmcacheParser,
AppCompatCacheParser, LECmd, SrumECmd, MFTECmd, Velociraptor, osquery.
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
type _Say = Callable[..., Observation]
_CONSUMERS = ("commandlinetemplate", "scripttext", "scriptfilename")
"""What a permanent WMI consumer starts."""
_TIMES = ("creationdate", "createtime", "timecreated", "date", "createddate", "filecreatedtime", "visittime", "lastruntime", "lastplugunplugdate", "actiontime")  # fmt: skip
_PLACES = (
    "executablepath", "fullpath", "filefullpath", "filename", "filepath", "path", "ospath", "targetfilename", "localpath", "targetpath",
    "executablefile", "location", "installlocation", "文件路径", "路径", "文件名", "image", "action",
)  # fmt: skip
_HOST = re.compile(r"^\w{2,12}://(?:[^@/\s]*@)?\[?([\w.-]+)")


def is_registry(low: Row) -> bool:
    """Is this row a value of the registry."""
    return "valuename" in low and "keypath" in low and "\\" in low["keypath"]


def row_means(low: Row, file: str, record: str, clock: Clock) -> Iterator[Observation]:
    """Yield what one row says, by its columns."""

    def say(kind: Kind, **values: object) -> Observation:
        return Observation(kind=kind, file=file, record=record, **values)  # type: ignore[arg-type]

    for columns, meaning in _TOOLS:
        if columns <= low.keys():
            yield from meaning(low, say, clock)
            return
    yield from _any(low, say, clock)


def _text(low: Row, *names: str) -> str:
    return next((low[name] for name in names if low.get(name)), "")


def _any(low: Row, say: _Say, clock: Clock) -> Iterator[Observation]:
    """What any row says: most telling columns first."""
    name = _text(low, "name", "processname", "taskname", "displayname", "entry")
    when = clock(_text(low, *_TIMES))
    owner, user = low.get("processid", ""), _text(low, "startname", "connectaddress", "username", "author")
    session = f"pid{owner}" if owner else ""
    told = next((key for key in low if key.endswith(_CONSUMERS) and low[key]), "")
    store = next((value for value in low.values() if is_print_store(value)), "")
    if low.get("keepprintedjobs", "").lower() in {"true", "1"}:
        yield say("setting", name="jobs_kept", command=name)
    path = program_path(_text(low, *_PLACES))
    if told:
        yield say("autorun", name=name or told, path=program_path(low[told]) if not told.endswith("scripttext") else "",
                  command=low[told], marks=("subscription",))  # fmt: skip
    elif low.get("remoteaddress") or low.get("localport") or low.keys() >= {"address", "port"}:
        yield from _network(low, say, name, program_path(_text(low, "executablepath", "path")), session, user)
    elif low.get("pathname"):
        yield say("service", time=when, name=_text(low, "name", "servicename") or name, path=program_path(low["pathname"]), command=low["pathname"],
                  account=user, product=_text(low, "displayname", "message"), session=session)  # fmt: skip
    elif low.get("portmonitor") or low.get("printerhostaddress"):
        yield say("printer", name=name, command=_text(low, "printerhostaddress") or _text(low, "name"), path=_text(low, "drivername"),
                  marks=("port",) if low.get("portmonitor") else ())  # fmt: skip
    elif low.get("portname"):
        yield say("printer", name=name or _text(low, "printername"), path=_text(low, "drivername"), command=low["portname"],
                  product=_text(low, "printprocessor"))  # fmt: skip
    elif low.get("taskname"):
        actions = _text(low, "tasktorun") or f"{_text(low, 'command', 'executablefile', 'actions', 'execute')} {_text(low, 'arguments')}".strip()
        yield say("task", time=when, name=low["taskname"], path=program_path(_text(low, "executablepath") or actions), command=actions, account=user)
    elif low.get("commandline") or low.get("executablepath") or ({"processid", "path"} <= low.keys()):
        yield say("program_run", time=when, name=name, path=path or program_path(_text(low, "commandline")), command=_text(low, "commandline"),
                  account=user, signer=_text(low, "signer", "publisher"), product=_text(low, "displayname"), session=session)  # fmt: skip
        if store and not is_print_store(_text(low, "commandline")):
            yield say("print_access", time=when, name=name, path=path, command=store, session=session)
    elif host := _HOST.match(low.get("url", "")):
        yield say("dns", time=when, name="browser", origin_name=host[1].lower(), command=low["url"][:500])
        if path:
            yield say("program_seen", time=when, name=base_name(path), path=path, origin_name=host[1].lower(), marks=("listing",))
    elif low.get("displayname") and not path:
        yield say("program_installed", time=when, name=low["displayname"], signer=_text(low, "publisher"))
    elif low.get("displayname") and _text(low, "installlocation", "installdate", "uninstallstring", "displayversion"):
        yield say("program_installed", time=when, name=low["displayname"], path=path, signer=_text(low, "publisher"))
    elif re.search(r"[\\/]", path) and re.search(r"\.(?:exe|dll|sys|scr|ps1|vbs|js|bat|cmd|com|lnk)$|^/(?:usr|opt|home|root|tmp|var|dev)/", path):
        yield say("program_seen", time=when, name=base_name(path), path=path, signer=_text(low, "signer", "publisher"), marks=("listing",))
    elif low.get("name") and low.keys() & {"starttype", "startmode"}:
        yield say("service", name=low["name"], product=_text(low, "displayname"))


def _network(low: Row, say: _Say, name: str, path: str, session: str, user: str) -> Iterator[Observation]:
    """A port that is listened on, or a connection; where address and port stand in one cell they are parted."""
    state = _text(low, "state").lower()
    here, port = _address(_text(low, "localaddress", "address"), _text(low, "localport", "port"))
    far, far_port = _address(_text(low, "remoteaddress"), _text(low, "remoteport"))
    listens = state.startswith(("listen", "bound", "侦听", "监听")) or state == "2" or not re.search(r"[1-9a-z]", far, re.IGNORECASE)
    talks = state.startswith(("estab", "已建立")) or state in {"", "5"}
    if listens and state not in {"time_wait", "close_wait"}:
        yield say("listener", name=name, path=path, origin=here, port=port, session=session, account=user)
    elif talks or not state.replace("_", "").isalpha():
        yield say("connection", name=name, path=path, origin=far, origin_name=_text(low, "remotehostname"), port=far_port, session=session,
                  account=user)  # fmt: skip


def _address(text: str, port: str) -> tuple[str, int]:
    if port:
        return text.strip("[]"), port_number(port)
    host, _, last = text.rpartition(":")
    return (host.strip("[]"), port_number(last)) if host and last.isdigit() else (text, 0)


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
"""Values of the registry that autorunsc names at the end of a location."""


def _autoruns(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """What starts by itself, as autorunsc lists it by category; what is a value of the registry is judged as one."""
    place, category = low["entrylocation"], _text(low, "category").lower()
    image = _text(low, "executablepath")
    if not image:
        return
    key, _, value = place.rpartition("\\")
    target, at = _text(low, "launchstring") or image, say("program_seen")
    if value.lower() in _VALUES:
        yield from registry_key(key, {value: target}, at.file, at.record)
        return
    if value.lower() == "image file execution options":
        yield from registry_key(f"{place}\\{_text(low, 'entry')}", {"Debugger": target}, at.file, at.record)
        return
    kind = next((kind for word, kind in _AUTORUNS if word in category), None)
    path, command = program_path(image), _text(low, "launchstring")
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
        name=_text(low, "entry") or base_name(place),
        path=path if kind != "print_monitor" or "\\system32\\" not in path else base_name(path),
        command=command or image,
        signer=_text(low, "signer", "publisher"),
        product=_text(low, "message"),
        marks=(*marks, "listing"),
    )


def _prefetch(low: Row, say: _Say, clock: Clock) -> Iterator[Observation]:
    """A program's runs, as PECmd lists them; its own path is among the files it loaded (UTC)."""
    name, loaded = low["executablename"], re.split(r",\s*", _text(low, "filesloaded"))
    path = next((each for each in loaded if each.rpartition("\\")[2].upper() == name.upper()), name)
    yield say(
        "program_run",
        time=clock(_text(low, "lastrun"), utc=True),
        name=name.lower(),
        path=program_path(path),
        count=whole_number(_text(low, "runcount")) or 1,
        command="\n".join(
            each for each in loaded if each.upper().endswith((".DLL", ".DRV", ".DB", ".SPL", ".SHD"))
        ),
        marks=("prefetch",),
    )


def _amcache(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A program that lay there, as AmcacheParser lists it."""
    path = program_path(low["fullpath"])
    yield say(
        "program_seen",
        name=_text(low, "name").lower() or base_name(path),
        path=path,
        signer=_text(low, "publisher"),
        product=_text(low, "displayname"),
        original=_text(low, "originalfilename"),
        command=_text(low, "sha1"),
        marks=("amcache",),
    )


def _shimcache(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A program that lay there, as AppCompatCacheParser lists it."""
    path = program_path(low["path"])
    yield say("program_seen", name=base_name(path), path=path, marks=("shimcache",))


def _link(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A shortcut, as LECmd lists it: in the Startup folder it starts by itself, else a person starts it so."""
    path, starts = program_path(low["localpath"]), "\\startup\\" in low["sourcefile"].lower()
    yield say(
        "autorun" if starts else "program_run",
        name=base_name(low["sourcefile"].replace("\\", "/")),
        path=path,
        command=f"{path} {_text(low, 'arguments')}".strip()[:1000],
        marks=("link",),
    )


def _network_use(low: Row, say: _Say, clock: Clock) -> Iterator[Observation]:
    """A program that used the network, as SrumECmd lists it (UTC)."""
    path = program_path(low["exeinfo"])
    if "\\" in path:
        when = clock(_text(low, "timestamp"), utc=True)
        yield say("program_run", time=when, name=base_name(path), path=path, marks=("network_use",))


def _task(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A scheduled task, as Velociraptor lists it."""
    command = f"{low['command']} {_text(low, 'arguments')}".strip()
    name = re.sub(r"(?i)^.*?\\system32\\tasks(?=\\)", "", low["ospath"])
    yield say("task", name=name, path=program_path(low["command"]), command=command, account=_text(low, "userid"))


def _started(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A start entry, as Velociraptor, osquery and Windows' own class list it."""
    command = _text(low, "details", "command") or f"{low['path']} {_text(low, 'args')}".strip()
    yield say("autorun", name=_text(low, "name", "caption"), path=program_path(command), command=command)


def _cron(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A line of a crontab, as osquery and Velociraptor list it."""
    yield say("task", name="cron", path=low["command"].split(None, 1)[0], command=low["command"], account=_text(low, "username"))


def _service(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A service, as osquery and ServiWin list it."""
    path = _text(low, "modulepath") or _text(low, "filename", "path")
    yield say("service", name=_text(low, "name"), path=program_path(path), command=_text(low, "path", "filename"),
              product=_text(low, "displayname"), account=_text(low, "username"))  # fmt: skip


def _driver(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A driver, as DriverView lists it."""
    path = program_path(low["filename"])
    yield say("service", name=base_name(path).removesuffix(".sys"), path=path, product=_text(low, "message"), marks=("driver",))


def _operation(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """What a program did to a file or over the network, as Process Monitor writes it."""
    session = f"pid{low['processid']}" if low.get("processid") else ""
    far = re.search(r"-> \[?([^\s\]]+?)\]?:(\w+)$", low["path"])
    if far and low["operation"].startswith(("TCP", "UDP")):
        yield say("connection", name=low["processname"], origin=far[1], port=port_number(far[2]), session=session)
    elif is_print_store(low["path"]):
        yield say("print_access", name=low["processname"], command=low["path"], session=session)


def _opened(low: Row, say: _Say, _clock: Clock) -> Iterator[Observation]:
    """A file that a program holds open, as OpenedFilesView and Velociraptor list it."""
    if is_print_store(low["fullpath"]):
        path = program_path(_text(low, "executablepath"))
        yield say("print_access", name=base_name(path) or _text(low, "processname"), path=path, command=low["fullpath"])


def _file(low: Row, say: _Say, clock: Clock) -> Iterator[Observation]:
    """A file on the disk, as MFTECmd lists it (UTC)."""
    path = program_path(f"c:{low['parentpath'].removeprefix('.')}\\{low['filename']}")
    if re.search(r"\.(?:exe|dll|sys|scr|ps1|vbs|js|bat|cmd|lnk)$", path):
        yield say("program_seen", time=clock(_text(low, "created0x10"), utc=True), name=base_name(path), path=path, marks=("listing",))


def _device(low: Row, say: _Say, clock: Clock) -> Iterator[Observation]:
    """A device on USB, as USBDeview lists it."""
    text, when = " ".join(low.values()), clock(_text(low, *_TIMES))
    if re.search(r"mass storage|大容量存储", text, re.IGNORECASE):
        yield say("usb_storage", time=when, name=_text(low, "message", "devicename")[:120])
    elif re.search(r"R?NDIS|\bCDC\b|tether", text, re.IGNORECASE):
        number = f"VID_{_text(low, 'vendorid').removeprefix('0x').upper()}&PID_{_text(low, 'productid').removeprefix('0x').upper()}"
        yield say("posing_device", time=when, name=number, product="network")


_TOOLS: tuple[tuple[set[str], Callable[[Row, _Say, Clock], Iterator[Observation]]], ...] = (
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
)
