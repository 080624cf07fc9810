"""Place sentinel parcels so that accounts that leak together can still be told apart.

A sentinel is a real purchase with the merchant's written consent, shipped and received; only a thief calls its
number. A Tardos code decides which accounts see which sentinel (Tardos 2008, symmetric scores of Skoric 2008): each
sentinel has a bias drawn from an arcsine law, and each account sees it with that chance. Each contact adds to every
account's score. The threshold bounds the chance that an innocent account passes it, whatever the other accounts do.
In the trace itself a contact with a sentinel enters the same likelihood as any other victim, with almost no base
rate (:mod:`.base`).
"""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

_CUT: Final = 0.02
"""Least distance of biases from 0 and 1: nearer, one sentinel would decide alone."""


class Placement(msgspec.Struct, frozen=True):
    """Biases of sentinels, and which account sees which (rows accounts, columns sentinels)."""

    accounts: tuple[str, ...]
    biases: tuple[float, ...]
    seen: tuple[tuple[bool, ...], ...]

    def __repr__(self) -> str:
        """Show the sizes only: a sentinel that is known can be avoided."""
        return f"Placement({len(self.accounts)} accounts, {len(self.biases)} sentinels)"


def place(accounts: tuple[str, ...], sentinels: int, draw: np.random.Generator) -> Placement:
    """Choose at random which accounts see which sentinels."""
    low = float(np.arcsin(np.sqrt(_CUT)))
    biases = np.sin(draw.uniform(low, np.pi / 2 - low, sentinels)) ** 2
    seen = draw.random((len(accounts), sentinels)) < biases
    return Placement(
        accounts, tuple(biases.tolist()), tuple(tuple(bool(one) for one in row) for row in seen.tolist())
    )


def scores(placement: Placement, touched: tuple[bool, ...]) -> dict[str, float]:
    """Return each account's score given the contacted sentinels: about 0 ± sqrt(sentinels) if innocent."""
    bias, seen, hit = np.array(placement.biases), np.array(placement.seen), np.array(touched)
    up, down = np.sqrt((1 - bias) / bias), np.sqrt(bias / (1 - bias))
    table = np.where(hit, np.where(seen, up, -down), np.where(seen, -up, down))
    return dict(zip(placement.accounts, table.sum(axis=1).tolist(), strict=True))


def threshold(placement: Placement, chance: float) -> float:
    """Return the score that any innocent account exceeds with at most ``chance`` in total (Bernstein's bound)."""
    size, widest = len(placement.biases), float(np.sqrt((1 - _CUT) / _CUT))
    log = float(np.log(len(placement.accounts) / chance))
    linear = widest * log / 3
    return linear + float(np.sqrt(linear**2 + 2 * size * log))


def needed(copied: float, contacted: float, power: float = 0.9) -> int:
    """Return how many sentinel looks give at least one contact in ``power`` of thefts.

    >>> needed(0.6, 0.05)
    76
    """
    return int(np.ceil(np.log(1 - power) / np.log1p(-copied * contacted)))


def power_table(copied: NDArray[np.float64], contacted: NDArray[np.float64]) -> list[list[int]]:
    """Return ``needed`` for shares copied (rows) and contacted (columns)."""
    return [[needed(float(c), float(q)) for q in contacted] for c in copied]
