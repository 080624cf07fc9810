"""Police and warehouses learn the common victims and nothing else."""

import pytest

from waybillguard.trace import TraceError
from waybillguard.trace.matching import MOST_ASKED, Police, Warehouse


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
