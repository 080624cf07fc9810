"""Lists of victims as people write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
