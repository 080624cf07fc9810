"""The child process that reads one untrusted file.

Started as ``python -m waybillguard.orders.child_worker``.

It limits its own memory, processor time, files and core dumps before it reads the file. It prints nothing: its
standard error is discarded, because a parser's messages may quote personal data.
"""

import io
import os
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from waybillguard.orders.child_protocol import (
    BATCH_ROWS,
    LENGTH,
    MAX_FRAME,
    Batch,
    Done,
    Failure,
    Request,
    write_frame,
)
from waybillguard.orders.errors import OrdersError
from waybillguard.orders.limits import too_large
from waybillguard.orders.limits_zip import not_a_workbook
from waybillguard.orders.reader import read_orders
from waybillguard.orders.sheet_lines import SheetLines
from waybillguard.sandbox import Bounds, confine

if TYPE_CHECKING:
    from waybillguard.orders.model import OrderRow


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer one request."""
    (length,) = LENGTH.unpack(_exactly(source, LENGTH.size))
    request = msgspec.msgpack.decode(_exactly(source, min(length, MAX_FRAME)), type=Request)
    # SIGXCPU shows why the child ended; SIGKILL would not.
    confine(Bounds(memory=request.limits.memory, seconds=request.limits.seconds, grace=5))
    encoder = msgspec.msgpack.Encoder()
    try:
        count = _send(request, _open(request, source), sink, encoder)
    except OrdersError as error:
        write_frame(sink, encoder.encode(_failure(error)))
    except MemoryError:
        write_frame(sink, encoder.encode(_failure(out_of_memory())))
    except Exception:  # noqa: BLE001 - the texts of parser errors must not leave this process
        write_frame(sink, encoder.encode(_failure(not_a_workbook())))
    else:
        write_frame(sink, encoder.encode(Done(count)))


def _failure(error: OrdersError) -> Failure:
    return Failure(error.code, error.zh, error.en)


def _send(request: Request, stream: BinaryIO, sink: BinaryIO, encoder: msgspec.msgpack.Encoder) -> int:
    rows: list[OrderRow] = []
    lines = SheetLines()
    count = 0
    for row in read_orders(
        stream, request.filename, password=request.password, limits=request.limits, lines=lines
    ):
        rows.append(row)
        if len(rows) == BATCH_ROWS:
            write_frame(sink, encoder.encode(Batch(rows, lines.taken())))
            count += len(rows)
            rows = []
    if rows:
        write_frame(sink, encoder.encode(Batch(rows, lines.taken())))
    return count + len(rows)


def out_of_memory() -> OrdersError:
    """Build the error for a file that needs more memory than the limits allow."""
    return too_large(
        "读取文件需要的内存超过上限",
        "Reading the file needs more memory than allowed",
        "请另存为 CSV（可逐行读取）或按日期分开后再导入。",
        "Save it as CSV, which is read row by row, or split it by date.",
    )


def _open(request: Request, source: BinaryIO) -> BinaryIO:
    if request.descriptor >= 0:
        return os.fdopen(request.descriptor, "rb")
    return io.BytesIO(source.read())


def _exactly(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise EOFError
    return data


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
