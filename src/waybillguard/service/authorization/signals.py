"""What the rules tell others."""

from django.dispatch import Signal

limits_changed = Signal()
"""Sent when keyd's limits were set, proposed, loosened by a single owner, or taken back; ``tenant``, ``what``."""
