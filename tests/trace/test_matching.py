"""Police and warehouses learn the common victims and nothing else."""

import pytest

from waybillguard.trace import TraceError
from waybillguard.trace.matching import MOST_ASKED, Police, Warehouse, read_elements


def test_only_the_common_victims_come_out() -> None:
    orders = [f"order-{n}" for n in range(2_000)]
    warehouse, police = Warehouse(), Police(["order-3", "order-77", "elsewhere-1"])
    setup = warehouse.setup(orders)
    assert police.intersection(setup, warehouse.respond(police.request())) == ["order-3", "order-77"]
    assert b"order-3" not in setup


def test_a_days_setup_serves_again_under_the_same_key() -> None:
    first = Warehouse()
    setup, again, police = first.setup(["a", "b"]), Warehouse(first.key), Police(["b", "c"])
    assert police.intersection(setup, again.respond(police.request())) == ["b"]


@pytest.mark.parametrize("orders", [[], ["a"], ["a", "b"]])
def test_a_warehouse_of_few_orders_or_none_answers_whatever_its_key(orders: list[str]) -> None:
    police = Police(["a"])
    for _ in range(40):
        warehouse = Warehouse()
        setup = warehouse.setup(orders)
        assert police.intersection(setup, warehouse.respond(police.request())) == orders[:1]


def test_what_is_no_request_or_too_long_is_refused() -> None:
    with pytest.raises(TraceError):
        Warehouse().respond(b"junk")
    with pytest.raises(TraceError):
        Police([str(n) for n in range(MOST_ASKED + 1)])


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8-sig"])
def test_the_numbers_are_those_of_the_titled_column_and_not_of_the_first(encoding: str) -> None:
    listed = "序号,姓名,运单号\n1,张三,sf 123\n2,李四,1.23E+14\n3,王五,SF124\n"
    assert read_elements(listed.encode(encoding)) == (["SF123", "SF124"], (2,))


def test_lines_alone_are_the_numbers_and_a_table_without_titles_is_refused() -> None:
    assert read_elements(b"SF1\nsf1\nSF2\n") == (["SF1", "SF2"], ())
    for content in (b"1,SF1\n2,SF2\n", b"\n", "姓名,电话\n张三,13800138000\n".encode()):
        with pytest.raises(TraceError):
            read_elements(content)
