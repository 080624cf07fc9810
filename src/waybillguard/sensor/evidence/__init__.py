"""Readers of evidence: event logs, registry hives, prefetch, tasks and logs, from a folder or a zip.

Each reader takes bytes or a stream and yields observations. Nothing is executed and nothing is written; what
is damaged is said as a loss beside what could still be read.
"""
