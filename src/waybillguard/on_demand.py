"""What is dear to load, loaded when it is asked for: who needs one thing does not wait for all."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from typing import cast


def on_demand(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package; ``homes`` gives the module of each public name."""

    def look_up(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return look_up


class _PatternOnUse:
    """A regular expression that is compiled when it is first asked for something."""

    def __init__(self, expression: str | bytes, flags: int) -> None:
        self.pattern = expression
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str] | re.Pattern[bytes]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self._compiled, name)
        setattr(self, name, found)  # from now on found without this call
        return found


def pattern_on_use[T: (str, bytes)](expression: T, flags: int = 0) -> re.Pattern[T]:
    """Return a regular expression that is compiled at its first use.

    The expressions for names and addresses hold hundreds of characters each; compiled when their modules are loaded,
    they made a quarter of the service's start.
    """
    return cast("re.Pattern[T]", _PatternOnUse(expression, flags))
