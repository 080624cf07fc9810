"""The frozen cases of ``tests/cases/label``, each by both standards."""

import json
from pathlib import Path
from typing import Any

import pytest

from waybillguard.label.check import Party, Standard, TextLine, Zone, check_text, classify_code
from waybillguard.label.check.codes import judge_code
from waybillguard.label.check.parties import assign
from waybillguard.label.model import CodeKind

CASES = Path(__file__).parents[1] / "cases" / "label"
FIELD_FILES = ("names", "phones", "addresses", "remarks", "goods", "others")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


FIELD_CASES = [case for name in FIELD_FILES for case in rows(name)]


def lines_of(case: dict[str, Any]) -> list[TextLine]:
    return [
        TextLine(
            line["text"],
            line["x"],
            line["y"],
            line["size"],
            zone=Zone(line["zone"]) if "zone" in line else None,
            party=Party(line["party"]) if "party" in line else None,
        )
        for line in case["lines"]
    ]


@pytest.mark.parametrize("standard", Standard)
@pytest.mark.parametrize("case", FIELD_CASES, ids=[case["id"] for case in FIELD_CASES])
def test_a_field_gets_the_frozen_verdict(case: dict[str, Any], standard: Standard) -> None:
    verdicts = check_text(lines_of(case), standard=standard)
    for expected in case["expect"]:
        found = [v for v in verdicts if v.field == expected["field"] and v.party == expected["party"]]
        assert found
        got = "pass" if all(v.passed for v in found) else "fail"
        assert got == expected[standard.value], [v.reason for v in found]


@pytest.mark.parametrize("case", rows("labels"), ids=lambda case: case["id"])
def test_a_label_without_hints_gets_the_frozen_verdicts(case: dict[str, Any]) -> None:
    verdicts = check_text(assign(lines_of(case)))
    for expected in case["expect"]:
        found = [v for v in verdicts if v.field == expected["field"] and v.party == expected["party"]]
        assert found
        assert ("pass" if all(v.passed for v in found) else "fail") == expected["min"]
    wanted = {(e["party"], e["field"]) for e in case["expect"] if e["min"] == "fail"}
    assert {(v.party.value, v.field.value) for v in verdicts if not v.passed} == wanted


@pytest.mark.parametrize("case", rows("codes"), ids=lambda case: case["id"])
def test_a_code_gets_the_frozen_class_and_verdict(case: dict[str, Any]) -> None:
    assert classify_code(case["text"]).value == case["expect"]["text_class"]
    for standard in Standard:
        reason = judge_code(CodeKind(case["kind"]), case["text"], standard)
        assert ("fail" if reason else "pass") == case["expect"][standard.value]


@pytest.mark.parametrize("case", FIELD_CASES, ids=[case["id"] for case in FIELD_CASES])
def test_what_failed_is_masked_in_the_result(case: dict[str, Any]) -> None:
    for verdict in check_text(lines_of(case), standard=Standard.MIN):
        if verdict.passed or verdict.field is Zone.PHONE:
            continue
        again = check_text([TextLine(verdict.text, 0, 0, 40, zone=verdict.field)], standard=Standard.MIN)
        assert verdict.field in (Zone.WAYBILL_NO, Zone.UNKNOWN) or again[0].passed, verdict.reason


@pytest.mark.parametrize("case", rows("phones"), ids=lambda case: case["id"])
def test_a_failed_phone_shows_no_digit_in_the_result(case: dict[str, Any]) -> None:
    for verdict in check_text(lines_of(case), standard=Standard.MIN):
        if verdict.field is Zone.PHONE and not verdict.passed:
            assert not any(character.isdigit() for character in verdict.text)
