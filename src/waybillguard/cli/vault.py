"""``up``, ``login``, ``logout``, ``link`` and ``seal``."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from waybillguard.cli.output import FOUND, USAGE, fail, json_out, refuse_output_over, say, say_error
from waybillguard.cli.passwords import password_in
from waybillguard.cli.remote import Service, ServiceError, TokenFile, config_for, require_service, save_token
from waybillguard.errors import WaybillGuardError, reason_in_chinese

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder", show_default=False)]


def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="演示云仓 / a demo warehouse")] = False,
    host: Annotated[str, typer.Option(help="监听地址 / address to answer on")] = "localhost",
    port: Annotated[
        int,
        typer.Option(
            min=1,
            max=65535,
            help="端口 / port",
        ),
    ] = 8443,
    data: Data = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="控制台进程数 / console processes")] = 1,
    hub: Annotated[
        str,
        typer.Option("--hub", help="作为辖区中心运行，给出辖区名称 / run as the hub of a town of this name"),
    ] = "",
) -> None:
    """启动服务、控制台、接口与密钥进程 / start service, console, API and keyd."""
    from waybillguard.keys.harden import harden_process
    from waybillguard.service.operations.up import Options, Supervisor, demo_data_dir
    from waybillguard.service.platform.config import Config

    config = (
        Config(demo_data_dir())
        if demo and data is None and "WAYBILLGUARD_HOME" not in os.environ
        else config_for(data)
    )
    harden_process()
    try:
        Supervisor(Options(config, host, port, demo, workers, hub), _print).run()
    except WaybillGuardError as error:
        fail(error)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def login(
    *,
    user: Annotated[str, typer.Option("--user", help="登录名 / sign-in name")] = "",
    code: Annotated[str, typer.Option("--code", help="动态验证码或恢复码 / one-time or recovery code")] = "",
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="从标准输入读密码 / read the password from standard input"),
    ] = False,
    act: Annotated[
        str, typer.Option(help="验证码同时确认的操作 / the act that the code confirms as well")
    ] = "",
    data: Data = None,
) -> None:
    """登录命令行，12 小时有效 / sign in to the CLI for 12 hours."""
    config = config_for(data)
    try:
        with Service(config, signed_in=False) as service:
            user = user or typer.prompt("登录名 / sign-in name", err=True)
            if password_stdin:
                password = sys.stdin.readline().rstrip("\n")
            else:
                password = typer.prompt("密码 / password", hide_input=True, err=True)
            code = code or typer.prompt("动态验证码 / one-time code", err=True)
            answer = service.call(
                "POST",
                "/login",
                json={
                    "username": user,
                    "password": password,
                    "code": code,
                    "label": os.uname().nodename,
                    "act": act,
                },
            )
        save_token(config, msgspec.convert(answer, TokenFile))
    except WaybillGuardError as error:
        fail(error)
    say(f"已登录：{answer['user']}（{answer['tenant']}），12 小时内有效 / signed in for 12 hours")


def logout(*, data: Data = None) -> None:
    """退出命令行登录 / sign out of the CLI."""
    config = config_for(data)
    try:
        with Service(config) as service:
            service.call("POST", "/logout")
    except WaybillGuardError as error:
        fail(error)
    finally:
        config.token_file.unlink(missing_ok=True)
    say("已退出 / signed out")


def link(
    *,
    user: Annotated[str, typer.Argument(help="登录名 / sign-in name")],
    data: Data = None,
) -> None:
    """为丢失登录方式的人签发一次性链接（30 分钟）/ a one-time link for somebody who lost the way in."""
    config = config_for(data)
    try:
        require_service(config)
    except ServiceError as error:
        fail(error)
    environment = {**os.environ, "WAYBILLGUARD_HOME": str(config.data_dir)}
    result = subprocess.run(  # noqa: S603 - our own module; the user name is one argument
        [sys.executable, "-m", "waybillguard.service.operations.link", user],
        env=environment, check=False, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if result.returncode:
        raise typer.Exit(USAGE)
    _print(result.stdout.strip())


def seal(
    *,
    files: Annotated[list[Path], typer.Argument(help="平台或 ERP 导出的订单文件 / order exports")],
    tenant: Annotated[str, typer.Option(help="租户 / tenant")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="工作簿密码所在文件 / file that holds the workbook's password")
    ] = None,
    output: Annotated[str, typer.Option("--json", help="结果 JSON，- 为标准输出 / result")] = "",
    data: Data = None,
) -> None:
    """读取订单并密封入库 / read order exports and seal them into the vault."""
    password = ""
    refused = unread = False
    results: list[dict[str, Any]] = []
    refuse_output_over(output, files)
    try:
        if password_file is not None:
            password = password_in(password_file)
        with Service(config_for(data)) as service:
            mine = service.call("GET", "/me")["tenant"]
            if tenant and tenant != mine:
                raise ServiceError(
                    zh=f"您登录的租户是 {mine}，不能写入 {tenant}",
                    en=f"you are signed in to tenant {mine}, not {tenant}",
                )
            for path in files:
                try:
                    result = _seal_one(service, path, password)
                except ServiceError as error:
                    # Report this file and continue with the others. Without a service no file can be sealed.
                    say_error(error, of=path.name)
                    unread = True
                    continue
                results.append(result)
                refused = refused or bool(result["refused"]) or result["state"] == "failed"
    except WaybillGuardError as error:
        fail(error)
    finally:
        if output and results:
            with json_out(output) as handle:
                handle.writelines(msgspec.json.encode(result) + b"\n" for result in results)
    if unread or any(result["state"] == "failed" for result in results):
        raise typer.Exit(USAGE)
    if refused:
        raise typer.Exit(FOUND)


def _seal_one(service: Service, path: Path, password: str) -> dict[str, Any]:
    from rich.console import Console

    try:
        handle = path.open("rb")
    except OSError as error:
        raise ServiceError(
            zh=f"无法打开 {path}：{reason_in_chinese(error)}", en=f"cannot open {path}: {error.strerror}"
        ) from None
    with handle, Console(stderr=True).status("") as status:
        status.update(f"{path.name}: 上传 / uploading")
        # The file name is not sent, because exports are often named after a shop or a person.
        sent = f"export{path.suffix}"
        started = service.call(
            "POST", "/imports", files={"file": (sent, handle)}, data={"password": password}
        )
        where = f"/imports/{started['id']}"
        read = service.wait(
            where,
            {"waiting", "reading"},
            lambda answer: status.update(
                f"{path.name}: 磁盘已满，等待空间 / the disk is full, waiting for room"
                if answer["error_code"]
                else f"{path.name}: 已读 {answer['rows_read']} 行 / rows read"
            ),
        )
        if read["state"] == "failed":
            say(f"{path.name}: {read['error_zh']}")
            say(f"{path.name}: {read['error_en']}")
        else:
            read = service.call("POST", f"{where}/commit")
    rows: list[dict[str, Any]] = []
    if read["rows_refused"]:
        while page := service.call(
            "GET", f"{where}/refused", params={"after": rows[-1]["row"] if rows else 0}
        ):
            rows.extend(page)
    if read["state"] != "failed":
        lanes = " ".join(f"{lane}={count}" for lane, count in sorted(read["lanes"].items()))
        say(
            f"{path.name}: 密封 {read['rows_ok']}，参考 {read['rows_reference']}，已有 {read['rows_known']}，"
            f"拒收 {read['rows_refused']}；{lanes}\n"
            f"{path.name}: sealed {read['rows_ok']}, reference {read['rows_reference']}, "
            f"known {read['rows_known']}, refused {read['rows_refused']}; {lanes}"
        )
        for row in rows[:20]:
            say(f"  第 {row['row']} 行 / row {row['row']}: {row['reason']}")
        if len(rows) > 20:  # noqa: PLR2004 - enough to read on a screen
            say(f"  …另有 {len(rows) - 20} 行，见 --json / and {len(rows) - 20} more, see --json")
    return {
        "file": path.name,
        "import": read["id"],
        "state": read["state"],
        "rows": read["rows_read"],
        "sealed": read["rows_ok"],
        "references": read["rows_reference"],
        "known": read["rows_known"],
        "lanes": read["lanes"],
        "refused": rows,
        "error": {"code": read["error_code"], "zh": read["error_zh"], "en": read["error_en"]}
        if read["state"] == "failed"
        else None,
        "receipt": read["receipt"],
    }
