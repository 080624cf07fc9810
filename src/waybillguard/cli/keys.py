"""``keys rotate`` and ``keys passphrase``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from waybillguard.cli.output import FOUND, USAGE, fail, say
from waybillguard.cli.remote import ServiceError, config_for
from waybillguard.errors import WaybillGuardError
from waybillguard.service.config import write_private

if TYPE_CHECKING:
    from waybillguard.cli.remote import Service

app = typer.Typer(no_args_is_help=True, help="密钥 / keys")

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder", show_default=False)]


@app.command()
def passphrase(
    *,
    old_file: Annotated[
        Path | None, typer.Option(help="现口令所在文件 / file with the present passphrase")
    ] = None,
    new_file: Annotated[Path | None, typer.Option(help="新口令所在文件 / file with the new one")] = None,
    data: Data = None,
) -> None:
    """更换开箱口令（须先停止服务）/ change the passphrase of a stopped service's key file."""
    from waybillguard.keys import keyfile
    from waybillguard.service.backup_lock import refuse_running

    config = config_for(data)
    try:
        # A running service would start its key process again with the passphrase it knows.
        refuse_running(config)
        old = _read(old_file or config.passphrase_file, "现口令 / present passphrase")
        new = _read(new_file, "新口令 / new passphrase")
        if new_file is None and new != _read(None, "再输入一次 / once more"):
            raise ServiceError(zh="两次输入不同，未更换", en="the two differ; nothing was changed")
        keyfile.change_passphrase(config.key_file, old, new)
        if config.passphrase_file.exists():
            write_private(config.passphrase_file, new.encode() + b"\n")
    except WaybillGuardError as error:
        fail(error)
    say(
        "口令已更换。以前的备份仍须用旧口令打开；怀疑口令泄露时，请销毁旧备份与旧密钥文件。\n"
        "The passphrase was changed. Backups made before still open with the old one alone: if it may have "
        "leaked, destroy them and any old copy of the key file."
    )


@app.command()
def rotate(
    *,
    output: Annotated[str, typer.Option("--json", help="结果 JSON，- 为标准输出 / result")] = "",
    data: Data = None,
) -> None:
    """更换日密钥与索引密钥并重封全部订单（服务照常运行，可续做）/ new keys for everything, online; resumes."""
    import msgspec

    from waybillguard.cli.output import json_out
    from waybillguard.cli.remote import Service

    try:
        with Service(config_for(data)) as service:
            last = _follow(service)
    except WaybillGuardError as error:
        fail(error)
    if output:
        with json_out(output) as handle:
            handle.write(msgspec.json.encode(last) + b"\n")
    if last["state"] != "done":
        say(last["error_zh"] or "轮换停住了；再次运行本命令即可继续，已完成的部分有效")
        say(last["error_en"] or "the rotation stands still; run this again to go on, what is done stays done")
        raise typer.Exit(USAGE)
    say(
        f"已用第 {last['generation']} 代密钥重封 {last['done']} 单，销毁旧日密钥 {last['days_destroyed']} 把。\n"
        f"sealed {last['done']} orders again under generation {last['generation']}; {last['days_destroyed']} old day keys were destroyed.\n"
        "此前的备份仍含当时的密钥，并可用当时的口令打开；不再需要时请销毁。\n"
        "Backups made before hold the keys of their time and still open with its passphrase: destroy those you no longer need."
    )
    if last["unopened"]:
        say(
            f"{last['unopened']} 单无法打开，按原样保留 / {last['unopened']} orders do not open and were left as they are"
        )
        raise typer.Exit(FOUND)


def _follow(service: "Service") -> dict[str, Any]:
    """Start or resume, and show how far it is until it ends or stands still."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("重封 / sealing again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    started = service.call("POST", "/keys/rotation")
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("", total=max(1, started["total"]))
        return service.wait(
            "/keys/rotation",
            {"running"},
            lambda answer: progress.update(
                bar, completed=answer["done"], total=max(1, answer["total"], answer["done"])
            ),
        )


def _read(path: Path | None, what: str) -> str:
    if path is not None and path.exists():
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ServiceError(zh=f"无法读取 {path}", en=f"cannot read {path}") from None
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"{what}: ").strip()
    raise ServiceError(
        zh=f"缺少{what.split(' / ', maxsplit=1)[0]}：请用 --old-file 与 --new-file 指明所在文件。",
        en=f"the {what.rsplit(' / ', maxsplit=1)[-1]} is missing: name its file with --old-file or --new-file.",
    )
