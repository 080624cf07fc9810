"""Limit how often a PIN may be tried at a station; each try is counted in the database before the PIN is checked.

After every fifth wrong PIN at one station a badge is locked there, each time for longer. Its owner can still use
other stations and every other way to sign in. A station with many wrong tries, of any badges, accepts one try every
half minute; it is never closed.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from waybillguard.service.identity.models import Badge, Device, Tries
from waybillguard.service.people.badges.errors import station_waits

FREE_TRIES: Final = 5
WAITS: Final = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
"""How long a badge is locked at a station after the fifth, tenth, fifteenth and every further fifth wrong PIN."""

STATION_FREE: Final = 20
STATION_WINDOW: Final = timedelta(minutes=30)
STATION_STEP: Final = timedelta(seconds=30)


def count_try(device: Device, badge: Badge | None, now: datetime) -> bool:
    """Count one try at a station and of a badge there. False means that the badge is locked and the PIN is not checked.

    Raises:
        BadgeError: many tries were wrong here, and the last one was a moment ago; nothing was counted.
    """
    with transaction.atomic():
        _charge_station(_locked(device, None), now)
        return badge is not None and _charge_badge(_locked(device, badge), now)


def clear_tries(device: Device, badge: Badge) -> None:
    """Undo the counts after a right PIN: all of the badge at this station, and one try of the station."""
    Tries.objects.filter(device=device, badge=badge).update(failures=0, waits_until=None)
    Tries.objects.filter(device=device, badge=None, failures__gt=0).update(failures=F("failures") - 1)


def _charge_station(row: Tries, now: datetime) -> None:
    if now - row.since > STATION_WINDOW:
        row.failures, row.since = 0, now
    hot = row.failures >= STATION_FREE
    if hot and row.last_at is not None and now - row.last_at < STATION_STEP:
        raise station_waits(STATION_STEP.seconds)
    row.failures, row.last_at = row.failures + 1, now
    row.save(update_fields=["failures", "since", "last_at"])


def _charge_badge(row: Tries, now: datetime) -> bool:
    if row.waits_until is not None and row.waits_until > now:
        return False
    row.failures, row.last_at = row.failures + 1, now
    if row.failures % FREE_TRIES == 0:
        row.waits_until = now + WAITS[min(row.failures // FREE_TRIES, len(WAITS)) - 1]
    row.save(update_fields=["failures", "last_at", "waits_until"])
    return True


def _locked(device: Device, badge: Badge | None) -> Tries:
    rows = Tries.objects.select_for_update().filter(device=device, badge=badge)
    found = rows.first()
    if found is None:
        Tries.objects.bulk_create(
            [Tries(tenant_id=device.tenant_id, device=device, badge=badge)], ignore_conflicts=True
        )
        found = rows.get()
    return found
