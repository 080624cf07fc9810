"""``waybillguard detect EVENTS --roster R``: detect thefts in progress, with one alert per theft."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from waybillguard.cli.output import FOUND, USAGE, fail, json_out, say
from waybillguard.errors import WaybillGuardError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from waybillguard.detect import Alert, Inputs, Notes


def detect(
    events: Annotated[
        Path, typer.Argument(metavar="EVENTS", help="事件文件或文件夹 / file or folder of events")
    ],
    *,
    roster: Annotated[Path, typer.Option(help="花名册 CSV / who works when, CSV")],
    output: Annotated[
        str,
        typer.Option(
            "--json", help="告警 JSON，- 为标准输出 / where the alerts go as JSON, - for standard output"
        ),
    ],
    orders: Annotated[
        Path | None,
        typer.Option(
            help="订单清单 Parquet 或 CSV（order_id, tenant, created_at）：当天单量，以及没有订单的面单 / the orders: how busy each day was, and labels of no order"
        ),
    ] = None,
    findings: Annotated[
        Path | None, typer.Option(help="工位检查结果 JSON / what the sensor found, JSON")
    ] = None,
    decoys: Annotated[Path | None, typer.Option(help="诱饵订单号 / decoy orders, CSV or JSON")] = None,
    zone: Annotated[str, typer.Option(help="仓库时区 / the warehouses' time zone")] = "Asia/Shanghai",
) -> None:
    """找出正在发生的窃取 / find thefts in progress."""
    from zoneinfo import ZoneInfo

    import msgspec

    from waybillguard.detect import Inputs, Notes, Stations, read_decoys, read_findings, read_roster

    if orders is not None and not orders.exists():
        say(f"没有找到 {orders.name} / {orders.name} was not found")
        raise typer.Exit(USAGE)
    try:
        clock = ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        say(f"不认识的时区：{zone[:40]} / unknown time zone: {zone[:40]}")
        raise typer.Exit(USAGE) from None
    notes = Notes()
    try:
        inputs = Inputs(
            roster=read_roster(roster, notes),
            decoys=read_decoys(decoys) if decoys else (),
            stations=read_findings(findings, notes, clock) if findings else Stations(),
            orders=orders,
        )
        alerts = _run(events, inputs, notes, clock)
    except WaybillGuardError as error:
        fail(error)
    for chinese, english in notes.lines():
        say(chinese)
        say(english)
    with json_out(output) as handle:
        handle.write(msgspec.json.encode({"alerts": alerts}) + b"\n")
    say(f"{len(alerts)} 条告警 / {len(alerts)} alerts")
    if alerts:
        raise typer.Exit(FOUND)


def _run(events: Path, inputs: "Inputs", notes: "Notes", clock: "ZoneInfo") -> "Sequence[Alert]":
    from waybillguard.detect import detect as run
    from waybillguard.events import EventStore, event_files
    from waybillguard.events.engines import DuckEngine

    files = event_files(events)
    ours = events.is_dir() and all(any(part.startswith("day=") for part in one.parts) for one in files)
    part: Callable[[int], Sequence[Path]] | None = None
    if ours:
        store = EventStore(events)
        part = lambda day: store.files(first_day=day, last_day=day)  # noqa: E731 - bound once
    with tempfile.TemporaryDirectory() as spill, DuckEngine(spill=Path(spill)) as engine:
        return run(engine, files, inputs, notes, zone=clock, part=part)
