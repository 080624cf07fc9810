"""Label runs and their tickets: which order was printed when, by whom, at which station, how often."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.people.models import Tenant, User
from waybillguard.service.vault.models import Order


class LabelRun(models.Model):
    """One request for labels: drawn and checked by the worker, fetched once as a file."""

    class State(models.TextChoices):
        """Life of a run."""

        WAITING = "waiting"
        DRAWING = "drawing"
        READY = "ready"
        FAILED = "failed"
        INTERRUPTED = "interrupted"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    station = models.CharField(max_length=40)
    size = models.CharField(max_length=10)
    dpi = models.PositiveSmallIntegerField()
    file_kind = models.CharField(max_length=10, help_text="pdf, png, zpl, zpl-full or tspl")
    carrier = models.CharField(max_length=40, blank=True)
    selection = models.JSONField(null=True, help_text="ids of orders; none means all not yet printed")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    wanted = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=64, default=bytes)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["LabelRun"]] = ScopedManager(tenant="tenant")


class Ticket(models.Model):
    """One attempt to print one order; its reference is what the label's QR carries."""

    class State(models.TextChoices):
        """Issued when asked for; printed when the run's file is ready; refused by the check."""

        ISSUED = "issued"
        PRINTED = "printed"
        REFUSED = "refused"
        VOID = "void"

    uid = models.BinaryField(max_length=16, primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    run = models.ForeignKey(LabelRun, on_delete=models.PROTECT, related_name="tickets")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tickets")
    attempt = models.PositiveSmallIntegerField(help_text="0 for one that was refused before it was issued")
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_zh = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)
    ledger_index = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Ticket"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "attempt"], condition=models.Q(attempt__gt=0), name="attempt_once_an_order"
            ),
        ]
