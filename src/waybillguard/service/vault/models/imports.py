"""Imports: a file or call that was read, its refused rows, and the answers to calls."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


@spool_owner
class Batch(models.Model):
    """One import: a file is read, sealed out of sight, shown as a preview and then committed."""

    class State(models.TextChoices):
        """Life of an import; its orders are visible only in ``committed``."""

        WAITING = "waiting"
        READING = "reading"
        PREVIEW = "preview"
        COMMITTED = "committed"
        UNDONE = "undone"
        FAILED = "failed"

    MACHINE: ClassVar = "api"
    """``kind`` of a batch that arrived as JSON; there is no file to read again."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    kind = models.CharField(max_length=8, help_text="ending of the uploaded file; its name is not kept")
    owner = models.CharField(
        max_length=40, blank=True, help_text="machine API: process at work on it (platform/lifeline)"
    )
    label = models.CharField(max_length=60, help_text="shown name: day and running number, never the file's")
    bytes_total = models.BigIntegerField(default=0)
    file_sha256 = models.BinaryField(max_length=32, default=bytes)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=64, default=bytes)
    wrapped_password = models.BinaryField(max_length=400, default=bytes)
    mandate = models.BinaryField(
        max_length=1024, default=bytes, help_text="keyd's, to destroy what was taken out"
    )
    rows_read = models.IntegerField(default=0)
    rows_ok = models.IntegerField(default=0)
    rows_reference = models.IntegerField(default=0)
    rows_refused = models.IntegerField(default=0)
    known_from = models.JSONField(
        default=dict, help_text="rows already sealed, by the import that holds them"
    )
    rows_known = models.IntegerField(default=0, help_text="rows that an earlier import already sealed")
    lanes = models.JSONField(default=dict, help_text="rows a lane: {A: n, B: n, C: n}")
    shops = models.JSONField(default=dict, help_text="rows a shop")
    days = models.JSONField(default=dict, help_text="rows a day number, as text")
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)
    receipt = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Batch"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="batch_tenant_state")]

    @classmethod
    def begin(cls, user: User, now: datetime, **values: Any) -> "Batch":  # noqa: ANN401 - of any column
        """Create an import under the next number of its day. Call it inside a transaction."""
        day = timezone.localtime(now).strftime("%Y%m%d")
        tenant = tenant_of(user)
        number = cls.objects.filter(tenant=tenant, label__startswith=f"{day}-").count() + 1
        return cls.objects.create(
            tenant=tenant, created_by=user, created_at=now, label=f"{day}-{number}", **values
        )


class RefusedRow(models.Model):
    """A refused data row that needs a person: its position and the reason, nothing of its content."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="refused")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    sheet = models.CharField(max_length=120, blank=True)
    row = models.IntegerField(help_text="of the data rows, from 1")
    line = models.IntegerField(default=0, help_text="in its sheet, as a spreadsheet counts; 0: of no file")
    reason = models.CharField(max_length=40)

    objects: ClassVar[models.Manager["RefusedRow"]] = ScopedManager(tenant="tenant")


class IdempotencyKey(models.Model):
    """The stored answer to a call of the machine API, so that repeating the call has no effect."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=80)
    request_sha256 = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    owner = models.CharField(max_length=40, blank=True, help_text="process at work on it (platform/lifeline)")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["IdempotencyKey"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="idempotency_once")]
