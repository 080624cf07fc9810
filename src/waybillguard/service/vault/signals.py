"""What other parts of the service must hear of the vault."""

from django.dispatch import Signal

person_searched = Signal()
"""Somebody is about to look for persons: ``user``, ``amount`` of searches. A receiver may refuse (`SearchError`)."""

search_answered = Signal()
"""The answer is known, not given yet: ``user``, ``missed`` of the searches found nobody."""

orders_shredded = Signal()
"""Orders of ``tenant`` were shredded, in its scope; sent again when an act is repeated after a restore."""

undo_asked = Signal()
"""Somebody wants to take an import out: ``batch``. A receiver may refuse (`NotNowError`)."""

rows_leaving = Signal()
"""The orders of ``batch`` are about to be deleted past Django: what points at them must let go now."""

retention_applied = Signal()
"""Once a day, after the rules of every tenant were applied: ``now``. No scope is open."""
