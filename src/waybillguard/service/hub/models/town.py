"""Models of a hub: its town, the warehouses with their reports, ledgers and alarms, and notices."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import Device, User
from waybillguard.service.tenancy.models import Tenant


class Town(models.Model):
    """The town of a hub: a tenant with a town is a hub. ``silent_hours`` without a report raise an alarm."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    silent_hours = models.PositiveSmallIntegerField(default=6)
    period_days = models.PositiveSmallIntegerField(
        default=90, help_text="the same item of a warehouse is inspected once in so many days"
    )
    opened_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Town"]] = ScopedManager(tenant="tenant")


class Seat(models.Model):
    """The authority that a person represents (an actor of ``inspect/data/cases/actors.yaml``)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="seat")
    authority = models.CharField(max_length=20)

    objects: ClassVar[models.Manager["Seat"]] = ScopedManager(tenant="tenant")


class Warehouse(models.Model):
    """A warehouse of the town. ``device`` signs its reports; the table shows ``summary``."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=60)
    district = models.CharField(max_length=30)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    sequence = models.BigIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)
    posture = models.JSONField(default=list, help_text="[control, status] of the last report")
    posture_sha256 = models.CharField(max_length=64, blank=True)
    shard = models.IntegerField(default=0)
    ledger_size = models.BigIntegerField(default=0)
    ledger_root = models.CharField(max_length=64, blank=True)
    proved_at = models.DateTimeField(null=True, help_text="when the ledger last proved that it only grew")
    summary = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Warehouse"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name"], name="warehouse_name_once")
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Witnessed(models.Model):
    """The newest checkpoint of a ledger that this hub cosigned. ``forked``: a received checkpoint that contradicts it.

    One row per origin: the hub never cosigns two contradicting checkpoints of one ledger.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="witnessed")
    origin = models.CharField(max_length=100)
    key = models.BinaryField(max_length=32, help_text="the log's Ed25519 key, as first seen")
    size = models.BigIntegerField()
    note = models.TextField(help_text="signed by the log and this hub")
    signed_at = models.DateTimeField()
    forked = models.TextField(blank=True, help_text="signed by the log; not by this hub")
    forked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Witnessed"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "origin"], name="witnessed_origin_once")
        ]


class MonthEnd(models.Model):
    """A warehouse's summary at the end of a month, to compare later months with."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text="its first day")
    summary = models.JSONField()

    objects: ClassVar[models.Manager["MonthEnd"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "month", "warehouse"], name="month_end_once")
        ]


class TownAlarm(models.Model):
    """An alarm about a warehouse, to be handled at the hub; ``mark`` prevents duplicates."""

    class Kind(models.TextChoices):
        """What the alarm is about."""

        SILENT = "silent", _("Reports no more")
        SEQUENCE = "sequence", _("Report replayed, or key copied")
        LEDGER = "ledger", _("Ledger went back or was rewritten")
        HIDDEN = "hidden", _("Ledger not shown, or growth not proved")
        THEFT = "theft", _("Theft that may be in progress")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=10, choices=Kind)
    mark = models.CharField(max_length=100)
    raised_at = models.DateTimeField()
    rule = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=10, default="high")
    records = models.IntegerField(default=0)
    account = models.CharField(max_length=16, blank=True, help_text="pseudonym")
    ended_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["TownAlarm"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "mark"], name="town_alarm_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-raised_at"], name="town_alarm_newest")]


class Notice(models.Model):
    """A warning, or a call to training, sent to the town's warehouses; each reports when it was read."""

    class Kind(models.TextChoices):
        """What the notice asks for."""

        WARNING = "warning", _("Warning")
        TRAINING = "training", _("Training")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=2000)
    authority = models.CharField(max_length=20)
    district = models.CharField(max_length=30, blank=True, help_text="empty: the whole town")
    due = models.DateField(null=True)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Notice"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="town_notice_newest")]


class NoticeTo(models.Model):
    """One warehouse's copy of a notice, with the times it was fetched and read."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="copies")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="notices")
    fetched_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["NoticeTo"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "warehouse"], name="town_notice_once")
        ]
