"""Reading lists of victims in the forms that people write."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from waybillguard.trace import TraceError, read_victims


def test_chinese_titles_in_gb18030_and_slashed_times_are_read() -> None:
    text = "序号;运单号;接到诈骗电话时间;可信度\n1;SF 1234567890;2026/11/3 9:05;80%\n"
    row = read_victims(text.encode("gb18030")).rows[0]
    assert row.report.waybill_no == "SF1234567890"
    assert row.report.contacted_at is not None
    assert row.report.contacted_at.isoformat() == "2026-11-03T01:05:00+00:00"
    assert row.report.certainty == 0.8


def test_a_bare_column_of_numbers_is_a_list() -> None:
    rows = read_victims(b"A-10001\nA-10002\n").rows
    assert [row.report.order_id for row in rows] == ["A-10001", "A-10002"]


def test_a_bad_row_is_refused_by_number_and_the_rest_is_read() -> None:
    table = read_victims(b"order_id,certainty\na1,0.5\n,0.9\na3,much\na4,\n")
    assert [row.report.order_id for row in table.rows] == ["a1", "a4"]
    assert table.refused == (2, 3)


def test_a_time_that_is_none_leaves_a_victim_without_a_time() -> None:
    row = read_victims("订单号,来电时间\nA1,前天晚上\n".encode()).rows[0]
    assert row.report.contacted_at is None


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,age\nx,3\n", b"hello world, this is prose\n"])
def test_what_is_no_list_says_what_to_give(content: bytes) -> None:
    with pytest.raises(TraceError) as error:
        read_victims(content)
    assert "order_id" in error.value.zh


@given(st.binary(max_size=300))
@example(b";")
def test_any_bytes_are_a_list_or_a_clear_error(content: bytes) -> None:
    try:
        read_victims(content)
    except TraceError:
        return


def test_a_date_alone_is_the_evening_of_that_day_in_china() -> None:
    table = read_victims("订单号,来电时间\nA1001,2026/9/7\n".encode())
    (row,) = table.rows
    assert row.report.contacted_at == datetime(2026, 9, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2026年11月3日9时5分", "01:05"),
        ("2026年11月3日15时许", "07:00"),
        ("2026年11月3日下午3点", "07:00"),
        ("2026年11月3日晚上8点半", "12:30"),
        ("2026.11.3 15:20", "07:20"),
        ("2026/11/3 下午 3:05:00", "07:05"),
        ("2026-11-3 9:5", "01:05"),
        ("２０２６－１１－０３ １５：２０", "07:20"),
        ("2026-11-03 15:20左右", "07:20"),
        ("46329.5", "04:00"),
        ("20261103", "12:00"),
        ("2026/11/3 0:00", "12:00"),
        ("2026-11-03 00:00:00", "12:00"),
        ("2026-11-03T00:00:00+08:00", "16:00"),
    ],
)
def test_times_are_read_as_police_and_spreadsheets_write_them(written: str, wanted: str) -> None:
    (row,) = read_victims(f"运单号,来电时间\nSF1,{written}\n".encode()).rows
    assert row.report.contacted_at is not None, written
    assert row.report.contacted_at.strftime("%H:%M") == wanted


@pytest.mark.parametrize("written", ["9999-12-31", "0001-01-01", "11月3日", "2026-13-45 10:00"])
def test_a_date_of_no_year_that_can_be_meant_is_no_time(written: str) -> None:
    (row,) = read_victims(f"运单号,来电时间\nSF1,{written}\n".encode()).rows
    assert row.report.contacted_at is None


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8-sig"])
def test_a_table_of_a_police_station_is_read_below_its_heading(encoding: str) -> None:
    text = (
        "××派出所受害人登记表\t\t\t\t\n序号\t姓名\t身份证号\t受害人手机号码\t快递单号（必填）\n"
        "1\t张三\t110101199003070011\t138 0013 8000\tＳＦ１２３\n2\t李四\t\t13900139000/0571-88886666\t无\n合计\t2\t\t\t\n"
    )
    table = read_victims(text.encode(encoding))
    assert [(row.report.waybill_no, row.phone) for row in table.rows] == [
        ("SF123", "13800138000"),
        (None, "13900139000"),
    ]
    assert table.refused == (3,)


def test_bare_phones_are_phones_and_no_orders() -> None:
    (row,) = read_victims(b"13800138000\n").rows
    assert (row.phone, row.report.order_id, row.report.waybill_no) == ("13800138000", None, None)


@pytest.mark.parametrize(
    "cell", ["1.23457E+14", "A1001、A1002", "11010519491231002X", "张三13800138000广东省深圳市", "A" * 81]
)
def test_a_cell_that_is_no_one_number_is_refused_and_not_taken_for_one(cell: str) -> None:
    table = read_victims(f"订单号\n{cell}\nA1\n".encode())
    assert ([row.report.order_id for row in table.rows], table.refused) == (["A1"], (1,))


def test_a_stray_quotation_mark_swallows_no_victims() -> None:
    text = '订单号,来电时间\n"A1,2026-11-03\nA2,2026-11-04\nA3,2026-11-05\n'
    assert [row.report.order_id for row in read_victims(text.encode()).rows][-2:] == ["A2", "A3"]


def test_a_field_without_end_and_a_damaged_workbook_are_clear_errors() -> None:
    with pytest.raises(TraceError):
        read_victims(b'order_id,x\n"' + b"a" * 200_000 + b'",1\n')
    for damaged in (
        b"PK\x03\x04" + bytes(range(256)),
        workbook([["订单号"], ["A1"]])[:-900],
        b"<html><p>no table</p></html>",
    ):
        with pytest.raises(TraceError) as error:
            read_victims(damaged)
        assert "CSV" in error.value.zh


def workbook(*sheets: list[list[object]]) -> bytes:
    """Return a workbook as Excel writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_workbook_of_a_police_station_is_read_with_all_its_sheets() -> None:
    november = [
        ["电信诈骗受害人登记表", None, None, None],
        [None, None, None, None],
        ["序号", "受害人手机号码", "快递单号（必填）", "接到诈骗电话时间"],
        [1, 13800138000, "SF1234567890", datetime(2026, 11, 3, 9, 5)],  # noqa: DTZ001 - cells have no zone
        [2, None, "YT12345\nYT12346", datetime(2026, 11, 4)],  # noqa: DTZ001
        [3, "13900139000", 1234567890123, datetime(2026, 11, 5)],  # noqa: DTZ001
    ]
    october = [["运单号", "报案时间"], ["SF777", "2026年10月9日 晚上8点"]]
    table = read_victims(workbook(november, [["填表说明"], ["请如实填写"]], october))
    assert [row.report.waybill_no for row in table.rows] == ["SF1234567890", "1234567890123", "SF777"]
    assert [row.phone for row in table.rows] == ["13800138000", "13900139000", ""]
    assert table.refused == (2,)
    times = [row.report.contacted_at or row.report.reported_at for row in table.rows]
    assert [one.isoformat() for one in times if one] == [
        "2026-11-03T01:05:00+00:00", "2026-11-05T12:00:00+00:00", "2026-10-09T12:00:00+00:00",
    ]  # fmt: skip


def test_a_bare_column_of_a_workbook_and_a_table_that_only_calls_itself_one_are_lists() -> None:
    assert [row.report.order_id for row in read_victims(workbook([["A-10001"], ["A-10002"]])).rows] == [
        "A-10001",
        "A-10002",
    ]
    markup = "<html><table><tr><td>订单号</td></tr><tr><td>A-10003</td></tr></table></html>"
    assert [row.report.order_id for row in read_victims(markup.encode("gb18030")).rows] == ["A-10003"]


def test_an_encrypted_workbook_says_so(encrypted: bytes) -> None:
    with pytest.raises(TraceError, match="password"):
        read_victims(encrypted)


@pytest.fixture
def encrypted() -> bytes:
    """A list protected by a password."""
    plain, closed = io.BytesIO(workbook([["订单号"], ["A1"]])), io.BytesIO()
    OOXMLFile(plain).encrypt("made up", closed)
    return closed.getvalue()
