"""Models of a warehouse that reports to a hub."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.hub.models.town import Notice
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class HubLink(models.Model):
    """The hub this warehouse reports to. ``sealed_keys``: the device's keys and the secret of its pseudonyms."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    server = models.CharField(max_length=200)
    device = models.CharField(max_length=32)
    known_as = models.CharField(max_length=60, help_text="this warehouse's name at the hub")
    authority = models.TextField(help_text="certificate of the hub's authority, PEM")
    sealed_keys = models.TextField()
    sequence = models.BigIntegerField(default=0)
    seen_shard = models.IntegerField(default=0, help_text="how much of the ledger the hub has seen")
    seen_size = models.BigIntegerField(default=0)
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_sha256 = models.CharField(max_length=64, blank=True)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager["HubLink"]] = ScopedManager(tenant="tenant")


class HubCosigned(models.Model):
    """The newest checkpoint of one of this warehouse's ledgers that the hub cosigned, and the hub's key.

    The row is kept when the warehouse stops reporting. ``refused``: why the hub did not sign the last checkpoint.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    origin = models.CharField(max_length=100)
    size = models.BigIntegerField(default=0)
    note = models.TextField(blank=True)
    log_keys = models.TextField(blank=True)
    hub_key = models.CharField(max_length=2000, blank=True)
    signed_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=16, blank=True)

    objects: ClassVar[models.Manager["HubCosigned"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "origin"], name="hub_cosigned_once")
        ]


class HubNotice(models.Model):
    """A notice received from the hub. ``number`` is its number at the hub."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Notice.Kind)
    authority = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=2000)
    due = models.DateField(null=True)
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["HubNotice"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="hub_notice_once")]


class HubTask(models.Model):
    """A task of a joint case, as last received from the hub. ``case`` is the case's number at the hub."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.BigIntegerField()
    title = models.CharField(max_length=120)
    item = models.CharField(max_length=3)
    authority = models.CharField(max_length=20)
    due = models.DateField()
    state = models.CharField(max_length=16)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, help_text="said here, until the hub's state follows")

    objects: ClassVar[models.Manager["HubTask"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "case", "item"], name="hub_task_once")
        ]


class HubScreening(models.Model):
    """A screening received from the hub; after an owner agrees, the next report sends the answer."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField(help_text="the hub's")
    document = models.CharField(max_length=80)
    authority = models.CharField(max_length=20)
    since = models.DateField()
    arrived_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    compared = models.IntegerField(default=0, help_text="waybills that were compared")
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager["HubScreening"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="hub_screening_once")
        ]
