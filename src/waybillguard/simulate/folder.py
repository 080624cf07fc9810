"""Writes a world's folder: ``events/``, orders, roster, victims, shipments and, last, ``truth.json``.

A folder without ``truth.json`` is incomplete. Warehouses are made in parallel processes; the files do not depend on
the number of processes.
"""

import csv
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec
import numpy as np

from waybillguard.errors import reason_in_chinese
from waybillguard.simulate.errors import NotWrittenError, SimulateError
from waybillguard.simulate.generators import plan_world
from waybillguard.simulate.model import Parameters, RosterRow, Sample, Taken, Theft, Victim, World
from waybillguard.simulate.sql import WarehouseFiles, merge_orders

VERSION: Final = 1
#: A smaller world (parcels in all) is made in this process: starting others would take longer.
_SMALL: Final = 400_000

#: Maximum worker processes on Windows (concurrent.futures.process).
_MOST_WORKERS: Final = 61

type Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """Summary of a written world."""

    events: int
    orders: int
    thefts: int
    victims: int


@dataclass(frozen=True, slots=True)
class _Part:
    tenant: str
    events: int
    orders: int
    taken: list[Taken]
    sample: Sample
    roster: list[RosterRow]


def write_world(
    parameters: Parameters,
    folder: Path,
    *,
    generator: str = "a",
    workers: int = 1,
    progress: Progress = lambda _tenant, _events: None,
) -> Report:
    """Make a world and write its folder.

    Args:
        parameters: of the world.
        folder: must not exist, or must be empty.
        generator: letter of the generator.
        workers: number of processes; the files do not depend on it.
        progress: called for each finished warehouse with its number of events.

    Raises:
        SimulateError (simulate_parameters): the parameters are invalid.
        SimulateError (simulate_folder): the folder is not empty; nothing was touched.
        NotWrittenError: the disk write failed.
    """
    world = plan_world(parameters, generator)
    with _writing(folder):
        if folder.exists() and any(folder.iterdir()):
            raise SimulateError(
                code="simulate_folder",
                zh=f"文件夹 {_name(folder)} 已存在且不为空，没有改动。请换一个新的文件夹。",
                en=f"the folder {_name(folder)} exists and is not empty; nothing was touched. Name a new one.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        small = parameters.parcels * parameters.warehouses * parameters.days < _SMALL
        made = _side_by_side if workers > 1 and not small else _one_by_one
        parts: dict[str, _Part] = {}
        for part in made(parameters, generator, len(world.tenants), folder, workers):
            parts[part.tenant] = part
            progress(part.tenant, part.events)
        merge_orders(folder)
        ordered = [parts[tenant] for tenant in world.tenants]
        victims = world.settle(
            {part.tenant: part.taken for part in ordered}, {part.tenant: part.sample for part in ordered}
        )
        _write_roster(folder / "roster.csv", (row for part in ordered for row in part.roster))
        _write_victims(folder / "victims.csv", victims)
        truth = _truth(world, parameters, generator, victims)
        written = folder / ".truth.json"  # atomic: if truth.json exists, the world is complete
        written.write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1) + b"\n")
        written.replace(folder / "truth.json")
    return Report(
        sum(part.events for part in ordered), sum(part.orders for part in ordered), len(world.thefts), len(victims)
    )  # fmt: skip


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        why = getattr(error, "strerror", None) or "disk"
        why_zh = reason_in_chinese(error) if isinstance(error, OSError) else "磁盘"
        raise NotWrittenError(
            zh=f"无法写入 {_name(folder)}（{why_zh}）：磁盘可能已满或没有权限。写出的部分不完整（没有 truth.json），"
            "请删除该文件夹，腾出空间后重试。",
            en=f"cannot write {_name(folder)} ({why}): the disk may be full or the right missing. What was written is "
            "incomplete (it has no truth.json); remove the folder, make room and try again.",
        ) from error
    except (MemoryError, duckdb.OutOfMemoryException, BrokenExecutor) as error:
        raise NotWrittenError(
            zh=f"内存不足或生成进程被终止，{_name(folder)} 没有写完（没有 truth.json）。请删除该文件夹，"
            "改用 --workers 1，或减小 --parcels、--days 后重试。",
            en=f"memory ran out or a process that makes warehouses was ended; {_name(folder)} is incomplete (it has no "
            "truth.json). Remove the folder and try again with --workers 1, or with fewer --parcels or --days.",
        ) from error


def _name(folder: Path) -> str:
    return folder.resolve().name or str(folder)


def _one_by_one(
    parameters: Parameters, generator: str, count: int, folder: Path, _workers: int
) -> Iterator[_Part]:
    for index in range(count):
        yield _make(parameters, generator, index, folder)


def _side_by_side(
    parameters: Parameters, generator: str, count: int, folder: Path, workers: int
) -> Iterator[_Part]:
    # Spawned, not forked: a fork would copy the locks of DuckDB's and NumPy's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, count, _MOST_WORKERS), mp_context=context) as pool:
        waiting = [pool.submit(_make, parameters, generator, index, folder) for index in range(count)]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _make(parameters: Parameters, generator: str, index: int, folder: Path) -> _Part:
    run = plan_world(parameters, generator).warehouse(index)
    taken: list[Taken] = []
    events = orders = 0
    with _writing(folder), closing(WarehouseFiles(folder, run.tenant)) as files:
        for day in run.days():
            files.events(day.events)
            events += len(day.events)
            taken += day.taken
        ending = run.ending()
        parts = list(ending.orders)
        orders = sum(len(part) for part in parts)
        files.orders(parts)
    return _Part(run.tenant, events, orders, taken, ending.sample, run.roster())


def _write_roster(path: Path, rows: Iterable[RosterRow]) -> None:
    fields = list(RosterRow.__dataclass_fields__)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(fields)
        writer.writerows([_cell(getattr(row, name)) for name in fields] for row in rows)


def _write_victims(path: Path, victims: Sequence[Victim]) -> None:
    head = ["order_id", "waybill_no", "phone_token", "contacted_at", "reported_at", "certainty", "category"]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(head)
        for one in victims:
            order = one.order_id if one.names_order else ""
            waybill = one.waybill_no if one.names_waybill else ""
            times = (iso(one.contacted_at), iso(one.reported_at))
            writer.writerow([order, waybill, one.phone_token, *times, f"{one.certainty:.2f}", one.category])


def _cell(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def iso(ts: int) -> str:
    """Return microseconds UTC as ISO 8601, to the second."""
    return datetime.fromtimestamp(ts // 1_000_000, tz=UTC).isoformat()


def _truth(world: World, parameters: Parameters, generator: str, victims: Sequence[Victim]) -> dict[str, Any]:
    return {
        "v": VERSION,
        "generator": generator,
        # Another NumPy version may draw another world from the same seed.
        "made_with": {"numpy": np.__version__, "duckdb": duckdb.__version__},
        "parameters": {**asdict(parameters), "start": parameters.start.isoformat()},
        "tenants": list(world.tenants),
        "thefts": [_theft(theft) for theft in world.thefts],
        "outside": {"victims": [victim.order_id for victim in victims if victim.theft is None]},
        "unseen": list(world.unseen),
    }


def _theft(theft: Theft) -> dict[str, Any]:
    happened = theft.first >= 0
    return {
        "id": theft.id,
        "kind": theft.kind,
        "gang": theft.gang,
        "tenants": theft.tenants,
        "account": theft.account,
        "workstation": theft.workstation,
        "from": iso(theft.first) if happened else None,
        "to": iso(theft.last) if happened else None,
        "seen_in_events": theft.seen,
        "selection": theft.selection,
        "orders": theft.orders,
        "victims": theft.victims,
    }
