"""``backup``, ``restore`` and ``db move``."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from waybillguard.cli.output import USAGE, fail, say
from waybillguard.cli.passwords import password_in, without_password
from waybillguard.cli.remote import ServiceError, config_for, require_service
from waybillguard.errors import WaybillGuardError, reason_in_chinese
from waybillguard.service.platform.config import Config, ensure_private_dir, write_private

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder", show_default=False)]
db = typer.Typer(no_args_is_help=True, help="数据库 / the database")


def backup(
    *,
    out: Annotated[Path, typer.Argument(help="备份文件 / the file to write")],
    data: Data = None,
) -> None:
    """运行中备份为一个加密文件 / back up the running service into one sealed file."""
    config = config_for(data)
    try:
        require_service(config)
    except ServiceError as error:
        fail(error)
    done = run_kept(config, "backup", str(out.absolute()))
    say(
        f"已备份 {done['rows']} 行、{done['files']} 个文件、台账 {done['ledger_entries']} 条，"
        f"{done['bytes'] >> 10} KiB：{done['path']}\n"
        f"backed up {done['rows']} rows, {done['files']} files, {done['ledger_entries']} ledger entries: {done['path']}\n"
        "口令不在备份中：没有口令，备份打不开。请把口令另存一处。\n"
        "The passphrase is not in it, and nothing opens without: keep a copy of it elsewhere."
    )


def restore(
    *,
    file: Annotated[Path, typer.Argument(help="备份文件 / the backup")],
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="替换已有数据（旧数据移到一旁）/ replace what is there (it is moved aside)"
        ),
    ] = False,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="口令所在文件 / file that holds the passphrase")
    ] = None,
    data: Data = None,
) -> None:
    """从备份恢复到已停止的数据目录 / restore a backup into a stopped data folder."""
    config = Config(config_for(data).data_dir.resolve())  # a link to the folder remains a link
    target = config.data_dir
    try:
        there = target.exists() and any(target.iterdir())
        _refuse_place(target, there=there, force=force)
        passphrase = _passphrase(passphrase_file or config.passphrase_file)
        with ExitStack() as stack:
            if there:
                from waybillguard.service.operations.backup_lock import at_rest

                stack.enter_context(at_rest(config))
            done, aside = _restored(config, file, passphrase, there=there)
    except WaybillGuardError as error:
        fail(error)
    except OSError as error:
        fail(_not_written(target, error))
    _keep_passphrase(config, passphrase)
    if done["before_rollover"]:
        say(
            f"此备份做于更换根密钥之前，现已恢复到旧根密钥 {done['key_id']}，由旧口令打开。请启动服务后再次运行 "
            "waybillguard keys rollover。\n"
            f"This backup is from before the root key was replaced: the old one, {done['key_id']}, is in force again and opens "
            "with the old passphrase. Start the service and run waybillguard keys rollover again."
        )
    say(
        f"已恢复 {done['made_at']} 的备份：{done['rows']} 行，台账 {done['ledger_entries']} 条\n"
        f"restored the backup of {done['made_at']}: {done['rows']} rows, {done['ledger_entries']} ledger entries"
    )
    if done["kept_ledger"] and done["newer_entries"]:
        say(
            f"台账比备份新 {done['newer_entries']} 条，已保留新台账：备份之后的查看记录都在，但其间写入的订单不在。\n"
            f"The ledger is {done['newer_entries']} entries newer than the backup and was kept: looks since then stay on "
            "record, orders written since then are gone."
        )
    elif there and not done["kept_ledger"]:
        say(
            "原有台账不能接续，已采用备份中的台账；原有的在移开的目录里。见证方会指出差异。\n"
            "The ledger in place does not continue the backup's; the backup's is used, the other lies in the folder moved "
            "aside. Witnesses will point out the difference."
        )
    if aside is not None:
        say(f"原有数据 / what was there: {aside}")


def _restored(
    config: Config, file: Path, passphrase: str, *, there: bool
) -> tuple[dict[str, Any], Path | None]:
    """Restore into a staging folder, then move it into place; return a summary, and the path of the old folder."""
    target = config.data_dir
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Config(ensure_private_dir(target.with_name(f".{target.name}.restoring-{secrets.token_hex(4)}")))
    arguments = ["--current", str(target)] if there else []
    aside = None
    try:
        done = run_kept(staging, "restore", str(file.absolute()), *arguments, stdin=passphrase + "\n")
        if there:
            aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            target.rename(aside)
        try:
            staging.data_dir.rename(target)  # the target is missing or an empty folder
        except OSError:
            if aside is not None and not target.exists():
                aside.rename(target)
            raise
    finally:
        shutil.rmtree(staging.data_dir, ignore_errors=True)
    return done, aside


def _refuse_place(target: Path, *, there: bool, force: bool) -> None:
    """Raise ServiceError if the folder must not or cannot be replaced, before anything is read."""
    if there:
        from waybillguard.service.operations.data_folder import refuse_foreign_folder

        refuse_foreign_folder(target, replaced=True)
        if not force:
            raise ServiceError(
                zh=f"{target} 中已有数据。确认要替换时请加 --force（旧数据会移到一旁，不会删除）。",
                en=f"{target} holds data. Add --force to replace it (it is moved aside, not deleted).",
            )
    if target.exists() and target.stat().st_uid != os.geteuid():
        raise ServiceError(
            zh=f"{target} 属于其他用户（uid {target.stat().st_uid}），恢复后服务将无法打开。请以该用户执行：sudo -u '#{target.stat().st_uid}' …",
            en=f"{target} belongs to another user (uid {target.stat().st_uid}), whose service could not open what you restore. "
            f"Run this as that user: sudo -u '#{target.stat().st_uid}' …",
        )
    if target.is_mount():
        raise ServiceError(
            zh=f"{target} 是挂载点，不能整体替换。请恢复到其下的目录，例如 --data {target / 'data'}，并让服务使用它。",
            en=f"{target} is a mount point and cannot be replaced as a whole. Restore into a folder below it, such as --data "
            f"{target / 'data'}, and have the service use that.",
        )


def _not_written(target: Path, error: OSError) -> ServiceError:
    return ServiceError(
        zh=f"无法在 {target.parent} 中写入或改名（{reason_in_chinese(error)}）。原有数据未受影响；请检查权限与空间，或用 --data 指定别处。",
        en=f"cannot write or rename in {target.parent} ({error.strerror}). What was there is untouched; check permissions and "
        "space, or name another place with --data.",
    )


def _keep_passphrase(config: Config, passphrase: str) -> None:
    """Write the backup's passphrase to the service's passphrase file, unless it exists; report if that fails."""
    place = config.passphrase_file
    try:
        if not place.exists():
            write_private(place, passphrase.encode() + b"\n")
            return
        same = not os.access(place, os.R_OK) or _passphrase(place) == passphrase
    except OSError as error:
        say(
            f"无法使用口令文件 {place}（{reason_in_chinese(error)}）：启动前请放入此备份的口令。\n"
            f"the passphrase file {place} cannot be used ({error.strerror}): put this backup's there before a start."
        )
        return
    if not same:
        say(
            f"{place} 中是另一个口令，打不开恢复后的数据：启动前请放入此备份的口令。\n"
            f"{place} holds another passphrase, which does not open what was restored: put this backup's there before a start."
        )


@db.command()
def move(
    *,
    url: Annotated[str, typer.Argument(help="postgresql://用户@主机/库 / postgresql://user@host/database")],
    password_file: Annotated[
        Path | None, typer.Option(help="数据库密码所在文件 / file that holds the database's password")
    ] = None,
    data: Data = None,
) -> None:
    """停止服务后把内置数据库迁到 PostgreSQL / move the embedded database of a stopped service to PostgreSQL.

    密码不写在地址里：用 --password-file、PGPASSWORD 或 PGPASSFILE。
    The password does not belong into the URL: use --password-file, PGPASSWORD or PGPASSFILE.
    """
    config = config_for(data)
    try:
        url, password = without_password(url)
        if password:
            say(
                "警告：命令行中的密码，本机其他用户在进程列表中可以看到。请改用 --password-file、PGPASSWORD 或 PGPASSFILE，"
                "并更换该密码。\n"
                "Warning: a password on the command line shows in the list of processes to everybody on this machine. Use "
                "--password-file, PGPASSWORD or PGPASSFILE, and change that password."
            )
        if password_file is not None:
            password = password_in(password_file)
        if not config.database.exists():
            raise ServiceError(
                zh=f"{config.data_dir} 中没有内置数据库",
                en=f"there is no embedded database in {config.data_dir}",
            )
        from waybillguard.service.operations.backup_lock import at_rest

        with at_rest(config):
            done = run_kept(config, "move", "-", stdin=f"{url}\n{password}\n", database_url="")
    except WaybillGuardError as error:
        fail(error)
    say(
        f"已迁移 {done['tables']} 张表、{done['rows']} 行，行数与摘要逐表一致；旧数据库未改动。\n"
        f"moved {done['tables']} tables, {done['rows']} rows; count and digest of each table agree, the old database "
        "is unchanged.\n"
        "请设置 WAYBILLGUARD_DATABASE_URL 后启动服务 / set WAYBILLGUARD_DATABASE_URL and start the service"
    )


def _passphrase(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        if sys.stdin.isatty():
            from getpass import getpass

            return getpass("口令 / passphrase: ").strip()
        raise ServiceError(
            zh=f"需要口令，但找不到口令文件 {path}。请用 --passphrase-file 指明。",
            en=f"the passphrase is needed and there is no file {path}. Name it with --passphrase-file.",
        ) from None


def run_kept(
    config: Config, what: str, argument: str, *more: str, stdin: str = "", database_url: str | None = None
) -> Any:  # noqa: ANN401 - JSON
    """Run a long operation in a child process and return its summary."""
    environment = {**os.environ, "WAYBILLGUARD_HOME": str(config.data_dir)}
    if database_url is not None:
        environment["WAYBILLGUARD_DATABASE_URL"] = database_url
    result = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "waybillguard.service.operations.keep", what, argument, *more],
        env=environment, input=stdin, check=False, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if result.returncode:
        raise typer.Exit(USAGE)
    return json.loads(result.stdout)
