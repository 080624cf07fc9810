"""The distribution without the service: a subset of the packages and requirements of the full one."""

import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TOOLS = tomllib.loads((ROOT / "distributions/tools/pyproject.toml").read_text("utf-8"))
NOT_THERE = {"access", "service"}  # only the service evaluates policies


def requirements(project: dict[str, Any]) -> set[str]:
    return {*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())}


def test_it_asks_for_nothing_that_the_whole_does_not() -> None:
    assert requirements(TOOLS["project"]) <= requirements(WHOLE)
    assert TOOLS["project"]["version"] == WHOLE["version"]


def test_it_carries_every_package_but_the_service() -> None:
    source = ROOT / "src" / "waybillguard"
    there = {entry.name for entry in source.iterdir() if entry.name != "__pycache__"} - NOT_THERE
    carried = {
        Path(name).name for name in TOOLS["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    }
    assert there <= carried
