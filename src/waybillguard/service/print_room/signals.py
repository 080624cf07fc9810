"""Signals about labels for other parts of the service."""

from django.dispatch import Signal

label_not_genuine = Signal()
"""Sent for a scanned label that this warehouse did not print: ``user``, ``tenant``, ``order_ids``, ``why``."""
