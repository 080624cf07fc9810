"""Random distributions of the first generator; every function takes its random generator as an argument."""

import numpy as np

from waybillguard.simulate.model import Array

Draw = np.random.Generator


def stream(seed: int, *path: int) -> Draw:
    """Return the independent random stream of one place in the world: (warehouse, day, purpose)."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=path)))


def spread(draw: Draw, count: int, shares: Array, width: int) -> Array:
    """Return ``count`` sorted offsets over windows of ``width``, distributed by ``shares``."""
    windows = np.repeat(np.arange(len(shares)), draw.multinomial(count, shares))
    offsets = windows * width + (draw.random(count) * width).astype(np.int64)
    offsets.sort()
    return offsets


def zipf_shares(count: int, power: float) -> Array:
    """Return shares that fall as a power of the rank."""
    shares = np.arange(1, count + 1, dtype=float) ** -power
    return np.asarray(shares / shares.sum())


def lognormal(draw: Draw, median: float, sigma: float, count: int) -> Array:
    """Return heavy-tailed values around a median."""
    return median * np.exp(draw.standard_normal(count) * sigma)


def overdispersed_count(draw: Draw, mean: float, shape: float) -> int:
    """Return a count with overdispersion from day to day (negative binomial)."""
    return int(draw.poisson(mean * draw.gamma(shape) / shape)) if mean > 0 else 0


def pareto_size(draw: Draw, power: float, most: int) -> int:
    """Return a size from 1 with a power-law tail."""
    return int(min(most, 1 + draw.pareto(power)))


def pick(draw: Draw, values: Array, count: int) -> Array:
    """Return values chosen with repetition; empty if ``values`` is empty."""
    if not len(values) or not count:
        return values[:0]
    return values[(draw.random(count) * len(values)).astype(np.int64)]


def some(draw: Draw, total: int, count: int) -> Array:
    """Return up to ``count`` different positions below ``total``, sorted."""
    if count >= total:
        return np.arange(total)
    return np.sort(draw.choice(total, size=count, replace=False, shuffle=False))
