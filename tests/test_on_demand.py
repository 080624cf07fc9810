"""Regular expressions that are compiled on first use."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import waybillguard
from waybillguard.on_demand import pattern_on_use

SOURCE = Path(waybillguard.__file__).parent
USERS = sorted(
    ".".join(("waybillguard", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
    for path in SOURCE.rglob("*.py")
    if "import pattern_on_use" in path.read_text(encoding="utf-8")
)


def _waiting(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, type(pattern_on_use(""))):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from _waiting(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _waiting(held)


@pytest.mark.parametrize("module", USERS)
def test_every_expression_of_a_module_compiles(module: str) -> None:
    found = [
        one
        for name, value in vars(import_module(module)).items()
        if name[:2] != "__"
        for one in _waiting(value)
    ]
    assert found
    for pattern in found:
        assert pattern.groups >= 0


def test_an_expression_behaves_like_a_compiled_one_and_is_looked_up_once() -> None:
    pattern = pattern_on_use("(?P<first>a)b", re.IGNORECASE)
    assert pattern.pattern == "(?P<first>a)b"
    found = pattern.search("xAB")
    assert found is not None
    assert found["first"] == "A"
    assert pattern.search is pattern.search
    assert pattern.sub("-", "abAB") == "--"
    assert pattern.groupindex == {"first": 1}
