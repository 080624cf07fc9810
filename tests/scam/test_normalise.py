"""Normalisation of texts, and mapping of positions back to the original."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.scam import homophones
from waybillguard.scam.homophones import misspelled
from waybillguard.scam.normalise import normalise

normalising = sys.modules[normalise.__module__]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("请加V信", "请加微信"),
        ("請加薇信辦理理賠", "请加微信办理理赔"),
        ("➕微 ab123", "+微信 ab123"),
        ("加.微.信", "加微信"),
        ("微\u200b信", "微信"),
        ("𝐕𝐗", "微信"),
        ("🅠🅠", "qq"),
        ("ｑｑ群", "qq群"),
        ("亻言息", "信息"),
        ("一三八零零一三八零零零", "13800138000"),
        ("1 3 8 0 0 1 3", "1380013"),
        ("您·的·快·件·丢·失", "您的快件丢失"),
        ("sf-lipei。com", "sf-lipei.com"),
        ("peifu[.]icu", "peifu.icu"),
        ("yan zheng ma", "验证码"),
        ("①③⑧", "138"),
        ("qq", "qq"),
        ("打开知付宝退宽", "打开支付宝退款"),
        ("送洪包，红bao", "送红包，红包"),
        ("致电 I7OOOOO0266，扣2OOO元", "致电 17000000266，扣2000元"),
        ("💰打到", "钱打到"),
        ("我的kd丢了，wdkd破了", "我的快递丢了，快递破了"),
        ("j wo de 微信，jw微信", "加我的微信，加我的微信"),
    ],
)
def test_a_disguise_is_undone(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "威信扫地",
        "佳节快乐，弟弟陪您",
        "维信金科",
        "尺码有s、m、l三种",
        "http://kd-lipei.top/r7",
        "五一放假三天",
        "卫星发射成功",
        "微博上看到的",
        "2026-11-28 10:20",
        "企鹅馆开放",
        "尽快地办理培训",
        "佩服，克服，人物，体现，预期",
        "见www.fei.com，bao字怎么写",
        "各位员工安排好时间参加施工安全培训",
        "社会援助，机会圆满",
        "不退宽带，赚外快弟弟也去",
        "包正经的",
        "给她带款式新的",
        "请关好门，钱原路退，会原路退",
        "https://a.com/l0000000",
        "型号-l0000000",
        "https://a.com/l0000000/b",
        "l0000000.com",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    found = normalise(text)
    assert found.text == text
    assert found.disguises == 0


def test_a_private_sign_stands_for_no_syllable() -> None:
    for text in ("会员", "快递", "验证码"):
        signs = "".join(homophones._sounds().of[character] for character in text)
        assert misspelled(signs) == misspelled(f"好{signs}好") == []


def test_words_written_by_their_sound_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def counted(text: str) -> list[tuple[int, int, str]]:
        looked.append(text)
        return misspelled(text)

    monkeypatch.setattr(normalising, "misspelled", counted)
    assert normalise("送洪包，退宽").text == "送红包，退款"
    assert normalise("今天天气很好").text == "今天天气很好"
    assert looked == ["送洪包，退宽", "今天天气很好"]


def test_text_shown_from_right_to_left_is_read_as_it_is_seen() -> None:
    found = normalise("请\u202e信微加\u202c联系")
    assert found.text == "请加微信联系"
    start = found.text.index("加微信")
    assert found.span(start, start + 3) == (2, 5)


def test_segmented_text_is_joined_without_counting_as_disguise() -> None:
    found = normalise("尊敬 的 用户 您 的 网银 将 于 次日 失效")
    assert found.text == "尊敬的用户您的网银将于次日失效"
    assert found.evasion == 0


def test_emoji_in_ordinary_talk_are_no_disguise() -> None:
    assert normalise("好的😀谢谢").evasion == 0


@given(st.text(max_size=80))
def test_every_span_lies_within_the_original(text: str) -> None:
    found = normalise(text)
    for at in range(len(found.text)):
        start, end = found.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(alphabet="加微信vVxX ·.快递丢失一二三123亻言＋➕\u200b\u202e理赔", max_size=40))
def test_disguised_text_maps_back_too(text: str) -> None:
    found = normalise(text)
    for at in range(len(found.text)):
        start, end = found.span(at, at + 1)
        assert 0 <= start < end <= len(text)
