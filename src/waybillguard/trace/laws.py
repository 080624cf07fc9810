"""Waiting times from theft to call and from call to report: densities and their truncation.

Both laws start as gamma densities with a heavy tail. They are refitted as histograms with pseudo-counts, because
each gang has its own pace. Times are in days.
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
"""Weight of the starting law, in observations."""
UNTIMED: Final = 1 / 20
"""Density per day if the time of the call is unknown: a call within twenty days."""
USUAL_DELAYS: Final = -2.2 * np.log1p(-(np.arange(20) + 0.5) / 20)
"""Delays from call to report if no row of the list has both: exponential, median a day and a half."""
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
        """Return a gamma law with ``tail`` of its mass moved to an exponential with a mean of eight days."""
        return cls((1 - tail) * _gamma_mass(shape, scale) + tail * _gamma_mass(1.0, 8.0))

    def refitted(self, waits: Floats, weights: Floats, reach: Floats) -> Self:
        """Return the law refitted to observed waits; ``reach`` is the chance of each to be on the list at all."""
        inside = (waits >= 0) & (waits < EDGES[-1])
        seen, _ = np.histogram(waits[inside], EDGES, weights=weights[inside] / np.maximum(reach[inside], 0.1))
        mass = seen + PSEUDO * self.mass
        return type(self)(mass / mass.sum())

    def density(self, waits: Floats) -> Floats:
        """Return the density per day at these waits; zero before zero and past the last edge."""
        at = np.clip(np.searchsorted(EDGES, waits, side="right") - 1, 0, len(self.mass) - 1)
        found = (self.mass / np.diff(EDGES))[at]
        return np.where((waits >= 0) & (waits < EDGES[-1]), found, 0.0)

    def delayed(self, delays: Floats) -> Self:
        """Return the law from the look to the report, given delays from call to report."""
        counts, _ = np.histogram(np.clip(delays, 0, EDGES[-1] - _STEP), _GRID)
        fine = np.convolve(self.fine(), counts / counts.sum())[: len(_GRID) - 1]
        mass, _ = np.histogram(_GRID[:-1] + _STEP / 2, EDGES, weights=fine)
        return type(self)(mass / mass.sum())

    def fine(self) -> Floats:
        """Return the mass on the fine grid that convolutions use."""
        middles = _GRID[:-1] + _STEP / 2
        return self.density(middles) * _STEP


def reported_by(law: Law, delays: Floats) -> "Reach":
    """Return the chance that call and report have happened, by days since the theft.

    Args:
        law: from theft to call.
        delays: from call to report; if empty, every call is reported at once.
    """
    mass = law.fine()
    if len(delays):
        counts, _ = np.histogram(np.clip(delays, 0, EDGES[-1] - _STEP), _GRID)
        mass = np.convolve(mass, counts / counts.sum())[: len(mass)]
    return Reach(np.concatenate([[0.0], np.cumsum(mass)]))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting time until the call, or until the report for victims whose call has no time."""

    call: Law
    report: Law

    @classmethod
    def of(cls, law: Law, delays: Floats) -> Self:
        """Return both laws from the law until the call and the delays from call to report."""
        return cls(law, law.delayed(delays))

    def density(self, waits: Floats, late: NDArray[np.bool_]) -> Floats:
        """Return the density per day at these waits; ``late``: until the report; NaN: unknown time."""
        untimed = np.isnan(waits)
        plain = np.where(untimed, 0.0, waits)
        found = np.where(late, self.report.density(plain), self.call.density(plain))
        return np.where(untimed, UNTIMED, found)


@dataclass(frozen=True, slots=True)
class Reach:
    """A cumulative chance on the fine grid."""

    cumulative: Floats

    def __call__(self, days: Floats) -> Floats:
        """Return the chance of being reached this many days after the theft."""
        return np.interp(days, _GRID, self.cumulative, left=0.0)


START_LAG: Final = Law.starting(2.0, 1.7, 0.1)
"""From theft to call, before a case refits it."""
PACES: Final = (START_LAG, Law.starting(1.2, 0.5, 0.1), Law.starting(6.0, 1.8, 0.1))
"""Paces of gangs with which a search begins: within days, within hours, after weeks."""
START_ORDER: Final = Law.starting(1.6, 3.0, 0.15)
"""From order to call, for victims whose data leaked elsewhere."""
