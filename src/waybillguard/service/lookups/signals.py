"""What other apps may listen to about quotas."""

from django.dispatch import Signal

quota_frozen = Signal()
"""Sent inside the transaction that freezes somebody's quota; ``user``."""
