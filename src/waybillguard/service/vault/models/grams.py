"""Fragment index of names and addresses: gram tokens, waiting and merged into postings."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models.imports import Batch


class GramPlan(models.Model):
    """Number of bits of the gram tokens of a tenant, month and field; fixed when the month begins."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    month = models.PositiveIntegerField()
    field = models.CharField(max_length=8, help_text="name or address")
    bits = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["GramPlan"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "generation", "month", "field"], name="gram_plan_once")
        ]


class GramChunk(models.Model):
    """Gram tokens of a chunk of an import, until the worker has merged them into postings."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, help_text="none: of a rotation")
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    rows = models.BinaryField(help_text="msgpack: a list of uid, month, name tokens, address tokens")

    objects: ClassVar[models.Manager["GramChunk"]] = ScopedManager(tenant="tenant")


class Posting(models.Model):
    """The orders that contain a gram: a compressed set of their ids under a keyed, truncated token."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    month = models.PositiveIntegerField()
    field = models.CharField(max_length=8)
    token = models.BigIntegerField()
    count = models.PositiveIntegerField()
    ids = models.BinaryField()

    objects: ClassVar[models.Manager["Posting"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "generation", "month", "field", "token"], name="posting_once"
            )
        ]
