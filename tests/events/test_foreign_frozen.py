"""Frozen foreign logs, written before and independently of the reader they test (see the cases' README)."""

import datetime as dt
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support import foreign

from waybillguard.errors import WaybillGuardError

CASES = Path(__file__).resolve().parents[1] / "cases" / "events" / "foreign"
NAMES = sorted(path.name.removesuffix(".json") for path in CASES.glob("*.*.json"))
TIMES = frozenset({"ts", "order_created_at"})
REASONS = frozenset(
    {
        "bad_time", "no_account", "unknown_action", "unknown_result", "duplicate", "column_count",
        "formula_in_field", "order_precision_lost", "unreadable_row",
    }
)  # fmt: skip
ACTIONS = frozenset(
    {
        "import", "print", "reprint", "search", "view", "reveal", "export", "login", "login_failed", "logout",
    }
)  # fmt: skip
COLUMNS = frozenset(
    {
        "row", "never", "ts", "day", "w10", "account", "workstation", "ip", "session", "action", "order_id",
        "purpose", "exposed", "allowed", "person", "device", "category", "order_created_at",
    }
)  # fmt: skip


def case_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return loaded


def instant(value: Any) -> Any:
    """Return a time as an instant; naive times from DuckDB and NumPy are UTC."""
    moment = dt.datetime.fromisoformat(str(value)) if isinstance(value, str) else value
    if not isinstance(moment, dt.datetime):
        return value
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def header(value: Any) -> Any:
    """Return a column name without spaces, width and case; several names as a list."""
    if isinstance(value, str):
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).casefold()
    return value if value is None else [header(part) for part in value]


def by_row(events: Any) -> dict[int, list[Mapping[str, Any]]]:
    rows: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        rows[event["row"]].append(event)
    return {row: sorted(group, key=lambda event: event["order_id"] or "") for row, group in rows.items()}


def differences(want: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    """Return one line per judged key that differs from the expectation."""
    for key, value in want.items():
        if key == "never":
            text = " ".join(str(part) for part in got.values())
            yield from (f"row {want['row']} shows what it must not" for part in value if part in text)
        elif (instant(got.get(key)) != instant(value)) if key in TIMES else (got.get(key) != value):
            yield f"row {want['row']} {key}: expected {value!r}, got {got.get(key)!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_log_yields_the_events_that_a_person_reads_in_it(name: str) -> None:
    case = case_of(name)

    found = foreign.read(CASES / name, case["zone"], case["given"], case["mapping"])

    expected, got = by_row(case["events"]), by_row(found.events)
    assert {row: len(events) for row, events in got.items()} == {row: len(e) for row, e in expected.items()}
    faults = [
        fault
        for row, events in expected.items()
        for want, have in zip(events, got[row], strict=True)
        for fault in differences(want, have)
    ]
    assert faults == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_that_is_not_read_is_refused_with_its_reason(name: str) -> None:
    case = case_of(name)

    found = foreign.read(CASES / name, case["zone"], case["given"], case["mapping"])

    got = {refusal["row"]: str(refusal["reason"]) for refusal in found.refused}
    assert sorted(got) == sorted(refusal["row"] for refusal in case["refused"])
    for refusal in case["refused"]:
        assert got[refusal["row"]] in refusal["reason"].split("|")


@pytest.mark.parametrize("name", NAMES)
def test_the_mapping_is_found_without_asking(name: str) -> None:
    case = case_of(name)

    found = foreign.read(CASES / name, case["zone"], case["given"])

    wanted = {role: header(column) for role, column in case["mapping"].items()}
    assert {role: header(found.mapping.get(role)) for role in wanted} == wanted


@pytest.mark.parametrize("path", sorted((CASES / "unreadable").iterdir()), ids=lambda path: path.name)
def test_a_file_that_is_no_log_is_an_error_in_both_languages(path: Path) -> None:
    with pytest.raises(WaybillGuardError) as caught:
        foreign.read(path, "Asia/Shanghai", {})

    assert caught.value.zh
    assert caught.value.en


def test_the_cases_speak_the_contract() -> None:
    assert len(NAMES) >= 24
    for name in NAMES:
        case = case_of(name)
        assert (CASES / name).is_file()
        assert all(set(event) <= COLUMNS and event["action"] in ACTIONS for event in case["events"]), name
        assert all(instant(event["ts"]).tzinfo for event in case["events"]), name
        assert all(set(refusal["reason"].split("|")) <= REASONS for refusal in case["refused"]), name


def test_no_row_is_both_read_and_refused() -> None:
    for name in NAMES:
        case = case_of(name)
        refused = [refusal["row"] for refusal in case["refused"]]
        assert len(set(refused)) == len(refused), name
        assert not set(refused) & {event["row"] for event in case["events"]}, name
