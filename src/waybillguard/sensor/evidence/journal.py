"""Reads exports of systemd's journal (``journalctl``) and shell histories, with the readers for logs and scripts."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.evidence.linux_files import read_script
from waybillguard.sensor.evidence.system_logs import read_auth_log
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import whole_number

_FIELD = re.compile(r"^([A-Z_0-9]+)=(.*)$")
_YEAR_5000 = 10**17
"""Approximate, in microseconds since 1970."""


def read_journal(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield observations from a journal in the format ``-o json`` or ``-o export`` (see systemd's documentation)."""
    yield from read_auth_log(_as_syslog(lines), file)


def _as_syslog(lines: Lines) -> Iterator[tuple[int, str]]:
    held: dict[str, str] = {}
    start = last = 0
    for number, line in lines:
        last = number
        if line.startswith("{"):
            try:
                body = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(body, dict):
                yield from _line({str(key): str(value) for key, value in body.items()}, number)
        elif not line.strip():
            yield from _line(held, start)
            held = {}
        elif (row := _FIELD.match(line)) is not None:
            start = start if held else number
            held[row[1]] = row[2]
    yield from _line(held, start or last)


def _line(entry: dict[str, str], number: int) -> Iterator[tuple[int, str]]:
    stamp, text = whole_number(entry.get("__REALTIME_TIMESTAMP", "")), entry.get("MESSAGE", "")
    if text and stamp is not None and stamp < _YEAR_5000:
        when = datetime.fromtimestamp(stamp // 1_000_000, UTC).isoformat()
        program = entry.get("SYSLOG_IDENTIFIER") or entry.get("_COMM") or "unknown"
        pid = entry.get("_PID") or entry.get("SYSLOG_PID") or "0"
        yield number, f"{when} {entry.get('_HOSTNAME') or 'host'} {program}[{pid}]: {text}"


def is_journal(text: str) -> bool:
    """Return whether a text begins like an export of the journal."""
    return text.startswith("__CURSOR=") or (
        '"__REALTIME_TIMESTAMP"' in text[:4096] and text.lstrip()[:1] == "{"
    )


def read_history(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield observations from the commands in a shell history (``.bash_history``, PSReadLine)."""
    yield from read_script(((number, line) for number, line in lines if not line.startswith("#")), file)
