"""Compares the rows keyd sealed with the rows imports read.

Every sealed row yields keyed tokens of its phone, which find it in the database. Sealing phones only for their tokens
leaves no import, so the ledger counts more rows than the imports. A thief who also invents imports is not detected
here; keyd's own limit bounds how much he can seal (`keyd.limits`).
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
"""Imports are counted over this period, sealed rows over 24 hours: a batch of arrivals spans one day."""
SLACK_ROWS: Final = 5_000
"""Tolerance for rows sealed but not yet counted by a running import, or sealed again after a crash."""
SLACK_SHARE: Final = 0.05


def sealed_surplus(tenant: Tenant, now: datetime) -> int:
    """Return how many rows were sealed beyond those that imports read; 0 if imports explain all.

    Raises:
        KeydError: keyd does not answer.
    """
    client = KeydClient(settings.CONFIG.keyd_socket, patience=0.0)  # repeated within the hour
    sealed = client.call(messages.SealedRows(tenant.slug), messages.SealedRowsAnswer).rows
    client.close()
    batches = Batch.objects.filter(tenant=tenant, created_at__gte=now - WINDOW)
    read: int = batches.aggregate(rows=Sum("rows_read"))["rows"] or 0
    surplus = sealed - read
    return surplus if surplus > SLACK_ROWS + SLACK_SHARE * read else 0
