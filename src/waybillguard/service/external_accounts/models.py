"""Accounts in external systems, the lists they came from, findings, and offboarding checklists.

Account names are personal data: they are shown on the owner's pages, never in URLs or logs.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import Employment, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


class System(models.Model):
    """An external system: an ERP, a shop's back end, a waybill or courier portal."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    listed_at = models.DateTimeField(null=True, help_text="when its own list was last taken in")

    objects: ClassVar[models.Manager["System"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "name_key"], name="system_once")]


class OutsideAccount(models.Model):
    """One account in one system. An account with several owners has one row per owner."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    system = models.ForeignKey(System, on_delete=models.CASCADE)
    account = models.CharField(max_length=200)
    account_key = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, blank=True)
    owner_key = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=200, blank=True)
    enabled = models.BooleanField(null=True)
    last_used = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True, help_text="when a list of the system no longer had it")

    objects: ClassVar[models.Manager["OutsideAccount"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "account_key", "owner_key"], name="outside_account_once"
            )
        ]


@spool_owner
class StaffOrAccountList(models.Model):
    """An uploaded or pasted list, encrypted in the spool until it is applied or discarded."""

    class Kind(models.TextChoices):
        """What the list contains."""

        ACCOUNTS = "accounts"
        PAYROLL = "payroll"
        MERCHANTS = "merchants"

    class State(models.TextChoices):
        """State of a list."""

        PREVIEW = "preview"
        APPLIED = "applied"
        DISCARDED = "discarded"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10, choices=Kind)
    system = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=512)
    file_sha256 = models.BinaryField(max_length=32)

    objects: ClassVar[models.Manager["StaffOrAccountList"]] = ScopedManager(tenant="tenant")


class Finding(models.Model):
    """A problem with an account, from the day it was found to the day it was settled."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    account = models.ForeignKey(OutsideAccount, on_delete=models.CASCADE)
    kind = models.CharField(max_length=30)
    severity = models.CharField(max_length=10)
    rank = models.PositiveSmallIntegerField(default=9)
    since = models.DateField(null=True)
    raised_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Finding"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=models.Q(settled_at=None), name="finding_open_once"
            )
        ]


class Reconciliation(models.Model):
    """One comparison of external accounts with the payroll list: time, counts and result."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    month = models.CharField(max_length=7)
    accounts = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    kinds = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Reconciliation"]] = ScopedManager(tenant="tenant")


class Leaving(models.Model):
    """The offboarding of a leaver. It can be closed only when every external account is proved disabled."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    employment = models.OneToOneField(Employment, on_delete=models.CASCADE)
    left_on = models.DateField()
    started_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Leaving"]] = ScopedManager(tenant="tenant")


class LeavingItem(models.Model):
    """One account to be proved disabled. Without an account: confirm that the leaver has none in this system.

    Only the hash of the screenshot is stored here; the screenshot itself is encrypted in the evidence store.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    leaving = models.ForeignKey(Leaving, on_delete=models.CASCADE, related_name="items")
    system = models.CharField(max_length=200)
    account = models.CharField(max_length=200, blank=True)
    shown_at = models.DateTimeField(null=True)
    shown_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    evidence_sha256 = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["LeavingItem"]] = ScopedManager(tenant="tenant")
