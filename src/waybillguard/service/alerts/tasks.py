"""Periodic work of alerts: run detection on new events, deliver due messages."""

import logging
import threading
from datetime import datetime
from typing import Final

from django.db import close_old_connections
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.alerts.drill import drill_due
from waybillguard.service.alerts.messages import deliver_due
from waybillguard.service.alerts.services import due, mark_up_to_date, run
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

PAUSE_S: Final = 60.0


def watch_due(now: datetime) -> int:
    """Run detection in every warehouse with new events; return the number of new alerts."""
    fresh = 0
    for tenant in Tenant.objects.order_by("pk"):
        with scope(tenant=tenant):
            if due(tenant):
                fresh += len(run(tenant, now))
            else:
                mark_up_to_date(tenant, now)
    return fresh


def watch_forever(pause: threading.Event | None = None) -> None:
    """Detect and deliver once a minute until the process ends. Failures are retried."""
    pause = pause or threading.Event()
    while not pause.wait(PAUSE_S):
        for step in (watch_due, drill_due, deliver_due):
            try:
                step(timezone.now())
            except Exception as error:  # noqa: BLE001 - retried in the next round; only the type is logged
                logger.error("a round of alerts failed: %s", type(error).__name__)  # noqa: TRY400 - may hold values
        close_old_connections()
