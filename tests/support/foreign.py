"""How the frozen cases of foreign logs reach the reader that they judge (tests/cases/events/foreign/README.md)."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from support.missing import missing


class Reading(NamedTuple):
    """What a reader found: the mapping it used, events as contract columns with their row, and refusals."""

    mapping: Mapping[str, str | Sequence[str] | None]
    events: Sequence[Mapping[str, Any]]
    refused: Sequence[Mapping[str, Any]]


def read(
    path: Path,
    zone: str,
    given: Mapping[str, str],
    mapping: Mapping[str, str | list[str] | None] | None = None,
) -> Reading:
    """Read a log with the mapping that a person confirmed, or else with the reader's own suggestion."""
    read_foreign = getattr(importlib.import_module("waybillguard.events.foreign"), "read_foreign", None)
    if read_foreign is None:
        missing("the way to the reader of foreign logs", "adapt tests/support/foreign.py to it")
    found = read_foreign(path, tenant="w1", zone=zone, given=given, mapping=mapping)
    return Reading(found.mapping, found.events, found.refused)
