"""Print PCs with their scans and stages, and the tools that a site approved.

A report names accounts and programs of the tenant's machine. It contains no data of consignees.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import Device, Site, User
from waybillguard.service.tenancy.models import Tenant


class PrintPc(models.Model):
    """One PC of the print room, identified by its station's name."""

    class Stage(models.TextChoices):
        """Stage of a PC: clean → rebuild → prove clean → watch."""

        IN_USE = "in_use", _("In use")
        RESTRICTED = "restricted", _("Restricted")
        CLEANING = "cleaning", _("Evidence kept, being cleaned")
        REBUILT = "rebuilt", _("Rebuilt, to be proven clean")
        WATCHING = "watching", _("Proven clean, being watched")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    station = models.CharField(max_length=60)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.IN_USE)
    stage_at = models.DateTimeField(default=timezone.now)
    stage_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    watched_until = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["PrintPc"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "station"], name="print_pc_once")]


class ScanReport(models.Model):
    """One scan of a print PC: entered by a person, or signed by the station's agent."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    pc = models.ForeignKey(PrintPc, on_delete=models.CASCADE, related_name="reports")
    received_at = models.DateTimeField(default=timezone.now)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, help_text="whose key signed it; empty: entered by hand"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    high = models.PositiveIntegerField(default=0)
    medium = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(default=0)
    body = models.BinaryField(help_text="the scan as JSON (contracts: sensor examine)")

    objects: ClassVar[models.Manager["ScanReport"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["pc", "-id"], name="sensor_scan_newest")]


class ToolApproval(models.Model):
    """A remote tool that is allowed on the PCs of a site: which one, for whom, until when."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, help_text="empty: every site")
    tool = models.CharField(max_length=80)
    used_by = models.CharField(max_length=80)
    until = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ToolApproval"]] = ScopedManager(tenant="tenant")
