"""Entries of the console's navigation. An application's own stand in its ``nav.py`` as ``ENTRIES``."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings


class Group(IntEnum):
    """Where an entry stands; in the order of the navigation."""

    DAY = 1
    RULES = 2
    PROOF = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation.

    Args:
        name: of the page it leads to.
        label: a lazy translation.
        icon: of the sprite.
        group: where it stands.
        order: its place in the group; steps of ten leave room.
        asks_for: the permission (`identity.models.Permission`) without which it is not shown.
        pages: names of further pages on which it is marked.
    """

    name: str
    label: Any
    icon: str
    group: Group
    order: int
    asks_for: str | None = None
    pages: tuple[str, ...] = ()


def entries() -> Iterator[Entry]:
    """Yield the entries of every application, in the order of the navigation."""
    found = [
        entry
        for name in settings.APPLICATIONS
        if find_spec(f"{name}.nav")
        for entry in import_module(f"{name}.nav").ENTRIES
    ]
    yield from sorted(found, key=lambda entry: (entry.group, entry.order, entry.name))
