"""Calls through virtual numbers, and the provider of each warehouse."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order


class CallSetting(models.Model):
    """The provider of virtual numbers. Calls are disabled without a row or with an empty provider."""

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, primary_key=True)
    provider = models.CharField(max_length=40, blank=True)

    objects: ClassVar[models.Manager["CallSetting"]] = ScopedManager(tenant="tenant")


class Call(models.Model):
    """One request for a virtual number, allowed or refused. ``number`` and ``extension`` come from the provider."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    purpose = models.CharField(max_length=24)
    provider = models.CharField(max_length=40)
    allowed = models.BooleanField()
    policies = models.CharField(max_length=300, blank=True)
    policy_version = models.CharField(max_length=64)
    reason_zh = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    number = models.CharField(max_length=30, blank=True)
    extension = models.CharField(max_length=10, blank=True)
    sample = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    receipt_index = models.BigIntegerField(null=True)
    receipt_hash = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["Call"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "person", "-at"], name="call_person")]
