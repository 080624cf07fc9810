"""Recognises virtual printers, which write files, send faxes, or print on another machine.

A remote-control program can take a label out of the print room by printing to such a printer. They are refused by
name, driver, port and address; the table lists each kind.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

_FIELDS: Final = ("name", "driver", "port", "uri")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a printer may not print labels: ``kind`` for machines, a sentence for people."""

    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Rule:
    fields: frozenset[str]
    pattern: re.Pattern[str]
    refused: Refused


def why_refused(*, name: str = "", driver: str = "", port: str = "", uri: str = "") -> Refused | None:
    """Return why a printer with these properties may not print; None if it may."""
    marks = {"name": name, "driver": driver, "port": port, "uri": uri}
    for rule in _rules():
        if any(
            marks[field] and rule.pattern.search(marks[field]) for field in _FIELDS if field in rule.fields
        ):
            return rule.refused
    return None


@cache
def _rules() -> tuple[_Rule, ...]:
    text = resources.files("waybillguard.agent").joinpath("data/virtual_printers.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        _Rule(
            frozenset(row["fields"].split()),
            re.compile(row["pattern"], re.IGNORECASE),
            Refused(row["kind"], row["zh"], row["en"]),
        )
        for row in rows
    )
