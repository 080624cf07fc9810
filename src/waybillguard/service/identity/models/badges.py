"""Badges, wrong PINs at stations, sessions started by a badge, and work under shared accounts."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models.devices import Device
from waybillguard.service.identity.models.people import User
from waybillguard.service.tenancy.models import Tenant


class Badge(models.Model):
    """A badge of a person; at most one is valid. Only hashes of its code and PIN are stored."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="badges")
    code_hash = models.BinaryField(max_length=32, unique=True)
    pin = models.CharField(max_length=128, help_text="slow hash; until it is chosen, of the start number")
    pin_chosen_at = models.DateTimeField(null=True)
    start_until = models.DateTimeField(help_text="the start number counts until then")
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    last_used = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Badge"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at=None), name="badge_works_once"
            )
        ]

    def __repr__(self) -> str:
        """Return only the primary key."""
        return f"<Badge {self.pk}>"


class Tries(models.Model):
    """The count of wrong PINs of one badge at one station, or (``badge`` empty) of the whole station.

    Wrong PINs lock the badge only at this station, so nobody can lock a colleague out elsewhere.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    badge = models.ForeignKey(Badge, on_delete=models.CASCADE, null=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now, help_text="of the station: when this count began")
    last_at = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Tries"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "badge"], name="tries_once"),
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(badge=None), name="tries_station_once"
            ),
        ]


class StationSession(models.Model):
    """A session started by a badge at a station; a station has at most one."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    badge = models.ForeignKey(Badge, on_delete=models.CASCADE)
    session_key = models.CharField(max_length=40)
    began_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(help_text="the end of the shift, at the latest")
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["StationSession"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(ended_at=None), name="station_session_once"
            )
        ]


class SharedUse(models.Model):
    """A finding: on this day an unidentified person worked, or tried to, under a shared account."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    station = models.CharField(max_length=60)
    day = models.DateField()
    refused = models.BooleanField(help_text="no: it was a sale day, so it was let through")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    requests = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["SharedUse"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "day", "account", "station", "refused"], name="shared_use_once"
            )
        ]
