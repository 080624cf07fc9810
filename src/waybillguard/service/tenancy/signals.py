"""Signals for every warehouse, open to all applications."""

from datetime import datetime

from django.dispatch import Signal

from waybillguard.service.platform.hooks import Question

round_made = Signal()
"""Sent every hour within a tenant's scope; ``tenant``, ``now`` and ``believed`` (aware, in the tenant's zone).

Use ``believed`` (`believed_now`) to delete by age.
"""

believed_now: Question[[datetime], datetime] = Question(
    "how late it is for certain, given what the clock says"
)
"""The trusted time for deleting by age: a clock that jumped ahead deletes nothing."""
