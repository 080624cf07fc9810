"""Compatibility mode: which ERPs may send consignees in the clear (the gap of lane C), and how many they sent."""

from datetime import datetime
from typing import Final

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.devices.errors import (
    compatibility_device,
    compatibility_off,
    compatibility_refused,
    compatibility_unfit,
    not_in_this_state,
)
from waybillguard.service.identity.models import Device, User
from waybillguard.service.keyd.intake import IntakeKey, IntakePublic
from waybillguard.service.print_room.models import Arrival, CompatibilityMode
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

STATION: Final = "station"
"""The host class on which the mode is never allowed (``protocol.HostClass``)."""
DAYS_SHOWN: Final = 30


class GapDay(msgspec.Struct, frozen=True):
    """What one ERP sent in the clear on one day: orders sealed and documents refused.

    ``day`` counts from 1970-01-01 in the tenant's zone.
    """

    erp: str
    day: int
    sealed: int
    refused: int


class PlaintextGap(msgspec.Struct, frozen=True):
    """The gap of lane C through compatibility mode, as an inspection reports it.

    ``modes`` is the number of ERPs that may send consignees now; ``days`` has one row per ERP and day, newest
    first.
    """

    modes: int
    sealed: int
    refused: int
    days: list[GapDay]


def is_eligible(device: Device) -> bool:
    """Return whether a device is an agent that signs, on a known host that is no print station."""
    return device.signing_key is not None and device.host_class not in {"", STATION}


def eligible_devices(tenant: Tenant) -> QuerySet[Device]:
    """Return the devices for which the mode can be turned on."""
    found = Device.objects.filter(tenant=tenant, state=Device.State.ACTIVE, signing_key__isnull=False)
    return found.exclude(host_class__in=["", STATION])


def turn_on(owner: User, device: Device, erp: str, now: datetime) -> CompatibilityMode:
    """Let an ERP of a station send consignees. The change is in the ledger before it takes effect.

    Raises:
        DeviceError (compatibility_refused): the device is a print station, no agent on a known kind of host, or cut off.
        DeviceError (not_now): already on.
        KeydError: the ledger cannot be written; nothing was turned on.
    """
    if device.host_class == STATION:
        raise compatibility_refused()
    if not is_eligible(device):
        raise compatibility_unfit()
    if device.state != Device.State.ACTIVE:
        raise compatibility_device()
    tenant = tenant_of(owner)
    if mode_of(device, erp) is not None:
        raise not_in_this_state()
    # The ledger has answered before the row is locked.
    kept = note(tenant, "compatibility_on", actor=owner, now=now, device=device.uid, erp=erp)
    try:
        with transaction.atomic():
            return CompatibilityMode.objects.create(
                tenant=tenant, device=device, erp=erp, on_by=owner, on_at=kept.at
            )
    except IntegrityError:
        raise not_in_this_state() from None


def turn_off(owner: User, mode: CompatibilityMode, now: datetime) -> None:
    """Turn the mode off at once; the ledger entry follows.

    Raises:
        DeviceError (not_now): already off.
    """
    with transaction.atomic():
        changed = CompatibilityMode.objects.filter(pk=mode.pk, tenant=mode.tenant, off_at=None).update(
            off_at=now, off_by=owner
        )
        if not changed:
            raise not_in_this_state()
        note(mode.tenant, "compatibility_off", actor=owner, now=now, device=mode.device.uid, erp=mode.erp)


def mode_of(device: Device, erp: str) -> CompatibilityMode | None:
    """Return the mode that is on for an ERP of a device, if any."""
    if not is_eligible(device):
        return None
    found = CompatibilityMode.objects.filter(tenant=device.tenant, device=device, erp=erp, off_at=None)
    return found.select_related("on_by").first()


def key_for(device: Device, erp: str) -> bytes:
    """Return keyd's public key for this tenant.

    Raises:
        DeviceError (compatibility_off): no owner turned the mode on for this ERP.
    """
    if mode_of(device, erp) is None:
        raise compatibility_off()
    return keyd().call(IntakeKey(tenant=device.tenant.slug), IntakePublic).key


def plaintext_gap(tenant: Tenant, today: int, days: int = DAYS_SHOWN) -> PlaintextGap:
    """Return what arrived in the clear in the last days, by ERP and day."""
    rows = (
        Arrival.objects.filter(tenant=tenant, day__gt=today - days)
        .values("erp", "day")
        .annotate(sealed=Count("pk", filter=Q(reason="")), refused=Count("pk", filter=~Q(reason="")))
        .order_by("-day", "erp")
    )
    found = [GapDay(row["erp"], row["day"], row["sealed"], row["refused"]) for row in rows]
    return PlaintextGap(
        modes=CompatibilityMode.objects.filter(tenant=tenant, off_at=None).count(),
        sealed=sum(row.sealed for row in found),
        refused=sum(row.refused for row in found),
        days=found,
    )
