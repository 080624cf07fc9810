"""Readers of evidence: event logs, registry hives, prefetch, tasks and logs, from a folder or a zip.

Each reader takes bytes or a stream and yields observations. Nothing is executed and nothing is written. Damage is
reported as a loss; everything else is still read.
"""
