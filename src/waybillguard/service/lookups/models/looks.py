"""Quota counters, quota increases, alarms, and the record of looks."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order


class QuotaState(models.Model):
    """Quota state of an account; every count locks this row first. A frozen account cannot see plaintext."""

    account = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    frozen_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["QuotaState"]] = ScopedManager(tenant="tenant")


class QuotaCounter(models.Model):
    """Used part of one limit, by scope, holder (account or device) and window."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    scope = models.CharField(max_length=12)
    holder = models.CharField(max_length=60)
    window = models.CharField(max_length=60)
    used = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now, help_text="first use; old windows are swept by it")

    objects: ClassVar[models.Manager["QuotaCounter"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "scope", "holder", "window"], name="counter_once")
        ]


class QuotaPerson(models.Model):
    """A person looked at within 30 days, by keyed token. The row is deleted after the window."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    token = models.BinaryField(max_length=16)
    last_day = models.DateField()

    objects: ClassVar[models.Manager["QuotaPerson"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "token"], name="person_once")]


class QuotaRaise(models.Model):
    """A temporary quota increase for one account, effective only after approval by a second person."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=12)
    extra = models.PositiveIntegerField()
    until = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["QuotaRaise"]] = ScopedManager(tenant="tenant")


class LookAlarm(models.Model):
    """A person's looks need attention. An alarm is not a verdict."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="persons_30d or refusals")
    severity = models.CharField(max_length=10)
    count = models.PositiveIntegerField()
    mark = models.CharField(max_length=60, help_text="told once: level and day")
    at = models.DateTimeField(default=timezone.now)
    ledger_index = models.BigIntegerField(null=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["LookAlarm"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind", "mark"], name="look_alarm_once")
        ]


class Look(models.Model):
    """One request for plaintext, allowed or refused. The person and the company see the same record.

    ``nonce`` is the form's nonce: one form opens at most one record. ``receipt_*`` is keyd's ledger receipt.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=32, unique=True)
    group = models.CharField(max_length=8)
    purpose = models.CharField(max_length=24)
    allowed = models.BooleanField()
    policies = models.CharField(max_length=300, blank=True)
    policy_version = models.CharField(max_length=64)
    reason_zh = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    receipt_index = models.BigIntegerField(null=True)
    receipt_hash = models.CharField(max_length=64, blank=True)
    receipt_origin = models.CharField(max_length=120, blank=True)

    objects: ClassVar[models.Manager["Look"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "person", "-at"], name="look_person"),
            models.Index(fields=["tenant", "-at"], name="look_tenant"),
        ]
