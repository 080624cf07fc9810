"""Frozen cases: requests, responses and refusals from the platforms' published descriptions."""

import json
from pathlib import Path
from typing import Any

import pytest

from waybillguard.access.platforms import (
    Cipher,
    Masked,
    PlatformError,
    decrypt_calls,
    mask_calls,
    masked_with_orders,
    read_answer,
    surface,
)

CASES = Path(__file__).parents[2] / "cases" / "platforms"


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("case", cases("decrypt"), ids=lambda case: case["name"])
def test_a_request_and_its_answer(case: dict[str, Any]) -> None:
    ciphers = [Cipher(**one) for one in case["ciphers"]]
    asked = mask_calls(case["platform"], ciphers)
    if case["masked_call"] is None:
        assert asked == []
        masked = masked_with_orders(case["platform"], [one.order_no for one in ciphers])
    else:
        assert [{"method": one.method, "body": one.body} for one in asked] == [case["masked_call"]]
        masked = Masked(frozenset(one.order_no for one in ciphers))
    calls = decrypt_calls(
        case["platform"], ciphers, purpose=case["purpose"], operator=case["operator"], masked=masked
    )
    assert [{"method": one.method, "body": one.body} for one in calls] == case["calls"]
    opened, withheld = read_answer(calls[0], "decrypt", case["answer"])
    assert [[one.order_no, one.field, one.value, one.until] for one in opened] == case["opened"]
    assert [[one.order_no, one.field, one.reason] for one in withheld] == case["refused"]


@pytest.mark.parametrize("case", cases("refused"), ids=lambda case: case["name"])
def test_what_must_not_leave_the_house(case: dict[str, Any]) -> None:
    ciphers = [Cipher(str(n), "contact", "x") for n in range(case["orders"])]
    masked = Masked(frozenset(one.order_no for one in ciphers) if case["masked"] else frozenset())
    with pytest.raises(PlatformError) as caught:
        decrypt_calls(
            case["platform"], ciphers, purpose=case["purpose"], operator=case["operator"], masked=masked
        )
    assert caught.value.code == f"platform_{case['error']}"
    assert caught.value.zh
    assert "发送" in caught.value.zh


def test_the_proof_of_a_masked_view_is_not_to_be_had_where_a_call_comes_first() -> None:
    assert not surface("douyin", "mask").with_order
    with pytest.raises(PlatformError) as caught:
        masked_with_orders("douyin", ["1"])
    assert caught.value.code == "platform_masked_first"
