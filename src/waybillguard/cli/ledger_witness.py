"""``waybillguard ledger witness``: run a witness, and report its alarms."""

import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from waybillguard.cli.output import FOUND, USAGE, fail, say
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.witness import WitnessServer, parse_logs
from waybillguard.ledger.witness_http import serve_witness, witness_secret, witness_signers


def witness(
    name: Annotated[
        str, typer.Option("--name", help="见证方名称，如 post.example/w1 / name of this witness")
    ],
    logs: Annotated[
        Path, typer.Option("--logs", help="所见证台账的公钥：每行 log|family VKEY / keys of the logs")
    ],
    folder: Annotated[
        Path, typer.Option("--state", help="状态目录（密钥与数据库）/ folder for key and database")
    ],
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port")] = 8479,
    keys: Annotated[bool, typer.Option("--keys", help="只打印公钥 / print the public keys and end")] = False,
    silent: Annotated[
        int,
        typer.Option(
            "--silent", metavar="HOURS", help="列出这么久没有新检查点的台账后结束 / name silent logs, end"
        ),
    ] = 0,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", help="写出保存的分叉证据后结束 / write kept forks, end")
    ] = None,
) -> None:
    """运行见证服务（C2SP tlog-witness）/ run a witness."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        signers = witness_signers(name, witness_secret(folder / "witness.key"))
        if keys:
            sys.stdout.writelines(f"{signer.verifier.vkey()}\n" for signer in signers)
            return
        parse_logs(logs.read_text())
        server = WitnessServer(
            folder / "witness.sqlite", signers, lambda: parse_logs(logs.read_text()), lambda: int(time.time())
        )
    except OSError as error:
        say(f"无法读取或写入 {error.filename} / cannot read or write {error.filename}")
        raise typer.Exit(USAGE) from None
    except LedgerError as error:
        fail(error)
    with closing(server):
        if silent:
            _silence(server, silent)
            return
        if evidence is not None:
            _evidence(server, evidence)
            return
        try:
            http = serve_witness(server, host, port)
        except OSError:
            say(f"端口 {port} 已被占用；用 --port 换一个 / port {port} is taken; choose another with --port")
            raise typer.Exit(USAGE) from None
        say(f"见证服务 / witness: http://{host}:{http.server_address[1]}")
        for signer in signers:
            say(signer.verifier.vkey())
        try:
            # A background job of a shell ignores SIGINT unless a handler is set.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.default_int_handler)
            http.serve_forever()
        except KeyboardInterrupt:
            say("已停止 / stopped")
        finally:
            http.server_close()


def _silence(server: WitnessServer, hours: int) -> None:
    quiet = server.silent(int(time.time()) - hours * 3600)
    for origin, when in quiet:
        last = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(when))
        sys.stdout.write(f"{origin} {last}\n")
    if quiet:
        raise typer.Exit(FOUND)


def _evidence(server: WitnessServer, folder: Path) -> None:
    forks = server.forks()
    for number, (origin, when, reason, latest, request) in enumerate(forks, 1):
        about = {"origin": origin, "time_s": when, "reason": reason}
        _write(folder / f"fork-{number:04d}.json", msgspec.json.encode(about))
        _write(folder / f"fork-{number:04d}.cosigned", latest)
        _write(folder / f"fork-{number:04d}.refused", request)
    say(f"{len(forks)} 份分叉证据 / forks kept")
    if forks:
        raise typer.Exit(FOUND)


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise LedgerError(zh=f"无法写入 {path}", en=f"cannot write {path}") from error
