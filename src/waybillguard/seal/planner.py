"""Plans blind indexes: how much each one reveals at a given size, and how short its tokens should be.

The rule is CipherSweet's (ciphersweet.paragonie.com, "Blind Index Planning"): with R rows and indexes of
L bits over a value space of K bits, expected coincidences are C = R / 2^min(L, K), and
2 ≤ C ≤ √R. Below two, equal tokens prove equal values; above √R, the index no longer narrows a search. If
a value space is too small for two, or its tokens must not be shortened (a full phone, whose equality is
needed for searches and counts), the report says so.
"""

import math
from enum import StrEnum
from typing import Final

import msgspec

MAX_BITS: Final = 64
MIN_BITS: Final = 8
_FEWEST: Final = 2.0


class Leakage(StrEnum):
    """The verdict of the rule on an index at a given size."""

    WITHIN = "within"
    EXACT = "exact"
    NARROW = "narrow"
    SMALL = "small"


class IndexPlan(msgspec.Struct, frozen=True):
    """The plan of one index at one size.

    ``bits`` is the length of its tokens; ``advised_bits`` the length by the rule; ``coincidences`` the number
    of rows that share a token by chance; ``verdict`` within the budget, exact (equal tokens prove equal values),
    narrow (finds more than √rows by chance) or small (too few rows for anonymity).
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
    """Return the expected number of rows with the same token."""
    return rows / 2 ** min(float(bits), space_bits)


def advised_bits(rows: int, space_bits: float, *, most: int = MAX_BITS) -> int:
    """Return the longest token length with at least two coincidences, and at least `MIN_BITS`.

    >>> advised_bits(1_000_000, 33)
    18
    """
    if rows < _FEWEST:
        return MIN_BITS
    longest = math.floor(math.log2(rows / _FEWEST))
    return max(MIN_BITS, min(most, longest, math.ceil(space_bits)))


def plan_index(field: str, rows: int, bits: int, space_bits: float, reveals: tuple[str, str]) -> IndexPlan:
    """Judge one index. ``space_bits`` is log2 of the number of values that occur in practice."""
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
    """Return the number of bits of the gram tokens of a month.

    A month of R rows with G grams each holds R·G postings. The rule is applied to these, so that each token
    stands for at least two grams by chance once the month is full. The length is fixed at the start of a month from
    the data of the month before, because tokens cannot be lengthened afterwards.

    >>> gram_bits(1_000_000, 25)
    23
    """
    return advised_bits(max(1, int(rows_a_month * grams_a_row)), float(MAX_BITS))


def truncate(token: bytes, bits: int) -> int:
    """Return the first ``bits`` of an 8-byte token as a number (at most 63 bits, to fit a signed integer).

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
"""What an attacker with the database but no key learns from an index."""
