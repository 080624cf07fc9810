"""Policy versions and their recorded decisions (ids only, kept for 90 days)."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class PolicyVersion(models.Model):
    """One version of a warehouse's policies. Never deleted; at most one is in force.

    ``book`` is the output of ``PolicyBook.pack``, so that a later release can replay the version.
    """

    class State(models.TextChoices):
        """State of a version."""

        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    settings = models.JSONField()
    roster = models.JSONField(default=dict, help_text="{shifts: [...], sale_days: [...]}")
    book = models.BinaryField()
    version = models.CharField(max_length=64, help_text="SHA-256 of texts and schema, hex")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    tested_at = models.DateTimeField(null=True, help_text="when it passed the examples, as it is now")
    tested_on = models.PositiveIntegerField(null=True, help_text="number in force when it was tested")
    based_on = models.PositiveIntegerField(null=True, help_text="number in force when it was drafted")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    activated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    activated_at = models.DateTimeField(null=True)
    restored_from = models.PositiveIntegerField(null=True)
    ledger_index = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager["PolicyVersion"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="policy_number_once"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(state="active"), name="policy_one_in_force"
            ),
        ]


class RecordedDecision(models.Model):
    """A recorded decision for trying out drafts: ids and facts of the work, no consignee data."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=20)
    allowed = models.BooleanField()
    policies = models.CharField(max_length=300, blank=True, help_text="ids of those that decided")
    version = models.CharField(max_length=64)
    request = models.BinaryField(help_text="Request.to_record")

    objects: ClassVar[models.Manager["RecordedDecision"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "at"], name="decision_tenant_at")]
