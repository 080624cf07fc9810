"""The outbox of access events, what was exported of it, counts for the pages, and logs of other systems.

Times of events are whole microseconds since 1970-01-01 UTC: the same number in both databases and in Parquet.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.identity.models import User


class ExportBatch(models.Model):
    """Events that go into one Parquet part together; its boundaries are fixed here before it is written.

    The part's name comes from the first event, so a batch written again, by whomever, replaces itself.
    """

    class State(models.TextChoices):
        """Fixed, then written: the counts are added in the transaction that says so."""

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
    """One access event (contracts: Access events), written with the decision it is of; empty text is none."""

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


class ForeignLog(models.Model):
    """One operation log of another system: uploaded, mapped by a person, read into the table, or taken out."""

    class State(models.TextChoices):
        """Life of a log; its events are in the table in ``done`` alone."""

        MAPPING = "mapping"
        WAITING = "waiting"
        READING = "reading"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"
        DISCARDED = "discarded"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    file_sha256 = models.BinaryField(max_length=32)
    bytes_total = models.BigIntegerField(default=0)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=512, default=bytes)
    mapping = models.JSONField(default=dict, help_text="the mapping as confirmed (events: LogMapping)")
    rows = models.IntegerField(default=0)
    events = models.IntegerField(default=0)
    known = models.IntegerField(default=0, help_text="events that an earlier log already brought")
    refused = models.IntegerField(default=0)
    ignored = models.IntegerField(default=0, help_text="rows of operations that show nothing")
    days = models.JSONField(default=list, help_text="day numbers that hold a part of this log")
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ForeignLog"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="log_tenant_state")]


class ForeignMapping(models.Model):
    """What a person confirmed for a source the last time: suggested again for its next log."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    source_key = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["ForeignMapping"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source_key"], name="foreign_mapping_once")
        ]


class RefusedLine(models.Model):
    """A row of a log that was not taken: where it stands and why, nothing of what it says."""

    log = models.ForeignKey(ForeignLog, on_delete=models.CASCADE, related_name="refused_lines")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.IntegerField()
    reason = models.CharField(max_length=40)
    field = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager["RefusedLine"]] = ScopedManager(tenant="tenant")


class Actor(models.Model):
    """The name of an account or station that was counted: addresses of pages hold its key, never the name."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    who = models.CharField(max_length=8, help_text="account or station")
    name = models.CharField(max_length=80)

    objects: ClassVar[models.Manager["Actor"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "who", "name"], name="actor_once")]


class DayCount(models.Model):
    """Events a day of one account or station by action, or of all (``who`` = "all"); added when exported.

    ``log`` is 0 for our own events, else the key of the foreign log, so that undoing it takes its counts along.
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
    """Events an hour of a day, for the heat map: of one account, of one station, or of all."""

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
    """Looks of an account and station at a class of goods on a day: the base rate a trace compares with."""

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


class PlatformShop(models.Model):
    """A shop whose platform gets the log of who saw its orders; a stopped one stays as a record."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    platform = models.CharField(max_length=20)
    shop = models.CharField(max_length=80, help_text="as the orders name it")
    app_key = models.CharField(max_length=80, blank=True)
    app_name = models.CharField(max_length=80, blank=True)
    seller = models.CharField(max_length=120, help_text="how the platform names the merchant")
    url = models.CharField(max_length=200, blank=True)
    sent_to = models.CharField(max_length=200, blank=True, help_text="where orders are handed on to")
    codes = models.JSONField(default=dict, help_text="the platform's codes by our action, where unpublished")
    gateway = models.CharField(max_length=40, default="file")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.BigIntegerField(help_text="events from here on are told (microseconds, UTC)")
    stopped_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PlatformShop"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "platform", "shop"], name="platform_shop_once",
                condition=models.Q(stopped_at=None),
            )
        ]  # fmt: skip


class PlatformTake(models.Model):
    """A part of the table of events that was gone through for a shop: once, whoever does it, whoever is killed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    shop = models.ForeignKey(PlatformShop, on_delete=models.PROTECT, db_index=False)
    part = models.CharField(max_length=40)
    taken_at = models.DateTimeField(default=timezone.now)
    left = models.JSONField(default=dict, help_text="events that could not be told, by reason")

    objects: ClassVar[models.Manager["PlatformTake"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "part"], name="platform_take_once"),
        ]


class PlatformHandover(models.Model):
    """Records that go to a platform together, under one name. Bodies hold order numbers and go once handed over."""

    class State(models.TextChoices):
        """Waiting until the platform takes it; refused until a person tries again."""

        WAITING = "waiting"
        HANDED = "handed"
        REFUSED = "refused"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    shop = models.ForeignKey(PlatformShop, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    records = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    first = models.BigIntegerField(help_text="time of the first event, microseconds UTC")
    last = models.BigIntegerField()
    bodies = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(default=timezone.now)
    handed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PlatformHandover"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name"], name="platform_handover_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "-id"], name="handover_shop"),
            models.Index(fields=["tenant", "not_before"], name="handover_due", condition=models.Q(state="waiting")),
        ]  # fmt: skip
