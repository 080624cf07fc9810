"""``keys passphrase``: another passphrase for the root key."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from waybillguard.cli.output import fail, say
from waybillguard.cli.remote import ServiceError, config_for
from waybillguard.errors import WaybillGuardError
from waybillguard.service.config import write_private

app = typer.Typer(no_args_is_help=True, help="密钥 / keys")

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder", show_default=False)]


@app.callback()
def keys() -> None:
    """Keep the group a group while it has one command."""


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
