"""``waybillguard orders``: show the orders in exports and pasted text, and mask fields.

Works only on files; nothing is stored. Results go to ``--json OUT``, one line each, in a file that only its owner may
read, because they contain the data of the export. Messages never contain it.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import msgspec
import typer

from waybillguard.cli.output import FOUND, USAGE, json_out, say, say_error
from waybillguard.errors import reason_in_chinese
from waybillguard.orders.child import read_in_child
from waybillguard.orders.errors import OrdersError, WorkbookPasswordError
from waybillguard.orders.masks import mask_field
from waybillguard.orders.model import OrderRow, Reason, Status
from waybillguard.orders.paste import parse_pasted

app = typer.Typer(
    help="读取订单导出、粘贴文本与脱敏（不保存）"
    " · Read order exports and pasted orders, mask fields (nothing is stored).",
    no_args_is_help=True,
)

_ENCODER = msgspec.json.Encoder()

Output = Annotated[
    str | None,
    typer.Option(
        "--json",
        metavar="OUT",
        help="每行一个 JSON；- 为标准输出 · One JSON line each; - for standard output.",
    ),
]


class TextLine(msgspec.Struct):
    """A line for ``orders paste``."""

    text: str


class FieldLine(msgspec.Struct):
    """A line for ``orders mask``."""

    field: str
    input: str


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV、TSV、XLSX、XLS")],
    json: Output = None,
    password_file: Annotated[
        Path | None,
        typer.Option(
            help="工作簿密码所在文件，- 为标准输入 · File with the workbook's password, - for standard input."
        ),
    ] = None,
) -> None:
    """读出导出文件中的订单 · Show what would be read from exports."""
    password = _password(password_file)
    counts: Counter[str] = Counter()
    failed = False
    with _sink(json, files) as sink:
        for file in files:
            try:
                failed |= not _read_file(file, password, sink, counts)
            except OrdersError as error:
                say_error(error, of=file.name)
                failed = True
    _summary(counts)
    if failed:
        raise typer.Exit(USAGE)
    if counts[Status.REJECT]:
        raise typer.Exit(FOUND)


def _read_file(file: Path, password: str | None, sink: IO[bytes] | None, counts: Counter[str]) -> bool:
    """Read one file. If it cannot be opened, print the reason and return False."""
    try:
        stream = file.open("rb")
    except OSError as error:
        say(f"{file}: 无法打开（{reason_in_chinese(error)}） · cannot be opened ({error.strerror})")
        return False
    with stream:
        try:
            _write_batches(read_in_child(stream, file.name, password=password), sink, counts)
        except WorkbookPasswordError:
            if password is not None or not sys.stdin.isatty():
                raise
            asked = typer.prompt(f"{file.name} 密码 · password", hide_input=True, err=True)
            stream.seek(0)
            _write_batches(read_in_child(stream, file.name, password=asked), sink, counts)
    return True


def _write_batches(batches: Iterable[list[OrderRow]], sink: IO[bytes] | None, counts: Counter[str]) -> None:
    for rows in batches:
        for row in rows:
            counts[row.status] += 1
            if row.reason:
                counts[row.reason] += 1
            if row.lane:
                counts[f"lane {row.lane}"] += 1
        if sink is not None:
            sink.write(_ENCODER.encode_lines(rows))


@app.command()
def paste(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='{"text": ...}')],
    json: Output = None,
) -> None:
    """读出粘贴的单行订单 · Read one-line pasted orders."""
    refused = False
    with _sink(json, [file]) as sink:
        for number, line in _lines(file):
            try:
                row = parse_pasted(msgspec.json.decode(line, type=TextLine).text)
            except msgspec.MsgspecError:
                say(f'{file.name}: 第 {number} 行不是 {{"text": …}} · line {number} is not {{"text": …}}')
                row = OrderRow(status=Status.REJECT, reason=Reason.COLUMN_COUNT)
            row = msgspec.structs.replace(row, file=file.name, row=number)
            refused |= row.status == Status.REJECT
            if sink is not None:
                sink.write(_ENCODER.encode(row) + b"\n")
    if refused:
        raise typer.Exit(FOUND)


@app.command()
def mask(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='{"field": ..., "input": ...}')],
    json: Output = None,
) -> None:
    """按字段脱敏 · Mask single fields."""
    refused = False
    with _sink(json, [file]) as sink:
        for number, line in _lines(file):
            try:
                asked = msgspec.json.decode(line, type=FieldLine)
                result: dict[str, str] = mask_field(asked.field, asked.input)
            except (msgspec.MsgspecError, ValueError):
                say(
                    f"{file.name}: 第 {number} 行无法识别，field 须为 name、phone、address 或 remark"
                    f" · line {number} is not understood; field must be name, phone, address or remark"
                )
                result = {"masked": ""}
                refused = True
            if sink is not None:
                sink.write(_ENCODER.encode(result) + b"\n")
    if refused:
        raise typer.Exit(FOUND)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with file.open("rb") as stream:
            for number, line in enumerate((line for line in stream if line.strip()), 1):
                yield number, line.removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        say(f"{file.name}: 无法打开（{reason_in_chinese(error)}） · cannot be opened ({error.strerror})")
        raise typer.Exit(USAGE) from error


@contextmanager
def _sink(target: str | None, read: list[Path]) -> Iterator[IO[bytes] | None]:
    """Open the output, or yield None if only counts are needed. Exits with an error if it is an input file."""
    if target is None:
        yield None
        return
    with json_out(target, read=read) as stream:
        yield stream


def _password(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text("utf-8")
    except OSError as error:
        say(f"{file}: 无法打开（{reason_in_chinese(error)}） · cannot be opened ({error.strerror})")
        raise typer.Exit(USAGE) from error
    return text.splitlines()[0] if text else ""


def _summary(counts: Counter[str]) -> None:
    parts = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
    say(parts or "没有订单行 · no rows of orders")
