"""What other apps may listen to about people. The people app itself knows none of them."""

from django.dispatch import Signal

access_ended = Signal()
"""Sent inside the transaction that ends or suspends an account; ``user``. Device keys end here."""

person_left = Signal()
"""Sent inside the transaction in which somebody is let go; ``employment``, ``last_day``, ``actor``."""

round_made = Signal()
"""Sent every hour within a tenant's scope; ``tenant``, ``now`` (aware, in the tenant's zone)."""
