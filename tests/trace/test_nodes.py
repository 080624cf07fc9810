"""Nodes that victims share, and which logs to request."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from waybillguard.events.engines import DuckEngine
from waybillguard.trace import NodesAnswer, victims_of
from waybillguard.trace.nodes import common_nodes, retentions


class Shipments:
    """Eight warehouses with three shops each, one of them half of all parcels."""

    def __init__(self, engine: DuckEngine, folder: Path) -> None:
        dice = random.Random(1)
        lines = ["waybill_no,shop,erp,warehouse,outlet,carrier,goods_class,shipped_at"]
        for number in range(20_000):
            house = 0 if dice.random() < 0.4 else dice.randrange(1, 8)
            day = date(2026, 10, 1) + timedelta(days=dice.randrange(30))
            lines.append(
                f"Y{number:06},w{house}-s{dice.randrange(3)},erp{house % 3},w{house},o{house}-{dice.randrange(2)},"
                f"c{dice.randrange(4)},{dice.choice(['toys', 'womenswear', 'books'])},{day}T09:00:00+08:00"
            )
        listed, self.engine = folder / "shipments.csv", engine
        listed.write_text("\n".join(lines) + "\n")
        self.rows = list(csv.DictReader(lines))
        engine.shipments(listed)
        # Read once and kept: every list of victims queries it again.
        engine.connection.execute("CREATE TEMP TABLE kept AS FROM shipments")
        engine.connection.execute("CREATE OR REPLACE TEMP VIEW shipments AS FROM kept")


@pytest.fixture(scope="module")
def shipments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shipments]:
    with DuckEngine() as engine:
        yield Shipments(engine, tmp_path_factory.mktemp("s"))


def ask(among: Shipments, waybills: list[str]) -> NodesAnswer:
    return common_nodes(among.engine, victims_of([{"waybill_no": one} for one in waybills]))


def of(among: Shipments, **wanted: str) -> list[str]:
    return [row["waybill_no"] for row in among.rows if wanted.items() <= row.items()]


def test_a_warehouse_stands_first_before_its_shops_and_erp(shipments: Shipments) -> None:
    dice = random.Random(2)
    everyone = of(shipments)
    right = 0
    for _ in range(20):
        house = f"w{dice.randrange(1, 8)}"
        listed = dice.sample(of(shipments, warehouse=house), 14) + dice.sample(everyone, 6)
        first = ask(shipments, listed).nodes[0]
        right += (first.kind, first.value) == ("warehouse", house)
    assert right >= 19


def test_a_shop_alone_stands_before_its_warehouse(shipments: Shipments) -> None:
    first = ask(shipments, random.Random(3).sample(of(shipments, shop="w3-s1"), 20)).nodes[0]
    assert (first.kind, first.value) == ("shop", "w3-s1")


@pytest.mark.parametrize("count", [3, 20, 200])
def test_nothing_is_named_on_noise(shipments: Shipments, count: int) -> None:
    answers = [ask(shipments, random.Random(n).sample(of(shipments), count)) for n in range(15)]
    assert [answer.nodes for answer in answers if answer.nodes] == []
    assert all("约还需" in answer.note_zh for answer in answers)


def test_a_big_warehouse_is_not_named_for_its_size(shipments: Shipments) -> None:
    house = of(shipments, warehouse="w0")
    others = [row["waybill_no"] for row in shipments.rows if row["warehouse"] != "w0"]
    listed = random.Random(4).sample(house, 12) + random.Random(5).sample(others, 18)
    assert ask(shipments, listed).nodes == ()


def test_requests_name_the_log_its_days_and_when_it_expires(shipments: Shipments) -> None:
    answer = ask(shipments, random.Random(6).sample(of(shipments, warehouse="w5"), 20))
    mine = [request for request in answer.requests if request.whom == "w5"]
    assert {request.which_log for request in mine} == {
        one.log for one in retentions() if one.kind == "warehouse"
    }
    for request in mine:
        assert request.start < "2026-10-10"
        assert request.start < request.keep_until
        assert "20" in request.why_zh
    assert [request.keep_until for request in answer.requests] == sorted(
        r.keep_until for r in answer.requests
    )


def test_every_row_of_the_logs_file_can_be_asked_for() -> None:
    for row in retentions():
        assert row.kind in {"warehouse", "erp", "shop", "outlet", "carrier"}
        assert row.keep_days > 0
        assert row.log
        assert row.basis


def test_an_order_number_that_several_shops_use_accuses_none_of_them() -> None:
    rows = [
        (f"Y{shop}{n:05}", f"{1000 + n}", f"s{shop}", "erp", f"w{shop}", None, "c", "g", (20_000 + n // 20) * 86_400_000_000)
        for n in range(400)
        for shop in range(5)
    ]  # fmt: skip
    listed = [{"order_id": f"{1000 + n}"} for n in range(0, 400, 7)]
    with DuckEngine() as engine:
        engine.table("shipments", rows)
        answer = common_nodes(engine, victims_of(listed))
    assert answer.nodes == ()
