"""Frozen cases for reading, pasting and masking, written before and independently of the tested code.

An expected line holds only keys defined by the contract; missing keys are not compared. Besides plain keys,
``goods~`` means that the text contains this, ``address!`` that it contains none of these. Times are compared as
instants, ``phones`` in any order, ``detail`` and ``sender.detail`` ignoring spaces and width.
"""

import datetime as dt
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from waybillguard.errors import WaybillGuardError
from waybillguard.orders.masks import mask_field
from waybillguard.orders.paste import parse_pasted
from waybillguard.orders.reader import read_orders

CASES = Path(__file__).resolve().parents[1] / "cases"
SETS = (CASES / "orders", CASES / "orders_second", CASES / "orders_third")
TIMES = frozenset({"created_at", "virtual_until"})
LOOSE = frozenset({"detail"})


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def instant(text: str) -> dt.datetime | str:
    """Return a time with offset as an instant, and any other text unchanged."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo is None else moment.astimezone(dt.UTC)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def same(key: str, want: Any, got: Any) -> bool:
    if key in TIMES and isinstance(got, str):
        return instant(want) == instant(got)
    if key == "phones" and isinstance(got, (list, tuple)):
        return sorted(want) == sorted(got)
    if key in LOOSE and isinstance(got, str):
        return squeezed(want) == squeezed(got)
    return bool(want == got)


def held(key: str, want: Any, text: str, where: str) -> Iterator[str]:
    """Check the keys for text that must (``~``) or must not (``!``) be contained."""
    if key.endswith("~") and want not in text:
        yield f"{where}: {text!r} does not hold {want!r}"
    if key.endswith("!"):
        yield from (f"{where}: {text!r} still holds {part!r}" for part in want if part in text)


def differences(expected: dict[str, Any], got: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield one line for each compared key with an unexpected value."""
    for key, want in expected.items():
        name = key.rstrip("~!")
        have = got.get(name)
        where = f"{at}{name}"
        if name not in got:
            yield f"{where}: no such key"
        elif isinstance(want, dict):
            if isinstance(have, dict):
                yield from differences(want, have, f"{where}.")
            else:
                yield f"{where}: expected an object, got {have!r}"
        elif key.endswith(("~", "!")):
            yield from held(key, want, str(have), where)
        elif not same(name, want, have):
            yield f"{where}: expected {want!r}, got {have!r}"


def digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def mask_differences(given: str, expected: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    """Yield one line for each mask that shows too much, hides too much or differs."""
    text = got["masked"]
    rest = {key: value for key, value in expected.items() if not key.startswith(("must_", "min_"))}
    yield from differences(rest, got)
    for part in expected.get("must_hide", ()):
        if part in text:
            yield f"leak: {text!r} still holds {part!r}"
    for part in expected.get("must_show", ()):
        if part not in text:
            yield f"hidden: {text!r} does not hold {part!r}"
    hidden = digits(given) - digits(text)
    if hidden < expected.get("min_hidden_digits", 0):
        yield f"leak: {text!r} hides {hidden} digits"


READ_FILES = sorted(
    path for folder in SETS for path in (folder / "read").iterdir() if path.suffix not in {".jsonl", ".json"}
)
PASSWORDS: dict[str, str] = json.loads((SETS[0] / "read" / "passwords.json").read_text("utf-8"))
PASTED = lines(SETS[0] / "paste.jsonl")
MASKS = [case for folder in SETS for case in lines(folder / "mask.jsonl")]
BROKEN = [
    (folder / "unreadable" / case["file"], case["password"])
    for folder in SETS
    for case in json.loads((folder / "unreadable" / "cases.json").read_text("utf-8"))
]


@pytest.mark.parametrize("path", READ_FILES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_an_export_is_read_row_by_row_as_expected(path: Path) -> None:
    expected = lines(path.with_name(f"{path.name}.expected.jsonl"))
    with path.open("rb") as stream:
        rows = [
            msgspec.to_builtins(row)
            for row in read_orders(stream, path.name, password=PASSWORDS.get(path.name))
        ]
    faults = [
        f"line {count}: {fault}"
        for count, (want, got) in enumerate(zip(expected, rows, strict=False), 1)
        for fault in differences(want, got)
    ]
    if len(rows) != len(expected):
        got_rows = [(row["row"], row["status"], row["reason"], row["order_no"]) for row in rows]
        faults.insert(0, f"expected {len(expected)} rows, got {len(rows)}: {got_rows}")
    assert not faults, "\n".join(["", *faults])


@pytest.mark.parametrize("case", PASTED, ids=lambda case: f"{case['text'][:28]!r}")
def test_a_pasted_order_is_parsed_as_expected(case: dict[str, Any]) -> None:
    got = msgspec.to_builtins(parse_pasted(case["text"]))
    faults = list(differences(case["expect"], got))
    assert not faults, "\n".join(["", case["text"], *faults])


@pytest.mark.parametrize("case", MASKS, ids=lambda case: f"{case['field']}-{case['input'][:36]!r}")
def test_a_mask_hides_and_shows_what_the_table_says(case: dict[str, Any]) -> None:
    got = mask_field(case["field"], case["input"])
    faults = list(mask_differences(case["input"], case["expect"], got))
    assert not faults, "\n".join(["", case["input"], *faults])


@pytest.mark.parametrize(("path", "password"), BROKEN, ids=lambda part: getattr(part, "name", part))
def test_an_unreadable_file_ends_in_an_error_that_speaks(path: Path, password: str | None) -> None:
    with path.open("rb") as stream, pytest.raises(WaybillGuardError) as caught:
        list(read_orders(stream, path.name, password=password))
    assert caught.value.zh
    assert caught.value.en
