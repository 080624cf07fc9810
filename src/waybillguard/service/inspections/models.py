"""Inspection runs, dated documents, label samples, incidents and requests of persons."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import Merchant, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


class Inspection(models.Model):
    """A run over all controls. ``result`` is the complete result (``waybillguard.inspect.Inspection`` as JSON)."""

    class State(models.TextChoices):
        """State of a run."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0, help_text="verdicts that stand in the ledger")
    total = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="status -> how many controls")
    result = models.BinaryField(default=bytes)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager["Inspection"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="inspection_newest")]


class Document(models.Model):
    """A document that proves compliance: policy, officer, assessment, audit, filing, drill. Never overwritten.

    ``effective_on`` is the date on the document; its age counts from there. The file is encrypted in the evidence
    store under ``sha256``.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=30, help_text="of inspect/data/documents.yaml")
    title = models.CharField(max_length=120, blank=True)
    effective_on = models.DateField()
    expires_on = models.DateField(null=True)
    values = models.JSONField(default=dict, help_text="answers to the fields of the kind")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    again = models.BooleanField(default=False, help_text="the same file was here before with another date")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ledger_index = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Document"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "kind", "-id"], name="document_newest")]


class PolicyRead(models.Model):
    """A confirmation that a person read a version of a policy; also written to the ledger."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="reads")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ledger_index = models.BigIntegerField()

    objects: ClassVar[models.Manager["PolicyRead"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "person"], name="policy_read_once")
        ]


class LabelSample(models.Model):
    """A sample of label photos: the worker judges each photo, two inspectors sign."""

    class State(models.TextChoices):
        """State of a sample."""

        CHECKING = "checking"
        DONE = "done"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=80)
    first = models.CharField(max_length=60, help_text="inspector who signs")
    second = models.CharField(max_length=60, help_text="the other inspector who signs")
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    total = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    problem_zh = models.CharField(max_length=300, blank=True)
    problem_en = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager["LabelSample"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="label_sample_newest")]


@spool_owner
class SamplePhoto(models.Model):
    """One photo: encrypted in the spool until judged, then deleted. Its hash and verdict are kept."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    sample = models.ForeignKey(LabelSample, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=512, default=bytes)
    line = models.JSONField(null=True, help_text="of label check; texts in it are left out")

    objects: ClassVar[models.Manager["SamplePhoto"]] = ScopedManager(tenant="tenant")


class RegisterEntry(models.Model):
    """An incident or a person's request, with the time of each step taken."""

    class Kind(models.TextChoices):
        """Type of entry."""

        INCIDENT = "incident", _("Incident")
        REQUEST = "request", _("Request of a person")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    title = models.CharField(max_length=120)
    theft = models.BooleanField(default=False, help_text="a theft was confirmed")
    persons_high = models.PositiveIntegerField(
        null=True, help_text="upper bound of persons; empty: not known"
    )
    steps = models.JSONField(default=dict, help_text="step -> time and receipt")
    reason = models.CharField(max_length=300, blank=True, help_text="of a refusal")
    closed_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["RegisterEntry"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "kind", "-id"], name="register_newest")]


class RiskAcceptance(models.Model):
    """An unmet control accepted by a person until a date, with a substitute measure."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    control = models.CharField(max_length=10)
    reason = models.CharField(max_length=200)
    measure = models.CharField(max_length=200)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["RiskAcceptance"]] = ScopedManager(tenant="tenant")
