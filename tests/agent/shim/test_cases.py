"""The frozen print messages: the class of each, and the consignee that must be read from it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from waybillguard.agent.shim.consignee import read_consignee
from waybillguard.agent.shim.content import Kind, classify
from waybillguard.agent.shim.errors import MalformedError
from waybillguard.agent.shim.wire import Document, read_request, read_task

FILE = Path(__file__).parents[2] / "cases" / "shim" / "messages.jsonl"
CASES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
EACH = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def documents(case: dict[str, Any]) -> tuple[Document, ...]:
    return read_task(read_request(msgspec.json.encode(case["message"])).body).documents


@EACH
def test_every_document_is_taken_for_what_it_is(case: dict[str, Any]) -> None:
    found = [(one.number, *classify(one)) for one in documents(case)]
    assert found == [(e["document"], Kind(e["kind"]), e.get("number", "")) for e in case["expect"]]


@EACH
def test_a_whole_consignee_is_read_and_nothing_is_made_up(case: dict[str, Any]) -> None:
    for document, expected in zip(documents(case), case["expect"], strict=True):
        if expected["kind"] != "plaintext":
            continue
        row, reason = read_consignee(document)
        if expected["person"] is None:
            assert (row, bool(reason)) == (None, True)
        else:
            assert row is not None, reason
            assert {key: getattr(row, key) for key in expected["person"]} == expected["person"]


@pytest.mark.parametrize("place", ["task", "document", "printer"])
def test_a_number_or_a_name_with_a_control_character_is_no_request(place: str) -> None:
    said = {"task": "T1", "document": "D1", "printer": "label-1"}
    said[place] += "\x00"
    body = {
        "task": {
            "taskID": said["task"], "printer": said["printer"],
            "documents": [{"documentID": said["document"], "contents": [{"data": {"orderNo": "WG-1"}}]}],
        }
    }  # fmt: skip
    with pytest.raises(MalformedError):
        read_task(body)
