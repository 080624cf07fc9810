"""Regular expressions that are compiled on first use, and modules that are not loaded."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import waybillguard
from waybillguard.on_demand import left_out, pattern_on_use

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


def test_what_a_library_loads_only_if_it_is_there_is_left_out_once() -> None:
    program = (
        "import sys\nfrom waybillguard.on_demand import left_out\nwith left_out('httpx._main'):\n    import httpx\n"
        "print([name for name in ('httpx._main', 'rich', 'pygments') if name in sys.modules])\nimport httpx._main"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_is_loaded_already_stays() -> None:
    with left_out("re"):
        assert sys.modules["re"] is re
    assert sys.modules["re"] is re
