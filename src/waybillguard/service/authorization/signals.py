"""Signals of authorization."""

from django.dispatch import Signal

limits_changed = Signal()
"""Sent with ``tenant`` and ``what`` when keyd's limits were set, proposed, loosened by one owner, or withdrawn."""
