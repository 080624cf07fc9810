"""Cases with their timeline, affected orders and evidence, and joint cases."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order


class Case(models.Model):
    """One incident. ``source`` identifies what opened it (``finding:12``); each source has at most one case."""

    class Kind(models.TextChoices):
        """What started the case."""

        ACCOUNT = "account", _("Account of somebody without a right")
        ALERT = "alert", _("Theft in progress")
        LEAK = "leak", _("Leak being traced")
        STATION = "station", _("Program on a print PC")
        LABEL = "label", _("Label that is not genuine")
        WARNING = "warning", _("People to be warned")
        JOINT = "joint", _("Joint case of authorities")

    class State(models.TextChoices):
        """State of a case."""

        OPEN = "open", pgettext_lazy("state", "Open")
        WATCHING = "watching", _("Being watched")
        CLOSED = "closed", _("Closed")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.CharField(max_length=16, help_text="year and count, 2026-0007")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    source = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=400, blank=True, help_text="how it ended, in the closer's words")

    objects: ClassVar[models.Manager["Case"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source"], name="case_source_once"),
            models.UniqueConstraint(fields=["tenant", "number"], name="case_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state", "-opened_at"], name="case_state")]


class CaseEvent(models.Model):
    """An entry of the timeline, never changed once written."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now, help_text="when it happened")
    written_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20)
    text_zh = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400)
    address = models.CharField(max_length=200, blank=True, help_text="page where it is dealt with")
    who = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["CaseEvent"]] = ScopedManager(tenant="tenant")


class CaseOrder(models.Model):
    """An affected order, and the reason why it is included."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="orders")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20, help_text="looked_at, printed, victim")

    objects: ClassVar[models.Manager["CaseOrder"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "order"], name="case_order_once")]


class CaseEvidence(models.Model):
    """Evidence attached by its hash: a sensor report, a trace bundle, a ledger proof or a picture."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    address = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["CaseEvidence"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sha256"], name="case_evidence_once")
        ]


class JointCase(models.Model):
    """A case of several authorities. Its state is computed from its entries only."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="joint")
    title = models.CharField(max_length=120)
    agency = models.CharField(max_length=20, help_text="the agency that is to act")
    parties = models.JSONField(help_text="authorities that see the case")

    objects: ClassVar[models.Manager["JointCase"]] = ScopedManager(tenant="tenant")


class JointEntry(models.Model):
    """One step of a joint case, never changed once written.

    ``version`` counts from 1 within the case. Entry n is accepted only from a writer who has read the n - 1 before it.
    ``payload`` is a value of ``waybillguard.inspect.cases``; its type depends on ``kind``.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="entries")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, help_text="event, tasks, step, attachment, handover, parties")
    payload = models.JSONField()
    authority = models.CharField(max_length=20)
    by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="nobody here: the warehouse's own report",
    )
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["JointEntry"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["joint", "version"], name="joint_version_once")
        ]


class DocumentNumber(models.Model):
    """The number of an authority's document. It belongs to exactly one document of one case."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    authority = models.CharField(max_length=60)
    number = models.CharField(max_length=80)
    date = models.DateField()
    kind = models.CharField(max_length=20)
    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="numbers")

    objects: ClassVar[models.Manager["DocumentNumber"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "authority", "number"], name="document_number_once")
        ]
