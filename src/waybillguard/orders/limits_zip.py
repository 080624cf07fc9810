"""Check that a workbook in a ZIP archive is safe to parse.

The parser trusts sizes and cell addresses: two cells at opposite corners make it reserve hundreds of
gigabytes, and a few kilobytes of DEFLATE expand to gigabytes of XML. Every part is therefore inflated once here,
in small pieces that are counted and discarded. Declared sizes are checked first but not trusted.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from waybillguard.orders.errors import FileTooLargeError, UnreadableFileError
from waybillguard.orders.limits import Limits, cell_too_long, too_large, too_many_columns

_PIECE = 1 << 20
_MAX_PARTS = 10_000
_RATIO_FREE = 8 << 20  # the ratio of parts up to this size is not checked
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED_FLAG = 0x1
# A non-empty cell (the tag is not self-closing), and the number of a row.
_CELL = re.compile(rb"""\sr\s{0,9}=\s{0,9}["']([A-Z]{1,3})[0-9]{1,7}["'][^>]*(?<!/)>""")
_ROW = re.compile(rb"""<(?:\w{1,20}:)?row[^>]{0,200}?\sr\s{0,9}=\s{0,9}["']([0-9]{1,9})["']""")
_SHARED_START = re.compile(rb"<(?:\w{1,20}:)?si[ />]")
_TAIL = 256  # longest cell or row tag that may be split between two pieces


def not_a_workbook() -> UnreadableFileError:
    """Build the error for an archive that is not a workbook, or is damaged."""
    return UnreadableFileError(
        zh="文件不是可读取的 Excel 工作簿，或已损坏。请重新从平台导出，或另存为 .xlsx 或 .csv 后再导入。",
        en="The file is not a readable Excel workbook, or it is damaged. Export it again, or save it as"
        " .xlsx or .csv and read that.",
    )


def check_archive(stream: BinaryIO, limits: Limits) -> None:
    """Inflate every part of the archive once within the limits, and rewind the stream.

    Raises:
        UnreadableFileError: not a ZIP archive, not a workbook, or damaged.
        FileTooLargeError: a part, a sheet or a cell is larger than the limits allow.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise not_a_workbook() from error
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if not any(name.startswith("xl/workbook") for name in names):
        raise not_a_workbook()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > limits.max_inflated:
        raise _bomb(limits)
    left = limits.max_inflated
    for part in parts:
        left -= _check_part(stream, part, left, limits)
    stream.seek(0)


def _bomb(limits: Limits) -> FileTooLargeError:
    mib = max(limits.max_inflated >> 20, 1)
    return too_large(
        f"工作簿解压后超过 {mib} MiB，或压缩比异常（可能是压缩炸弹）",
        f"The workbook unpacks to more than {mib} MiB, or is compressed beyond belief (a zip bomb?)",
        "若文件确由平台导出，请另存为 CSV 或按日期分开后再导入。",
        "If a platform really made it, save it as CSV or split it by date.",
    )


def _check_part(stream: BinaryIO, part: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """Return the actual size of one part."""
    name = part.filename.replace("\\", "/").lower()
    watch: _Watch = _Watch(limits)
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        watch = _SheetWatch(limits)
    elif name == "xl/sharedstrings.xml":
        watch = _SharedWatch(limits)
    size = 0
    ratio_limit = max(part.compress_size * limits.max_ratio, _RATIO_FREE)
    for piece in _inflate(stream, part):
        size += len(piece)
        if size > left or size > ratio_limit:
            raise _bomb(limits)
        watch.see(piece)
    watch.close()
    return size


def _inflate(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content in pieces of bounded size; only the compressed length is trusted."""
    if part.flag_bits & _ENCRYPTED_FLAG or part.compress_type not in {
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    }:
        raise not_a_workbook()
    stream.seek(part.header_offset)
    head = stream.read(_LOCAL_HEADER.size)
    if len(head) < _LOCAL_HEADER.size:
        raise not_a_workbook()
    magic, name_length, extra_length = _LOCAL_HEADER.unpack(head)
    if magic != b"PK\x03\x04":
        raise not_a_workbook()
    stream.seek(name_length + extra_length, 1)
    packed = part.compress_size
    stored = part.compress_type == zipfile.ZIP_STORED
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed > 0:
        raw = stream.read(min(packed, 1 << 16))
        if not raw:
            raise not_a_workbook()
        packed -= len(raw)
        if stored:
            yield raw
            continue
        while True:
            try:
                piece = inflater.decompress(raw, _PIECE)
            except zlib.error as error:
                raise not_a_workbook() from error
            yield piece
            raw = inflater.unconsumed_tail
            if (
                not raw and len(piece) < _PIECE
            ):  # after a full piece, output may be pending without further input
                break


class _Watch:
    """Checks the pieces of one part as they are inflated."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def see(self, piece: bytes) -> None:
        """Check the next piece."""

    def close(self) -> None:
        """Run the checks that need the whole part."""


class _SheetWatch(_Watch):
    """Checks the rectangle that the parser would allocate for a sheet."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.columns = 0
        self.rows = 0
        self.tail = b""
        self.letters: set[bytes] = set()

    def see(self, piece: bytes) -> None:
        text = self.tail + piece
        self.tail = text[-_TAIL:]
        fresh = set(_CELL.findall(text)) - self.letters
        if fresh:
            self.letters |= fresh
            self.columns = max(self.columns, *map(_column, fresh))
        numbers = _ROW.findall(text)
        if numbers:
            self.rows = max(self.rows, *map(int, numbers))
        if self.columns > self.limits.max_columns:
            raise too_many_columns(self.limits)
        if self.columns * self.rows > self.limits.max_sheet_cells:
            raise too_large(
                f"工作表超过 {self.limits.max_sheet_cells} 个单元格",
                f"A sheet spans more than {self.limits.max_sheet_cells} cells",
                "请另存为 CSV（可逐行读取）或按日期分开后再导入。",
                "Save it as CSV, which is read row by row, or split it by date.",
            )


class _SharedWatch(_Watch):
    """Checks the longest shared string: one of a few megabytes, used in every cell, would exhaust memory."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.run = 0
        self.most = limits.max_cell * 16  # including mark-up and multi-byte characters

    def see(self, piece: bytes) -> None:
        position = 0
        for match in _SHARED_START.finditer(piece):
            if self.run + match.start() - position > self.most:
                raise cell_too_long(self.limits)
            self.run = 0
            position = match.start()
        self.run += len(piece) - position
        if self.run > self.most:
            raise cell_too_long(self.limits)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
