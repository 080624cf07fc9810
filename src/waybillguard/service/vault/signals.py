"""Signals of the vault for other parts of the service."""

from django.dispatch import Signal

person_searched = Signal()
"""Before searches for people: ``user``, ``amount`` of searches. A receiver may refuse (`SearchError`)."""

search_answered = Signal()
"""After a search, before its answer is returned: ``user``, and ``missed``, the searches that found nobody."""

orders_shredded = Signal()
"""Orders of ``tenant`` were shredded; sent in its scope, and again if an act is repeated after a restore."""

undo_asked = Signal()
"""Before an import is removed: ``batch``. A receiver may refuse (`NotNowError`)."""

rows_leaving = Signal()
"""Before the orders of ``batch`` are deleted without Django's cascade: receivers delete what refers to them."""

retention_applied = Signal()
"""Once a day, after the rules of every tenant were applied: ``now``. No scope is open."""
