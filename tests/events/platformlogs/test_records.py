"""Records for platforms: the frozen cases, every data row, and what a record must never contain."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from events.made_up import MONDAY, looks
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.events import AccessEvent, Action
from waybillguard.events.platformlogs import (
    LogShop,
    calls,
    code_platforms,
    csv_text,
    jsonl_text,
    log_platforms,
    records_of,
)
from waybillguard.events.platformlogs.records import _values
from waybillguard.events.platformlogs.shapes import codes, data_rows

CASES = json.loads((Path(__file__).parents[2] / "cases" / "platforms" / "logs.json").read_text("utf-8"))
SHOPS = [
    LogShop(
        platform=name, shop="s", app_key="K", app_name="N", seller="S", sent_to="to",
        codes=dict.fromkeys(Action, "1"),
    )
    for name in ("jd", "kuaishou", "taobao")
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case(case: dict[str, Any]) -> None:
    events = [
        AccessEvent(tenant="t", **{**one, "ts": datetime.fromisoformat(one["ts"])}) for one in case["events"]
    ]
    records, left = records_of(events, LogShop(**case["shop"]), case["order_nos"])
    assert [
        {"kind": one.kind, "method": one.method, "events": list(one.events), "body": one.body} for one in records
    ] == case["records"]  # fmt: skip
    assert [[one.event_id, one.reason] for one in left] == case["left"]
    for made, wanted in zip(records, case["records"], strict=True):
        assert list(made.body) == list(wanted["body"])  # the platform's order of fields


@pytest.mark.parametrize("name", ["calls", "fields", "operations"])
def test_every_row_names_its_source_and_date(name: str) -> None:
    for row in data_rows(f"{name}.csv"):
        assert None not in row
        assert None not in row.values()
        assert len(row["source"]) > 15
        assert re.fullmatch(r"20\d\d(-\d\d-\d\d)?", row["dated"]), row


def test_every_field_is_filled_by_a_value_that_exists() -> None:
    event = looks(1)[0]
    values = _values(event, SHOPS[0], ["1"])
    for row in data_rows("fields.csv"):
        assert row["value"] in values
        assert (row["platform"], row["kind"]) in calls()
    assert all(call.fields for call in calls().values())


def test_every_code_is_of_an_action_of_ours() -> None:
    for row in data_rows("operations.csv"):
        assert row["action"] in set(Action)
        assert row["platform"] in log_platforms()
    assert code_platforms() == {"kuaishou"}
    assert codes()["jd", "print"] == ("6", "2")


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.platform)
def test_many_orders_of_one_decision_go_in_lots_that_the_platform_takes(shop: LogShop) -> None:
    events = looks(250, step=MONDAY - MONDAY)
    numbers = {f"o-{n}": str(10_000 + n) for n in range(250)}
    records, left = records_of(events, shop, numbers)
    assert left == []
    assert [one.orders for one in records] == [100, 100, 50]
    assert [event for one in records for event in one.events] == [f"e-{n}" for n in range(250)]


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.platform)
def test_orders_of_another_shop_are_not_told(shop: LogShop) -> None:
    records, left = records_of(looks(5), shop, {"o-3": "33"})
    assert [one.events for one in records] == [("e-3",)]
    assert left == []


@given(st.sampled_from(SHOPS), st.sampled_from(list(Action)), st.booleans(), st.booleans())
def test_a_record_is_made_of_the_event_and_the_number_alone(
    shop: LogShop, action: Action, allowed: bool, exposed: bool
) -> None:
    event = looks(
        1, action=action, allowed=allowed, exposed=exposed, ip="10.0.0.3", person="王小芳", category="药品",
        person_token=b"\1" * 16, decoy=True, explained_by="ticket", explained_ref="13900001111", session="secret",
    )[0]  # fmt: skip
    records, _ = records_of([event], shop, {"o-0": "42"})
    told = json.dumps([one.body for one in records], ensure_ascii=False)
    for hidden in ("王小芳", "药品", "decoy", "13900001111", "secret", "o-0", "e-0"):
        assert hidden not in told
    if not allowed and action not in {Action.LOGIN, Action.LOGIN_FAILED}:
        assert records == []
    assert "王" not in f"{records!r}"


def test_files_for_the_hand_say_the_same_and_no_cell_is_a_formula() -> None:
    bodies = [
        {"user_id": "=cmd()", "order_ids": [1, 2], "time": 5},
        {"user_id": "u2", "order_ids": [3], "time": 6},
    ]
    assert [json.loads(line) for line in jsonl_text(bodies).splitlines()] == bodies
    assert csv_text(bodies) == 'user_id,order_ids,time\r\n\'=cmd(),"1,2",5\r\nu2,3,6\r\n'
    assert csv_text([]) == ""
