"""What counts as a reference, as a platform's ciphertext, as a consignee."""

import base64
import gzip
import hashlib
import json
import random
import time
import zlib
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.agent.shim.clean import is_clean, is_opaque
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


PERSON = "收件人测试甲 13800000000 浙江省杭州市西湖区文三路88号"
CODED = base64.b64encode(PERSON.encode()).decode()


def packed(start: bytes, rest: bytes) -> str:
    return base64.b64encode(start + rest).decode()


@pytest.mark.parametrize(
    "value",
    [
        f"{PERSON}<font>1</font>",
        f'<i title="{PERSON}">1</i>',
        f"<i title='{CODED}'>1</i>",
        f"<i title='{quote(PERSON)}'>1</i>",
        f"<!-- {PERSON} -->1",
        f"{PERSON}<!DOCTYPE html>",
        f"{PERSON}^FDx^FS",
        f'{PERSON};TEXT ("1"',
        {"name": "a", "value": "1", "x": PERSON},
        {"name": PERSON, "value": "1"},
        [{PERSON: 1}],
        {"浙江省杭州市西湖区文三路88号": 1},
        json.dumps({PERSON: 1}),
        f'{{"a":"{PERSON}","a":"1"}}',
        f"a={PERSON.replace(' ', '+')}&a=1",
        quote("浙江省杭州市西湖区文三路88号", encoding="gb18030"),
        json.dumps({"a": PERSON})[:-1] + ",}",
        packed(gzip.compress(b"hello"), PERSON.encode()),
        packed(zlib.compress(b""), b"13800000000"),
        packed(gzip.compress(PERSON.encode())[:-4], b""),
        "&#" + "1" * 5_000 + ";",
    ],
)
def test_a_consignee_beside_what_is_wrapped_is_not_clean(value: Any) -> None:
    assert not is_clean(value)
    assert not is_clean({"x": json.dumps({"y": value})})
    assert kind(ENVELOPE, {"data": {"goods": value}}) is Kind.PLAINTEXT


@pytest.mark.parametrize(
    "value",
    [
        "<div style=\"font:12px '微软雅黑';color:#000000;width:1200px\">纯棉T恤 白色 L 2件</div>",
        '<table border="0"><tr><td colspan="2">袜子*5双</td></tr></table>',
        '<?xml version="1.0" encoding="utf-8"?><a><shop>示例旗舰店</shop><goods>厨房纸</goods></a>',
        "^XA^CI28^FO20,20^A0N,30,30^FD厨房纸 6卷^FS^FO20,60^FDSO20261125001^FS^XZ",
        'SIZE 76 mm,130 mm\r\nCLS\r\nTEXT 20,20,"TSS24.BF2",0,1,1,"厨房纸 6卷"\r\nPRINT 1\r\n',
        '{"goods":"厨房纸","num":3,"order":"SO20261125001"}',
        "shop=示例旗舰店&num=3",
        {"label": "收件人", "value": "测*"},
        '[{"name":"收件人电话","value":"138****0000"}]',
        {"name": "商品1", "count": 1, "text": "蓝色"},
        "100%棉 & 厨房纸",
    ],
)
def test_goods_are_clean_however_they_are_wrapped(value: Any) -> None:
    assert is_clean(value)


@pytest.mark.parametrize("text", ["\\u5f20]QUJD\\ud800", '{"\\ud800": "\\ud800厨"}', "\\ud83d\\ude00厨房纸"])
def test_half_a_character_stops_nothing(text: str) -> None:
    assert is_clean(text) in {True, False}


def test_a_ciphertext_that_begins_with_packed_words_is_none() -> None:
    noise = hashlib.shake_128(b"noise").digest(200)
    for start in (gzip.compress(PERSON.encode()), zlib.compress(PERSON.encode())):
        assert not is_opaque(packed(start, noise))
        assert not is_opaque(packed(start[:-6], b""))


@pytest.mark.parametrize(
    "text",
    [
        "<![CDATA[" * 8_000,
        "^FD" * 8_000,
        "^FD" * 20_000,
        "x" + "\n" * 60_000 + '"',
        "<a " + "x" * 3_900 + ">",
        "厨房纸" * 30_000,
    ],
)
def test_a_long_text_is_judged_at_once_and_never_clean(text: str) -> None:
    begun = time.process_time()
    assert not is_clean(text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "address",
    [
        "http://t/13800000000/zhangsan",
        "http://13800000000.t/",
        "http://t/" + base64.urlsafe_b64encode(PERSON.encode()).decode(),
        "http://t/a." + base64.urlsafe_b64encode(PERSON.encode()).decode().rstrip("=") + ".json",
        "http://t/" + CODED,
        "http://t/" + PERSON.encode().hex(),
        "http://t/1#13800000000",
        "http://t/1?b=1#zhang",
        "http://t/1?a=13800000000&a=1",
        f"http://t/1?{quote(PERSON)}=1",
        "http://zhang:3@t/1",
        "ftp://t/1",
        "zhangsan",
    ],
)
def test_a_templates_address_tells_of_nobody(address: str) -> None:
    assert kind({**ENVELOPE, "templateURL": address}) is Kind.PLAINTEXT
    assert kind({"data": {"orderNo": "A-10001"}, "templateURL": address}) is Kind.PLAINTEXT


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://template.invalid",
        "http://template.invalid/template/getStandardTemplate.json?template_id=801&version=4&custom",
        "https://files.invalid/obj/davinci/template_76_130.xml",
        "https://files.invalid/express_template/2f6a1b3c4d5e6f708192a3b4c5d6e7f8.xml",
        "http://192.168.1.100:9000/template/20261125.json",
    ],
)
def test_a_templates_address_passes(address: str) -> None:
    assert kind({**ENVELOPE, "templateURL": address}) is Kind.CIPHERTEXT
