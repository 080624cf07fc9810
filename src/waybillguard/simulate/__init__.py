"""A simulated warehouse with known thefts, for the demo, the tests and the benchmark.

Built so far: the order exports of the demo. Promise: every person in it is invented.
"""

from waybillguard.simulate.exports import Export, demo_exports

__all__ = ["Export", "demo_exports"]
