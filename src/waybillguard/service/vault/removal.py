"""Deletes the rows of an import from the database."""

from django.db import transaction
from pyroaring import BitMap

from waybillguard.service.platform.database.bulk import CHUNK
from waybillguard.service.vault.epochs import month_of_day
from waybillguard.service.vault.fragments import remove_orders
from waybillguard.service.vault.models import Batch, GramChunk, Order, RefusedRow, Salt
from waybillguard.service.vault.signals import rows_leaving


def remove_rows(batch: Batch) -> None:
    """Delete salts, orders and refused rows of an import in chunks, with a short lock each.

    Receivers of `rows_leaving` delete dependent rows. An import with issued tickets is never removed.
    """
    rows_leaving.send(sender=Batch, batch=batch)  # the rows below are deleted without Django's cascade
    GramChunk.objects.filter(batch=batch).delete()
    merged = dict(Order.objects.filter(batch=batch).values_list("pk", "day"))
    if merged:
        months = {month_of_day(day) for day in set(merged.values())}
        remove_orders(batch.tenant, BitMap(merged), months, frozenset())
    for model in (Salt, Order, RefusedRow):
        while True:
            keys = list(model.objects.filter(batch=batch).values_list("pk", flat=True)[:CHUNK])
            if not keys:
                break
            with transaction.atomic():
                rows = model.objects.filter(pk__in=keys)  # type: ignore[misc]  # a key is a number or bytes
                rows._raw_delete("default")  # noqa: SLF001 - no cascades here
