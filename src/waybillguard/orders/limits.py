"""Resource limits for reading one order export.

Sizes are in bytes unless stated otherwise. The defaults allow a CSV of a million rows and stop files made to
exhaust a machine. The parser needs a whole workbook in memory, so ``max_sheet_cells`` and ``max_inflated`` limit it
before parsing, and ``memory`` limits the child process.
"""

from dataclasses import dataclass

from waybillguard.orders.errors import FileTooLargeError

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file.

    Attributes:
        max_bytes: size of the file.
        max_inflated: total size of a workbook's parts after decompression.
        max_ratio: maximum compression ratio of a workbook part.
        max_columns: columns of a table.
        max_rows: data rows of a file, over all its sheets.
        max_sheet_cells: cells in the bounding rectangle of a workbook sheet, including empty ones.
        max_cell: characters in one cell.
        seconds: limit for processor time, and for waiting time, of one file, in seconds.
        memory: address space of the child process.
    """

    max_bytes: int = 256 * _MIB
    max_inflated: int = 1024 * _MIB
    max_ratio: int = 400
    max_columns: int = 2_000
    max_rows: int = 2_000_000
    max_sheet_cells: int = 30_000_000
    max_cell: int = 65_536
    seconds: int = 300
    memory: int = 2_560 * _MIB


def too_large(what_zh: str, what_en: str, advice_zh: str, advice_en: str) -> FileTooLargeError:
    """Build the error for a file beyond its limits, with advice."""
    return FileTooLargeError(
        zh=f"{what_zh}。没有任何内容被保存。{advice_zh}",
        en=f"{what_en}. Nothing of it was stored. {advice_en}",
    )


def too_many_bytes(limits: Limits) -> FileTooLargeError:
    """Build the error for a file larger than ``max_bytes``."""
    mib = max(limits.max_bytes // _MIB, 1)
    return too_large(
        f"文件超过 {mib} MiB 的上限",
        f"The file is larger than the limit of {mib} MiB",
        "请按日期分成几个文件后再导入。",
        "Split it by date and read the parts.",
    )


def too_many_columns(limits: Limits) -> FileTooLargeError:
    """Build the error for a table wider than ``max_columns``."""
    return too_large(
        f"表格超过 {limits.max_columns} 列",
        f"The table has more than {limits.max_columns} columns",
        "请删去多余的列，只保留订单需要的列。",
        "Delete the columns that an order does not need.",
    )


def cell_too_long(limits: Limits) -> FileTooLargeError:
    """Build the error for a cell longer than ``max_cell``."""
    return too_large(
        f"有一个单元格超过 {limits.max_cell} 个字符",
        f"A cell has more than {limits.max_cell} characters",
        "请检查文件是否完整，引号是否成对。",
        "Check that the file is whole and that its quotation marks are paired.",
    )


def too_many_rows(limits: Limits) -> FileTooLargeError:
    """Build the error for a file with more than ``max_rows`` data rows."""
    return too_large(
        f"文件超过 {limits.max_rows} 行订单",
        f"The file has more than {limits.max_rows} rows of orders",
        "请按日期分成几个文件后再导入。",
        "Split it by date and read the parts.",
    )
