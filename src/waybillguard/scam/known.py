"""Published names, numbers and domains of carriers, platforms, banks and authorities (``data/known.yaml``).

The table distinguishes known names from strangers. It never makes a message safe, because a number can be forged.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from waybillguard.shipped import read_yaml


class Carrier(msgspec.Struct, frozen=True):
    """A carrier with all its names; ``prefixes`` are the prefixes of its waybill numbers."""

    name: str
    aliases: tuple[str, ...]
    prefixes: tuple[str, ...]


class Known(msgspec.Struct, frozen=True):
    """All published names, numbers and domains."""

    carriers: tuple[Carrier, ...]
    numbers: frozenset[str]
    domains: frozenset[str]


@cache
def known() -> Known:
    """Return the shipped table."""
    data = read_yaml("waybillguard.scam", "data/known.yaml", dict[str, list[dict[str, Any]]])
    rows = [row for group in data.values() for row in group]
    return Known(
        carriers=tuple(
            Carrier(row["name"], tuple(row["aliases"]), tuple(row["prefixes"])) for row in data["carriers"]
        ),
        numbers=frozenset(number for row in rows for number in row["numbers"]),
        domains=frozenset(domain for row in rows for domain in row["domains"]),
    )


def carrier_name(text: str) -> str:
    """Return the short name of the carrier for ``text`` (a name, an alias or a code); empty if there is none."""
    return _carrier_names().get(text.strip().lower().replace(" ", ""), "")


def carriers_named(text: str) -> list[tuple[int, int, str]]:
    """Return the ranges of carrier names in a normalised ``text``, with the carriers."""
    return [(*match.span(), _carrier_names()[match.group()]) for match in _carrier_pattern().finditer(text)]


def is_official_domain(domain: str, more: Iterable[str] = ()) -> bool:
    """Return whether ``domain`` or a parent domain is published or listed in ``more``."""
    parts = domain.lower().strip(".").split(".")
    above = {".".join(parts[at:]) for at in range(len(parts) - 1)}
    return not above.isdisjoint(known().domains) or not above.isdisjoint(
        {name.lower().strip(".") for name in more}
    )


def plain_number(sender: str) -> str:
    """Return a sender without country code, spaces and hyphens."""
    return re.sub(r"^(?:\+|00)86|[\s()-]", "", sender.strip()).removeprefix("86-")


@cache
def _carrier_names() -> dict[str, str]:
    return {
        alias.lower().replace(" ", ""): carrier.name
        for carrier in known().carriers
        for alias in (carrier.name, *carrier.aliases)
    }


@cache
def _carrier_pattern() -> re.Pattern[str]:
    # 京东 and 天天 are also ordinary words, so only their full names count in running text.
    names = sorted(
        (name for name in _carrier_names() if not name.isascii() or name == "ems"), key=len, reverse=True
    )
    return re.compile(
        "|".join(name for name in names if name not in {"京东", "天天", "丰巢", "菜鸟", "跨越", "优速"})
    )
