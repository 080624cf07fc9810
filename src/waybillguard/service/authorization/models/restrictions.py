"""Restrictions of people and stations, set in response to an alert. Rows are never deleted."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class Restriction(models.Model):
    """A restriction of a person or a station, in force until it is lifted (`events.Restriction`).

    An empty ``set_by`` means it was set automatically.
    """

    class Kind(models.TextChoices):
        """Strength of the restriction. The stronger value must sort first alphabetically."""

        LOCKED = "locked", _("Locked")
        NO_PLAINTEXT = "no_plaintext", _("No plaintext, exports and label files")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    station = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    rule = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=40, blank=True, help_text="what it answers, as alert:12")
    since = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=200, blank=True, help_text="why it was lifted")

    objects: ClassVar[models.Manager["Restriction"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "person"], name="restriction_in_force", condition=models.Q(lifted_at=None)
            )
        ]
