"""The outbox of access events, its export batches, and counts for the pages.

Times of events are whole microseconds since 1970-01-01 UTC: the same number in both databases and in Parquet.
Events refer to people and stations by name, not by foreign key.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.tenancy.models import Tenant


class ExportBatch(models.Model):
    """Events that go into one Parquet part together; its rows are fixed here before it is written.

    The part's name comes from the first event, so writing a batch again replaces the same file.
    """

    class State(models.TextChoices):
        """Fixed, then written; the transaction that marks it written also adds the counts."""

        FIXED = "fixed"
        WRITTEN = "written"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    day = models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")
    part = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.FIXED)
    fixed_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ExportBatch"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "day"], name="export_fixed", condition=models.Q(state="fixed")),
            models.Index(fields=["state", "written_at"], name="export_written"),
        ]


class OutboxEvent(models.Model):
    """One access event (contracts: access events), inserted with its decision; empty text means none."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(ExportBatch, on_delete=models.PROTECT, null=True, db_index=False)
    ts = models.BigIntegerField(help_text="microseconds since 1970-01-01 UTC")
    day = models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")
    account = models.CharField(max_length=80, blank=True)
    workstation = models.CharField(max_length=60, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    session = models.CharField(max_length=16, blank=True)
    action = models.CharField(max_length=12)
    order_id = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    exposed = models.BooleanField()
    allowed = models.BooleanField()
    person = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=60, blank=True)
    explained_by = models.CharField(max_length=16, blank=True)
    explained_ref = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=20, blank=True)
    order_created_at = models.BigIntegerField(null=True)
    decoy = models.BooleanField(null=True)
    person_token = models.CharField(max_length=32, blank=True)

    objects: ClassVar[models.Manager["OutboxEvent"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "day", "id"], name="outbox_waiting", condition=models.Q(batch=None)
            ),
            models.Index(fields=["batch"], name="outbox_batch", condition=models.Q(batch__isnull=False)),
        ]


class Actor(models.Model):
    """Name of a counted account or station: URLs of pages contain its key, never the name."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    who = models.CharField(max_length=8, help_text="account or station")
    name = models.CharField(max_length=80)

    objects: ClassVar[models.Manager["Actor"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "who", "name"], name="actor_once")]


class DayCount(models.Model):
    """Events per day of one account or station by action, or of all (``who`` = "all"); added when exported.

    ``log`` is 0 for our own events, else the key of the foreign log, so that undoing an import removes its counts.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    who = models.CharField(max_length=8, help_text="all, account or station")
    name = models.CharField(max_length=80, blank=True)
    day = models.IntegerField()
    action = models.CharField(max_length=12)
    log = models.BigIntegerField(default=0)
    n = models.PositiveIntegerField()
    exposed = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["DayCount"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "who", "day", "name", "action", "log"], name="day_count_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "who", "name", "day"], name="day_count_name"),
            models.Index(fields=["log"], name="day_count_log", condition=models.Q(log__gt=0)),
        ]


class HourCount(models.Model):
    """Events per hour of a day, for the heat map: of one account, of one station, or of all."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    who = models.CharField(max_length=8)
    name = models.CharField(max_length=80, blank=True)
    day = models.IntegerField()
    hour = models.PositiveSmallIntegerField()
    log = models.BigIntegerField(default=0)
    n = models.PositiveIntegerField()
    exposed = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["HourCount"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "who", "name", "day", "hour", "log"], name="hour_count_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["log"], name="hour_count_log", condition=models.Q(log__gt=0))
        ]


class BaseCount(models.Model):
    """Looks of an account and station at a goods class on a day: the base rate for a trace."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    account = models.CharField(max_length=80, blank=True)
    workstation = models.CharField(max_length=60, blank=True)
    day = models.IntegerField()
    category = models.CharField(max_length=20, blank=True)
    log = models.BigIntegerField(default=0)
    n = models.PositiveIntegerField(help_text="events that name an order")
    exposed = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["BaseCount"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "day", "account", "workstation", "category", "log"], name="base_count_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["log"], name="base_count_log", condition=models.Q(log__gt=0))
        ]
