"""Workbooks, and HTML pages named like workbooks."""

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import msoffcrypto
import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from waybillguard.orders.errors import (
    FileTooLargeError,
    HeaderNotFoundError,
    OrdersError,
    UnreadableFileError,
    WorkbookPasswordError,
)
from waybillguard.orders.limits import Limits
from waybillguard.orders.limits_zip import check_archive
from waybillguard.orders.model import OrderRow
from waybillguard.orders.reader import read_orders
from waybillguard.orders.tables_workbook import cell_text

TITLES = ["订单号", "下单时间", "收件人", "手机", "地址", "商品名称", "数量"]
STORED = dt.datetime(2026, 11, 20, 10, 11, 12)  # noqa: DTZ001 - Excel knows no time zone
PLACE = "浙江省金华市义乌市北苑街道机场路88号2幢"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def order(number: int, goods: str = "棉袜") -> list[object]:
    return [
        f"A{number}",
        STORED,
        "测试甲",
        13800000000 + number,
        PLACE,
        goods,
        2,
    ]


def workbook(edit: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "订单"
    for row in (TITLES, order(1), order(2)):
        book.active.append(row)
    if edit:
        edit(book)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("订单")
    times = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for number, row in enumerate((TITLES, order(1), order(2))):
        for column, value in enumerate(row):
            sheet.write(number, column, value, *((times,) if isinstance(value, dt.datetime) else ()))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    held = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, held)
    return held.getvalue()


def read(
    data: bytes, name: str = "orders.xlsx", password: str | None = None, limits: Limits | None = None
) -> list[OrderRow]:
    return list(read_orders(io.BytesIO(data), name, password=password, limits=limits or Limits()))


def rebuilt(sheet: bytes, shared: bytes | None = None) -> bytes:
    """Return a workbook whose sheet (and shared strings) are these bytes."""
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = sheet
            elif name.endswith("workbook.xml.rels"):
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
                entry = b'<Relationship Id="rId99" Type="' + kind + b'" Target="sharedStrings.xml"/>'
                content = content.replace(b"</Relationships>", entry + b"</Relationships>")
            if not name.endswith("sharedStrings.xml"):
                target.writestr(name, content)
        target.writestr("xl/sharedStrings.xml", shared or b"<sst " + NAMESPACE + b"/>")
    return held.getvalue()


@pytest.mark.parametrize("data", [workbook(), old_workbook()], ids=["xlsx", "xls"])
@pytest.mark.parametrize("name", ["orders.xlsx", "orders.xls", "orders.csv"])
def test_numbers_and_times_are_read_as_excel_stores_them(data: bytes, name: str) -> None:
    row = read(data, name)[0]
    assert (row.phone, row.quantity, row.created_at) == ("13800000001", "2", "2026-11-20T10:11:12+08:00")
    assert (row.sheet, row.row, row.file) == ("订单", 1, name)


def test_a_number_shown_with_an_exponent_is_whole_all_the_same() -> None:
    def show_short(book: openpyxl.Workbook) -> None:
        book.active["D2"].number_format = "0.00E+00"

    assert read(workbook(show_short))[0].phone == "13800000001"


def test_merged_cells_of_an_order_count_for_all_its_goods_lines() -> None:
    def merge(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.append([None, None, None, None, None, "手套", 3])
        for column in "ABCDE":
            sheet.merge_cells(f"{column}3:{column}4")
        sheet.append(order(3))

    rows = read(workbook(merge))
    assert [(row.row, row.order_no, row.phone, row.goods) for row in rows] == [
        (1, "A1", "13800000001", "棉袜"),
        (2, "A2", "13800000002", "棉袜"),
        (3, "A2", "13800000002", "手套"),
        (4, "A3", "13800000003", "棉袜"),
    ]


def test_every_sheet_with_orders_is_read_hidden_ones_too_and_notes_are_not() -> None:
    def more(book: openpyxl.Workbook) -> None:
        notes = book.create_sheet("填写说明", 0)
        notes.append(["请按模板填写，如有疑问请联系客服"])
        hidden = book.create_sheet("历史")
        hidden.sheet_state = "hidden"
        hidden.append(TITLES)
        hidden.append(order(9))

    assert [(row.sheet, row.row) for row in read(workbook(more))] == [("订单", 1), ("订单", 2), ("历史", 3)]


def test_a_sheet_that_goes_on_without_a_header_is_read_under_the_last_one() -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.create_sheet("续").append(order(3))

    assert [row.order_no for row in read(workbook(more))] == ["A1", "A2", "A3"]


def test_rows_with_numbers_but_no_header_at_all_are_held_and_not_dropped() -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.create_sheet("别的").append(["x", "测试乙", "y", "z", 13900000001])

    assert [row.reason for row in read(workbook(more))] == ["", "", "column_count"]


@pytest.mark.parametrize("password", ["密码1", "letmein"])
def test_an_encrypted_workbook_opens_with_its_password_only(password: str) -> None:
    data = encrypted(workbook(), password)
    assert [row.order_no for row in read(data, password=password)] == ["A1", "A2"]
    for wrong in (None, "wrong", ""):
        with pytest.raises(WorkbookPasswordError) as caught:
            read(data, password=wrong)
        assert password not in caught.value.zh + caught.value.en


def test_a_workbook_that_excel_opens_without_asking_is_read_without_asking() -> None:
    assert len(read(encrypted(workbook(), "VelvetSweatshop"))) == 2


def test_the_decryption_library_still_tells_a_wrong_password_from_damage() -> None:
    office = msoffcrypto.OfficeFile(io.BytesIO(encrypted(workbook(), "a")))
    office.load_key(password="b")
    with pytest.raises(msoffcrypto.exceptions.DecryptionError):
        office.decrypt(io.BytesIO())


def test_a_page_with_a_table_that_calls_itself_xls_is_read() -> None:
    page = (
        '<html><head><meta charset="gbk"><style>td{mso-number-format:"@"}</style></head>'
        "<body><table border=1>"
        "<tr><th>订单号</th><th>收件人</th><th>手机</th><th>地址</th><th>商品名称</th></tr>"
        f"<tr><td rowspan=2>A1</td><td rowspan=2>测试甲</td>"
        f"<td rowspan=2>13800000001</td><td rowspan=2>{PLACE}</td><td>棉袜&amp;帽</td></tr>"
        "<tr><td>手套</td></tr><tr><td colspan=4>合计</td><td>2</td></tr></table></body></html>"
    )
    rows = read(page.encode("gb18030"), "orders.xls")
    assert [(row.order_no, row.phone, row.goods) for row in rows] == [
        ("A1", "13800000001", "棉袜&帽"),
        ("A1", "13800000001", "手套"),
    ]


def test_excel_2003_xml_is_read() -> None:
    cells = "".join(
        f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in ("A1", "测试甲", "13800000001")
    )
    heads = "".join(
        f'<Cell><Data ss:Type="String">{title}</Data></Cell>'
        for title in ("订单号", "收件人", "手机", "地址")
    )
    text = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="x">'
        f'<Worksheet ss:Name="a"><Table><Row>{heads}</Row>'
        f'<Row>{cells}<Cell ss:Index="4"><Data ss:Type="String">{PLACE}</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )
    assert [(row.order_no, row.district) for row in read(text.encode(), "orders.xls")] == [("A1", "义乌市")]


def test_text_that_calls_itself_xls_is_read() -> None:
    text = f"订单号\t收件人\t手机\t地址\nA1\t测试甲\t13800000001\t{PLACE}\n"
    assert read(text.encode("gb18030"), "orders.xls")[0].name == "测试甲"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (13800000000.0, "13800000000"),
        (1234567890123457000.0, "1.23456789012346E+18"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (None, ""),
    ],
)
def test_cells_become_the_text_that_a_person_reads(cell: object, text: str) -> None:
    assert cell_text(cell) == text  # type: ignore[arg-type]


def test_a_zip_bomb_is_refused_before_it_is_parsed() -> None:
    data = rebuilt(
        b"<worksheet " + NAMESPACE + b"><sheetData>" + b" " * (64 << 20) + b"</sheetData></worksheet>"
    )
    with pytest.raises(FileTooLargeError):
        read(data)


def test_a_part_larger_than_it_declares_is_refused() -> None:
    data = bytearray(
        rebuilt(
            b"<worksheet " + NAMESPACE + b"><sheetData>" + b" " * (32 << 20) + b"</sheetData></worksheet>"
        )
    )
    size = struct.pack(
        "<I", (32 << 20) + len(b"<worksheet " + NAMESPACE + b"><sheetData></sheetData></worksheet>")
    )
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = struct.pack("<I", 100)
    with pytest.raises(OrdersError):
        read(bytes(data))


def test_cells_in_opposite_corners_are_refused_before_memory_is_reserved() -> None:
    sheet = (
        b"<worksheet " + NAMESPACE + b'><sheetData><row r="1"><c r="A1"><v>0</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>0</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(FileTooLargeError):
        read(rebuilt(sheet))


def test_shared_texts_are_read() -> None:
    texts = b"".join(
        b"<si><t>" + text.encode() + b"</t></si>" for text in ("收件人", "手机", "测试甲", "13800000001")
    )
    cells = [
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c></row>'
        % (n, n, 2 * n - 2, n, 2 * n - 1)
        for n in (1, 2)
    ]
    sheet = b"<worksheet " + NAMESPACE + b"><sheetData>" + b"".join(cells) + b"</sheetData></worksheet>"
    (row,) = read(rebuilt(sheet, b"<sst " + NAMESPACE + b">" + texts + b"</sst>"))
    assert (row.name, row.phone) == ("测试甲", "13800000001")


def test_one_enormous_shared_text_is_refused() -> None:
    shared = (
        b"<sst " + NAMESPACE + b"><si><t>" + zlib.compress(b"").hex().encode() * 200_000 + b"</t></si></sst>"
    )
    sheet = (
        b"<worksheet "
        + NAMESPACE
        + b'><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(FileTooLargeError):
        read(rebuilt(sheet, shared))


def test_entities_that_multiply_are_not_expanded() -> None:
    laugh = (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "'
        + b"ha" * 500
        + b'"><!ENTITY b "'
        + b"&a;" * 500
        + b'">]>'
    )
    shared = laugh + b"<sst " + NAMESPACE + b"><si><t>" + b"&b;" * 500 + b"</t></si></sst>"
    sheet = (
        b"<worksheet "
        + NAMESPACE
        + b'><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(OrdersError):
        read(rebuilt(sheet, shared))


def test_an_archive_without_a_workbook_is_unreadable() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("orders.csv", "订单号,收件人\n")
    with pytest.raises(UnreadableFileError):
        check_archive(held, Limits())


@pytest.mark.parametrize("wide_first", [True, False])
def test_two_tables_one_under_the_other_are_both_read_whole(*, wide_first: bool) -> None:
    narrow = [["订单号", "收件人", "手机", "地址"], ["A1", "测试甲", 13800000001, PLACE]]
    wide = [[*TITLES, "备注"], [*order(2), "轻放"]]
    book = openpyxl.Workbook()
    for row in [*(wide if wide_first else narrow), [], *(narrow if wide_first else wide)]:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    found = {row.order_no: row for row in read(held.getvalue())}
    assert set(found) == {"A1", "A2"}
    assert {row.status for row in found.values()} == {"ok"}
    assert (found["A2"].goods, found["A2"].remark) == ("棉袜", "轻放")


@pytest.mark.parametrize(
    "titles",
    [
        "姓名,电话,地址,姓名,电话,地址",
        "姓名,电话,地址,姓名.1,电话.1,地址.1",
        "联系人1,联系电话1,地址1,联系人2,联系电话2,地址2",
    ],
)
def test_two_parties_that_nobody_can_tell_apart_are_refused_never_guessed(titles: str) -> None:
    row = f"发货甲,19930000000,{PLACE},测试乙,13800000001,{PLACE}"
    with pytest.raises(HeaderNotFoundError) as caught:
        read(f"{titles}\n{row}\n".encode(), "orders.csv")
    assert "寄件人姓名" in caught.value.zh
    assert "寄件人姓名" in caught.value.en


@pytest.mark.parametrize("lost", [4.012345678901235e18, "4.01235E+18"])
def test_an_order_or_waybill_number_that_lost_its_last_digits_is_none(lost: object) -> None:
    book = openpyxl.Workbook()
    book.active.append(["订单号", "运单号", "收件人", "手机", "地址"])
    book.active.append([lost, lost, "测试甲", 13800000001, PLACE])
    book.active.append([401234567890123, "7.73012345678901E+14", "测试乙", 13800000002, PLACE])
    held = io.BytesIO()
    book.save(held)
    first, second = read(held.getvalue())
    assert (first.status, first.order_no, first.waybill_no) == ("ok", "", "")
    assert (second.order_no, second.waybill_no) == ("401234567890123", "773012345678901")
