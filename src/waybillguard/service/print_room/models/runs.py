"""Label runs and their tickets: which order was printed when, by whom, at which station, how often.

A run is either a file (drawn by the worker, fetched once) or labels for the printer of a station. The latter are
drawn when an agent leases them and are never stored.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner
from waybillguard.service.vault.models import Order


@spool_owner
class LabelRun(models.Model):
    """One request for labels: drawn and checked by the worker, fetched once as a file."""

    class State(models.TextChoices):
        """State of a run."""

        WAITING = "waiting"
        DRAWING = "drawing"
        READY = "ready"
        FAILED = "failed"
        INTERRUPTED = "interrupted"
        STATION = "station"

    class Reason(models.TextChoices):
        """Why labels are reprinted, as the clerk chose it; empty for a first print."""

        NONE = ""
        JAM = "jam"
        UNREADABLE = "unreadable"
        LOST = "lost"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    station = models.CharField(max_length=40)
    size = models.CharField(max_length=10)
    dpi = models.PositiveSmallIntegerField()
    file_kind = models.CharField(max_length=10, help_text="one of FILE_KINDS; station: a printer")
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
    printer = models.ForeignKey("print_room.Printer", on_delete=models.PROTECT, null=True)
    wave = models.ForeignKey("print_room.Wave", on_delete=models.PROTECT, null=True, related_name="runs")
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    again = models.PositiveIntegerField(
        default=0, db_default=0, help_text="labels of it that count as printed again (see `reprints`)"
    )
    agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="second person of a reprint"
    )

    objects: ClassVar[models.Manager["LabelRun"]] = ScopedManager(tenant="tenant")


class Ticket(models.Model):
    """One attempt to print one order; the label's QR carries its reference.

    ``uid`` is 128 random bits and gives its holder no power: only the service spends a ticket, by its state. File
    runs go issued → printed; station runs go issued → leased → sent → confirmed, or end void or uncertain. No
    ticket goes back to issued.
    """

    class State(models.TextChoices):
        """State of a ticket."""

        ISSUED = "issued"
        LEASED = "leased"
        SENT = "sent"
        CONFIRMED = "confirmed"
        UNCERTAIN = "uncertain"
        PRINTED = "printed"
        REFUSED = "refused"
        VOID = "void"

    class How(models.TextChoices):
        """Cause of a ticket's last state change."""

        NONE = ""
        AGENT = "agent"
        TIMEOUT = "timeout"
        SCAN = "scan"
        LEADER = "leader"
        SHIFT = "shift"
        SUPERSEDED = "superseded"
        CANCELLED = "cancelled"

    uid = models.BinaryField(max_length=16, primary_key=True)
    # SQLite has no statistics: with an index on the tenant alone it would scan all tickets of a warehouse.
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    run = models.ForeignKey(LabelRun, on_delete=models.PROTECT, related_name="tickets")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tickets")
    attempt = models.PositiveSmallIntegerField(help_text="0 until it is leased, and for one that was refused")
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_zh = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)
    ledger_index = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField(default=timezone.now)
    printer = models.ForeignKey(
        "print_room.Printer", on_delete=models.PROTECT, null=True, related_name="tickets", db_index=False
    )
    position = models.PositiveIntegerField(default=0, help_text="place in the wave")
    lease = models.BinaryField(max_length=16, default=bytes, help_text="id of the job an agent holds")
    reported = models.CharField(max_length=10, blank=True, help_text="the agent's first word on the job")
    lease_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    job_sha256 = models.BinaryField(max_length=32, default=bytes, help_text="of the bytes for the printer")

    objects: ClassVar[models.Manager["Ticket"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "attempt"], condition=models.Q(attempt__gt=0), name="attempt_once_an_order"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=["issued", "leased"], printer__isnull=False),
                name="one_open_ticket_an_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lease"], name="ticket_lease", condition=models.Q(lease__gt=b"")),
            models.Index(
                fields=["printer", "run", "position"], name="ticket_queue", condition=models.Q(state="issued")
            ),
            models.Index(
                fields=["printer", "lease_until"], name="ticket_leased", condition=models.Q(state="leased")
            ),
            models.Index(
                fields=["tenant", "state", "changed_at"],
                name="ticket_open",
                condition=models.Q(state__in=["sent", "uncertain"]),
            ),
        ]
