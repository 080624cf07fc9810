"""Frozen remarks written independently of the code: masks hide personal data and keep delivery instructions."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from waybillguard.label.check.remarks import judge_remark

CASES = Path(__file__).parents[1] / "cases"
#: Waybill and order numbers are always hidden, because scam callers quote them. A row (排) counts as a door number.
NOT_KEPT = {"waybill number", "shelf"}
#: A piece of at least ``LONG`` characters counts as leaked if any ``RUN`` consecutive characters of it are shown.
LONG, RUN = 8, 6


def plain(text: str) -> str:
    """Return the text after NFKC, without spaces, control and format characters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c)[0] != "C")


def leaks(piece: str, shown: str) -> bool:
    """Return whether ``shown`` contains ``piece``, or six consecutive characters of a long one."""
    sought = plain(piece)
    if len(sought) < LONG:
        return sought in shown
    return any(sought[i : i + RUN] in shown for i in range(len(sought) - RUN + 1))


@pytest.fixture(scope="module", params=["remarks", "orders_second", "orders_third", "remarks_second"])
def masked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[dict, str]]:
    """Return each case with the output of ``orders mask``."""
    folder = tmp_path_factory.mktemp("remarks")
    cases = [
        json.loads(line) for line in (CASES / request.param / "remarks.jsonl").read_text("utf-8").splitlines()
    ]
    rows = (json.dumps({"field": "remark", "input": c["input"]}, ensure_ascii=False) for c in cases)
    (folder / "in.jsonl").write_text("\n".join(rows), "utf-8")
    command = [Path(sys.executable).with_name("waybillguard"), "orders", "mask", folder / "in.jsonl"]
    done = subprocess.run([*command, "--json", folder / "out.jsonl"], check=False, capture_output=True)
    assert done.returncode in (0, 1), done.stderr.decode()
    answers = [json.loads(line)["masked"] for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    return list(zip(cases, answers, strict=True))


def test_no_remark_leaks(masked: list[tuple[dict, str]]) -> None:
    bad = [c["id"] for c, answer in masked if any(leaks(piece, plain(answer)) for piece in c["hide"])]
    assert not bad, f"{len(bad)} of {len(masked)} leak: {bad}"


def test_phrases_of_delivery_and_picking_stay_visible(masked: list[tuple[dict, str]]) -> None:
    kept = [
        (c["id"], phrase, plain(phrase) in plain(answer))
        for c, answer in masked
        for phrase in c["keep"]
        if c["note"] not in NOT_KEPT
    ]
    lost = [(case, phrase) for case, phrase, seen in kept if not seen]
    assert len(lost) <= 0.005 * len(kept), f"{len(lost)} of {len(kept)} phrases are hidden: {lost}"


def test_the_check_of_labels_lets_every_masked_remark_be_printed(masked: list[tuple[dict, str]]) -> None:
    refused = [(c["id"], answer, judge_remark(answer)) for c, answer in masked]
    assert not [row for row in refused if row[2]]
