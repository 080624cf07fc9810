"""A tenant's keys: one key per day, index roots by generation, and their rotation."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class Cipher(models.IntegerChoices):
    """Suite of sealed contacts (docs/formats.md); chosen when keys rotate."""

    AES_256_GCM = 1, "AES-256-GCM"
    AES_256_GCM_SIV = 2, "AES-256-GCM-SIV"
    SM4_GCM_SM3 = 3, "SM4-GCM (SM3)"


class Epoch(models.Model):
    """The wrapped key of one tenant and day. Deleting the row makes the day's contacts unreadable."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    epoch_id = models.PositiveIntegerField()
    day = models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")
    wrapped = models.BinaryField(max_length=64)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)

    objects: ClassVar[models.Manager["Epoch"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "epoch_id"], name="epoch_once"),
            models.UniqueConstraint(fields=["tenant", "day", "generation"], name="epoch_a_day"),
        ]


class KeyGeneration(models.Model):
    """An index root of a tenant, wrapped. Generation 1 is derived from the root key and has no bytes here.

    A tenant that never rotated has no row. ``wrapped`` of a destroyed root (``ROWS``) makes only row tokens.
    """

    class State(models.TextChoices):
        """Life of an index root."""

        CURRENT = "current"
        RETIRING = "retiring"  # orders are being resealed; searches use this root too
        KEPT = "kept"  # still has six-month indexes of shredded orders
        ROWS = "rows"  # destroyed, except for recognising rows imported again

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State)
    wrapped = models.BinaryField(max_length=64, default=bytes)
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)
    suite = models.PositiveSmallIntegerField(
        choices=Cipher, default=Cipher.AES_256_GCM, db_default=Cipher.AES_256_GCM,
        help_text="what orders of this generation are sealed with",
    )  # fmt: skip

    objects: ClassVar[models.Manager["KeyGeneration"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="key_generation_once")
        ]


class Rotation(models.Model):
    """Resealing all orders of a tenant under new keys: progress and result."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    generation = models.PositiveSmallIntegerField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0, help_text="id of the last order that was sealed again")
    wave = models.PositiveIntegerField(
        default=2_500, db_default=2_500, help_text="orders that are written at once"
    )
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    unopened = models.BigIntegerField(default=0, help_text="orders left as they were: they do not open")
    days_destroyed = models.PositiveIntegerField(default=0)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    mandate = models.BinaryField(max_length=1024, default=bytes, help_text="keyd's, for this rotation alone")

    objects: ClassVar[models.Manager["Rotation"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant"], name="rotation_one_at_a_time", condition=models.Q(finished_at=None)
            )
        ]
