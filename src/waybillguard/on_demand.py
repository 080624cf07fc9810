"""Loads modules and compiles regular expressions on first use, to keep start-up fast."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from typing import cast


def on_demand(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return a ``__getattr__`` that imports a package's public names on first use; ``homes`` maps names to modules."""

    def look_up(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return look_up


@contextmanager
def left_out(module: str) -> Iterator[None]:
    """Let the first import of ``module`` fail in the block, for libraries that do without it if it is not there."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment] # as documented for `sys.modules`
    try:
        yield
    finally:
        del sys.modules[module]


class _PatternOnUse:
    """A regular expression that is compiled when an attribute is first used."""

    def __init__(self, expression: str | bytes, flags: int) -> None:
        self.pattern = expression
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str] | re.Pattern[bytes]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self._compiled, name)
        setattr(self, name, found)  # later look-ups do not call this method
        return found


def pattern_on_use[T: (str, bytes)](expression: T, flags: int = 0) -> re.Pattern[T]:
    """Return a regular expression that is compiled at its first use.

    The expressions for names and addresses have hundreds of characters each. Compiling them at import took a quarter
    of the CPU time for loading the service's modules. The result is not the ``re`` attribute of its matches, so do
    not compare these two by identity.
    """
    return cast("re.Pattern[T]", _PatternOnUse(expression, flags))
