"""Tenants: the warehouses that share an installation and cannot see each other's data."""

from django.db import models
from django.utils import timezone


class Tenant(models.Model):
    """A warehouse; row-level security separates its orders, people and records from other tenants."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    carrier = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return the name."""
        return self.name
