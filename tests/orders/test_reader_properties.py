"""For arbitrary cells, nothing crashes and no data row is lost or duplicated."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waybillguard.orders.errors import OrdersError
from waybillguard.orders.reader import read_orders
from waybillguard.orders.rows_cells import clean, is_formula, neutralise
from waybillguard.orders.rows_dates import iso_time

TITLES = ["订单号", "收件人", "手机", "地址", "商品名称", "备注"]
AWKWARD = st.sampled_from(
    [
        '"',
        "'",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "=",
        "|",
        "\0",
        "合计",
        "共3条",
        "张三",
        "13800000001",
        "䶮",
        "😀",
        "*",
    ]
)
CELL = st.one_of(
    st.text(max_size=12),
    st.lists(AWKWARD, max_size=6).map("".join),
    st.sampled_from(
        ["", "-", "138****0001", "浙江省金华市义乌市北苑街道1号", "1.38E+10", '="13800000001"', "=1+1"]
    ),
)
TABLE = st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=12)


def written(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=delimiter)
    writer.writerow(TITLES)
    for number, cells in enumerate(rows):
        writer.writerow([f"N{number}", *cells])
    return held.getvalue().encode(encoding, "replace")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=TABLE, delimiter=st.sampled_from(",\t;|"), encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"])
)
def test_every_data_row_comes_out_exactly_once_and_in_order(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    out = list(read_orders(io.BytesIO(written(rows, delimiter, encoding)), "x.csv"))
    assert [row.order_no for row in out] == [f"N{number}" for number in range(len(rows))]
    assert [row.row for row in out] == list(range(1, len(rows) + 1))


@settings(max_examples=300, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: ("收件人,手机,地址\n" + text).encode("utf-8", "replace")),
    )
)
def test_any_bytes_give_rows_or_an_error_for_people(data: bytes) -> None:
    try:
        rows = list(read_orders(io.BytesIO(data), "x"))
    except OrdersError:
        return
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))


@given(text=st.text(max_size=30))
def test_a_neutralised_text_is_no_formula_and_keeps_every_character(text: str) -> None:
    safe = neutralise(text)
    assert safe.endswith(text)
    assert safe[:1] not in {"=", "@", "\t", "\r"}


@given(text=st.text(max_size=30))
def test_cleaning_is_stable_and_never_raises(text: str) -> None:
    assert clean(text) == clean(text).strip()
    assert is_formula(text) in {True, False}
    assert isinstance(iso_time(text), str)
