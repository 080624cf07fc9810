"""``doctor`` and ``status``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from waybillguard.cli.output import DONE, FOUND, json_out, say
from waybillguard.cli.remote import config_for

if TYPE_CHECKING:
    from waybillguard.service.platform.config import Config

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder", show_default=False)]
Json = Annotated[
    str, typer.Option("--json", metavar="OUT", help="结果 JSON，- 为标准输出 / result, - for standard output")
]
_MARKS = {"good": "✓", "note": "·", "missing": "○", "warning": "!", "damaged": "✗", "unknown": "?"}


def doctor(
    *,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="不逐页检查数据库和台账 / leave out database pages and ledger entries"),
    ] = False,
    data: Data = None,
    output: Json = "",
) -> None:
    """检查数据库、台账、密钥、证书、磁盘、时钟和各项保护 / check database, ledger, keys, disk, clock, protections."""
    from waybillguard.service.operations.doctor import examine

    found = []
    for check in examine(config_for(data), quick=quick):
        found.append(check)
        say(f"{_MARKS[check.state]} {check.zh} / {check.en}")
        if check.do_zh:
            say(f"    → {check.do_zh}\n    → {check.do_en}")
    if output:
        with json_out(output) as handle:
            handle.write(msgspec.json.encode({"checks": found}) + b"\n")
    raise typer.Exit(DONE if all(check.good for check in found) else FOUND)


def status(*, data: Data = None, output: Json = "") -> None:
    """显示服务是否在运行 / say whether the service runs, and its processes."""
    config = config_for(data)
    answer = _status(config)
    if not answer["running"]:
        say(
            f"数据目录 {config.data_dir} 上没有正在运行的服务。启动：waybillguard up --data {config.data_dir}\n"
            f"no service runs on the data folder {config.data_dir}. Start it: waybillguard up --data {config.data_dir}"
        )
    else:
        say(f"运行中 / running: {answer['url']}")
        for child in answer["processes"]:
            say(f"  {child['name']}\t{child['pid']}\t{child['since'] or ''}")
        if answer["ledger_writes"]:
            say(
                f"台账 {answer['ledger_entries']} 条，写入正常 / the ledger writes; {answer['ledger_entries']} entries"
            )
        else:
            say(
                f"{answer['problem_zh'] or '密钥进程没有应答'} / {answer['problem_en'] or 'keyd does not answer'}"
            )
    if output:
        with json_out(output) as handle:
            handle.write(msgspec.json.encode(answer) + b"\n")
    raise typer.Exit(DONE if answer["running"] and answer["ledger_writes"] else FOUND)


def _status(config: "Config") -> dict[str, Any]:
    import json

    from waybillguard import __version__
    from waybillguard.service.operations.doctor import children_of, keyd_state, started_at
    from waybillguard.service.platform.health.machine import supervisor_of
    from waybillguard.service.platform.lifeline import FolderLock

    pid = supervisor_of(config)
    running = pid in FolderLock(config.service_lock).holders()
    url = json.loads(config.run_file.read_text(encoding="utf-8"))["url"] if running else ""
    state = keyd_state(config) if running else None
    children = {"supervisor": pid, **children_of(config)} if running else {}
    return {
        "running": running,
        "url": url,
        "version": __version__,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processes": [
            {"name": name, "pid": pid, "since": began.isoformat(timespec="seconds") if began else None}
            for name, pid in children.items()
            for began in (started_at(pid),)
        ],
        "ledger_writes": bool(state and state.healthy),
        "ledger_entries": sum(state.entries.values()) if state else 0,
        "problem_zh": state.problem_zh if state else "",
        "problem_en": state.problem_en if state else "",
    }
