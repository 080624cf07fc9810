"""The calls, fields and codes of the platforms' logs, read from their data files."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec


class LogCall(msgspec.Struct, frozen=True):
    """One call of a platform.

    Attributes:
        method: the platform's name of the call.
        orders: maximum orders per record; 0 if a record is not about orders.
        together: the call for many records; ``together_as``: its name for this kind; empty if not published.
        realtime: the platform requires each record immediately.
        fields: field → our value for it, in the platform's order.
    """

    platform: str
    kind: str
    method: str
    orders: int
    together: str
    together_as: str
    realtime: bool
    fields: Mapping[str, str]


@cache
def calls() -> Mapping[tuple[str, str], LogCall]:
    """Return all calls by platform and kind."""
    fields: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in data_rows("fields.csv"):
        fields[row["platform"], row["kind"]][row["field"]] = row["value"]
    return MappingProxyType(
        {
            (row["platform"], row["kind"]): LogCall(
                row["platform"], row["kind"], row["method"], int(row["orders"]), row["together"], row["together_as"],
                row["realtime"] == "1", MappingProxyType(fields[row["platform"], row["kind"]]),
            )
            for row in data_rows("calls.csv")
        }
    )  # fmt: skip


def call_of(platform: str, kind: str) -> LogCall | None:
    """Return a call; None if the platform does not require this log, or has not published its format."""
    return calls().get((platform, kind))


@cache
def log_platforms() -> tuple[str, ...]:
    """Return the keys of the platforms that require logs."""
    return tuple(dict.fromkeys(platform for platform, _ in calls()))


@cache
def codes() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return the published operation codes for one order and for several, by platform and action."""
    return MappingProxyType(
        {(row["platform"], row["action"]): (row["one"], row["many"]) for row in data_rows("operations.csv")}
    )


@cache
def code_platforms() -> frozenset[str]:
    """Return the platforms that do not publish their codes, so that an owner must enter them."""
    return frozenset(log_platforms()) - {platform for platform, _ in codes()}


def data_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table; lines that begin with ``#`` are comments."""
    text = resources.files("waybillguard.events").joinpath("data", "platform_logs", name).read_text("utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
