"""``make bench [ROOM=room]``: the figures of the documentation, peers and limits beside them in one run."""

import importlib
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from waybillguard.cli.output import json_out, say


class Room(StrEnum):
    """What can be measured."""

    READER = "reader"
    ORDERS = "orders"
    SEAL = "seal"
    PEERS = "peers"
    STORE = "store"
    PAGES = "pages"
    SEARCH = "search"
    ROTATE = "rotate"
    LABEL = "label"
    PRINT = "print"
    ACCESS = "access"
    REVEAL = "reveal"
    LEDGER = "ledger"
    KEYD = "keyd"
    EVENTS = "events"
    ACTIVITY = "activity"
    SIMULATE = "simulate"
    SHIM = "shim"
    TRACE = "trace"
    SENSOR = "sensor"
    TOWN = "town"
    INSPECT = "inspect"


def bench(
    *,
    room: Annotated[Room | None, typer.Argument(help="房间；不填为全部 / which room; none means all")] = None,
    output: Annotated[str, typer.Option("--json", help="结果 JSON，- 为标准输出 / result")] = "",
) -> None:
    """测量并与同类对照，速率按单核 CPU 秒 / measure, rates per CPU-second of one core."""
    import msgspec

    results: list[dict[str, Any]] = []
    for wanted in [room] if room else list(Room):
        say(f"{wanted.value} …")
        module = importlib.import_module(f"benchmarks.{wanted.value}")
        results.extend({"room": wanted.value, **row} for row in module.run())
    if output:
        with json_out(output) as handle:
            handle.writelines(msgspec.json.encode(row) + b"\n" for row in results)
    if output != "-":
        _table(results)


def _table(results: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("room", "figure", "value", "unit", "note")
    for row in results:
        table.add_row(
            row["room"],
            str(row["name"]),
            _number(row["value"]),
            str(row.get("unit", "")),
            str(row.get("note", "")),
        )
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 150).print(table)


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    typer.run(bench)
