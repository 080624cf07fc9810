"""Keys with which other programs call the machine API."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models.people import User
from waybillguard.service.tenancy.models import Tenant


class MachineKey(models.Model):
    """A named key of a program with its scopes and expiry; only the hash of its secret is stored.

    The key acts for the owner who made it, and ends with that owner's access.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["MachineKey"]] = ScopedManager(tenant="tenant")
