"""How much each index reveals at the present size, and how short its tokens should be.

The rule is CipherSweet's (ciphersweet.paragonie.com, "Blind Index Planning"): with R rows and indexes of
L bits over a value space of K bits, expected coincidences are C = R / 2^min(L, K), and
2 ≤ C ≤ √R. Fewer than two, and equal tokens prove equal values; more than √R, and the index no longer
narrows a search. Where a value space is too small for two, or so large that it must not be cut (a full
phone, whose equality is wanted and counted), the report says so instead of hiding it.
"""

import math
from enum import StrEnum
from typing import Final

import msgspec

MAX_BITS: Final = 64
MIN_BITS: Final = 8
_FEWEST: Final = 2.0


class Leakage(StrEnum):
    """What the rule says of an index at this size."""

    WITHIN = "within"
    EXACT = "exact"
    NARROW = "narrow"
    SMALL = "small"


class IndexPlan(msgspec.Struct, frozen=True):
    """One index at one size.

    ``bits`` is the length its tokens have; ``advised_bits`` what the rule would choose;
    ``coincidences`` how many rows share a token by chance; ``verdict`` within the budget, exact (equal
    tokens prove equal values), narrow (finds more than √rows by chance) or small (too few rows to hide in).
    """

    field: str
    rows: int
    bits: int
    space_bits: float
    advised_bits: int
    coincidences: float
    budget_low: float
    budget_high: float
    verdict: Leakage
    reveals_zh: str
    reveals_en: str


def coincidences(rows: int, bits: int, space_bits: float) -> float:
    """Give the expected number of rows under one token."""
    return rows / 2 ** min(float(bits), space_bits)


def advised_bits(rows: int, space_bits: float, *, most: int = MAX_BITS) -> int:
    """Give the longest token that keeps two coincidences or more, `MIN_BITS` at least.

    >>> advised_bits(1_000_000, 33)
    18
    """
    if rows < _FEWEST:
        return MIN_BITS
    longest = math.floor(math.log2(rows / _FEWEST))
    return max(MIN_BITS, min(most, longest, math.ceil(space_bits)))


def plan_index(field: str, rows: int, bits: int, space_bits: float, reveals: tuple[str, str]) -> IndexPlan:
    """Judge one index. ``space_bits`` is log2 of how many values people really have."""
    found = coincidences(rows, bits, space_bits)
    high = math.sqrt(rows)
    if rows < _FEWEST**2:
        verdict = Leakage.SMALL
    elif found < _FEWEST:
        verdict = Leakage.EXACT
    else:
        verdict = Leakage.WITHIN if found <= high else Leakage.NARROW
    return IndexPlan(
        field=field, rows=rows, bits=bits, space_bits=space_bits,
        advised_bits=advised_bits(rows, space_bits, most=MAX_BITS), coincidences=found,
        budget_low=_FEWEST, budget_high=high, verdict=verdict, reveals_zh=reveals[0], reveals_en=reveals[1],
    )  # fmt: skip


def gram_bits(rows_a_month: int, grams_a_row: float) -> int:
    """Give the bits that gram tokens of a month keep.

    A month of R rows with G grams each holds R·G postings; the rule is applied to them, so that each kept
    token stands for at least two grams by chance once the month is full. Fixed when a month begins, from
    the month before: a token cannot grow longer afterwards.

    >>> gram_bits(1_000_000, 25)
    23
    """
    return advised_bits(max(1, int(rows_a_month * grams_a_row)), float(MAX_BITS))


def truncate(token: bytes, bits: int) -> int:
    """Give the first ``bits`` of an 8-byte token as a number (at most 63 bits, so a database can sign it).

    >>> truncate(bytes([0xFF] * 8), 16)
    65535
    """
    return int.from_bytes(token) >> (64 - min(bits, 63))


REVEALS: Final = {
    "phone": (
        "同月内哪些订单是同一号码；需要精确，不截断",
        "which orders of a month share a phone; wanted exactly, so it is not cut",
    ),
    "last4": (
        "同店同日内哪些订单末四位相同",
        "which orders of a shop and day share the last four digits",
    ),
    "order": ("同月内哪些行是同一订单号", "which rows of a month share an order number"),
    "waybill": ("同月内哪些行是同一运单号", "which rows of a month share a waybill number"),
    "name": (
        "同月内哪些订单的姓名含同一两字片段，以及片段的频次",
        "which orders of a month share a piece of a name, and how frequent it is",
    ),
    "address": (
        "同月内哪些订单的地址含同一两字或数字片段，以及片段的频次；常见片段可凭频次猜出",
        (
            "which orders of a month share a piece of an address, and how frequent it is; common pieces can be "
            "guessed from their frequency"
        ),
    ),
}
"""What whoever holds the database, but no key, learns from an index."""
