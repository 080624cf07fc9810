"""Refused rows are reported with Excel's row numbers, which include titles and blank rows."""

import io

import openpyxl

from waybillguard.orders import read_in_child
from waybillguard.orders.reader import read_orders
from waybillguard.orders.sheet_lines import SheetLines

HEAD = ["订单号", "收件人", "电话", "地址"]


def row(number: int, phone: str = "13900001111") -> list[str]:
    return [f"W{number}", "测试人甲", phone, f"浙江省义乌市北苑街道测试路{number}号"]


def lines_of(content: bytes, name: str) -> dict[str, int]:
    lines = SheetLines()
    return {one.order_no: lines.line(one.row) for one in read_orders(io.BytesIO(content), name, lines=lines)}


def csv(*rows: list[str]) -> bytes:
    return "".join(",".join(one) + "\n" for one in rows).encode()


def test_a_header_counts_as_the_first_line() -> None:
    assert lines_of(csv(HEAD, row(1), row(2)), "a.csv") == {"W1": 2, "W2": 3}


def test_a_title_blank_lines_and_totals_count() -> None:
    content = csv(["发货单"], HEAD, row(1), [], ["合计"], row(2))
    assert lines_of(content, "a.csv") == {"W1": 3, "W2": 6}


def test_a_line_break_within_quotes_begins_no_row() -> None:
    content = csv(HEAD, [*row(1)[:3], '"浙江省义乌市\n测试路1号"'], row(2))
    assert lines_of(content, "a.csv") == {"W1": 2, "W2": 3}


def test_rows_behind_the_part_that_is_read_ahead_are_counted_on() -> None:
    found = lines_of(csv(HEAD, *(row(n) for n in range(1, 200))), "a.csv")
    assert found["W1"] == 2
    assert found["W199"] == 200


def test_each_sheet_of_a_workbook_counts_anew_and_a_process_of_its_own_tells_the_same() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("二")
    first.append(HEAD)
    first.append([])
    for number in range(1, 1500):
        first.append(row(number))
    for values in (["标题"], HEAD, row(5000), row(5001, "bad")):
        second.append(values)
    held = io.BytesIO()
    book.save(held)
    found = lines_of(held.getvalue(), "a.xlsx")
    assert (found["W1"], found["W1499"], found["W5000"], found["W5001"]) == (3, 1501, 3, 4)
    lines = SheetLines()
    rows = [one for batch in read_in_child(held.getvalue(), "a.xlsx", lines=lines) for one in batch]
    assert {one.order_no: lines.line(one.row) for one in rows} == found
