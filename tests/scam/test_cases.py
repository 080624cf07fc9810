"""Minimum results on messages written by people who had not read the rules.

After the first run on each set (including part a of the sixth), the rules were corrected with it. So these thresholds
guard against regressions; they do not estimate the results on new messages.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from waybillguard.cli.scam import read_message
from waybillguard.scam import Assessment, Registry, Verdict, check

CASES = Path(__file__).parents[1] / "cases" / "scam"
HONEST = [
    "legitimate",
    "second/honest",
    "second/later_honest",
    "second/third_honest",
    "second/fourth_honest",
    "fifth/a_honest",
    "fifth/b_honest",
    "sixth/a_honest",
    "sixth/b_honest",
]
ALARM = {Verdict.SCAM, Verdict.LIKELY_SCAM}


@cache
def registry() -> Registry:
    return msgspec.convert(
        yaml.safe_load((CASES / "registry.yaml").read_text("utf-8")), Registry, strict=False
    )


@cache
def answers(name: str) -> tuple[tuple[dict[str, Any], Assessment], ...]:
    """Return the messages of a file, of ``CASES`` or (``second/name``) of a later set, each with its answer."""
    later, _, file = name.rpartition("/")
    folder = CASES.with_name(f"scam_{later}") if later else CASES
    lines = (folder / f"{file}.jsonl").read_text("utf-8").splitlines()
    return tuple((row, check(read_message(row), registry())) for row in map(json.loads, lines))


def right(name: str) -> Iterator[bool]:
    return (found.verdict in row["expect"]["verdict"] for row, found in answers(name))


@pytest.mark.parametrize(
    "names",
    [
        ["scam_parcel"],
        ["scam_obfuscated"],
        ["scam_other"],
        ["second/scams", "second/later_scams", "second/third_scams", "second/fourth_scams"],
        ["fifth/a_scams"],
        ["sixth/a_scams"],
        ["seventh/a_scams"],
    ],
    ids="+".join,
)
def test_nine_scams_in_ten_are_found(names: list[str]) -> None:
    found = [one.verdict in ALARM for name in names for _, one in answers(name)]
    assert sum(found) / len(found) >= 0.9


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("fifth/b_scams", 0.85),
        ("sixth/b_scams", 0.78),
        ("seventh/b_scams", 0.92),
        ("eighth/a_scams", 0.96),
        ("ninth/a_scams", 0.9),
        ("tenth/a_scams", 0.94),
        ("eleventh/a_scams", 0.96),
    ],
)
def test_the_frauds_that_were_kept_for_the_end_do_not_get_lost_again(name: str, share: float) -> None:
    found = [one.verdict in ALARM for _, one in answers(name)]
    assert sum(found) / len(found) >= share


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("seventh/a_honest", 1),
        ("seventh/b_honest", 1),
        ("eighth/a_honest", 1),
        ("ninth/a_honest", 1),
        ("tenth/a_honest", 4),
        ("eleventh/a_honest", 1),
    ],
)
def test_honest_messages_that_were_kept_for_the_end_raise_no_more_alarms_than_now(
    name: str, most: int
) -> None:
    assert sum(found.verdict in ALARM for _, found in answers(name)) <= most


@pytest.mark.parametrize("name", HONEST)
def test_at_most_one_legitimate_message_in_forty_raises_an_alarm(name: str) -> None:
    alarms = [found.verdict in ALARM for _, found in answers(name)]
    assert sum(alarms) * 40 <= len(alarms)


@pytest.mark.parametrize("name", HONEST)
def test_no_genuine_loss_notice_and_no_warning_raises_an_alarm(name: str) -> None:
    alarms = [
        row["id"]
        for row, found in answers(name)
        if found.verdict in ALARM
        and row["expect"]["kind"].removesuffix("_hard")
        in {
            "genuine_loss",
            "warning_police_bank",
            "police_warning",
            "warning",
            "loss",
            "breach",
            "breach_notice",
            "official_warning",
        }
    ]
    assert alarms == []


@pytest.mark.parametrize("name", ["orders", "second/orders"])
def test_order_states_are_right_and_never_wrongly_consistent(name: str) -> None:
    assert sum(right(name)) / len(answers(name)) >= 0.92
    for row, found in answers(name):
        assert found.verdict is not Verdict.CONSISTENT or "CONSISTENT" in row["expect"]["verdict"], row["id"]


def test_bad_input_is_answered_as_expected() -> None:
    assert all(right("bad_input"))


def test_the_parcel_class_reaches_its_f1() -> None:
    hits = misses = wrong = 0
    for name in ("scam_parcel", "scam_obfuscated", "scam_other", "legitimate"):
        for row, found in answers(name):
            classes = row["expect"]["class"]
            said = found.kind == "parcel_scam"
            meant = classes[:1] == ["parcel_scam"] and (said or classes == ["parcel_scam"])
            hits += said and meant
            misses += meant and not said
            wrong += said and "parcel_scam" not in classes
    assert 2 * hits / (2 * hits + misses + wrong) >= 0.93


def test_the_score_is_calibrated() -> None:
    pairs = [
        (found.score, row["expect"]["class"][0] != "legit")
        for name in ("scam_parcel", "scam_obfuscated", "scam_other", "legitimate")
        for row, found in answers(name)
    ]
    error = 0.0
    for tenth in range(10):
        bin_ = [(score, truth) for score, truth in pairs if min(9, int(score * 10)) == tenth]
        error += abs(sum(score for score, _ in bin_) - sum(truth for _, truth in bin_)) / len(pairs)
    assert error <= 0.10
