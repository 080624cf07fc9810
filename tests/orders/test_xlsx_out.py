"""Exported workbooks: every value is read back as text, even if it looks like a formula or number."""

import io
import zipfile

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from waybillguard.orders.limits import Limits
from waybillguard.orders.rows_cells import neutralise
from waybillguard.orders.tables import open_tables
from waybillguard.orders.xlsx_out import MOST_CHARACTERS, SafeXlsx

LIMITS = Limits(max_bytes=1 << 20, max_inflated=8 << 20, max_columns=50, max_rows=100, max_sheet_cells=10_000)


def written(*rows: tuple[object, ...], columns: tuple[str, ...] = ("order_no", "remark")) -> bytes:
    pieces: list[bytes] = []
    book = SafeXlsx(pieces.append, columns)
    for row in rows:
        book.row(row)
    book.end()
    return b"".join(pieces)


def cells(data: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_long_numbers_keep_their_zeros_and_their_last_digits() -> None:
    assert cells(written(("00123456789012345678", 3)))[1] == ["00123456789012345678", "3"]


def test_our_own_reader_reads_the_same() -> None:
    (table,) = open_tables(io.BytesIO(written(("007", "两件"))), password=None, limits=LIMITS)
    assert [list(row) for row in table.rows] == [["order_no", "remark"], ["007", "两件"]]


def test_a_text_that_looks_like_a_formula_is_a_text_and_stays_one_when_saved_as_csv() -> None:
    data = written(("1", '=HYPERLINK("http://x")'), ("2", "@SUM(A1)"), ("3", "_x003D_1+1"))
    assert [row[1] for row in cells(data)[1:3]] == ['\'=HYPERLINK("http://x")', "'@SUM(A1)"]
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "_x005F_x003D_" in sheet


def test_the_same_rows_give_the_same_file() -> None:
    assert written(("1", "a")) == written(("1", "a"))


def test_a_cell_takes_no_more_than_a_spreadsheet_takes() -> None:
    assert len(str(cells(written(("1", "长" * 40_000)))[1][1])) == MOST_CHARACTERS


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_comes_back_but_for_what_xml_has_not(text: str) -> None:
    (found,) = cells(written((text,), columns=("remark",)))[1]
    wanted = "".join(" " if ord(one) < 32 and one not in "\t\n\r" else one for one in neutralise(text))
    wanted = wanted.replace("\ufffe", " ").replace("\uffff", " ").replace("\r\n", "\n").replace("\r", "\n")
    assert (found or "") == wanted or "_x" in text
