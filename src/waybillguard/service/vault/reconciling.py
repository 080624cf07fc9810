"""Rows that keyd sealed, held against rows that imports read.

Every sealed row gives keyed tokens of its phone, which find it in the database. Who seals phones for their tokens leaves
no import behind, so the ledger knows more rows than the imports do. A thief who also invents imports is not seen here;
what he can seal is bounded by keyd's own limit (`keyd.limits`).
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Sum

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch

WINDOW: Final = timedelta(hours=48)
"""Imports so far back are counted; sealed rows of 24 hours: one batch of arrivals lasts a day."""
SLACK_ROWS: Final = 5_000
"""Rows that are sealed and not yet counted while an import runs, or sealed again after a crash."""
SLACK_SHARE: Final = 0.05


def sealed_surplus(tenant: Tenant, now: datetime) -> int:
    """Return how many rows were sealed beyond what imports read; 0: no more than imports explain.

    Raises:
        KeydError: keyd does not answer.
    """
    client = KeydClient(settings.CONFIG.keyd_socket, patience=0.0)  # asked again within the hour
    sealed = client.call(messages.SealedRows(tenant.slug), messages.SealedRowsAnswer).rows
    client.close()
    batches = Batch.objects.filter(tenant=tenant, created_at__gte=now - WINDOW)
    read: int = batches.aggregate(rows=Sum("rows_read"))["rows"] or 0
    surplus = sealed - read
    return surplus if surplus > SLACK_ROWS + SLACK_SHARE * read else 0
