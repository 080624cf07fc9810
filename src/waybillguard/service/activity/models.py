"""Logs of other systems, hand-overs to platforms, and the SIEM target.

Times of events are whole microseconds since 1970-01-01 UTC: the same number in both databases and in Parquet.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


@spool_owner
class ForeignLog(models.Model):
    """One operation log of another system, from upload and mapping to import or undo."""

    class State(models.TextChoices):
        """State of a log. Its events are in the table only in ``done``."""

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
    """The mapping last confirmed for a source, suggested for its next log."""

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
    """A refused row of a log: position and reason, no content."""

    log = models.ForeignKey(ForeignLog, on_delete=models.CASCADE, related_name="refused_lines")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.IntegerField()
    reason = models.CharField(max_length=40)
    field = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager["RefusedLine"]] = ScopedManager(tenant="tenant")


class PlatformShop(models.Model):
    """A shop whose platform receives the access log of its orders. Rows of stopped shops are kept."""

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
    """A part of the event table processed for a shop. Unique, so each part is processed exactly once."""

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
    """A named batch of records for a platform. Its bodies hold order numbers and are cleared once handed over."""

    class State(models.TextChoices):
        """Waiting until the platform accepts it; refused until a person retries it."""

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


class SiemTarget(models.Model):
    """The warehouse's SIEM, which receives events as OCSF over syslog, and the last event sent to it.

    ``sent_to`` is the id of the last outbox row sent; after a failure, sending resumes there.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=6514)
    tls = models.BooleanField(default=True)
    authority = models.TextField(
        blank=True, help_text="PEM of the authority that signed the collector; empty: the system's"
    )
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    sent_to = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0, help_text="events sent so far")
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="since when it fails; empty while it works")
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager["SiemTarget"]] = ScopedManager(tenant="tenant")
