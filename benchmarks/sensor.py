"""Figures of the sensor: events a second through all rules, prefiltered events, the live scan.

The event logs are made by repeating the chunks of real ones of the measurement data (``WAYBILLGUARD_TEST_DATA``);
without it that part is reported as not tried.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from waybillguard.sensor.case import Case
from waybillguard.sensor.evidence.event_log import EventLog
from waybillguard.sensor.evidence.interest import is_of_interest
from waybillguard.sensor.rules import judge

type Row = dict[str, object]

_HEAD, _CHUNK, _CHUNKS = 4_096, 65_536, 300
_LOGS = (
    (
        "events of which most mean something, all rules",
        "ID4688,4697,5140-5145_PSexec_remote_execution___admin_share.evtx",
    ),
    ("events passed over by their number", "ID131-RDP_brutforce_(no_user_info).evtx"),
)


def run() -> list[Row]:
    """Measure."""
    return [*_event_logs(), *_scan()]


def _event_logs() -> list[Row]:
    data = os.environ.get("WAYBILLGUARD_TEST_DATA")
    rows: list[Row] = []
    for what, name in _LOGS:
        source = Path(data or "/nonexistent") / "evidence/EVTX-to-MITRE-Attack" / name
        if not source.is_file():
            rows.append(_row(what, 0.0, "/s", "not tried: needs the measurement data"))
            continue
        with tempfile.TemporaryDirectory() as folder:
            grown = Path(folder) / "grown.evtx"
            _repeat(source, grown)
            log = EventLog("grown.evtx", is_of_interest)
            start = time.process_time()
            judge(Case(list(log.read(str(grown)))))
            seconds = time.process_time() - start
        rows.append(
            _row(what, log.records / seconds, "/s", f"{log.records} events, one core, read and judged")
        )
    return rows


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "note": note}


def _repeat(source: Path, target: Path) -> None:
    data = source.read_bytes()
    chunks = [data[place : place + _CHUNK] for place in range(_HEAD, len(data) - _CHUNK + 1, _CHUNK)]
    chunks = [chunk for chunk in chunks if chunk.startswith(b"ElfChnk")]
    with target.open("wb") as stream:
        stream.write(data[:_HEAD])
        for number in range(_CHUNKS):
            stream.write(chunks[number % len(chunks)])


def _scan() -> list[Row]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "waybillguard", "sensor", "scan", "--json", os.devnull],
        check=False,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    note = f"{time.monotonic() - start:.1f} s on the clock, start of the program included"
    return [
        _row("live scan of this machine", seconds, "CPU s", note),
        _row("memory of the live scan", after.ru_maxrss / 1024, "MiB", "largest child of this run"),
    ]
