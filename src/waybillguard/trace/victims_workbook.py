"""Read workbooks as lists of victims: every sheet with titles, combined into the text of one table."""

from collections.abc import Callable, Mapping, Sequence

from waybillguard.orders.errors import OrdersError, WorkbookPasswordError
from waybillguard.orders.small_tables import tables_of
from waybillguard.trace.errors import TraceError

type Head = Callable[[Sequence[Sequence[str]]], tuple[int, Mapping[str, int]]]


def text_of_workbook(content: bytes, head: Head) -> str:
    """Return the rows of all sheets under our column names, tab-separated; a single untitled column as it is.

    ``head`` finds the title row of a sheet and the meaning of its columns.

    Raises:
        TraceError: damaged, encrypted or too large.
    """
    try:
        tables = tables_of(content)
    except WorkbookPasswordError:
        raise TraceError(
            zh="受害人名单设有打开密码。请在 Excel 中取消密码后再试。",
            en="the list of victims is encrypted. Take its password off in Excel and try again.",
        ) from None
    except OrdersError:
        raise TraceError(
            zh="受害人名单的工作簿无法读取（损坏、过大或不是表格）。请在 Excel 中另存为 CSV 后再试。",
            en="the workbook of victims cannot be read (damaged, too large, or no table). Save it as CSV in Excel and "
            "try again.",
        ) from None
    titled = [(rows, *found) for rows in tables if (found := head(rows))[1]]
    if not titled:
        return "\n".join("\t".join(map(_plain, row)) for rows in tables for row in rows)
    names = list(dict.fromkeys(name for _, _, places in titled for name in places))
    lines = [names]
    for rows, at, places in titled:
        for row in rows[at + 1 :]:
            cells = [row[places[name]] if places.get(name, len(row)) < len(row) else "" for name in names]
            if any(map(str.strip, row)):
                lines.append(list(map(_plain, cells)))
    return "\n".join("\t".join(line) for line in lines)


def _plain(cell: str) -> str:
    """Return a cell on one line; a cell of several lines holds several values."""
    return "、".join(
        filter(None, (part.strip() for part in cell.replace("\t", " ").replace('"', "").splitlines()))
    )
