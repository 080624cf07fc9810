"""Alarm levels: data with sources, raised once, and never worded as a verdict."""

import pytest

from waybillguard.access.quota_levels import (
    NOT_A_VERDICT_EN,
    NOT_A_VERDICT_ZH,
    alarm_levels,
    law_thresholds,
    levels_reached,
)


def test_the_levels_are_those_of_the_reference_with_source_and_words() -> None:
    assert [level.persons for level in alarm_levels()] == [250, 500, 2_500, 5_000]
    for level in alarm_levels():
        assert "法释〔2017〕10号" in level.source
        assert level.zh
        assert level.en
        assert level.severity in {"medium", "high", "critical"}


@pytest.mark.parametrize("category", law_thresholds())
def test_those_in_service_count_half_and_ten_times_is_especially_serious(category: str) -> None:
    row = law_thresholds()[category]
    assert row.in_service * 2 == row.ordinary
    assert row.especially_serious == row.ordinary * 10
    assert row.article.startswith("5(1)")


def test_each_level_is_told_once_when_it_is_reached() -> None:
    told = [level.persons for count in range(6_000) for level in levels_reached(count, count + 1)]
    assert told == [250, 500, 2_500, 5_000]
    assert [level.persons for level in levels_reached(0, 600)] == [250, 500]
    assert levels_reached(5_000, 5_000) == ()


def test_no_word_of_a_level_calls_anybody_guilty_or_safe() -> None:
    words = "".join(level.zh + level.en for level in alarm_levels())
    for verdict in ("犯罪", "违法", "合法", "illegal", "crime", "lawful", "allowed"):
        assert verdict not in words
    assert "不是" in NOT_A_VERDICT_ZH
    assert "nothing is judged" in NOT_A_VERDICT_EN
