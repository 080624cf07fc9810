"""Tables that shells and forensic tools write: CSV with a head, JSON, JSON a record a line; a row is known by its columns.

PowerShell's ``ConvertTo-Json`` and ``Export-Csv``, ``wmic /format:csv``, autorunsc, the CSV of PECmd, AmcacheParser,
AppCompatCacheParser, LECmd and SrumECmd, and Velociraptor's results; column names after each tool's documentation.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain
from typing import Any

import msgspec

from waybillguard.sensor.evidence.clock import iso
from waybillguard.sensor.evidence.linux_files import read_paths
from waybillguard.sensor.evidence.registry_keys import registry_key
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.parts import is_odd_library_place
from waybillguard.sensor.paths import base_name, port_number, program_path, whole_number

type Row = dict[str, str]
"""Values by column; names in lower case without blanks and signs, those of nested columns joined."""
_MAX_ROWS = 500_000
_END = "end of the table"
"""A line of its own after the last, unless a quote is still open there."""
_CIM_KINDS: dict[str, Kind] = {
    "pathname": "service",
    "executablepath": "program_run",
    "commandline": "program_run",
    "drivername": "printer",
    "printerhostaddress": "printer",
    "portmonitor": "printer",
    "localport": "listener",
    "laddrport": "listener",
    "taskname": "task",
    "displayname": "program_installed",
    "commandlinetemplate": "autorun",
    "scripttext": "autorun",
    "scriptfilename": "autorun",
}
_CONSUMERS = {"commandlinetemplate", "scripttext", "scriptfilename"}
"""What a permanent WMI consumer starts."""


def json_rows(data: bytes) -> tuple[list[Any], bool]:
    """Return the items of a JSON file or of its lines, and whether it is whole; of one that is cut off, those before the cut."""
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "replace").strip()
    try:
        body = json.loads(text)
    except RecursionError:
        return [], False
    except ValueError:
        return _rows_before_cut(text)
    return body if isinstance(body, list) else [body], True


def _rows_before_cut(text: str) -> tuple[list[Any], bool]:
    rows: list[Any] = []
    decoder, at = json.JSONDecoder(), 1 if text.startswith("[") else 0
    while text[:1] in {"[", "{"} and (start := re.compile(r"[\s,]*").match(text, at)) is not None:
        if start.end() == len(text):
            return rows, text.startswith("{")
        try:
            row, at = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            break
        rows.append(row)
    return rows, False


def _flat(row: dict[str, Any], before: str = "") -> Row:
    out: Row = {}
    for name, value in row.items():
        key = before + re.sub(r"[\W_]+", "", str(name).lower())
        if isinstance(value, dict) and not before:
            out |= _flat(value, key)
        elif value is not None and key not in out:
            out[key] = str(value)
    return out


def read_json(rows: list[Any], file: str) -> Iterator[Observation]:
    """Yield what the items of a JSON file say."""
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            yield from _row(_flat(row), file, f"item {number}")


def csv_rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV with a head; where ``wmic`` left commas unquoted, they belong to the command line.

    Raises:
        csv.Error: a quote is never closed: what follows it is one cell, or longer than any cell may be.
    """
    source = (line + "\n" for _, line in lines if line.strip())
    first = next(source, "")
    mark = max(",\t;", key=first.count)
    head = [re.sub(r"[\W_]+", "", name.lower()) for name in next(csv.reader([first], delimiter=mark), [])]
    long = next((head.index(name) for name in ("commandline", "pathname") if name in head), None)
    cells: list[str] = []
    for number, cells in enumerate(csv.reader(chain(source, [_END]), delimiter=mark), start=1):
        if cells == [_END]:
            continue
        extra = len(cells) - len(head)
        if extra > 0 and long is not None:
            cells[long : long + extra + 1] = [mark.join(cells[long : long + extra + 1])]
        yield number, {name: cell for name, cell in zip(head, cells, strict=False) if cell}
        if number >= _MAX_ROWS:
            return
    if cells != [_END]:
        raise csv.Error


def read_csv(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield what the rows of a CSV say; of rows with other columns, the programs they name; raises as ``csv_rows``."""
    for number, row in csv_rows(lines):
        found = list(_row(row, file, f"row {number}"))
        yield from found
        if not found:
            text = ", ".join(row.values())
            yield from (
                msgspec.structs.replace(each, record=f"row {number}")
                for each in read_paths([(number, text)], file)
            )


def _row(low: Row, file: str, record: str) -> Iterator[Observation]:
    """Yield what one row says, by its columns."""
    for columns, meaning in _TOOLS:
        if columns <= low.keys():
            yield from meaning(low, file, record)
            return
    yield from _cim(low, file, record)


def _text(low: Row, *names: str) -> str:
    return next((low[name] for name in names if low.get(name)), "")


def _cim(low: Row, file: str, record: str) -> Iterator[Observation]:
    """Services, processes, printers, ports, tasks and programs, by the names of their CIM properties."""
    told = next((name for name in _CIM_KINDS if low.get(name)), "")
    if not told and {"pid", "exe"} <= low.keys():
        told = "executablepath"
    kind = _CIM_KINDS.get(told)
    if kind is None:
        return
    if low.get("keepprintedjobs", "").lower() in {"true", "1"}:
        yield Observation(
            kind="setting", file=file, record=record, name="jobs_kept", command=_text(low, "name")
        )
    port = _text(low, "localport", "laddrport")
    if kind == "listener":
        state = _text(low, "state", "status").lower()
        if state in {"established", "estab", "5"}:
            kind, port = "connection", _text(low, "remoteport", "raddrport")
        elif state not in {"", "listen", "listening", "bound", "2"}:
            return
    owner = _text(low, "processid", "owningprocess", "pid")
    actions = f"{_text(low, 'command')} {_text(low, 'arguments')}".strip() if kind == "task" else ""
    yield Observation(
        kind=kind,
        file=file,
        record=record,
        time=table_time(_text(low, "creationdate", "createtime", "timecreated", "date")),
        name=_text(low, "name", "taskname", "displayname", "processname"),
        path=program_path(
            _text(low, "pathname", "executablepath", "exe", "path", "installlocation", "commandlinetemplate")
            or actions
        )
        or _text(low, "drivername"),
        command=_text(
            low, "commandline", "pathname", "printerhostaddress", "portname", "actions", *_CONSUMERS
        )
        or actions
        or (_text(low, "name") if low.get("portmonitor") else ""),
        account=_text(low, "startname", "username", "useraccount", "author"),
        origin=_text(low, "remoteaddress", "raddrip", "localaddress", "laddrip")
        if kind == "connection"
        else _text(low, "localaddress", "laddrip")
        if kind == "listener"
        else "",
        signer=_text(low, "publisher", "company", "signer"),
        product=_text(low, "displayname", "description")
        if kind == "service"
        else _text(low, "printprocessor", "product"),
        port=port_number(port),
        session=f"pid{owner}" if owner else "",
        marks=("subscription",) if told in _CONSUMERS else ("port",) if told == "portmonitor" else (),
    )


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


def _autoruns(low: Row, file: str, record: str) -> Iterator[Observation]:
    """What starts by itself, as autorunsc lists it by category; what is a value of the registry is judged as one."""
    place, category = _text(low, "entrylocation"), _text(low, "category").lower()
    key, _, value = place.rpartition("\\")
    target = _text(low, "launchstring") or low["imagepath"]
    if value.lower() in _VALUES:
        yield from registry_key(key, {value: target}, file, record)
        return
    if value.lower() == "image file execution options":
        yield from registry_key(f"{place}\\{_text(low, 'entry')}", {"Debugger": target}, file, record)
        return
    kind = next((kind for word, kind in _AUTORUNS if word in category), None)
    path, command = program_path(low["imagepath"]), _text(low, "launchstring")
    if kind is None and is_odd_library_place(path):
        yield Observation(
            kind="hook", file=file, record=record, name="foreign_library", path=path, command=place
        )
        return
    kind = kind or "program_seen"
    marks: tuple[str, ...] = ("driver",) if "driver" in category else ()
    if "wmi" in category:
        marks = ("subscription",)
    if kind == "service" and path.endswith(".dll"):
        command = f"svchost {path}"
    yield Observation(
        kind=kind,
        file=file,
        record=record,
        name=_text(low, "entry") or base_name(place),
        path=path if kind != "print_monitor" or "\\system32\\" not in path else base_name(path),
        command=command or low["imagepath"],
        signer=_text(low, "signer", "company"),
        product=_text(low, "description"),
        marks=(*marks, "listing"),
    )


def _prefetch(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A program's runs, as PECmd lists them; its own path is among the files it loaded (UTC)."""
    name, loaded = low["executablename"], re.split(r",\s*", _text(low, "filesloaded"))
    path = next((each for each in loaded if each.rpartition("\\")[2].upper() == name.upper()), name)
    yield Observation(
        kind="program_run",
        file=file,
        record=record,
        time=table_time(_text(low, "lastrun"), utc=True),
        name=name.lower(),
        path=program_path(path),
        count=whole_number(_text(low, "runcount")) or 1,
        command="\n".join(
            each for each in loaded if each.upper().endswith((".DLL", ".DRV", ".DB", ".SPL", ".SHD"))
        ),
        marks=("prefetch",),
    )


def _amcache(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A program that lay there, as AmcacheParser lists it."""
    path = program_path(low["fullpath"])
    yield Observation(
        kind="program_seen",
        file=file,
        record=record,
        name=_text(low, "name").lower() or base_name(path),
        path=path,
        signer=_text(low, "publisher"),
        product=_text(low, "productname"),
        original=_text(low, "originalfilename"),
        command=_text(low, "sha1"),
        marks=("amcache",),
    )


def _shimcache(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A program that lay there, as AppCompatCacheParser lists it."""
    path = program_path(low["path"])
    yield Observation(
        kind="program_seen", file=file, record=record, name=base_name(path), path=path, marks=("shimcache",)
    )


def _link(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A shortcut, as LECmd lists it: in the Startup folder it starts by itself, else a person starts it so."""
    path, starts = program_path(low["localpath"]), "\\startup\\" in low["sourcefile"].lower()
    yield Observation(
        kind="autorun" if starts else "program_run",
        file=file,
        record=record,
        name=base_name(low["sourcefile"].replace("\\", "/")),
        path=path,
        command=f"{path} {_text(low, 'arguments')}".strip()[:1000],
        marks=("link",),
    )


def _network_use(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A program that used the network, as SrumECmd lists it (UTC)."""
    path = program_path(low["exeinfo"])
    if "\\" in path:
        yield Observation(
            kind="program_run",
            file=file,
            record=record,
            time=table_time(_text(low, "timestamp"), utc=True),
            name=base_name(path),
            path=path,
            marks=("network_use",),
        )


def _task(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A scheduled task, as Velociraptor lists it."""
    command = f"{low['command']} {_text(low, 'arguments')}".strip()
    name = re.sub(r"(?i)^.*?\\system32\\tasks(?=\\)", "", low["ospath"])
    yield Observation(
        kind="task", file=file, record=record, name=name, path=program_path(low["command"]), command=command,
        account=_text(low, "userid"),
    )  # fmt: skip


def _startup(low: Row, file: str, record: str) -> Iterator[Observation]:
    """A start entry, as Velociraptor lists it."""
    yield Observation(
        kind="autorun", file=file, record=record, name=_text(low, "name"), path=program_path(low["details"]), command=low["details"]
    )  # fmt: skip


_TOOLS = (
    ({"ospath", "command"}, _task),
    ({"ospath", "details"}, _startup),
    ({"entrylocation", "imagepath"}, _autoruns),
    ({"executablename", "runcount"}, _prefetch),
    ({"fullpath", "sha1"}, _amcache),
    ({"path", "cacheentryposition"}, _shimcache),
    ({"localpath", "sourcefile"}, _link),
    ({"exeinfo", "timestamp"}, _network_use),
)
_COLUMNS = re.compile(
    r"entry location|executablename,|fullpath|cacheentryposition|localpath|exeinfo|\bnode,|^\W*(?:localaddress|pscomputername|name|caption)\b"
    r"|\b(?:pathname|commandline|executablepath|portname|owningprocess|taskname|localport)\b|sourcefile,|eventid|providername"
)


def is_table(text: str) -> bool:
    """Does the first line name columns of a table that is read here."""
    head = text.lstrip("\ufeff \r\n").partition("\n")[0].lower()
    return any(mark in head for mark in ",\t;") and bool(_COLUMNS.search(head[:4000]))


def table_time(text: str, *, utc: bool = False) -> datetime | None:
    """Return a time as tables write it: ISO, ``/Date(milliseconds)/``, CIM's digits, with slashes, seconds of Unix."""
    ticks = re.fullmatch(r"/Date\((\d{1,14})[+-]?\d*\)/", text)
    if ticks:
        return datetime.fromtimestamp(int(ticks[1]) / 1000, UTC)
    if re.fullmatch(r"1\d{9}(?:\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    digits = re.fullmatch(r"(\d{14})\.\d+([+-]\d{3})", text)
    try:
        if digits:
            when = datetime.strptime(digits[1], "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows in minutes
            return when.replace(tzinfo=timezone(timedelta(minutes=int(digits[2]))))
        if "/" in text:
            form = "%Y/%m/%d %H:%M:%S" if text[:4].isdigit() else "%m/%d/%Y %I:%M:%S %p"
            return datetime.strptime(text, form)  # noqa: DTZ007 - local time
    except ValueError:
        return None
    found = iso(text)
    return found.replace(tzinfo=UTC) if found and utc and found.tzinfo is None else found
