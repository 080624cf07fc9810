"""Every row of the rules, spellings and tables is valid and matches its own examples."""

import re

import pytest
import yaml

from waybillguard.scam.explain import texts
from waybillguard.scam.extract import ASKS
from waybillguard.scam.frauds import OTHER_FRAUDS
from waybillguard.scam.known import carrier_name, is_official_domain, known, plain_number
from waybillguard.scam.model import Code, Verdict
from waybillguard.scam.normalise import Variant, components, normalise, variants
from waybillguard.scam.rules import Rule, RuleBook, rule_book

RULES = rule_book().rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.hits[0]}")
def test_a_rule_matches_its_hits_and_none_of_its_misses(rule: Rule) -> None:
    alone = RuleBook((rule,))
    assert all(alone.find(sentence) for sentence in rule.hits)
    assert not any(alone.find(sentence) for sentence in rule.misses)
    assert rule.hits
    assert rule.misses


def test_every_ask_and_every_other_fraud_has_a_rule() -> None:
    kinds = {rule.kind for rule in RULES}
    assert kinds >= set(ASKS)
    assert kinds >= set(OTHER_FRAUDS)


@pytest.mark.parametrize("row", variants(), ids=lambda row: row.pattern)
def test_a_disguised_spelling_compiles_and_is_not_the_word_itself(row: Variant) -> None:
    assert re.compile(row.pattern).groups <= 1
    assert not row.disguise or not re.fullmatch(row.pattern, row.standard)


@pytest.mark.parametrize("row", variants(), ids=lambda row: row.pattern)
def test_a_spelling_that_stands_at_no_letter_begins_with_one(row: Variant) -> None:
    """These spellings are searched only at the start of a Latin word."""
    after, pattern = re.subn(r"^\(\?<!\[a-z[^]]*\]\)", "", row.pattern)[::-1]
    choices = re.match(r"\(\?:([^()]*)\)", pattern)
    starts = choices[1].split("|") if choices else [pattern]
    assert not after or all(re.match("[a-z]|\\[[a-z]", start) for start in starts)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("快jq领券", "快加群领券"),
        ("快加裙领券", "快加群领券"),
        ("快+裙领券", "快加群领券"),
        ("加裙进", "加群进"),
        ("ajq领券", "ajq领券"),
    ],
)
def test_a_group_is_meant_by_a_skirt(written: str, meant: str) -> None:
    assert normalise(written).text == meant


@pytest.mark.parametrize(("halves", "whole"), components().items())
def test_the_halves_of_a_character_are_joined(halves: str, whole: str) -> None:
    assert normalise(f"请{halves}好").text == f"请{whole}好"


def test_every_code_and_verdict_has_its_texts() -> None:
    assert set(texts().reasons) == {code.value for code in Code}
    assert set(texts().verdicts) == {verdict.value for verdict in Verdict}
    assert set(texts().advice) == {verdict.value for verdict in Verdict} | {"warning"}


def test_no_advice_asks_for_a_code_or_an_account() -> None:
    for text in texts().advice.values():
        assert not re.search("请(?:提供|输入|发送|加)", text)


def test_carriers_are_known_by_name_alias_and_code() -> None:
    assert {carrier_name(name) for name in ("圆通", "圆通速递", "YTO", "yt")} == {"圆通"}
    assert carrier_name("没有这家") == ""
    names = [carrier.name for carrier in known().carriers]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("domain", "official"),
    [
        ("sf-express.com", True),
        ("www.sf-express.com", True),
        ("sf-express.com.lp.top", False),
        ("xsf-express.com", False),
        ("com", False),
        ("gz.gov.cn", True),
    ],
)
def test_a_domain_is_official_only_with_what_stands_above_it(domain: str, *, official: bool) -> None:
    assert is_official_domain(domain) is official


def test_a_sender_is_compared_without_country_code_and_spaces() -> None:
    assert plain_number("+86 138-0000-0000") == "13800000000"


def test_the_rules_file_has_no_word_that_yaml_reads_as_another_type() -> None:
    from importlib.resources import files

    data = yaml.safe_load(files("waybillguard.scam").joinpath("data", "rules.yaml").read_text("utf-8"))
    assert all(isinstance(word, str) for words in data["words"].values() for word in words)
    used = {row["needs"] for row in data["rules"] if isinstance(row["needs"], str)}
    quoted = {name for row in data["rules"] for name in re.findall(r"\{([a-z]+)\}", row["pattern"])}
    assert set(data["words"]) == used | quoted
