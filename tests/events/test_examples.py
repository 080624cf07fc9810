import doctest
import importlib
import pkgutil

import pytest

from waybillguard import events

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(events.__path__, "waybillguard.events.")
    if not module.ispkg
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
