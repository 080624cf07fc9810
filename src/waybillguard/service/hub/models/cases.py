"""Models of a hub: joint and criminal cases, and the screening of victims."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.cases.models import JointCase
from waybillguard.service.hub.models.town import Warehouse
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class CaseWarehouse(models.Model):
    """A joint case that has tasks for a warehouse; an index, so that a report need not read every case."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager["CaseWarehouse"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "joint"], name="case_warehouse_once")
        ]


class Criminal(models.Model):
    """An imported criminal case: number, date, and the features by which cases are grouped. No person is named."""

    class Way(models.TextChoices):
        """How the thief got access."""

        TEMP = "temp", _("Temp with a USB stick")
        BURGLARY = "burglary", _("Burglary")
        REMOTE = "remote", _("Remote-control program")
        LEAVER = "leaver", _("Account of a leaver")
        BRIBE = "bribe", _("Bribed employee")
        CALL = "call", _('Call from "IT"')
        OTHER = "other", _("Another way")
        UNKNOWN = "", _("Not known yet")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    authority = models.CharField(max_length=60, help_text="who filed it")
    number = models.CharField(max_length=80)
    date = models.DateField()
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, null=True, related_name="criminal")
    way_in = models.CharField(max_length=10, choices=Way, blank=True)
    gang = models.CharField(max_length=40, blank=True, help_text="the investigator's own label")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Criminal"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "authority", "number"], name="criminal_case_once")
        ]


class RoomLink(models.Model):
    """A link for a guest without an account to a case's documents, as one authority sees them."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="rooms")
    authority = models.CharField(max_length=20)
    given_to = models.CharField(
        max_length=60, help_text="the office it was made for; printed on what it hands out"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.CharField(max_length=200)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["RoomLink"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "joint"], name="room_link_of")]


class Screening(models.Model):
    """A request of the police: which victims' parcels passed which warehouse. Only the police can decrypt ``request``.

    ``request`` is a file of ``waybillguard trace match request``. ``since``: compare waybills of orders from that day on.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.CharField(max_length=80, help_text="of the document that asks for it")
    since = models.DateField()
    district = models.CharField(max_length=30, blank=True, help_text="empty: the whole town")
    request = models.BinaryField()
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Screening"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="screening_number_once")
        ]


class ScreeningTo(models.Model):
    """One warehouse's part in a screening; it is answered once the response and all ``parts`` setup files are there."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="copies")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="screenings")
    told_at = models.DateTimeField(null=True)
    response = models.BinaryField(default=bytes)
    parts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ScreeningTo"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screening", "warehouse"], name="screening_once")
        ]


class ScreeningSetup(models.Model):
    """One setup file of a warehouse's answer; a large warehouse sends several. Only the police can read it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    answer = models.ForeignKey(ScreeningTo, on_delete=models.CASCADE, related_name="setups")
    part = models.PositiveSmallIntegerField()
    setup = models.BinaryField()

    objects: ClassVar[models.Manager["ScreeningSetup"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "part"], name="screening_setup_once")
        ]
