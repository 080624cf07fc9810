"""What happens to every warehouse, for any application to listen to."""

from datetime import datetime

from django.dispatch import Signal

from waybillguard.service.platform.hooks import Question

round_made = Signal()
"""Sent every hour within a tenant's scope; ``tenant``, ``now`` and ``believed`` (aware, in the tenant's zone).

``believed`` is `believed_now`: whoever deletes what is old goes by it.
"""

believed_now: Question[[datetime], datetime] = Question(
    "how late it is for certain, given what the clock says"
)
"""What is deleted because of its age is measured against this: a clock that jumped ahead deletes nothing."""
