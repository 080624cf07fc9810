"""Replay of recorded requests against new policies, and the examples that must pass before activation."""

import json
from typing import Any

import pytest
from support.codes import has_code

from waybillguard.access import (
    PolicyBook,
    Request,
    Settings,
    book_of,
    check_before_activation,
    default_settings,
    what_if,
)
from waybillguard.access.errors import AccessError, RecordedRequestError
from waybillguard.access.whatif import failed_examples, package_examples, read_examples


def test_only_the_decisions_that_change_are_listed_with_the_policy_that_changes_them(
    book: PolicyBook, ask: Any
) -> None:
    form: dict[str, Any] = default_settings().to_form()
    form["roles"]["service"]["purposes"] = ["compensation"]
    form["roles"]["clerk"]["actions"].append("call")
    after = book_of(Settings.from_form(form))
    recorded = [
        ask(person__role="service"),
        ask(person__role="service", purpose="compensation"),
        ask(person__role="clerk", action="call"),
        ask(person__role="service", purpose=""),
    ]
    found = what_if(book, after, recorded)
    assert [(one.number, one.role, one.after.allowed) for one in found.changes] == [
        (0, "service", False),
        (2, "clerk", True),
    ]
    assert found.requests == 4
    assert (found.now_denied, found.now_allowed) == ({"reveal": 1}, {"call": 1})
    assert found.by_policy == {"purpose-service": 1, "no-permit": 1}


def test_a_recorded_request_comes_back_as_it_was(ask: Any) -> None:
    request = ask(person__merchants=("m-1",))
    assert Request.from_record(request.to_record()) == request


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"{}",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"at":"2026-11-24T10:00:00+08:00","person":{},"action":"view","tenant":"t"}',
    ],
)
def test_a_record_that_is_no_request_is_refused(record: bytes) -> None:
    with pytest.raises(RecordedRequestError):
        Request.from_record(record)


def test_a_record_without_a_zone_is_refused(ask: Any) -> None:
    with pytest.raises(RecordedRequestError):
        Request.from_record(ask().to_record().replace(b"+08:00", b""))


@pytest.mark.parametrize("example", package_examples(), ids=lambda example: example.name)
def test_the_default_book_decides_every_example_as_it_must(book: PolicyBook, example: Any) -> None:
    assert failed_examples(book, [example]) == ()
    assert example.zh


def test_every_fixed_rule_has_an_example_that_it_decides(book: PolicyBook) -> None:
    fixed = {policy.id for policy in book.policies if policy.file.startswith(("1-", "2-", "3-"))}
    named = {example.by for example in package_examples()}
    assert fixed - named == set()


def test_a_book_without_the_fixed_rules_is_not_activated(book: PolicyBook) -> None:
    files = {name: text for name, text in book.files.items() if not name.startswith("1-")}
    bare = PolicyBook.from_files(files, json.loads(book.pack())["schema"])
    with pytest.raises(AccessError, check=has_code("policy_examples"), match="leaver reveals"):
        check_before_activation(bare)


def test_an_owners_own_example_must_pass_too(book: PolicyBook) -> None:
    raw = {
        "base": _base(),
        "cases": [
            {
                "name": "clerks call",
                "zh": "打单员呼叫",
                "allowed": True,
                "change": {"action": "call", "person": {"role": "clerk"}},
            }
        ],
    }
    with pytest.raises(AccessError, check=has_code("policy_examples"), match="clerks call"):
        check_before_activation(book, read_examples(json.dumps(raw)))


def _base() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package_examples()[0].request.to_record())
    return found


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"base": {}, "cases": [1]}', '{"base": {}, "cases": [{"name": "x"}]}']
)
def test_examples_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(RecordedRequestError):
        read_examples(text)
