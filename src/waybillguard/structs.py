"""Prepares record types before threads share them.

msgspec looks a type's fields up when the type is first decoded, and asks Python for their annotations in the middle of
it. A second thread that decodes the same type in that moment reads a half-written table, and the process dies (seen
with msgspec 0.22.0, the newest: ``tests/test_structs.py``). So a process builds all tables before it starts threads.
"""

from collections.abc import Iterator
from contextlib import suppress

import msgspec


def build_structs() -> int:
    """Build the field table of every record type of this project that is loaded by now; return how many there are.

    Called again after more modules are loaded, it builds what is new. Types whose annotations exist for the type
    checker alone are never decoded and stay as they are.
    """
    built = 0
    for kind in _subclasses(msgspec.Struct):
        if kind.__module__.partition(".")[0] == __package__:
            with suppress(NameError, TypeError):
                msgspec.json.Decoder(kind)
                built += 1
    return built


def _subclasses(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)
