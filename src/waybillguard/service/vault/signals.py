"""What other parts of the service must hear of the vault."""

from django.dispatch import Signal

person_searched = Signal()
"""Somebody is about to look for persons: ``user``, ``amount`` of searches. A receiver may refuse (`SearchError`)."""

search_answered = Signal()
"""The answer is known, not given yet: ``user``, ``missed`` of the searches found nobody."""

orders_shredded = Signal()
"""Orders of ``tenant`` were shredded, in its scope; sent again when an act is repeated after a restore."""
