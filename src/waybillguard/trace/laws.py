"""How long after a theft the phone rings, and after the call the report comes: densities and their truncation.

Both laws start as gamma densities with a heavy tail and are refitted as histograms with pseudo-counts, because
every gang has its own pace. Times are days.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

EDGES: Final = np.array(
    [0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 60], dtype=np.float64
)
"""Borders of the histogram's bins, in days."""
PSEUDO: Final = 30.0
"""How many observations the starting law weighs."""
UNTIMED: Final = 1 / 20
"""Density a day where nobody says when the call was: a call within twenty days."""
_STEP: Final = 1 / 16
_GRID: Final = np.arange(0, EDGES[-1] + _STEP / 2, _STEP)


def _gamma_mass(shape: float, scale: float) -> Floats:
    """Return the mass of a gamma law in each bin of ``EDGES``."""
    middles = _GRID[:-1] + _STEP / 2
    density = middles ** (shape - 1) * np.exp(-middles / scale)
    mass, _ = np.histogram(middles, EDGES, weights=density)
    return mass / mass.sum()


@dataclass(frozen=True, slots=True)
class Law:
    """A waiting time as a histogram over ``EDGES``."""

    mass: Floats

    @classmethod
    def starting(cls, shape: float, scale: float, tail: float) -> Self:
        """Return a gamma law with ``tail`` of its mass moved to a slow exponential of eight days."""
        return cls((1 - tail) * _gamma_mass(shape, scale) + tail * _gamma_mass(1.0, 8.0))

    def refitted(self, waits: Floats, weights: Floats, reach: Floats) -> Self:
        """Return the law after observed waits; ``reach`` is the chance of each to be on the list at all."""
        inside = (waits >= 0) & (waits < EDGES[-1])
        seen, _ = np.histogram(waits[inside], EDGES, weights=weights[inside] / np.maximum(reach[inside], 0.1))
        mass = seen + PSEUDO * self.mass
        return type(self)(mass / mass.sum())

    def density(self, waits: Floats) -> Floats:
        """Return the density a day at these waits: nothing before zero or past the last edge."""
        at = np.clip(np.searchsorted(EDGES, waits, side="right") - 1, 0, len(self.mass) - 1)
        found = (self.mass / np.diff(EDGES))[at]
        return np.where((waits >= 0) & (waits < EDGES[-1]), found, 0.0)

    def fine(self) -> Floats:
        """Return the mass on the fine grid that convolutions use."""
        middles = _GRID[:-1] + _STEP / 2
        return self.density(middles) * _STEP


def reported_by(law: Law, delays: Floats) -> "Reach":
    """Return the chance that call and report have come, by days since the theft.

    Args:
        law: from theft to call.
        delays: observed delays from call to report; empty where no report says when it came.
    """
    mass = law.fine()
    if len(delays):
        counts, _ = np.histogram(np.clip(delays, 0, EDGES[-1] - _STEP), _GRID)
        size = len(mass)
        mass = np.convolve(mass, counts / counts.sum())[:size]
    return Reach(np.concatenate([[0.0], np.cumsum(mass)]))


@dataclass(frozen=True, slots=True)
class Reach:
    """A cumulative chance on the fine grid."""

    cumulative: Floats

    def __call__(self, days: Floats) -> Floats:
        """Return the chance by these days since the theft."""
        return np.interp(days, _GRID, self.cumulative, left=0.0)


START_LAG: Final = Law.starting(2.0, 1.7, 0.1)
"""From theft to call, before any case taught otherwise."""
START_ORDER: Final = Law.starting(1.6, 3.0, 0.15)
"""From order to call, of victims whose data left elsewhere."""
