"""Figures of the simulator: events a second in memory and on the disk, and the hundred-million world.

``WAYBILLGUARD_BENCH_EVENTS`` sets the size of the written world in millions of events (default 5; the figure
of the README is taken with 100). The control is a write of the same number of bytes in the same run.
"""

import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

from waybillguard.simulate import Parameters, make_world, write_world

type Row = dict[str, object]

#: Parcels a day of the median warehouse, days, and about how many events one warehouse has then.
_PARCELS = 6000.0
_DAYS = 30
_A_WAREHOUSE = 950_000


def run() -> list[Row]:
    """Measure; each row has name, value, unit and note."""
    begun = time.process_time()
    month = make_world(Parameters(seed=1, warehouses=1, parcels=1500, kinds=("night_remote", "print_tap")))
    events = sum(len(day) for day in month.events)
    rows: list[Row] = [
        {
            "name": "simulate.one warehouse's month in memory",
            "value": time.process_time() - begun,
            "unit": "CPU-s",
            "note": f"{events:,} events",
        }
    ]
    return rows + _written(float(os.environ.get("WAYBILLGUARD_BENCH_EVENTS", "5")))


def _written(millions: float) -> list[Row]:
    warehouses = max(6, round(millions * 1e6 / _A_WAREHOUSE))
    cores = os.cpu_count() or 1
    root = Path(tempfile.mkdtemp(prefix="waybillguard-bench-"))
    try:
        begun, before = time.perf_counter(), _cpu()
        parameters = Parameters(seed=1, warehouses=warehouses, parcels=_PARCELS, days=_DAYS)
        report = write_world(parameters, root / "world", workers=cores)
        wall, spent = time.perf_counter() - begun, _cpu() - before
        size = sum(path.stat().st_size for path in (root / "world").rglob("*") if path.is_file())
        control = _control(root / "control", size)
    finally:
        shutil.rmtree(root)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    note = f"{report.events:,} events, {report.orders:,} orders, {warehouses} warehouses, {cores} processes"
    return [
        {"name": "simulate.events written", "value": report.events / wall, "unit": "events/s", "note": note},
        {
            "name": "simulate.wall",
            "value": wall,
            "unit": "s",
            "note": f"control, the same bytes: {control:.1f} s",
        },
        {
            "name": "simulate.processor",
            "value": spent * 1e6 / report.events,
            "unit": "CPU-us/event",
            "note": note,
        },
        {"name": "simulate.a hundred million at this pace", "value": 1e8 * wall / report.events, "unit": "s"},
        {
            "name": "simulate.size",
            "value": size / report.events,
            "unit": "bytes/event",
            "note": "whole folder",
        },
        {"name": "simulate.peak memory of the largest process", "value": peak / 1e6, "unit": "GB"},
    ]


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _control(path: Path, size: int) -> float:
    block = os.urandom(1 << 20)
    begun = time.perf_counter()
    with path.open("wb") as handle:
        for _ in range(size >> 20):
            handle.write(block)
    return time.perf_counter() - begun
