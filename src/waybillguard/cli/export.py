"""``export key`` and ``export open``: commands for the recipient of a sealed export. They work offline."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Annotated, Never

import msgspec
import typer

from waybillguard.cli.output import USAGE, fail, say
from waybillguard.errors import WaybillGuardError, reason_in_chinese
from waybillguard.orders.csv_out import SafeCsv
from waybillguard.seal.exportfile import ExportReader, ExportRecord
from waybillguard.seal.exportkey import fingerprint, new_export_key, private_pem, public_line, read_private

app = typer.Typer(no_args_is_help=True, help="密封导出文件的收件方 / for recipients of sealed exports")
COLUMNS = ExportRecord.__struct_fields__
_KINDS = (".csv", ".jsonl")


@app.command()
def key(
    out: Annotated[Path, typer.Argument(help="私钥文件 / file for the private key", dir_okay=False)],
) -> None:
    """生成一对密钥：私钥留在本机，公钥交给仓库 / make a key pair: the private key stays here.

    The public key goes to standard output. Compare the fingerprint by telephone when the warehouse registers it.
    """
    made = new_export_key()
    public = made.public_key().public_bytes_raw()
    _write_new(out, private_pem(made))
    sys.stdout.write(public_line(public) + "\n")
    say(
        f"指纹，登记时请电话核对 / fingerprint, to be compared by telephone:\n  {fingerprint(public)}\n"
        f"私钥在 {out}（权限 0600），请勿外发并另行备份；丢失后文件无法打开。/ "
        f"The private key is in {out} (mode 0600): never send it, keep a copy; without it nothing opens."
    )


@app.command(name="open")
def open_file(
    file: Annotated[Path, typer.Argument(help="收到的文件 / the file", exists=True, dir_okay=False)],
    *,
    key: Annotated[Path, typer.Option("--key", help="私钥文件 / private key", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option("--out", help="结果 .csv 或 .jsonl / result, .csv or .jsonl")],
) -> None:
    """用私钥打开密封导出文件 / open a sealed export with the private key.

    Nothing is kept unless the whole file is there. The result has mode 0600; no cell is a formula.
    """
    if out.suffix not in _KINDS:
        say("结果文件须以 .csv 或 .jsonl 结尾 / the result must end in .csv or .jsonl")
        raise typer.Exit(USAGE)
    try:
        with file.open("rb") as sealed:
            reader = ExportReader(sealed, read_private(key.read_bytes()))
            _write_whole(out, lambda handle: _rows(handle, reader.records(), out.suffix))
    except WaybillGuardError as error:
        fail(error)
    end = reader.end
    assert end is not None
    say(
        f"{end.records} 条记录，来自 {reader.head.warehouse} 第 {reader.head.export} 号导出；每条的访问凭证在 receipt 列"
        f"（台账 {end.origin}）。用完请删除。/ {end.records} records of export {reader.head.export} of "
        f"{reader.head.warehouse}; column receipt names the look in ledger {end.origin}. Delete the result after use."
    )


def _rows(handle: IO[bytes], records: Iterable[ExportRecord], kind: str) -> None:
    if kind == ".jsonl":
        encode = msgspec.json.Encoder().encode
        handle.writelines(encode(record) + b"\n" for record in records)
        return
    table = SafeCsv(handle.write, COLUMNS)
    for record in records:
        table.row(msgspec.structs.astuple(record))


def _write_new(path: Path, content: bytes) -> None:
    """Write a new file with mode 0600; fail if it exists."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(content)
    except OSError as error:
        _cannot(path, error)


def _write_whole(path: Path, fill: Callable[[IO[bytes]], None]) -> None:
    """Write a file atomically: it appears only when it is complete. An existing file is not replaced."""
    if path.exists():
        say(f"{path} 已存在，未覆盖 / {path} exists and was not overwritten")
        raise typer.Exit(USAGE)
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".waybillguard-")  # mode 0600
    except OSError as error:
        _cannot(path, error)
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            fill(handle)
        made.rename(path)
    except OSError as error:
        _cannot(path, error)
    finally:
        made.unlink(missing_ok=True)


def _cannot(path: Path, error: OSError) -> Never:
    say(f"无法写入 {path}：{reason_in_chinese(error)} / cannot write {path}: {error.strerror}")
    raise typer.Exit(USAGE) from None
