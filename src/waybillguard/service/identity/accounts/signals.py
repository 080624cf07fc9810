"""What other apps may listen to about people. The people app itself knows none of them."""

from django.dispatch import Signal

access_ended = Signal()
"""Sent inside the transaction that ends or suspends an account; ``user``, ``for_good``.

Whoever sleeps comes back: what is his stays and lets nobody in while the account is closed. Device and machine keys and
badges end for good with the employment alone.
"""

person_left = Signal()
"""Sent inside the transaction in which somebody is let go; ``employment``, ``last_day``, ``actor``."""
