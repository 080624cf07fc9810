"""Contracts of entrusted processing, their versions and ends (个人信息保护法 第二十一条).

A contract's terms are never overwritten: each change is a new version. The whole record is kept three years
after the contract was closed (网络数据安全管理条例 第十二条) and then destroyed (`keeping`).
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import Merchant, User
from waybillguard.service.tenancy.models import Tenant


class Entrustment(models.Model):
    """A contract between the warehouse and one merchant; ``first_day`` and ``last_day`` are copied from the last version.

    ``ended_at``: two people agreed to end it. ``closed_at``: the merchant's orders were destroyed.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="entrustments")
    version = models.PositiveIntegerField(default=1, help_text="number of the version in force")
    first_day = models.DateField()
    last_day = models.DateField(help_text="included")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Entrustment"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merchant"], name="entrustment_one_open", condition=models.Q(closed_at=None)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "closed_at"], name="entrustment_tenant")]


class EntrustmentVersion(models.Model):
    """One version of the terms, never changed once written. ``digest`` is also stored in the ledger."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    entrustment = models.ForeignKey(
        Entrustment, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    purpose = models.CharField(max_length=200)
    kinds = models.CharField(max_length=400, help_text="kinds of personal data")
    method = models.CharField(max_length=400, help_text="how it is processed")
    first_day = models.DateField()
    last_day = models.DateField()
    measures = models.TextField(max_length=2000, help_text="protective measures")
    sub_entrusting = models.BooleanField(default=False, help_text="the merchant consents to sub-entrusting")
    sub_entrusted = models.CharField(max_length=400, blank=True, help_text="to whom and for what")
    contact = models.CharField(max_length=200, help_text="the merchant's contact for personal data")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the terms, hex")

    objects: ClassVar[models.Manager["EntrustmentVersion"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entrustment", "number"], name="entrustment_version_once"),
        ]


class EntrustmentEnd(models.Model):
    """The end of a contract: proposed by one person, agreed to by another, carried out by the worker."""

    class Way(models.TextChoices):
        """What happens to the merchant's orders."""

        DELETE = "delete"
        RETURN = "return"  # then delete

    class State(models.TextChoices):
        """State of an end."""

        PROPOSED = "proposed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        RETURNING = "returning"  # sealed files are made and fetched
        REPLACED = "replaced"  # another end was carried out while this one was proposed or returning
        DESTROYING = "destroying"
        DONE = "done"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    entrustment = models.ForeignKey(Entrustment, on_delete=models.CASCADE, related_name="ends")
    way = models.CharField(max_length=8, choices=Way)
    recipient = models.ForeignKey(
        "exports.Recipient", on_delete=models.PROTECT, null=True, related_name="+", help_text="of a return"
    )
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=32, blank=True, help_text="uid of the browser it was proposed at")
    station = models.CharField(max_length=60, blank=True)
    second = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    shops = models.JSONField(default=list, help_text="whose orders: as they were when it was agreed to")
    order_up_to = models.BigIntegerField(
        null=True,
        help_text="the highest order when it was agreed to: what a shop gets under another owner is not his",
    )
    orders = models.PositiveIntegerField(default=0, help_text="that were there when it was agreed to")
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    destroyed = models.PositiveIntegerField(default=0)
    waves = models.PositiveIntegerField(default=0)
    held = models.CharField(max_length=200, blank=True, help_text="the legal hold that it waits for")
    certificate = models.TextField(blank=True, help_text="its words, as the ledger keeps them")
    receipt = models.BigIntegerField(null=True, help_text="the certificate's place in the ledger")
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["EntrustmentEnd"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entrustment"], name="entrustment_end_proposed", condition=models.Q(state="proposed")
            ),
            models.UniqueConstraint(
                fields=["entrustment"], name="entrustment_end_going_on",
                condition=models.Q(state__in=["returning", "destroying"]),
            ),
        ]  # fmt: skip


class EndPart(models.Model):
    """A part of the orders to destroy, with keyd's mandate for exactly these. Deleted once they are destroyed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    end = models.ForeignKey(EntrustmentEnd, on_delete=models.CASCADE, related_name="parts")
    uids = models.BinaryField(help_text="16 bytes each, joined")
    mandate = models.BinaryField(max_length=1024)

    objects: ClassVar[models.Manager["EndPart"]] = ScopedManager(tenant="tenant")


class ReturnFile(models.Model):
    """A sealed export that returns orders to the merchant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    end = models.ForeignKey(EntrustmentEnd, on_delete=models.CASCADE, related_name="files")
    export = models.OneToOneField("exports.Export", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["ReturnFile"]] = ScopedManager(tenant="tenant")
