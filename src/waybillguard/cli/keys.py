"""``keys rotate``, ``rollover``, ``holder``, ``escrow``, ``recover`` and ``passphrase``."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from waybillguard.cli.output import FOUND, USAGE, fail, say
from waybillguard.cli.remote import ServiceError, config_for
from waybillguard.errors import WaybillGuardError
from waybillguard.service.platform.config import write_private

if TYPE_CHECKING:
    from waybillguard.cli.remote import Service
    from waybillguard.service.platform.config import Config


class Suite(StrEnum):
    """Cipher suites of sealed contacts."""

    AES_256_GCM = "aes-256-gcm"
    AES_256_GCM_SIV = "aes-256-gcm-siv"
    SM4_GCM = "sm4-gcm"


app = typer.Typer(no_args_is_help=True, help="密钥 / keys")

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder", show_default=False)]
OldFile = Annotated[
    Path | None, typer.Option(help="现口令、令牌或 PIN 所在文件 / file with the present secret")
]
NewFile = Annotated[Path | None, typer.Option(help="新口令所在文件 / file with the new passphrase")]


@app.command()
def passphrase(
    *,
    old_file: OldFile = None,
    new_file: NewFile = None,
    data: Data = None,
) -> None:
    """更换解锁口令（须先停止服务）/ change the passphrase of a stopped service's key file."""
    from waybillguard.keys import holders, keyfile
    from waybillguard.service.operations.backup_lock import refuse_running

    config = config_for(data)
    try:
        # A running service would restart keyd with the old passphrase.
        refuse_running(config)
        if (kept := holders.describe(config.key_file).holder) != holders.PASSPHRASE:
            raise ServiceError(
                zh=f"根密钥由 {kept} 保管，没有口令可换。请用 keys holder 更换保管方式。",
                en=f"{kept} keeps the root key, so there is no passphrase to change. Use keys holder.",
            )
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
        "口令已更换，根密钥不变。以前的备份仍须用旧口令打开；怀疑口令泄露时，请启动服务后运行 keys rollover 更换根密钥，并"
        "销毁旧备份与旧密钥文件。\n"
        "The passphrase was changed, the root key was not. Backups made before still open with the old one alone: if it may "
        "have leaked, start the service, run keys rollover for a new root key, and destroy them and any old copy of the key "
        "file."
    )


@app.command()
def holder(
    *,
    kind: Annotated[
        str,
        typer.Argument(
            help="passphrase | keyring | transit | pkcs11；不填则显示 / none: show", show_default=False
        ),
    ] = "",
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="名=值，可多次，如 url=https://… / NAME=VALUE, repeatable", show_default=False
        ),
    ] = None,
    old_file: OldFile = None,
    new_file: Annotated[Path | None, typer.Option(help="新的所在文件 / file with the new secret")] = None,
    data: Data = None,
) -> None:
    """查看或更换根密钥的保管方式（更换须先停止服务）/ who keeps the root key: show it, or change it."""
    from waybillguard.keys import holders
    from waybillguard.service.operations.key_acts import change_holder

    config = config_for(data)
    try:
        now = holders.describe(config.key_file)
        if kind:
            old = (
                _read(old_file or config.passphrase_file, "现口令、令牌或 PIN / present secret")
                if now.needs_secret
                else ""
            )
            needs = kind != "keyring"
            new = _read(new_file, "新口令、令牌或 PIN / new secret") if needs else ""
            now = change_holder(config, old, kind, _settings(setting or []), new)
            if needs:
                write_private(config.passphrase_file, new.encode() + b"\n")
            else:
                config.passphrase_file.unlink(missing_ok=True)
    except WaybillGuardError as error:
        fail(error)
    detail = " ".join(f"{name}={value}" for name, value in sorted(now.settings.items()) if value)
    say(
        f"根密钥 {now.key_id}：{now.holder} {detail} / root key {now.key_id} is kept by: {now.holder} {detail}"
    )
    if kind:
        say(
            "此前的备份仍按当时的保管方式打开。启动时的口令、令牌或 PIN 在："
            f"{config.passphrase_file}\n"
            "Backups made before open as at their time. What opens it at a start lies in: "
            f"{config.passphrase_file}"
        )


def _settings(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ServiceError(zh=f"--set 应为 名=值：{pair}", en=f"--set takes NAME=VALUE: {pair}")
        found[name.strip()] = value.strip()
    return found


@app.command()
def escrow(
    *,
    needed: Annotated[int, typer.Option(min=2, max=16, help="恢复所需片数 / how many restore it")] = 3,
    shares: Annotated[int, typer.Option(min=2, max=16, help="总片数 / how many are made")] = 5,
    old_file: OldFile = None,
    data: Data = None,
) -> None:
    """把根密钥拆成 N 份，任意 K 份可恢复（只显示一次）/ the root key in shares, printed once."""
    from waybillguard.keys import holders
    from waybillguard.service.operations.key_acts import make_shares

    config = config_for(data)
    try:
        secret = ""
        if holders.describe(config.key_file).needs_secret:
            secret = _read(old_file or config.passphrase_file, "现口令、令牌或 PIN / present secret")
        lines = make_shares(config, secret, needed, shares)
    except WaybillGuardError as error:
        fail(error)
    for number, line in enumerate(lines, 1):
        sys.stdout.write(f"[{number}/{shares}] {line}\n")
    sys.stdout.flush()
    say(
        f"任意 {needed} 份可恢复，少于 {needed} 份毫无用处。请分给不同的人抄写保管；系统不保留，只显示这一次。\n"
        f"Any {needed} restore it, fewer are worth nothing. Give them to different people; they are kept nowhere "
        "and shown only now."
    )


@app.command()
def recover(
    *,
    shares_file: Annotated[
        Path | None, typer.Option(help="分片文件，每行一份；不填为标准输入 / shares, one a line")
    ] = None,
    new_file: NewFile = None,
    data: Data = None,
) -> None:
    """用足够的分片恢复根密钥，并改用新口令（须先停止服务）/ restore the root key from enough shares."""
    from waybillguard.service.operations.key_acts import recover as restore

    config = config_for(data)
    try:
        text = _read(shares_file, "分片 / shares") if shares_file or sys.stdin.isatty() else sys.stdin.read()
        new = _read(new_file, "新口令 / new passphrase")
        lines = [line.partition("]")[2] if line.startswith("[") else line for line in text.splitlines()]
        now = restore(config, lines, new)
        write_private(config.passphrase_file, new.encode() + b"\n")
    except WaybillGuardError as error:
        fail(error)
    say(
        f"根密钥 {now.key_id} 已恢复，改由新口令保管 / root key {now.key_id} was restored, under the new passphrase"
    )


@app.command()
def rollover(
    *,
    old_file: OldFile = None,
    new_file: NewFile = None,
    data: Data = None,
) -> None:
    """口令泄露后换一把新的根密钥（服务照常运行，可续做）/ a new root key after a leak, online; resumes."""
    from waybillguard.cli.backup import run_kept
    from waybillguard.cli.rolling import put_in_force

    config = config_for(data)
    try:
        waiting = put_in_force(config, old_file, lambda: _new_secret(config, new_file), _read)
    except WaybillGuardError as error:
        fail(error)
    if waiting:
        say(waiting)
        raise typer.Exit(FOUND)
    done = run_kept(config, "renew", "-")
    say(
        f"根密钥已更换，重新包裹 {done['renewed']} 把密钥；旧根密钥不再打开任何现有密钥。\n"
        f"the root key was replaced and {done['renewed']} keys wrapped again; the old one opens none of them any more.\n"
        "接下来：每家仓库运行 keys rotate（旧副本中有当时的日密钥）；重新备份；需要时重做分片；销毁旧备份和旧密钥文件：它们"
        "仍可用旧口令打开，已被取走的数据无法收回。\n"
        "Next: run keys rotate in every warehouse (old copies hold the day keys of their time), make a new backup, make new "
        "shares if you keep any, destroy old backups and key files: they still open with the old passphrase. What was "
        "taken stays taken."
    )
    if done["unopened"]:
        say(
            f"{done['unopened']} 把密钥没有任何根密钥能打开，按原样保留 / {done['unopened']} keys open under no root key and were left"
        )
        raise typer.Exit(FOUND)


def _new_secret(config: "Config", new_file: Path | None) -> str:
    from waybillguard.keys import holders

    if not (kept := holders.describe(config.key_file)).needs_secret:
        return ""
    new = _read(new_file, "新口令、令牌或 PIN / new secret")
    typed = kept.holder == holders.PASSPHRASE and new_file is None
    if typed and new != _read(None, "再输入一次 / once more"):
        raise ServiceError(zh="两次输入不同，未更换", en="the two differ; nothing was changed")
    return new


@app.command()
def rotate(
    *,
    suite: Annotated[
        Suite | None,
        typer.Option(help="改用的算法套件 / cipher suite to change to", show_default=False),
    ] = None,
    output: Annotated[str, typer.Option("--json", help="结果 JSON，- 为标准输出 / result")] = "",
    data: Data = None,
) -> None:
    """更换日密钥与索引密钥并重封全部订单（服务照常运行，可续做）/ new keys for everything, online; resumes."""
    import msgspec

    from waybillguard.cli.output import json_out
    from waybillguard.cli.remote import Service

    try:
        with Service(config_for(data)) as service:
            last = _follow(service, suite)
    except WaybillGuardError as error:
        fail(error)
    if output:
        with json_out(output) as handle:
            handle.write(msgspec.json.encode(last) + b"\n")
    if last["state"] != "done":
        zh = last["error_zh"] or "轮换停住了；再次运行本命令即可继续，已完成的部分有效"
        en = last["error_en"] or "the rotation stands still; run this again to go on, what is done stays done"
        say(f"{zh}\n{en}")
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


def _follow(service: "Service", suite: Suite | None) -> dict[str, Any]:
    """Start or resume a rotation, and show its progress until it ends or stops."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("重封 / sealing again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    started = service.call("POST", "/keys/rotation", params={"suite": suite.value} if suite else {})
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
