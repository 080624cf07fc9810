"""Builds msgspec's field tables before a process starts threads.

msgspec builds the field table of a type when it first decodes the type, and evaluates annotations in Python while
doing so. A second thread that decodes the same type at that moment reads an incomplete table, and the process crashes
(seen with msgspec 0.22.0, the newest: ``tests/test_structs.py``). So a process builds all tables before it starts
threads.
"""

from collections.abc import Iterator
from contextlib import suppress

import msgspec


def build_structs() -> int:
    """Build the field table of every record type of this project that is loaded so far; return the number of types.

    Call it again after loading more modules to build their tables. Types whose annotations exist only for the type
    checker are never decoded and are skipped.
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
