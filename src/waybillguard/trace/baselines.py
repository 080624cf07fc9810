"""Simple and published scores for the source of a leak, as baselines to measure against.

None of them models sources outside the log, windows, or when to stop. A benchmark therefore tells them the number
of thefts. Published methods are written after their descriptions, so they are "like" the originals.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from waybillguard.trace.field import Field, Floats, times_of
from waybillguard.trace.laws import START_LAG, USUAL_DELAYS, Waiting, reported_by
from waybillguard.trace.material import BINS_A_DAY, Ground, Material
from waybillguard.trace.naming import Actor

_KERNELS: Final = {"account": "R", "workstation": "P"}
_FEWEST_LOOKS: Final = 20
_GUESS: Final = 0.5
_ROUNDS: Final = 20

type Score = Callable[[Ground, float], dict[int, float]]
"""Returns a score by key of one warehouse, given when the list was closed (days)."""


def ranked(material: Material, score: Score) -> list[tuple[str, Actor]]:
    """Return accounts and stations of all warehouses, most suspect first."""
    best: dict[tuple[str, Actor], float] = defaultdict(lambda: -np.inf)
    for ground in material.grounds:
        for key, value in score(ground, material.close).items():
            name = (ground.tenant, ground.keys[key].actor)
            best[name] = max(best[name], value)
    return sorted(best, key=lambda name: (-best[name], name))


def _keys(ground: Ground) -> list[int]:
    return [at for at, key in enumerate(ground.keys) if _KERNELS.get(key.kind) == key.kernel]


def _victims(ground: Ground, key: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.unique(ground.hits.victim[ground.hits.key == key])


def count(ground: Ground, _close: float) -> dict[int, float]:
    """Return how many victims each key met: the tally of a common point of purchase."""
    return {key: float(len(_victims(ground, key))) for key in _keys(ground)}


def rate(ground: Ground, _close: float) -> dict[int, float]:
    """Return the number of victims per look."""
    return {
        key: len(_victims(ground, key)) / max(_FEWEST_LOOKS, float(ground.exposure[key].sum()))
        for key in _keys(ground)
    }


def likelihood_ratio(ground: Ground, _close: float) -> dict[int, float]:
    """Return the largest signed log-likelihood ratio of any day (Dunning 1993)."""
    victims, orders = len(ground.victims), float(ground.cell_orders.sum())
    found = {}
    for key in _keys(ground):
        days = (ground.first_bin + np.arange(ground.exposure.shape[1])) // BINS_A_DAY
        mine = ground.hits.key == key
        hit_days = np.floor(ground.hits.time[mine]).astype(np.int64)
        best = 0.0
        for day in np.unique(hit_days):
            k, n = float((hit_days == day).sum()), max(1.0, float(ground.exposure[key, days == day].sum()))
            best = max(best, _signed(k, n, victims - k, max(1.0, orders - n)))
        found[key] = best
    return found


def _signed(k1: float, n1: float, k2: float, n2: float) -> float:
    def log_likelihood(k: float, n: float, p: float) -> float:
        p = min(1 - 1e-12, max(1e-12, p))
        return k * float(np.log(p)) + max(0.0, n - k) * float(np.log1p(-p))

    both = (k1 + k2) / (n1 + n2)
    gain = (
        log_likelihood(k1, n1, k1 / n1)
        + log_likelihood(k2, n2, k2 / n2)
        - log_likelihood(k1, n1, both)
        - log_likelihood(k2, n2, both)
    )
    return 2 * gain if k1 / n1 > k2 / n2 else -2 * gain


def single_source(ground: Ground, close: float) -> dict[int, float]:
    """Return the best gain of each key as the only source over all days (like Kaufman and others, 2014)."""
    times = times_of(ground)
    waiting = Waiting.of(START_LAG, USUAL_DELAYS)
    field = Field(ground, times, waiting, reported_by(START_LAG, USUAL_DELAYS), close)
    flat = np.full(
        len(ground.victims), len(ground.victims) / max(1.0, float(ground.cell_orders.sum())) / BINS_A_DAY
    )
    gains: Floats = field.bin_gains(flat).sum(axis=2).max(axis=0)
    return {key: float(gains[key]) for key in _keys(ground)}


def guilt(ground: Ground, _close: float) -> dict[int, float]:
    """Return the guilt of each key (Papadimitriou and Garcia-Molina, 2011), half of all data guessed."""
    keys = _keys(ground)
    holders = np.zeros(len(ground.victims))
    for key in keys:
        holders[_victims(ground, key)] += 1
    return {
        key: float(-np.log1p(-(1 - _GUESS) / np.maximum(1.0, holders[_victims(ground, key)])).sum())
        for key in keys
    }


def alternating_blame(ground: Ground, _close: float) -> dict[int, float]:
    """Return the blame of each key after alternating victims and sources (like BreachRadar, 2017)."""
    keys = _keys(ground)
    met = np.zeros((len(keys), len(ground.victims)))
    for at, key in enumerate(keys):
        met[at, _victims(ground, key)] = 1.0
    looks = np.maximum(_FEWEST_LOOKS, ground.exposure[keys].sum(axis=1)) if keys else np.zeros(0)
    blame = np.ones(len(keys))
    for _ in range(_ROUNDS):
        shares = met * blame[:, None]
        shares /= np.maximum(1e-12, shares.sum(axis=0))
        blame = shares.sum(axis=1) / looks
    return dict(zip(keys, blame.tolist(), strict=True))


BASELINES: Final[Sequence[tuple[str, Score]]] = (
    ("count", count),
    ("rate", rate),
    ("log-likelihood ratio", likelihood_ratio),
    ("single source", single_source),
    ("guilt model", guilt),
    ("alternating blame", alternating_blame),
)
