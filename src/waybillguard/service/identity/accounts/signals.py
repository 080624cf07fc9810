"""Signals about people for other applications to receive."""

from django.dispatch import Signal

access_ended = Signal()
"""Sent inside the transaction that ends or suspends an account; arguments ``user``, ``for_good``.

A suspended account keeps its device keys, machine keys and badges, which do not work meanwhile. They end for good
only with the employment (``for_good``).
"""

person_left = Signal()
"""Sent inside the transaction that ends an employment; arguments ``employment``, ``last_day``, ``actor``."""
