"""The sites of a warehouse."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.tenancy.models import Tenant


class Site(models.Model):
    """A site (场地) of a warehouse: a building, a floor, a branch.

    Policies and recorded decisions refer to ``code``, so it never changes; the name may. A closed site keeps its row,
    so that past decisions stay readable.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Site"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "code"], name="site_code_once"),
            models.UniqueConstraint(fields=["tenant", "name"], name="site_name_once"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
