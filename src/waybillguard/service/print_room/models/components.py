"""Models of print components (shims): tasks, the station's print record, compatibility mode, arrived orders."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import Device, User
from waybillguard.service.tenancy.models import Tenant


class ShimTask(models.Model):
    """An ERP task that was accepted for printing. A repeated task gets the same answer and prints nothing."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=timezone.now, db_index=True)
    documents = models.JSONField(default=list, help_text="document number, ticket or refusal")
    fingerprint = models.BinaryField(
        db_default=b"",
        max_length=32,
        default=bytes,
        help_text="SHA-256 of what was asked for; empty: from before it was kept",
    )

    objects: ClassVar[models.Manager["ShimTask"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "key"], name="shim_task_once")]


class StationNote(models.Model):
    """A station's print record of lane A (number, time, station; never a contact), and what its shim refused."""

    class Kind(models.TextChoices):
        """Kind of note."""

        REFUSED = "refused", _("Refused")
        PASSED_ON = "passed_on", _("Printed by the platform's component")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    station = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    code = models.CharField(max_length=80, blank=True)
    erp = models.CharField(max_length=80, blank=True)
    document = models.CharField(max_length=128, blank=True)
    printer = models.CharField(max_length=80, blank=True)
    number = models.BinaryField(
        max_length=16, null=True, help_text="the station's own; told twice, kept once"
    )

    objects: ClassVar[models.Manager["StationNote"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "number"], name="station_note_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-at"])]


class CompatibilityMode(models.Model):
    """Permission for one ERP of one station to send consignees, which are sealed at once and counted as a gap."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="modes")
    erp = models.CharField(max_length=80, help_text="the name of its pairing at the station")
    on_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on_at = models.DateTimeField(default=timezone.now)
    off_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    off_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["CompatibilityMode"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "erp"], condition=models.Q(off_at=None), name="compatibility_once"
            )
        ]


class Arrival(models.Model):
    """One document that arrived with a consignee: sealed (``order_uid``) or refused (``reason``)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    erp = models.CharField(max_length=80)
    key = models.CharField(max_length=64, help_text="of the print task")
    document = models.CharField(max_length=128)
    order_uid = models.BinaryField(max_length=16, default=bytes)
    batch_id = models.BigIntegerField(null=True, help_text="the import that took it in")
    reason = models.CharField(max_length=40, blank=True)
    day = models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Arrival"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "key", "document"], name="arrival_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-day", "erp"], name="arrival_by_day")]
