"""Decrypting contacts at a platform on loopback: masked view first, in batches, within the rate limits."""

import logging
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code
from support.platform_server import HttpGateway, Platform, serving

from waybillguard.access.platforms import (
    Cipher,
    DecryptedField,
    Masked,
    PlatformError,
    decrypt_calls,
    open_contacts,
    read_answer,
    surface,
)
from waybillguard.access.platforms.opening import Pace

pytestmark = pytest.mark.enable_socket
BATCHED = ["taobao", "douyin", "pinduoduo", "kuaishou", "xiaohongshu", "dangdang"]


class Clock:
    """A clock that advances only by sleeping."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def gateway(platform: Platform) -> Iterator[HttpGateway]:
    with serving(platform) as address:
        made = HttpGateway(address)
        yield made
        made.close()


def ciphers(count: int, field: str = "phone") -> list[Cipher]:
    return [Cipher(f"49336{n:06}", field, f"#c{n}=#1##") for n in range(count)]


def test_the_masked_view_comes_before_any_plaintext(platform: Platform, gateway: HttpGateway) -> None:
    taken: list[DecryptedField] = []
    done = open_contacts(
        gateway, "douyin", ciphers(120), purpose="after_sales", operator="u7", take=taken.append,
        pace=Pace("douyin", Clock()),
    )  # fmt: skip
    methods = [method for method, _ in platform.asked]
    assert methods == ["order.batchSensitive"] * 3 + ["order.batchDecrypt"] * 3
    assert [len(body["cipher_infos"]) for _, body in platform.asked] == [50, 50, 20, 50, 50, 20]
    assert {body["account_id"] for method, body in platform.asked if method == "order.batchDecrypt"} == {"u7"}
    assert all(
        "account_id" not in body for method, body in platform.asked if method == "order.batchSensitive"
    )
    assert (done.taken, len(taken), len(done.masked), done.withheld) == (120, 120, 120, ())
    assert {one.value for one in done.masked} == {"1*********1"}


def test_a_closed_order_stays_closed_and_the_rest_is_opened(platform: Platform, gateway: HttpGateway) -> None:
    some = ciphers(3, "contact")
    platform.closed = {some[1].order_no}
    taken: list[DecryptedField] = []
    done = open_contacts(
        gateway, "taobao", some, purpose="after_sales", operator="u7", take=taken.append,
        pace=Pace("taobao", Clock()),
    )  # fmt: skip
    assert [(one.order_no, one.reason) for one in done.withheld] == [(some[1].order_no, "order_closed")]
    assert [one.order_no for one in taken] == [some[0].order_no, some[2].order_no]
    assert {item["scene"] for _, body in platform.asked for item in body["query_list"]} == {"2001"}


def test_nothing_is_sent_when_nobody_is_named(platform: Platform, gateway: HttpGateway) -> None:
    with pytest.raises(PlatformError, check=has_code("platform_operator")):
        open_contacts(
            gateway, "douyin", ciphers(2), purpose="after_sales", operator="", take=lambda _: None,
            pace=Pace("douyin", Clock()),
        )  # fmt: skip
    assert platform.asked == []


def test_an_answer_of_another_form_is_an_error_that_quotes_nothing(
    platform: Platform, gateway: HttpGateway, caplog: pytest.LogCaptureFixture
) -> None:
    platform.broken = True
    with caplog.at_level(logging.DEBUG), pytest.raises(PlatformError) as caught:
        open_contacts(
            gateway, "taobao", ciphers(1, "contact"), purpose="after_sales", operator="u7", take=lambda _: None,
            pace=Pace("taobao", Clock()),
        )  # fmt: skip
    assert "13900001111" not in f"{caught.value.zh}{caught.value}{caplog.text}"
    assert caught.value.__cause__ is None


def test_no_plaintext_stands_in_a_log_or_a_repr(
    gateway: HttpGateway, caplog: pytest.LogCaptureFixture
) -> None:
    taken: list[DecryptedField] = []
    with caplog.at_level(logging.DEBUG):
        done = open_contacts(
            gateway, "douyin", ciphers(2), purpose="after_sales", operator="u7", take=taken.append,
            pace=Pace("douyin", Clock()),
        )  # fmt: skip
    said = f"{caplog.text}{taken!r}{done!r}{ciphers(1)!r}"
    assert taken[0].value == "19900000000"
    assert taken[0].value not in said
    assert "#c0=" not in said


def test_a_gateway_that_fails_leaves_nothing_half_told(gateway: HttpGateway) -> None:
    gateway.close()
    with pytest.raises((httpx.HTTPError, RuntimeError)):
        open_contacts(
            gateway, "douyin", ciphers(2), purpose="after_sales", operator="u7", take=lambda _: None,
            pace=Pace("douyin", Clock()),
        )  # fmt: skip


def test_outside_the_platforms_cloud_one_call_in_ten_seconds() -> None:
    clock = Clock()
    pace = Pace("pinduoduo", clock)
    assert pace.let_pass("decrypt", 1, longest=15)
    assert pace.seconds_until("decrypt", 1) == pytest.approx(10)
    assert pace.let_pass("decrypt", 1, longest=15)
    assert clock.at == pytest.approx(1_010)
    assert not pace.let_pass("decrypt", 1, longest=5)


def test_a_days_limit_withholds_instead_of_waiting_for_tomorrow() -> None:
    clock = Clock()
    pace = Pace("xiaohongshu", clock)
    assert pace.let_pass("decrypt", 10, longest=15)
    assert pace.seconds_until("decrypt", 1) > 80_000
    assert not pace.let_pass("decrypt", 1, longest=15)
    assert pace.seconds_until("decrypt", 11) == float("inf")
    assert pace.let_pass("mask", 100, longest=15)


@given(st.sampled_from(BATCHED), st.integers(0, 333))
def test_no_call_has_more_items_than_the_platform_takes_and_none_is_lost(platform: str, count: int) -> None:
    some = ciphers(count)
    calls = decrypt_calls(
        platform, some, purpose="after_sales", operator="u7", masked=Masked(frozenset(one.order_no for one in some))
    )  # fmt: skip
    assert [one for call in calls for one in call.ciphers] == some
    assert all(0 < len(call.ciphers) <= surface(platform, "decrypt").batch for call in calls)


@given(st.sampled_from(BATCHED), st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "decrypt_infos", "auth_id", "code", "batchDecryptResultList", "dataInfoList", "top_oaid_decrypt_response"]), inner, max_size=3)))  # fmt: skip
def test_whatever_an_answer_says_everything_asked_for_is_opened_or_withheld(
    platform: str, answer: object
) -> None:
    some = ciphers(2)
    masked = Masked(frozenset(one.order_no for one in some))
    call = decrypt_calls(platform, some, purpose="after_sales", operator="u7", masked=masked)[0]
    if not isinstance(answer, dict):
        answer = {"data": answer}
    try:
        opened, withheld = read_answer(call, "decrypt", answer)
    except PlatformError:
        return
    assert {one.order_no for one in opened} | {one.order_no for one in withheld} == masked.order_nos
