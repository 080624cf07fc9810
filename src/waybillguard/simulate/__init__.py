"""A simulated warehouse with known thefts, for the demo, the tests and the benchmark.

Not built yet beyond the demo orders; its promise: every person in it is invented.
"""
