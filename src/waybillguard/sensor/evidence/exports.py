r"""What a person collects by hand on a Windows PC: ``.reg`` exports and the output of the system's own commands.

``reg export``, ``netstat -ano``, ``tasklist /v /fo csv``, ``sc query``/``sc qc``, ``Get-CimInstance … | ConvertTo-Json``
and the like. The same parsers serve the live scan on Windows, which runs these commands itself.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from waybillguard.sensor.evidence.clock import iso
from waybillguard.sensor.evidence.registry_keys import Values, registry_key
from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.paths import port_number, program_path

_KEY = re.compile(r"^\[-?(HKEY_[^\]]+|HK\w+[^\]]*)\]\s*$")
_VALUE = re.compile(r'^(?:"((?:[^"\\]|\\.)*)"|(@))=(.*)$')
_NETSTAT = re.compile(r"^\s*(TCP|UDP)\s+(\S+):([0-9]{1,5})\s+(\S+?):(\S+)\s+(?:(\w+)\s+)?([0-9]{1,10})\s*$")


def read_reg(lines: Iterable[str], file: str) -> Iterator[Observation]:
    """Yield what a text export of the registry says (``reg export``, version 5)."""
    key, start = "", 0
    values: Values = {}
    for number, line in enumerate(_joined(lines), start=1):
        opened = _KEY.match(line)
        if opened:
            yield from registry_key(key, values, file, f"{key.partition('\\')[2]} (line {start})")
            key, values, start = opened[1], {}, number
        elif (row := _VALUE.match(line)) is not None:
            values[_unescape(row[1] or "")] = _reg_value(row[3])
    yield from registry_key(key, values, file, f"{key.partition('\\')[2]} (line {start})")


def _joined(lines: Iterable[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        text = held + line.strip().strip("\ufeff")
        if text.endswith("\\") and "hex" in text:
            held = text[:-1]
            continue
        held = ""
        yield text


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _reg_value(text: str) -> str | int:
    if text.startswith('"'):
        return _unescape(text.strip()[1:-1])
    if text.startswith("dword:"):
        return int(text[6:14] or "0", 16)
    kind, _, digits = text.partition(":")
    if kind in {"hex(2)", "hex(7)"}:
        try:
            return (
                bytes(int(part, 16) for part in digits.split(",") if part.strip())
                .decode("utf-16-le", "replace")
                .strip("\0")
            )
        except ValueError:
            return ""
    return ""


def read_netstat(
    lines: Iterable[str], file: str, programs: dict[int, str] | None = None
) -> Iterator[Observation]:
    """Yield listeners and connections from ``netstat -ano``; ``programs`` maps process numbers to names."""
    for number, line in enumerate(lines, start=1):
        row = _NETSTAT.match(line)
        if row is None:
            continue
        _, here, port, there, far_port, state, pid = row.groups()
        name = (programs or {}).get(int(pid), "")
        say = partial(Observation, file=file, record=f"line {number}", name=name, session=f"pid{pid}")
        if (state or "").upper() in {"LISTENING", "LISTEN"}:
            yield say(kind="listener", origin=here.strip("[]"), port=int(port))
        elif (state or "").upper() == "ESTABLISHED":
            yield say(
                kind="connection",
                origin=there.strip("[]"),
                port=port_number(far_port),
            )


def read_tasklist(lines: Iterable[str], file: str) -> Iterator[Observation]:
    """Yield running programs from ``tasklist /fo csv``: image name, process number, … (any language)."""
    for number, row in enumerate(csv.reader(lines), start=1):
        if len(row) > 1 and row[1].strip().isdigit() and "." in row[0]:
            yield Observation(
                kind="program_run",
                file=file,
                record=f"row {number}",
                name=row[0].lower(),
                session=f"pid{row[1].strip()}",
                account=row[6] if len(row) > 7 else "",  # noqa: PLR2004
            )


_JSON_KINDS: dict[str, Kind] = {
    "pathname": "service",
    "executablepath": "program_run",
    "commandline": "program_run",
    "drivername": "printer",
    "printerhostaddress": "printer",
    "portmonitor": "printer",
    "localport": "listener",
    "taskname": "task",
    "displayname": "program_installed",
    "commandlinetemplate": "autorun",
    "scripttext": "autorun",
    "scriptfilename": "autorun",
}
_CONSUMERS = {"commandlinetemplate", "scripttext", "scriptfilename"}
"""What a permanent WMI consumer starts."""


def json_rows(data: bytes) -> tuple[list[Any], bool]:
    """Return the items of a JSON file and whether it is whole; of one that is cut off, those before the cut."""
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "replace").strip()
    try:
        body = json.loads(text)
    except RecursionError:
        return [], False
    except ValueError:
        return _rows_before_cut(text), False
    return body if isinstance(body, list) else [body], True


def _rows_before_cut(text: str) -> list[Any]:
    rows: list[Any] = []
    decoder, at = json.JSONDecoder(), 1
    while text.startswith("[") and (start := re.compile(r"[\s,]*").match(text, at)) is not None:
        try:
            row, at = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            break
        rows.append(row)
    return rows


def read_json(data: bytes, file: str) -> Iterator[Observation]:
    """Yield services, processes, printers, ports, tasks and programs from ``ConvertTo-Json`` of CIM objects."""
    for number, row in enumerate(json_rows(data)[0], start=1):
        if not isinstance(row, dict):
            continue
        low = {str(name).lower(): value for name, value in row.items()}

        def text(*names: str, low: dict[str, Any] = low) -> str:
            return next((str(low[name]) for name in names if low.get(name) not in (None, "")), "")

        told = next((name for name in _JSON_KINDS if low.get(name)), "")
        kind = _JSON_KINDS.get(told)
        if kind is None:
            continue
        if str(low.get("keepprintedjobs")).lower() in {"true", "1"}:
            yield Observation(
                kind="setting", file=file, record=f"item {number}", name="jobs_kept", command=text("name")
            )
        port = text("localport")
        remote = text("remoteport")
        state = text("state").lower()
        if kind == "listener" and state in {"established", "5"}:
            kind, port = "connection", remote
        yield Observation(
            kind=kind,
            file=file,
            record=f"item {number}",
            time=_json_time(text("creationdate", "timecreated", "date")),
            name=text("name", "taskname", "displayname", "processname"),
            path=program_path(
                text("pathname", "executablepath", "path", "installlocation", "commandlinetemplate")
            )
            or text("drivername"),
            command=text("commandline", "pathname", "printerhostaddress", "portname", "actions", *_CONSUMERS)
            or (text("name") if low.get("portmonitor") else ""),
            account=text("startname", "username", "author"),
            origin=text("remoteaddress", "localaddress"),
            signer=text("publisher", "company", "signer"),
            product=text("displayname", "description")
            if kind == "service"
            else text("printprocessor", "product"),
            port=port_number(port),
            session=f"pid{text('processid', 'owningprocess')}" if text("processid", "owningprocess") else "",
            marks=("subscription",) if told in _CONSUMERS else ("port",) if told == "portmonitor" else (),
        )


def _json_time(text: str) -> datetime | None:
    """Return a time as PowerShell writes it: ``/Date(milliseconds)/`` or ISO."""
    ticks = re.fullmatch(r"/Date\((\d{1,14})[+-]?\d*\)/", text)
    return datetime.fromtimestamp(int(ticks[1]) / 1000, UTC) if ticks else iso(text)


def name_processes(seen: list[Observation]) -> list[Observation]:
    """Give listeners and connections the name and path of the process that owns them."""
    programs = {
        each.session: each for each in seen if each.kind == "program_run" and each.session.startswith("pid")
    }
    return [
        msgspec.structs.replace(each, name=owner.name, path=owner.path)
        if each.kind in {"listener", "connection"} and (owner := programs.get(each.session)) is not None
        else each
        for each in seen
    ]
