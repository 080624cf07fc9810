"""Frozen pasted orders written independently of the code: every field is recognised."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from waybillguard.orders.paste import parse_pasted

CASES = Path(__file__).parents[1] / "cases"
#: Allowed share of wrong fields, for each set.
SETS = {"pasted": 0.025, "orders_second": 0.0, "orders_third": 0.0}


def plain(value: str | list[str]) -> str:
    """Return a value after NFKC, without spaces and without signs at either end; numbers in any order."""
    value = value if isinstance(value, str) else "/".join(sorted(value))
    folded = "".join(unicodedata.normalize("NFKC", value).split())
    return folded.replace("•", "·").strip("，,。.;；:：、|/-_~～!！")


@pytest.fixture(scope="module", params=SETS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def judged(name: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str, str]]:
    """Return (case, field, expected, read) for every field of a case; for held orders, the field is ``reason``."""
    folder = tmp_path_factory.mktemp("pasted")
    cases = [json.loads(line) for line in (CASES / name / "pasted.jsonl").read_text("utf-8").splitlines()]
    rows = (json.dumps({"text": c["text"]}, ensure_ascii=False) for c in cases)
    (folder / "in.jsonl").write_text("\n".join(rows), "utf-8")
    command = [Path(sys.executable).with_name("waybillguard"), "orders", "paste", folder / "in.jsonl"]
    done = subprocess.run([*command, "--json", folder / "out.jsonl"], check=False, capture_output=True)
    assert done.returncode in (0, 1), done.stderr.decode()
    answers = [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    out = []
    for case, answer in zip(cases, answers, strict=True):
        if case["reject"]:
            out.append((case["id"], "reason", case["reject"], answer["reason"]))
        for field, value in case["expect"].items():
            read = "" if answer["status"] == "reject" else answer[field]
            out.append((case["id"], field, plain(value), plain(read)))
    return out


def test_fields_of_pasted_orders_are_read(name: str, judged: list[tuple[str, str, str, str]]) -> None:
    wrong = [row for row in judged if row[2] != row[3]]
    assert len(wrong) <= SETS[name] * len(judged), f"{len(wrong)} of {len(judged)} fields are wrong: {wrong}"


def test_orders_that_cannot_be_sent_are_held_with_the_right_reason(
    judged: list[tuple[str, str, str, str]],
) -> None:
    held = [row for row in judged if row[1] == "reason"]
    wrong = [row for row in held if row[2] != row[3]]
    assert len(wrong) <= 0.1 * len(held), f"{len(wrong)} of {len(held)} are not held: {wrong}"


@pytest.mark.parametrize(
    "line", (CASES / "orders_second" / "pasted-several.jsonl").read_text("utf-8").splitlines()
)
def test_several_orders_in_one_text_are_held_never_mixed(line: str) -> None:
    row = parse_pasted(json.loads(line)["text"])
    assert (row.status, row.reason, row.lane) == ("reject", "several_orders", "")
