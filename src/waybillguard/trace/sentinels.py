"""Where sentinel parcels are laid so that accounts who leak together can still be told apart.

A sentinel is a real purchase with the merchant's written consent, shipped and received; nobody but a thief calls its
number. Which accounts see which sentinel follows a Tardos code (Tardos 2008, symmetric scores of Skoric 2008): each
sentinel has a bias drawn from an arcsine law, each account sees it with that chance. A contact then scores every
account, and the threshold bounds the chance that an innocent one passes it, whoever the others are. In the trace itself a
contact with a sentinel enters the same likelihood as any other victim, with next to no base rate (:mod:`.base`).
"""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

_CUT: Final = 0.02
"""Biases stay away from 0 and 1 by this much: else one sentinel would decide alone."""


class Placement(msgspec.Struct, frozen=True):
    """Sentinels by bias, and which account sees which (rows accounts, columns sentinels)."""

    accounts: tuple[str, ...]
    biases: tuple[float, ...]
    seen: tuple[tuple[bool, ...], ...]

    def __repr__(self) -> str:
        """Show sizes alone: whoever knows a sentinel can avoid it."""
        return f"Placement({len(self.accounts)} accounts, {len(self.biases)} sentinels)"


def place(accounts: tuple[str, ...], sentinels: int, draw: np.random.Generator) -> Placement:
    """Lay sentinels before accounts."""
    low = float(np.arcsin(np.sqrt(_CUT)))
    biases = np.sin(draw.uniform(low, np.pi / 2 - low, sentinels)) ** 2
    seen = draw.random((len(accounts), sentinels)) < biases
    return Placement(
        accounts, tuple(biases.tolist()), tuple(tuple(bool(one) for one in row) for row in seen.tolist())
    )


def scores(placement: Placement, touched: tuple[bool, ...]) -> dict[str, float]:
    """Return each account's score given which sentinels somebody contacted: about 0 ± sqrt(sentinels) if innocent."""
    bias, seen, hit = np.array(placement.biases), np.array(placement.seen), np.array(touched)
    up, down = np.sqrt((1 - bias) / bias), np.sqrt(bias / (1 - bias))
    table = np.where(hit, np.where(seen, up, -down), np.where(seen, -up, down))
    return dict(zip(placement.accounts, table.sum(axis=1).tolist(), strict=True))


def threshold(placement: Placement, chance: float) -> float:
    """Return the score that any innocent account passes with at most ``chance`` in all (Bernstein's bound)."""
    size, widest = len(placement.biases), float(np.sqrt((1 - _CUT) / _CUT))
    log = float(np.log(len(placement.accounts) / chance))
    linear = widest * log / 3
    return linear + float(np.sqrt(linear**2 + 2 * size * log))


def needed(copied: float, contacted: float, power: float = 0.9) -> int:
    """Return how many sentinel looks are met with at least one contact in ``power`` of thefts.

    >>> needed(0.6, 0.05)
    76
    """
    return int(np.ceil(np.log(1 - power) / np.log1p(-copied * contacted)))


def power_table(copied: NDArray[np.float64], contacted: NDArray[np.float64]) -> list[list[int]]:
    """Return ``needed`` for shares copied (rows) and contacted (columns)."""
    return [[needed(float(c), float(q)) for q in contacted] for c in copied]
