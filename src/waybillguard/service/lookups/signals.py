"""What other apps may listen to about quotas."""

from django.dispatch import Signal

quota_frozen = Signal()
"""Sent inside the transaction that freezes somebody's quota; ``user``."""

guard_answered = Signal()
"""Sent after the guard refused something or met a decoy; ``user``, ``rule``, ``at``. Receivers must not raise."""
