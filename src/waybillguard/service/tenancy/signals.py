"""What happens to every warehouse, for any application to listen to."""

from django.dispatch import Signal

round_made = Signal()
"""Sent every hour within a tenant's scope; ``tenant``, ``now`` (aware, in the tenant's zone)."""
