"""Drawing from the laws that the first generator uses; every draw takes its generator as an argument."""

import numpy as np

from waybillguard.simulate.model import Array

Draw = np.random.Generator


def stream(seed: int, *path: int) -> Draw:
    """Return the random stream of one place in the world: (warehouse, day, purpose), independent of others."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=path)))


def spread(draw: Draw, count: int, shares: Array, width: int) -> Array:
    """Return ``count`` sorted offsets over windows of ``width`` with these shares."""
    windows = np.repeat(np.arange(len(shares)), draw.multinomial(count, shares))
    offsets = windows * width + (draw.random(count) * width).astype(np.int64)
    offsets.sort()
    return offsets


def zipf_shares(count: int, power: float) -> Array:
    """Return shares that fall with the rank's power."""
    shares = np.arange(1, count + 1, dtype=float) ** -power
    return np.asarray(shares / shares.sum())


def lognormal(draw: Draw, median: float, sigma: float, count: int) -> Array:
    """Return heavy-tailed values around a median."""
    return median * np.exp(draw.standard_normal(count) * sigma)


def bursty(draw: Draw, mean: float, shape: float) -> int:
    """Return a count whose mean itself varies from day to day (negative binomial)."""
    return int(draw.poisson(mean * draw.gamma(shape) / shape)) if mean > 0 else 0


def pareto_size(draw: Draw, power: float, most: int) -> int:
    """Return a size from 1 with a power-law tail."""
    return int(min(most, 1 + draw.pareto(power)))


def pick(draw: Draw, values: Array, count: int) -> Array:
    """Return values chosen with repetition, none from none."""
    if not len(values) or not count:
        return values[:0]
    return values[(draw.random(count) * len(values)).astype(np.int64)]


def some(draw: Draw, total: int, count: int) -> Array:
    """Return up to ``count`` different positions below ``total``, sorted."""
    if count >= total:
        return np.arange(total)
    return np.sort(draw.choice(total, size=count, replace=False, shuffle=False))
