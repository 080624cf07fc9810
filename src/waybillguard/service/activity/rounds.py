"""Periodic work of activity: export events to Parquet, report to platforms and SIEMs, merge files of past days."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import close_old_connections
from django.utils import timezone
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.service.activity.platforms import hand_over_due
from waybillguard.service.activity.siem import send_due
from waybillguard.service.audit.export import export_due
from waybillguard.service.audit.store import event_store
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

PAUSE_S: Final = 15.0
DAYS_MERGED: Final = 40
"""Number of past days whose files are merged. Events that arrive later stay in separate files."""


def export_forever(pause: threading.Event | None = None) -> None:
    """Export due events every 15 seconds until the process ends. Failures are retried."""
    _forever(export_due, pause)


def hand_over_forever(pause: threading.Event | None = None) -> None:
    """Hand over to platforms every 15 seconds, in a separate thread so that a slow gateway blocks nothing else."""
    _forever(hand_over_due, pause)


def send_forever(pause: threading.Event | None = None) -> None:
    """Send events to SIEMs every 15 seconds, in a separate thread so that a hanging collector blocks nothing else."""
    _forever(send_due, pause)


def _forever(step: Callable[[datetime], int], pause: threading.Event | None) -> None:
    pause = pause or threading.Event()
    while True:
        try:
            step(timezone.now())
        except Exception as error:  # noqa: BLE001 - a locked database must not end the rounds; the type alone is logged
            logger.error("a round of events failed: %s", type(error).__name__)  # noqa: TRY400 - no traceback: it may hold values
        finally:
            close_old_connections()
        if pause.wait(PAUSE_S):
            return


def merge_days(tenant: Tenant, now: datetime) -> int:
    """Merge the parts of each past day into one file; return how many files were merged."""
    store = event_store(tenant)
    today = day_number(now, tenant)
    merged = 0
    with scope(tenant=tenant):
        for day in store.days(tenant.slug):
            if not today - DAYS_MERGED <= day < today:
                continue
            try:
                merged += store.compact(tenant.slug, day)
            except (WaybillGuardError, OSError) as error:
                logger.warning("a day of events is not merged: %s", type(error).__name__)
    return merged
