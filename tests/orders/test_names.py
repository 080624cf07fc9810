"""Names of persons and organisations, and fields masked or encrypted by a platform."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.orders.names import (
    compound_surnames,
    data_lines,
    is_masked_address,
    is_masked_phone,
    is_organisation,
    looks_ciphertext,
    looks_masked,
    single_surnames,
    surname,
)


@pytest.mark.parametrize(
    "text", ["某某贸易有限公司", "测试村村委会", "某某大药房", "样板律师事务所", "某某贸易有限公司（义乌店）"]
)
def test_an_organisation_is_known_by_its_last_word(text: str) -> None:
    assert is_organisation(text)


@pytest.mark.parametrize(
    "text",
    [
        "王小明",
        "公司",
        "欧阳娜娜",
        "王经理",
        "某某公司 王小明",
        "某某贸易有限公司（王小明）",
        "A开心就好",
        "",
    ],
)
def test_a_person_is_no_organisation(text: str) -> None:
    assert not is_organisation(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("欧阳修", "欧阳"), ("王小明", "王"), ("李", "李"), (" 司马光", "司马"), ("", "")]
)
def test_a_compound_surname_has_two_characters(text: str, expected: str) -> None:
    assert surname(text) == expected


@pytest.mark.parametrize("text", ["张*", "王**", "138****1234", "北京市****", "张＊三", "XX先生"])
def test_stars_are_seen(text: str) -> None:
    assert looks_masked(text)


@pytest.mark.parametrize("text", ["Alex", "Max Xu", "王小明", "3#501"])
def test_plain_text_is_not_masked(text: str) -> None:
    assert not looks_masked(text)
    assert not is_masked_address(text)


def test_a_number_with_crosses_is_masked() -> None:
    assert is_masked_phone("138xxxx1234")
    assert not is_masked_phone("13800001234")


@pytest.mark.parametrize(
    "text",
    [
        "~AeUMxyz123456789012~CZLI~1~",
        "#sWlgABCDEF123456#abc==*1*##",
        "$Ab12Cd34Ef56Gh78==$",
        "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3A=",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_the_platforms_ciphertext_is_seen(text: str) -> None:
    assert looks_ciphertext(text)


@pytest.mark.parametrize(
    "text", ["13800001234", "John Smith", "王小明", "SF1234567890123", "机场路88号福田小区3幢2单元501室", ""]
)
def test_what_people_write_is_no_ciphertext(text: str) -> None:
    assert not looks_ciphertext(text)


def test_every_surname_has_one_or_two_characters() -> None:
    assert set(data_lines("surnames.tsv")) == single_surnames() | compound_surnames()
    assert len(compound_surnames()) > 60


def test_every_word_for_an_organisation_makes_one() -> None:
    assert all(is_organisation("某某测试" + word) for word in data_lines("organisations.tsv"))


@given(st.text(max_size=30))
def test_a_text_with_a_chinese_character_is_never_ciphertext(text: str) -> None:
    assert not looks_ciphertext(text + "王")
