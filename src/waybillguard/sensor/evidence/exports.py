r"""Reads files collected by hand on a Windows PC: ``.reg`` exports and the output of the system's own commands.

Examples are ``reg export``, ``netstat -ano``, ``tasklist /v /fo csv``, ``sc query`` and ``sc qc``; tables are read by
``tables``. The live scan on Windows, which runs these commands itself, uses the same parsers.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from waybillguard.sensor.evidence.registry_keys import Values, registry_key
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import port_number

_KEY = re.compile(r"^\[-?(HKEY_[^\]]+|HK\w+[^\]]*)\]\s*$")
_VALUE = re.compile(r'^(?:"((?:[^"\\]|\\.)*)"|(@))=(.*)$')
_NETSTAT = re.compile(
    r"^\s*(TCP|UDP)\s+(\S+):([0-9]{1,5})\s+(\S+):([^\s:]+)\s+(?:([A-Z_]{4,}|侦听|监听|已建立)(?:\s+|$))?(?:([0-9]{1,10})\s*)?$"
)


def read_reg(lines: Iterable[str], file: str) -> Iterator[Observation]:
    """Yield observations from a text export of the registry (``reg export``, version 5)."""
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
    held: Observation | None = None
    for number, line in enumerate(lines, start=1):
        row, owner = _NETSTAT.match(line), re.match(r"^\s*\[([^\[\]:]+)\]\s*$", line)
        if owner and held:  # netstat -b
            held = msgspec.structs.replace(held, name=held.name or owner[1].lower())
        if row is None:
            continue
        if held:
            yield held
        _, here, port, there, far_port, state, pid = row.groups()
        name = (programs or {}).get(int(pid or 0), "")
        say = partial(
            Observation, file=file, record=f"line {number}", name=name, session=f"pid{pid}" if pid else ""
        )
        held = None
        if (state or "").upper() in {"LISTENING", "LISTEN", "侦听", "监听"}:
            held = say(kind="listener", origin=here.strip("[]"), port=int(port))
        elif (state or "").upper() in {"ESTABLISHED", "已建立"}:
            held = say(
                kind="connection",
                origin=there.strip("[]"),
                port=port_number(far_port),
            )
    if held:
        yield held


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


def name_processes(seen: list[Observation]) -> list[Observation]:
    """Return the observations with each listener and connection completed by the name and path of its process."""
    owned = [each for each in seen if each.kind == "program_run" and each.session.startswith("pid")]
    programs = {
        each.session: each
        for each in sorted(owned, key=lambda each: each.path[:1] == "/" or ":" in each.path)
    }
    return [
        msgspec.structs.replace(each, name=owner.name, path=owner.path)
        if each.kind in {"listener", "connection"} and (owner := programs.get(each.session)) is not None
        else each
        for each in seen
    ]
