"""The guard's history of accounts, its answers, the owner's thresholds, and decoy orders."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class GuardMemory(models.Model):
    """The guard's history of one account (`detect.guard.Memory` as JSON): counts, and keyed hashes of places."""

    account = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    memory = models.TextField()

    objects: ClassVar[models.Manager["GuardMemory"]] = ScopedManager(tenant="tenant")


class GuardAnswer(models.Model):
    """A request that the guard delayed, held for a confirmation, or refused. Repeats within a minute are added up."""

    class Kind(models.TextChoices):
        """The guard's answer."""

        SLOW = "slow", _("Slowed down")
        STEP_UP = "step_up", _("Asked to confirm again")
        REFUSE = "refuse", _("Refused")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=Kind)
    rule = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()
    times = models.PositiveIntegerField(default=1)
    workstation = models.CharField(max_length=60, blank=True)

    objects: ClassVar[models.Manager["GuardAnswer"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-at"], name="guard_answer_at"),
            models.Index(fields=["tenant", "person", "-at"], name="guard_answer_person"),
        ]


class Threshold(models.Model):
    """A threshold set by an owner, for the guard (``guard_burst.reveal.refuse``) or a detector (``export.least``)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=60)
    value = models.FloatField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Threshold"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "name"], name="threshold_once")]


class DecoyOrder(models.Model):
    """A decoy order (诱饵订单), visible as such only to owners. ``uid`` is the order's uid in hexadecimal."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    uid = models.CharField(max_length=32)
    number = models.CharField(max_length=80, help_text="order number as the owner typed it")
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["DecoyOrder"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "uid"], name="decoy_once")]
