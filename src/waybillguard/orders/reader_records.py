"""Find the data rows of a file and the header of each.

Titles, headers (including repeated ones), totals, footers and blank rows are skipped. Every other row is a record
and is returned exactly once, even if it cannot be understood.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from waybillguard.orders.errors import HeaderNotFoundError
from waybillguard.orders.headers import library
from waybillguard.orders.headers_layout import HEAD_ROWS, Layout, find_layout, is_header, layout_at
from waybillguard.orders.limits import Limits, too_many_rows
from waybillguard.orders.model import Reason
from waybillguard.orders.rows_cells import is_blank
from waybillguard.orders.tables import Table, open_tables
from waybillguard.orders.tables_delimited import row_widths

_TOTAL = re.compile(
    r"(?:(?:(?:本页|本单|全部|当前|以上|金额|数量|订单|总)?(?:合计|总计|小计|共计|累计|汇总|总数|总额)(?:数量|金额|件数|单数|条数)?"
    r"|grand\s*total|subtotal|total|sum)\s*(?:[(（][^)）]*[)）])?\s*(?:[:：=].*|\d[\d,.]*\s*[条单笔件行票个元]?)?"
    r"|[(（]?(?:本页|全部|以上|合计|总计)?\s*共(?:计|有)?\s*[:：]?\s*\d[\d,]*\s*[条单笔件行票个项].*"
    r"|总?(?:记录|订单|行|条|件|单)数\s*[:：]?\s*\d*.*"
    r"|(?:制表|打印|导出|统计|生成|操作|审核|制单|复核|经办)(?:人|员|时间|日期|账号)?\s*[:：].*"
    r"|\d[\d,]*\s*[条单笔件行票个项元]"
    r"|第\s*\d+\s*页.*|-+\s*(?:end|完|以下空白)\s*-+|end|以下空白|此处空白|[-=_—*]{3,})",
    re.IGNORECASE | re.DOTALL,
)
_MAX_TOTAL = 60
_PHONE_LIKE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)1[3-9]\d\*{4}")
_LINE_FIELDS = frozenset({"goods", "quantity", "ignore"})
_HELD_ROWS = 1_000
_TABULAR = 3


class Record(NamedTuple):
    """One data row.

    Attributes:
        layout: the fields of its columns; None if no header is known.
        sheet: name of its table.
        number: number of the data row, from 1, over the whole file.
        cells: one per title of the layout; order fields are filled down to further goods lines.
        problem: empty, or a reason visible in the row alone (column_count, duplicate).
        line: line in the sheet, from 1, as a spreadsheet counts; 0 if there is no file.
    """

    layout: Layout | None
    sheet: str
    number: int
    cells: list[str]
    problem: str
    line: int = 0


def read_records(stream: BinaryIO, *, password: str | None, limits: Limits) -> Iterator[Record]:
    """Yield the data rows of a file.

    Raises:
        OrdersError: as ``open_tables``, and ``HeaderNotFoundError`` if no row names an order's columns.
    """
    state = _State(limits)
    for table in open_tables(stream, password=password, limits=limits):
        yield from _records(table, state)
    if state.layout is None:
        raise HeaderNotFoundError(
            zh="没有找到表头：没有任何一行写明收件人、电话、地址或订单号等列名。请加上一行列名后再导入；没有任何内容被读取。",
            en="No header was found: no row names columns such as consignee, phone, address or order number."
            " Add a row with the columns' names and read the file again; nothing was read.",
        )


def row_records(titles: list[str], rows: Iterable[list[str]], limits: Limits) -> Iterator[Record]:
    """Yield a record for each row passed by a program; no row is treated as a header or total, and none is skipped.

    A row without a consignee and with the number of the order before it is a further goods line of that order.
    """
    found = find_layout([titles])
    if found is None:
        raise ValueError("the titles name no order's columns")
    table = _Rows(Table("", iter(())), iter(()), found[1], (), _State(limits))
    for row in rows:
        yield table.record(row, table.complete(row, ""))


class _State:
    """State that is carried across the rows and sheets of one file."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.number = 0
        self.layout: Layout | None = None
        self.seen: set[int] = set()
        self.held: list[tuple[str, int, list[str]]] = []

    def count(self) -> int:
        """Return the number of the next data row."""
        self.number += 1
        if self.number > self.limits.max_rows:
            raise too_many_rows(self.limits)
        return self.number


def _records(table: Table, state: _State) -> Iterator[Record]:
    numbered = [(table.line, row) for row in islice(table.rows, HEAD_ROWS)]
    head = [row for _, row in numbered]
    found = find_layout(head)
    rows = chain(_again(numbered, table), table.rows)
    titles: tuple[tuple[str, ...], ...] = ()
    if found is None:
        if state.layout is None or not _continues(head, state.layout):
            yield from _without_header(table, rows, state)
            return
        layout = state.layout
    else:
        start, layout = found
        refuse_ambiguous_parties(layout)
        titles = tuple(_stripped(row) for row in islice(rows, start) if any(row))
        for _ in islice(rows, layout.depth):
            pass
        if state.layout is None:
            state.layout = layout
            for sheet, line, row in state.held:
                yield Record(None, sheet, state.count(), row, Reason.COLUMN_COUNT, line)
            state.held.clear()
        state.layout = layout
    yield from _Rows(table, rows, layout, titles, state)


def _again(numbered: list[tuple[int, list[str]]], table: Table) -> Iterator[list[str]]:
    """Yield again the rows that were read ahead, and set the table's line for each."""
    for table.line, row in numbered:
        yield row


class _Rows:
    """The rows of one table under its header, and under later headers in the same table."""

    def __init__(
        self,
        table: Table,
        rows: Iterator[list[str]],
        layout: Layout,
        titles: tuple[tuple[str, ...], ...],
        state: _State,
    ) -> None:
        self.table = table
        self.rows = rows
        self.state = state
        self.known = library()
        self.titles = titles
        self.widths = table.widths
        self.back: list[list[str]] = []
        self.take(layout)

    def take(self, layout: Layout) -> None:
        """Continue with this layout."""
        columns = layout.columns
        self.layout = layout
        self.before: list[str] | None = None
        self.sure = columns.get("phone", ()) + columns.get("contact", ()) + columns.get("virtual", ())
        self.who = (
            self.sure + columns.get("name", ()) + columns.get("address", ()) + columns.get("detail", ())
        )
        self.order = columns.get("order_no", ())
        self.goods = columns.get("goods", ())
        self.fill = tuple(i for name, at in columns.items() if name not in _LINE_FIELDS for i in at)
        self.anchor = self.who[0] if self.who else (self.order or (0,))[0]
        self.words = frozenset(cell for row in layout.rows for cell in row if cell)

    def __iter__(self) -> Iterator[Record]:
        for row in self.pull():
            width = self.layout.width
            problem = ""
            if len(row) != width:
                if not any(row):
                    continue
                if any(row[width:]) and is_header(row):  # the header of a wider table that follows
                    self.change(row)
                    continue
                row, problem = self.fit(row)  # noqa: PLW2901 - the same row at its proper width
            for column in self.sure:
                if row[column] and not row[column].isspace():
                    anchor = row[self.anchor]
                    # A number ends in a digit; 审核： in its column belongs to a footer.
                    if not row[column][-1].isdigit() or anchor in self.words or anchor in self.known.titles:
                        problem = self.judge(row, problem)
                    break
            else:
                problem = self.judge(row, problem)
            if problem != "skip":
                yield self.record(row, problem)

    def record(self, row: list[str], problem: str) -> Record:
        """Return a row as the next record; a row equal to an earlier one is a duplicate."""
        if problem:
            self.before = None  # fields of an untrusted row must not be filled down
        else:
            self.before = row
            key = hash(tuple(row))
            if key in self.state.seen:
                problem = Reason.DUPLICATE
            else:
                self.state.seen.add(key)
        return Record(self.layout, self.table.name, self.state.count(), row, problem, self.table.line)

    def pull(self) -> Iterator[list[str]]:
        """Yield the rows; those that were put back come first."""
        for row in self.rows:
            yield row
            while self.back:
                yield self.back.pop()

    def fit(self, row: list[str]) -> tuple[list[str], str]:
        """Return a row adjusted to the header's width, and column_count if its cells may have shifted."""
        width = self.layout.width
        more = len(row) > width
        shifted = bool(self.widths) and (
            len(row) not in self.widths or (more and not all(map(is_blank, row[width:])))
        )
        fitted = row[:width] if more and not shifted else row + [""] * (width - len(row))
        return fitted, Reason.COLUMN_COUNT if shifted else ""

    def judge(self, row: list[str], problem: str) -> str:
        """Classify a row that may not be an order: return ``skip``, or the row's problem if it is an order.

        A further goods line of an order gets the order's fields filled in, in place.
        """
        filled = [number for number, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            return "skip"
        stripped = _stripped(row)
        if stripped in self.layout.rows or stripped in self.titles:
            return "skip"
        if is_header(row):
            self.change(row)
            return "skip"
        if all(_is_total(row[number]) for number in {filled[0], *self.who} if number in filled):
            return "skip"
        return self.complete(row, problem)

    def complete(self, row: list[str], problem: str) -> str:
        """Fill the fields of its order into a further goods line, in place; return ``problem``."""
        before = self.before
        filled = [number for number, cell in enumerate(row) if not is_blank(cell)]
        if problem or before is None or any(number in filled for number in self.who):
            return problem
        same = all(is_blank(row[number]) or row[number] == before[number] for number in self.order)
        if same and any(number in filled for number in self.goods):
            for number in self.fill:
                if is_blank(row[number]):
                    row[number] = before[number]
        return problem

    def change(self, row: list[str]) -> None:
        """Switch to another header in the middle of the table."""
        following = next(self.rows, None)
        rows = [row] if following is None else [row, following]
        layout = layout_at(rows, 0)
        if following is not None and (layout is None or layout.depth == 1):
            self.back.append(following)
        if layout is None:
            return
        refuse_ambiguous_parties(layout)
        if self.table.expect is not None:
            self.widths = row_widths(layout, rows)
            self.table.expect(self.widths)
        self.take(layout)
        self.state.layout = layout


def refuse_ambiguous_parties(layout: Layout) -> None:
    """Refuse a header that does not distinguish the sender from the consignee.

    Raises:
        HeaderNotFoundError: name, phone or address occurs twice under the same title.
    """
    if layout.has_ambiguous_parties:
        raise HeaderNotFoundError(
            zh="表头里姓名、电话或地址有两组同名的列，分不清寄件人和收件人。请把列名写成“寄件人姓名”“收件人姓名”等再导入；没有保存任何内容。",
            en="The header has two sets of columns with the same titles for name, phone or address, so that sender and"
            " consignee cannot be told apart. Name them 寄件人姓名, 收件人姓名 and so on, and read the file again;"
            " nothing was kept.",
        )


def _is_total(cell: str) -> bool:
    text = cell.strip()
    return len(text) <= _MAX_TOTAL and _TOTAL.fullmatch(text) is not None


def _continues(head: list[list[str]], layout: Layout) -> bool:
    """Return whether a sheet without a header continues the one before it."""
    phones = layout.columns.get("phone", ()) + layout.columns.get("contact", ())
    hits = sum(1 for row in head if any(i < len(row) and _PHONE_LIKE.search(row[i]) for i in phones))
    return bool(head) and hits * 2 > len(head)


def _without_header(table: Table, rows: Iterator[list[str]], state: _State) -> Iterator[Record]:
    """Yield the rows of a table without header that may be orders, to be held for review."""
    for row in rows:
        filled = sum(1 for cell in row if not is_blank(cell))
        if filled < _TABULAR or not any(_PHONE_LIKE.search(cell) for cell in row):
            continue
        if state.layout is None:
            if len(state.held) < _HELD_ROWS:
                state.held.append((table.name, table.line, row))
        else:
            yield Record(None, table.name, state.count(), row, Reason.COLUMN_COUNT, table.line)


def _stripped(row: list[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row)
