"""Blind indexes: the key finds stored orders, and tokens differ where they must."""

import pytest
from support.codes import has_code

from waybillguard.keys.errors import KeysError
from waybillguard.seal import IndexKeys, month_of, months_of

ROOT = bytes(range(32))
DAY = 20781  # 2026-11-24
MONTH = 2026 * 12 + 10


@pytest.fixture
def keys() -> IndexKeys:
    return IndexKeys(ROOT, "w1")


def test_a_month_is_that_of_the_day() -> None:
    assert [month_of(day) for day in (0, 30, 31, DAY)] == [23640, 23640, 23641, MONTH]


def test_a_span_of_days_touches_each_month_once() -> None:
    assert months_of(DAY - 60, DAY) == [MONTH - 2, MONTH - 1, MONTH]
    assert months_of(DAY, DAY) == [MONTH]


def test_a_search_over_six_months_asks_six_different_tokens(keys: IndexKeys) -> None:
    assert len(set(keys.phone_tokens("13800000001", range(MONTH - 5, MONTH + 1)))) == 6


def test_the_same_text_in_two_fields_has_two_tokens(keys: IndexKeys) -> None:
    number = "13800000001"
    tokens = (
        keys.phone_tokens(number, [MONTH])
        + keys.order_tokens(number, [MONTH])
        + keys.waybill_tokens(number, [MONTH])
        + [keys.row_token(number.encode(), DAY)]
    )
    assert len(set(tokens)) == 4


def test_last_four_asks_each_shop_and_day(keys: IndexKeys) -> None:
    tokens = keys.last4_tokens("0001", ["店甲", "店乙"], [DAY - 1, DAY])
    assert len(set(tokens)) == 4
    assert keys.last4_tokens("0001", ["店乙"], [DAY - 1]) == [tokens[1]]


@pytest.mark.parametrize("typed", ["0001", " 0001 ", "０００１"])
def test_last_four_is_found_however_it_is_typed(keys: IndexKeys, typed: str) -> None:
    assert keys.last4_tokens(typed, [""], [DAY]) == keys.last4_tokens("0001", [""], [DAY])


@pytest.mark.parametrize("typed", ["", "001", "00012", "00a1", "13800000001"])
def test_what_is_not_four_digits_has_no_last_four_token(keys: IndexKeys, typed: str) -> None:
    assert keys.last4_tokens(typed, [""], [DAY]) == []


@pytest.mark.parametrize("empty", ["", "  ", "无"])
def test_an_empty_phone_has_no_token(keys: IndexKeys, empty: str) -> None:
    assert keys.phone_tokens(empty, [MONTH]) == []


def test_an_empty_number_has_no_token(keys: IndexKeys) -> None:
    assert keys.order_tokens(" ", [MONTH]) == keys.waybill_tokens("", [MONTH]) == []


def test_another_tenant_or_root_has_other_tokens(keys: IndexKeys) -> None:
    same = [other.phone_tokens("13800000001", [MONTH]) for other in (keys, IndexKeys(ROOT, "w1"))]
    others = [
        other.phone_tokens("13800000001", [MONTH])
        for other in (IndexKeys(ROOT, "w2"), IndexKeys(bytes(32), "w1"))
    ]
    assert same[0] == same[1]
    assert same[0] not in others
    assert others[0] != others[1]


def test_tokens_stay_the_same_when_the_kept_months_are_dropped(keys: IndexKeys) -> None:
    before = keys.phone_tokens("13800000001", [MONTH])
    keys.phone_tokens("13800000001", range(MONTH - 200, MONTH - 100))
    assert keys.phone_tokens("13800000001", [MONTH]) == before


@pytest.mark.parametrize("day", [-1, 10**9])
def test_a_day_outside_the_calendar_is_refused(day: int) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        month_of(day)


def test_a_root_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        IndexKeys(b"short", "w1")


def test_index_keys_show_nothing(keys: IndexKeys) -> None:
    assert repr(keys) == "IndexKeys(…)"
