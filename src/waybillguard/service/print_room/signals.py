"""What other parts of the service must hear of labels."""

from django.dispatch import Signal

label_not_genuine = Signal()
"""A scanned label is not one this warehouse printed: ``user``, ``tenant``, ``order_ids``, ``why``."""
