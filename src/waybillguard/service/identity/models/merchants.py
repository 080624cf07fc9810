"""Merchants, their shops and their people."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models.people import User
from waybillguard.service.tenancy.models import Tenant


class Merchant(models.Model):
    """A merchant whose parcels the warehouse ships."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Merchant"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name"], name="merchant_once"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class MerchantShop(models.Model):
    """A shop of a merchant, by its name in exports; a shop belongs to at most one merchant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="shops")
    shop = models.CharField(max_length=80)

    objects: ClassVar[models.Manager["MerchantShop"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "shop"], name="merchant_shop_once"),
        ]


class MerchantPerson(models.Model):
    """A person who views orders on behalf of a merchant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="people")
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="merchant_tie")

    objects: ClassVar[models.Manager["MerchantPerson"]] = ScopedManager(tenant="tenant")
