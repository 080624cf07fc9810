"""Signal receivers of looks and calls."""

from typing import Any

from django.dispatch import receiver

from waybillguard.service.lookups.models import Call, Look
from waybillguard.service.vault.models import Batch
from waybillguard.service.vault.signals import rows_leaving


@receiver(rows_leaving)
def let_orders_go(batch: Batch, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Detach looks and calls from the orders of an undone import, so that their records are kept."""
    Look.objects.filter(order__batch=batch).update(order=None)
    Call.objects.filter(order__batch=batch).update(order=None)
