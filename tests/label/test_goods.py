"""A label names a class of goods, never the title."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.label.goods import OTHER, classes, goods_class


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2026秋冬新款女士加绒卫衣 2件", "服装"),
        ("男款透气运动鞋 42码", "鞋靴"),
        ("大容量双肩包学生书包", "箱包"),
        ("儿童积木拼图益智玩具", "玩具"),
        ("手机壳 透明防摔", "数码"),
        ("小学三年级语文练习册", "图书文具"),
        ("猫粮 10kg 全价", "宠物"),
        ("T恤", "服装"),
    ],
)
def test_a_title_gets_its_everyday_class(title: str, expected: str) -> None:
    assert goods_class(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "情趣内衣套装",
        "避孕套 12只装",
        "早孕试纸",
        "XX牌胰岛素笔",
        "治脚气药膏",
        "痔疮膏",
        "足金手镯 20g",
        "老人轮椅",
        "女士内裤5条装",
    ],
)
def test_what_would_embarrass_or_tempt_falls_into_a_neutral_class(title: str) -> None:
    assert goods_class(title) == "日用品"


def test_an_unknown_title_is_other_goods() -> None:
    assert goods_class("zzz") == OTHER
    assert goods_class("") == OTHER


@given(st.text(max_size=80))
def test_nothing_but_a_known_class_ever_comes_out(title: str) -> None:
    assert goods_class(title) in classes()


def test_every_row_of_the_class_table_is_whole_and_no_word_stands_twice() -> None:
    raw = files("waybillguard.label").joinpath("data", "goods.tsv").read_text(encoding="utf-8")
    assert raw.startswith("#")
    rows = list(csv.reader((line for line in raw.splitlines() if not line.startswith("#")), delimiter="\t"))
    words: list[str] = []
    for label, weight, text in rows:
        assert 2 <= len(label) <= 4
        assert int(weight) >= 1
        words += text.split()
    assert all(word == word.casefold() for word in words)
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "title", ["血糖试纸50片", "网贷合同文本", "相亲资料册", "孕妇叶酸片", "成人纸尿裤L码"]
)
def test_goods_of_health_money_or_marriage_show_a_neutral_class(title: str) -> None:
    assert goods_class(title) == "日用品"
