"""Models of label printing: stations, their printers, waves of orders, rules and faults.

Tickets are in ``models.runs``. Nothing here holds a contact or a label's bytes.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.label.model import LabelSize
from waybillguard.service.identity.models import Device, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Order


class Printer(models.Model):
    """One printer of an agent, under the name in the agent's configuration."""

    class State(models.TextChoices):
        """The state that the agent last reported (``protocol.PrinterState``)."""

        READY = "ready", _("Ready")
        BUSY = "busy", _("Printing")
        PAUSED = "paused", _("Paused at the printer")
        PAPER_OUT = "paper_out", _("Out of paper")
        RIBBON_OUT = "ribbon_out", _("Out of ribbon")
        HEAD_OPEN = "head_open", _("The head is open")
        OFFLINE = "offline", _("Does not answer")
        ERROR = "error", _("Reports a fault")
        REFUSED = "refused", _("Refused: not a pinned label printer")
        UNKNOWN = "unknown", _("Says nothing")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(max_length=40, help_text="as the agent names it")
    station = models.CharField(max_length=40, help_text="the device's station; printed on each label")
    languages = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="zpl", help_text="one of ``languages``")
    size = models.CharField(max_length=10, default=LabelSize.S76X130.value)
    dpi = models.PositiveSmallIntegerField(default=203)
    model = models.CharField(max_length=80, blank=True)
    refused = models.CharField(max_length=80, blank=True, help_text="why the agent will not print on it")
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN)
    state_at = models.DateTimeField(null=True)
    held = models.BooleanField(default=False, help_text="a person stopped this queue")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Printer"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "name"], name="printer_once")]

    def __str__(self) -> str:
        """Return station and name."""
        return f"{self.station} · {self.name}"


class Wave(models.Model):
    """A set of orders that are picked and printed together; positions never change."""

    class Kind(models.TextChoices):
        """Source of its orders."""

        IMPORT = "import", _("Import")
        SHOP_DAY = "shop_day", _("Shop and day")
        HAND = "hand", _("Chosen by hand")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="waves")
    shop = models.CharField(max_length=80, blank=True)
    day = models.IntegerField(null=True, help_text="days since 1970-01-01")
    part = models.PositiveSmallIntegerField(default=1)
    parts = models.PositiveSmallIntegerField(default=1)
    size = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Wave"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="wave_newest")]


class WaveOrder(models.Model):
    """An order's place in a wave, counted from 1."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="places", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["WaveOrder"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "position"], name="wave_position_once"),
            models.UniqueConstraint(fields=["wave", "order"], name="wave_order_once"),
        ]


class PrintRule(models.Model):
    """Rules of a warehouse's print room. Changed by form; each change is written to the ledger."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    reprints_a_shift = models.PositiveSmallIntegerField(
        default=30, help_text="labels one person prints again in a shift without a second person"
    )
    lease_seconds = models.PositiveSmallIntegerField(default=60)
    misses = models.PositiveSmallIntegerField(default=5, help_text="failures that ask for a clean head")
    miss_minutes = models.PositiveSmallIntegerField(default=30)

    objects: ClassVar[models.Manager["PrintRule"]] = ScopedManager(tenant="tenant")


class ReprintAsk(models.Model):
    """A request to reprint labels, to which a second person has to agree."""

    class State(models.TextChoices):
        """State of the request."""

        WAITING = "waiting"
        AGREED = "agreed"
        REFUSED = "refused"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    scanned = models.PositiveIntegerField(default=0, help_text="how many had been scanned out already")
    labels = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ReprintAsk"]] = ScopedManager(tenant="tenant")


class PrinterFault(models.Model):
    """A label that a printer failed at, reported by the agent or found by a code that would not scan."""

    class Kind(models.TextChoices):
        """How it was noticed."""

        FAILED = "failed"
        MISS = "miss"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="faults", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    ticket = models.BinaryField(max_length=16, default=bytes)

    objects: ClassVar[models.Manager["PrinterFault"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["printer", "at"], name="fault_recent")]


class HeadAlarm(models.Model):
    """Clean or change the print head (清洁或更换打印头): too many failures of one printer in a window."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="head_alarms")
    raised_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["HeadAlarm"]] = ScopedManager(tenant="tenant")


class ScanFile(models.Model):
    """Counts of an imported file of scans. The file itself is not kept."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sha256 = models.BinaryField(max_length=32)
    place = models.CharField(max_length=10)
    rows = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="confirmed before")
    unknown = models.PositiveIntegerField(default=0, help_text="no label of ours, or none printed")
    damaged = models.PositiveIntegerField(default=0, help_text="rows without a waybill number")

    objects: ClassVar[models.Manager["ScanFile"]] = ScopedManager(tenant="tenant")
