"""Measure the reader: rows per CPU-second of one core, and the memory of a million rows.

Files are made in memory of invented people. Times are processor time of the process that reads, so a
busy machine does not change them much.
"""

import io
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from waybillguard.orders.child import read_in_child
from waybillguard.orders.reader import read_cells, read_orders

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = "测试甲乙丙丁戊己庚辛"
_PLACES = (
    ("浙江省", "金华市", "义乌市", "北苑街道机场路{0}号福田小区{1}幢{2}单元{3}室"),
    ("广东省", "深圳市", "南山区", "粤海街道科技园路{0}号{1}栋{3}"),
    ("江苏省", "苏州市", "昆山市", "玉山镇前进西路{0}号{1}幢{3}室"),
    ("四川省", "成都市", "武侯区", "天府大道中段{0}号{1}座{3}"),
    ("北京市", "北京市", "朝阳区", "望京街道阜通东大街{0}号{1}号楼{2}单元{3}"),
)
_TITLES = (
    "订单号,下单时间,店铺名称,收件人,手机,省,市,区,详细地址,"
    "商品名称,规格,数量,单价,买家留言,快递公司,快递单号"
)


class Figure(NamedTuple):
    """One measured value."""

    name: str
    value: float
    unit: str
    note: str


def csv_lines(rows: int) -> Iterator[str]:
    """Yield an export of that many rows, titles first."""
    yield _TITLES + "\r\n"
    for number in range(rows):
        province, city, district, street = _PLACES[number % len(_PLACES)]
        detail = street.format(number % 900 + 1, number % 40 + 1, number % 4 + 1, number % 2000 + 101)
        name = _SURNAMES[number % 20] + _GIVEN[number % 10] + _GIVEN[number // 10 % 10]
        yield (
            f"77{number:017d},2026-11-{number % 28 + 1:02d} {number % 24:02d}:{number % 60:02d}:00,样板小店,"
            f"{name},1{3 + number % 7}{number % 10**9:09d},{province},{city},{district},{detail},"
            f"棉麻收纳箱{number % 50},大号,{number % 3 + 1},19.90,请放门口,顺丰速运,SF{number:013d}\r\n"
        )


def csv_bytes(rows: int, encoding: str = "utf-8") -> bytes:
    """Return such an export as bytes."""
    return "".join(csv_lines(rows)).encode(encoding)


def run(rows: int = 100_000) -> list[dict[str, object]]:
    """Return the reader's figures, each with name, value, unit and note."""
    figures = [_cells(rows, "utf-8"), _cells(rows, "gb18030"), _whole(rows), _child(rows)]
    figures.append(_workbook(min(rows, 20_000)))
    return [figure._asdict() for figure in figures]


def _rate(work: Callable[[], int]) -> float:
    started = time.process_time()
    return work() / (time.process_time() - started)


def _cells(rows: int, encoding: str) -> Figure:
    data = csv_bytes(rows, encoding)
    rate = _rate(lambda: sum(1 for _ in read_cells(io.BytesIO(data))))
    return Figure(
        f"orders.read_cells.{encoding}", rate, "rows/CPU-s", "CSV: decoding, header, cells; 16 columns"
    )


def _whole(rows: int) -> Figure:
    data = csv_bytes(rows)
    sum(1 for _ in read_orders(io.BytesIO(csv_bytes(100)), "warm.csv"))
    rate = _rate(lambda: sum(1 for _ in read_orders(io.BytesIO(data), "bench.csv")))
    return Figure("orders.read", rate, "rows/CPU-s", "CSV: cells, numbers, addresses, masks")


def _child(rows: int) -> Figure:
    data = csv_bytes(rows)
    started = time.perf_counter()
    count = sum(len(batch) for batch in read_in_child(data, "bench.csv"))
    rate = count / (time.perf_counter() - started)
    return Figure(
        "orders.read_in_child", rate, "rows/s wall", "the same in a bounded process, rows handed back"
    )


def _workbook(rows: int) -> Figure:
    try:
        import openpyxl  # type: ignore[import-untyped]  # a development dependency
    except ImportError:
        return Figure("orders.read_cells.xlsx", 0.0, "rows/CPU-s", "not measured: openpyxl is not installed")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("订单")
    for line in csv_lines(rows):
        sheet.append(line.rstrip("\r\n").split(","))
    held = io.BytesIO()
    book.save(held)
    rate = _rate(lambda: sum(1 for _ in read_cells(held)))
    return Figure("orders.read_cells.xlsx", rate, "rows/CPU-s", "XLSX: checks, parsing, header, cells")
