"""Signals of quotas and the guard."""

from django.dispatch import Signal

quota_frozen = Signal()
"""Sent with ``user``, inside the transaction that freezes the quota."""

guard_answered = Signal()
"""Sent with ``user``, ``rule``, ``at`` after the guard refused a request or met a decoy. Receivers must not raise."""
