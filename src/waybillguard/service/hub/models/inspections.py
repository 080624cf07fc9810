"""Special inspections: their checks, results and photos."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.hub.models.town import Warehouse
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


class Special(models.Model):
    """A special inspection (专项检查): its date, items, warehouses and authorities."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    title = models.CharField(max_length=80)
    authority = models.CharField(max_length=20)
    joint = models.BooleanField(default=False, help_text="several authorities go together")
    items = models.JSONField(help_text="numbers of the twelve items, as text")
    on = models.DateField()
    seed = models.CharField(max_length=16, help_text="of the sample, so that anybody can draw it again")
    left_out = models.JSONField(default=list, help_text="[warehouse, item, authority, day] inspected already")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Special"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="special_newest")]


class Check(models.Model):
    """The inspection of one item at one warehouse, and its result."""

    class Result(models.TextChoices):
        """The result of a check."""

        OPEN = "", _("Not inspected yet")
        PASSED = "passed", _("In order")
        FAILED = "failed", _("Not in order")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    special = models.ForeignKey(Special, on_delete=models.CASCADE, related_name="checks")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=3)
    result = models.CharField(max_length=8, choices=Result, blank=True)
    claim = models.CharField(max_length=16, default="retested", help_text="witnessed: shown; retested: tried")
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(null=True, help_text="by the inspector's phone")
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    came_at = models.DateTimeField(null=True)
    uid = models.CharField(max_length=36, blank=True, help_text="made by the phone: the same twice is once")

    objects: ClassVar[models.Manager["Check"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["special", "warehouse", "item"], name="check_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "warehouse", "item"], name="check_of_item")]


@spool_owner
class CheckPhoto(models.Model):
    """A photo of a finding, encrypted in the spool under a key of its own."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    check_row = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="photos")
    uid = models.CharField(max_length=36)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField(default=0)
    kind = models.CharField(max_length=8)
    spool_name = models.CharField(max_length=64)
    wrapped_key = models.BinaryField(max_length=512)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["CheckPhoto"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_row", "uid"], name="check_photo_once")
        ]
