"""Read Excel workbooks: .xlsx, .xlsb and .xls, also encrypted with a password.

The parser needs the whole workbook, so it is checked against the limits first (see ``limits_zip``). A malicious
workbook may still crash the process that parses it; read untrusted files with ``child.read_in_child``.
"""

import datetime as dt
import io
from collections.abc import Iterator
from typing import BinaryIO

import msoffcrypto
from msoffcrypto import exceptions as crypto_errors
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from waybillguard.orders.errors import OrdersError, WorkbookPasswordError
from waybillguard.orders.limits import Limits, cell_too_long, too_large, too_many_columns
from waybillguard.orders.limits_zip import check_archive, not_a_workbook
from waybillguard.orders.tables import Table

_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
# Excel encrypts "read-only recommended" workbooks with this password and opens them without a prompt
# (MS-OFFCRYPTO 2.1.1).
_UNASKED_PASSWORD = "VelvetSweatshop"  # noqa: S105
_EXACT_FLOAT = 2.0**53

type Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
type Range = tuple[tuple[int, int], tuple[int, int]]


def workbook_tables(stream: BinaryIO, *, password: str | None, limits: Limits) -> Iterator[Table]:
    """Yield a table for every worksheet, hidden ones included, merged cells filled down.

    Raises:
        UnreadableFileError: the file is not a workbook, or is damaged.
        WorkbookPasswordError: the file is encrypted, and the password is missing or wrong.
        FileTooLargeError: the file exceeds the limits.
    """
    try:
        yield from _tables(stream, password, limits)
    except (OrdersError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError as error:
        raise too_large(
            "读取工作簿需要的内存超过上限",
            "Reading the workbook needs more memory than allowed",
            "请另存为 CSV 或按日期分开后再导入。",
            "Save it as CSV or split it by date.",
        ) from error
    except BaseException as error:  # the parser's panics do not derive from Exception
        raise not_a_workbook() from error


def _tables(stream: BinaryIO, password: str | None, limits: Limits) -> Iterator[Table]:
    stream.seek(0)
    if stream.read(4) == _OLE_MAGIC:
        stream = _decrypted(stream, password)
    stream.seek(0)
    if stream.read(4) != _OLE_MAGIC:
        check_archive(stream, limits)
    stream.seek(0)
    workbook = CalamineWorkbook.from_filelike(stream)
    for number, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            content = workbook.get_sheet_by_index(number)
            if content.total_width > limits.max_columns:
                raise too_many_columns(limits)
            table = Table(sheet.name, iter(()))
            table.rows = _rows(content, limits, table)
            yield table
    workbook.close()


def _decrypted(stream: BinaryIO, password: str | None) -> BinaryIO:
    """Return the decrypted workbook in memory, or the same stream if it is not encrypted."""
    stream.seek(0)
    try:
        office = msoffcrypto.OfficeFile(stream)
        if not office.is_encrypted():
            return stream
    except Exception as error:
        raise not_a_workbook() from error
    for attempt in (password, _UNASKED_PASSWORD):
        if attempt is None:
            continue
        try:
            office.load_key(password=attempt)
            clear = io.BytesIO()
            office.decrypt(clear)
        except (crypto_errors.InvalidKeyError, crypto_errors.DecryptionError):
            continue
        except MemoryError:
            raise
        except Exception as error:
            if attempt == _UNASKED_PASSWORD:
                break
            raise not_a_workbook() from error
        return clear
    if password is None:
        raise WorkbookPasswordError(
            zh="工作簿已加密。请输入打开密码后重试；没有任何内容被读取。",
            en="The workbook is encrypted. Give its password and try again; nothing was read.",
        )
    raise WorkbookPasswordError(
        zh="工作簿的密码不对。请核对密码（区分大小写）后重试；没有任何内容被读取。",
        en="The password of the workbook is wrong. Check it (case matters) and try again; nothing was read.",
    )


def _rows(sheet: CalamineSheet, limits: Limits, table: Table) -> Iterator[list[str]]:
    merges = _vertical_merges(sheet)
    max_cell = limits.max_cell
    filling: list[tuple[int, int, int, str]] = []  # last row, first column, last column, text
    for number, cells in enumerate(sheet.iter_rows()):
        row = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        if not any(row):
            continue
        if max(map(len, row)) > max_cell:
            raise cell_too_long(limits)
        if filling:
            filling = [merge for merge in filling if merge[0] >= number]
            for _, column, _, text in filling:
                if column < len(row) and not row[column]:
                    row[column] = text
        for last_row, column, last_column in merges.get(number, ()):
            if column < len(row) and row[column]:
                filling.append((last_row, column, last_column, row[column]))
        table.line = number + 1
        yield row


def _vertical_merges(sheet: CalamineSheet) -> dict[int, list[tuple[int, int, int]]]:
    """Return the merged ranges over several rows, by first row; columns are counted from A."""
    merges: dict[int, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom > top and right == left:
            merges.setdefault(top, []).append((bottom, left, right))
    return merges


def cell_text(cell: Cell | None) -> str:
    """Return the displayed text of a cell: whole numbers without a point or an exponent.

    A number too long for a spreadsheet has lost its last digits; it keeps the exponent to show this, as in a CSV.

    >>> cell_text(13800000000.0), cell_text(2.5), cell_text(4012345678901234567.0)
    ('13800000000', '2.5', '4.01234567890123E+18')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _float_text(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _float_text(number: float) -> str:
    if not number.is_integer():
        return repr(number)
    return str(int(number)) if abs(number) < _EXACT_FLOAT else f"{number:.14E}"
