r"""Translates a table row into observations by its columns: a service, an autostart, a connection, a visit, a file.

Column names are normalized by ``rows``. Rows of known tools are tried first (``row_tools``), then general meanings, the
most specific columns first.
"""

import re
from collections.abc import Callable, Iterator

from waybillguard.sensor.evidence.row_tools import TIMES, TOOLS, Clock, Meaning, Say, text_of
from waybillguard.sensor.evidence.rows import Row
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.paths import base_name, is_print_store, is_spool, port_number, program_path

_CONSUMERS = ("commandlinetemplate", "scripttext", "scriptfilename")
"""Columns of the command of a permanent WMI consumer."""
_PLACES = (
    "executablepath", "fullpath", "filefullpath", "filename", "filepath", "path", "ospath", "targetfilename", "localpath", "targetpath",
    "executablefile", "location", "installlocation", "文件路径", "路径", "文件名", "image", "action",
)  # fmt: skip
_HOST = re.compile(r"^\w{2,12}://(?:[^@/\s]*@)?\[?([\w.-]+)")
_PROGRAM = re.compile(
    r"\.(?:exe|dll|sys|scr|ps1|vbs|js|bat|cmd|com|lnk)$|^/(?:usr|opt|home|root|tmp|var|dev)/"
)


def is_registry(low: Row) -> bool:
    """Return whether this row is a registry value."""
    return "valuename" in low and "keypath" in low and "\\" in low["keypath"]


def read_row(low: Row, file: str, record: str, clock: Clock) -> Iterator[Observation]:
    """Yield the observations of one row by its columns; ``clock`` parses a time."""

    def say(kind: Kind, **values: object) -> Observation:
        return Observation(kind=kind, file=file, record=record, **values)  # type: ignore[arg-type]

    for columns, meaning in TOOLS:
        if columns <= low.keys():
            yield from meaning(low, say, clock)
            return
    if low.get("keepprintedjobs", "").lower() in {"true", "1"}:
        yield say("setting", name="jobs_kept", command=_name(low))
    for fits, meaning in _ANY:
        if fits(low):
            yield from meaning(low, say, clock)
            return


def _name(low: Row) -> str:
    return text_of(low, "name", "processname", "taskname", "displayname", "entry")


def _user(low: Row) -> str:
    return text_of(low, "startname", "connectaddress", "username", "author")


def _session(low: Row) -> str:
    number = text_of(low, "processid") or (low.get("id", "") if "processname" in low else "")
    return f"pid{number}" if number else ""


def _path(low: Row) -> str:
    return program_path(re.sub(r"^.*\\\[root\]\\", r"c:\\", text_of(low, *_PLACES)))


def _consumer(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    key = next(key for key in low if key.endswith(_CONSUMERS) and low[key])
    path = program_path(low[key]) if not key.endswith("scripttext") else ""
    yield say("autorun", name=_name(low) or key, path=path, command=low[key], marks=("subscription",))


def _service(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    yield say(
        "service",
        time=clock(text_of(low, *TIMES)),
        name=text_of(low, "name", "servicename") or _name(low),
        path=program_path(low["pathname"]),
        command=low["pathname"],
        account=_user(low),
        product=text_of(low, "displayname", "message"),
        session=_session(low),
    )


def _printer_port(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    yield say(
        "printer",
        name=_name(low),
        command=text_of(low, "printerhostaddress", "name"),
        path=text_of(low, "drivername"),
        marks=("port",) if low.get("portmonitor") else (),
    )


def _printer(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    yield say(
        "printer",
        name=_name(low) or text_of(low, "printername"),
        path=text_of(low, "drivername"),
        command=low["portname"],
        product=text_of(low, "printprocessor"),
    )


def _task(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    told = text_of(low, "command", "executablefile", "actions", "execute")
    command = text_of(low, "tasktorun") or f"{told} {text_of(low, 'arguments')}".strip()
    path = program_path(text_of(low, "executablepath") or command)
    when = clock(text_of(low, *TIMES))
    yield say("task", time=when, name=low["taskname"], path=path, command=command, account=_user(low))


def _run(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    """Yield a program run, and a spool file that the same row names."""
    when, path, command = clock(text_of(low, *TIMES)), _path(low), text_of(low, "commandline")
    values = {"name": _name(low), "path": path or program_path(command), "session": _session(low)}
    yield say(
        "program_run",
        time=when,
        command=command,
        account=_user(low),
        signer=text_of(low, "signer", "publisher"),
        product=text_of(low, "displayname"),
        **values,
    )
    store = next((value for value in low.values() if is_print_store(value)), "")
    if store and not is_print_store(command):
        yield say("print_access", time=when, command=store, **values)


def _visit(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    """Yield a visited page, and a download from it."""
    when, path, host = clock(text_of(low, *TIMES)), _path(low), _HOST.match(low["url"])
    where = host[1].lower() if host else ""
    yield say("dns", time=when, name="browser", origin_name=where, command=low["url"][:500])
    if path:
        yield say(
            "program_seen",
            time=when,
            name=base_name(path),
            path=path,
            origin_name=where,
            marks=("listing",),
        )


def _installed(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    signer = text_of(low, "publisher")
    yield say("program_installed", name=low["displayname"], path=_path(low), signer=signer)


def _file(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    path = _path(low)
    yield say(
        "program_seen",
        time=clock(text_of(low, *TIMES)),
        name=base_name(path),
        path=path,
        signer=text_of(low, "signer", "publisher"),
        product=text_of(low, "product", "message"),
        marks=("listing",),
    )


def _copied_job(low: Row, say: Say, clock: Clock) -> Iterator[Observation]:
    yield say("setting", time=clock(text_of(low, *TIMES)), name="jobs_saved", command=_path(low))


def _account(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    yield say("account_listed", name=low["name"])


def _named_service(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    yield say("service", name=low["name"], product=text_of(low, "displayname"))


def _network(low: Row, say: Say, _clock: Clock) -> Iterator[Observation]:
    """Yield a listening port or a connection; address and port may share one cell."""
    values = {
        "name": _name(low), "path": program_path(text_of(low, "executablepath", "path")), "session": _session(low), "account": _user(low),
    }  # fmt: skip
    state = text_of(low, "state").lower()
    here, port = _address(text_of(low, "localaddress", "address"), text_of(low, "localport", "port"))
    far, far_port = _address(text_of(low, "remoteaddress"), text_of(low, "remoteport"))
    listens = (
        state.startswith(("listen", "bound", "侦听", "监听"))
        or state == "2"
        or not re.search(r"[1-9a-z]", far, re.IGNORECASE)
    )
    talks = state.startswith(("estab", "已建立")) or state in {"", "5"}
    if listens and state not in {"time_wait", "close_wait"}:
        yield say("listener", origin=here, port=port, **values)
    elif talks or not state.replace("_", "").isalpha():
        yield say(
            "connection", origin=far, origin_name=text_of(low, "remotehostname"), port=far_port, **values
        )


def _address(text: str, port: str) -> tuple[str, int]:
    if port:
        return text.strip("[]"), port_number(port)
    host, _, last = text.rpartition(":")
    return (host.strip("[]"), port_number(last)) if host and last.isdigit() else (text, 0)


_INSTALLED = ("installlocation", "installdate", "uninstallstring", "displayversion")
_ANY: tuple[tuple[Callable[[Row], bool], Meaning], ...] = (
    (lambda low: any(key.endswith(_CONSUMERS) and low[key] for key in low), _consumer),
    (
        lambda low: (
            bool(low.get("remoteaddress") or low.get("localport")) or low.keys() >= {"address", "port"}
        ),
        _network,
    ),
    (lambda low: bool(low.get("pathname")), _service),
    (lambda low: bool(low.get("portmonitor") or low.get("printerhostaddress")), _printer_port),
    (lambda low: bool(low.get("portname")), _printer),
    (lambda low: bool(low.get("taskname")), _task),
    (
        lambda low: (
            bool(low.get("commandline") or low.get("executablepath"))
            or bool(low.keys() >= {"processid", "path"} or low.keys() >= {"processname", "path"})
        ),
        _run,
    ),
    (lambda low: bool(_HOST.match(low.get("url", ""))), _visit),
    (
        lambda low: bool(low.get("displayname")) and bool(not _path(low) or text_of(low, *_INSTALLED)),
        _installed,
    ),
    (lambda low: bool(re.search(r"[\\/]", _path(low)) and _PROGRAM.search(_path(low))), _file),
    (lambda low: bool(re.search(r"\.(?:spl|shd)$", _path(low))) and not is_spool(_path(low)), _copied_job),
    (
        lambda low: bool(low.get("name")) and bool(low.keys() & {"sid", "passwordlastset", "enabled"}),
        _account,
    ),
    (lambda low: bool(low.get("name")) and bool(low.keys() & {"starttype", "startmode"}), _named_service),
)
