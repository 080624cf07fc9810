"""The vocabulary of access control: actions, roles, purposes and device kinds, with titles in two languages."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a vocabulary: its key, its titles, and the remaining columns of its row."""

    key: str
    zh: str
    en: str
    facts: Mapping[str, str]


@cache
def actions() -> Mapping[str, Word]:
    """Return the actions by key; fact ``group`` is masked, plaintext, control or session."""
    return _words("actions.csv", "action")


@cache
def roles() -> Mapping[str, Word]:
    """Return the roles by key; fact ``on_shift`` is "1" for roles that work in shifts."""
    return _words("roles.csv", "role")


@cache
def purposes() -> Mapping[str, Word]:
    """Return the purposes of viewing plaintext, by key."""
    return _words("purposes.csv", "purpose")


@cache
def device_kinds() -> Mapping[str, Word]:
    """Return the kinds of devices by key."""
    return _words("device_kinds.csv", "kind")


def data_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a data table of this package; lines that start with ``#`` are comments."""
    return csv.DictReader(line for line in data_text(name).splitlines() if not line.startswith("#"))


def data_text(name: str) -> str:
    """Return a data file of this package as text."""
    return resources.files("waybillguard.access").joinpath("data", *name.split("/")).read_text("utf-8")


def _words(name: str, column: str) -> Mapping[str, Word]:
    return MappingProxyType(
        {
            row[column]: Word(
                row[column],
                row["zh"],
                row["en"],
                MappingProxyType(
                    {key: value for key, value in row.items() if key not in {column, "zh", "en"}}
                ),
            )
            for row in data_rows(name)
        }
    )
