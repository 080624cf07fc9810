"""What counts as a reference, as a platform's ciphertext, as a consignee."""

import base64
import hashlib
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.agent.shim.clean import is_opaque
from waybillguard.agent.shim.content import REFERENCE_KEYS, Kind, classify
from waybillguard.agent.shim.wire import Document

ENVELOPE = {
    "encryptedData": "AES:" + base64.b64encode(hashlib.shake_128(b"cipher").digest(120)).decode(),
    "templateURL": "http://template.invalid/1",
    "ver": "waybill_print",
}


def kind(*parts: dict[str, Any]) -> Kind:
    return classify(Document("D1", parts))[0]


@pytest.mark.parametrize("key", REFERENCE_KEYS)
def test_a_number_under_a_known_key_is_a_reference(key: str) -> None:
    assert classify(Document("D1", ({"data": {key: "A-10001"}},))) == (Kind.REFERENCE, "A-10001")


@pytest.mark.parametrize(
    "part",
    [
        {
            "data": {
                "recipient": {"name": "测试甲", "mobile": "13800000000", "address": {"detail": "测试路1号"}}
            }
        },
        {"data": {"receiverName": "测试甲"}},
        {"data": {"orderNo": "A-10001", "note": "x"}},
        {"data": {"orderNo": "13800000000"}},
        {"data": {"orderNo": "测试甲"}},
        {"data": {"orderNo": "浙江省测试市测试路1号"}},
        {"data": {"orderNo": ["A-10001"]}},
        {"data": {"orderNo": "A-10001"}, "addData": {"x": "y"}},
        {"data": "orderNo=A-10001"},
        {"data": {}},
        {},
        {"encryptedData": "short"},
        {"encryptedData": {"a": "b"}},
        {**ENVELOPE, "recipient": {"name": "测试甲"}},
    ],
)
def test_anything_else_counts_as_plaintext(part: dict[str, Any]) -> None:
    assert kind(part) is Kind.PLAINTEXT


def test_a_platforms_envelope_is_ciphertext_with_or_without_a_custom_area_of_numbers() -> None:
    assert kind(ENVELOPE) is Kind.CIPHERTEXT
    assert kind(ENVELOPE, {"data": {"station": "P-03"}}) is Kind.CIPHERTEXT


def test_a_consignee_beside_an_envelope_is_plaintext() -> None:
    assert kind(ENVELOPE, {"data": {"remark": "测试甲 收"}}) is Kind.PLAINTEXT


def test_an_order_number_in_the_custom_area_of_an_envelope_is_no_reference() -> None:
    assert kind(ENVELOPE, {"data": {"orderNo": "A-10001"}}) is Kind.CIPHERTEXT


def test_two_references_in_one_document_are_none() -> None:
    part = {"data": {"orderNo": "A-10001"}}
    assert kind(part, part) is Kind.PLAINTEXT


@given(
    st.dictionaries(
        st.sampled_from([*REFERENCE_KEYS, "name", "phone"]),
        st.one_of(
            st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1),
            st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
            st.lists(st.text()),
            st.dictionaries(st.text(), st.text()),
        ),
        min_size=1,
    )
)
def test_no_chinese_text_phone_or_structure_ever_passes_as_a_reference(data: dict[str, Any]) -> None:
    assert kind({"data": data}) is Kind.PLAINTEXT


def test_a_short_ciphertext_is_not_refused_by_chance() -> None:
    generator = random.Random(5)
    for _ in range(3_000):
        assert is_opaque(base64.b64encode(generator.randbytes(48)).decode())
