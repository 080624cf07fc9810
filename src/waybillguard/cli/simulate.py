"""``waybillguard simulate OUT --seed N``: generate warehouses with known thefts, for tests and benchmarks."""

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import typer

from waybillguard.cli.output import USAGE, fail, json_out, say
from waybillguard.errors import WaybillGuardError


class Generator(StrEnum):
    """Generator of the simulated data."""

    A = "a"
    B = "b"


def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="新文件夹 / a new folder")],
    *,
    seed: Annotated[int, typer.Option(help="相同的种子得到相同的世界 / the same seed gives the same world")],
    start: Annotated[str, typer.Option(help="第一天 / first day, YYYY-MM-DD")] = "2026-10-26",
    days: Annotated[int, typer.Option(help="天数 / local days with events")] = 30,
    warehouses: Annotated[int, typer.Option(help="仓库数 / number of warehouses")] = 6,
    parcels: Annotated[
        float, typer.Option(help="中等仓库日均单量 / the median warehouse's parcels a day")
    ] = 1200.0,
    scale: Annotated[float, typer.Option(help="单量倍数 / multiplies the parcels")] = 1.0,
    thefts: Annotated[
        str, typer.Option(help="all、none 或以逗号分开 / all, none, or kinds with commas")
    ] = "all",
    each: Annotated[int, typer.Option(help="每种几起 / thefts of each kind")] = 1,
    outside: Annotated[
        float, typer.Option(help="受害人中来自别处的比例 / share of victims of other leaks")
    ] = 0.5,
    generator: Annotated[Generator, typer.Option(help="生成器 / which generator")] = Generator.A,
    workers: Annotated[int, typer.Option(help="进程数，0 为自动 / processes, 0 is as many as cores")] = 0,
    output: Annotated[
        str,
        typer.Option(
            "--json", help="摘要 JSON，- 为标准输出 / where the summary goes as JSON, - for standard output"
        ),
    ] = "",
) -> None:
    """生成编造的仓库世界与其中的窃取 / make invented warehouses and the thefts in them."""
    import msgspec

    from waybillguard.simulate import KINDS, Parameters, write_world

    kinds = {"all": KINDS, "none": ()}.get(thefts) or tuple(
        filter(None, (one.strip() for one in thefts.split(",")))
    )
    try:
        begins = date.fromisoformat(start)
    except ValueError:
        say(
            f"--start 应为 YYYY-MM-DD，如 2026-10-26 / --start must be YYYY-MM-DD, as 2026-10-26 (got {start[:20]!r})"
        )
        raise typer.Exit(USAGE) from None
    try:
        parameters = Parameters(
            seed=seed,
            start=begins,
            days=days,
            warehouses=warehouses,
            parcels=parcels * scale,
            kinds=() if thefts == "none" else kinds,
            thefts_per_kind=each,
            outside=outside,
        )
        with _Bar(warehouses) as bar:
            report = write_world(
                parameters,
                out,
                generator=generator,
                workers=workers or os.cpu_count() or 1,
                progress=bar.step,
            )
    except WaybillGuardError as error:
        fail(error)
    say(
        f"{report.events:,} 条事件，{report.orders:,} 个订单，{report.thefts} 起窃取，{report.victims} 名受害人 / "
        f"{report.events:,} events, {report.orders:,} orders, {report.thefts} thefts, {report.victims} victims"
    )
    if output:
        with json_out(output) as handle:
            handle.write(msgspec.json.encode(report) + b"\n")


class _Bar:
    """Progress bar on standard error, counted in warehouses."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("仓库 / warehouses", total=total)
        self._events = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, _tenant: str, events: int) -> None:
        """Count one finished warehouse."""
        self._events += events
        self._progress.update(
            self._task, advance=1, description=f"仓库 / warehouses · {self._events:,} events"
        )
