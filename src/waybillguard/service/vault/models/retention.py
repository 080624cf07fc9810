"""Retention periods, planned destruction, and tombstones of what was destroyed."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class Shredded(models.Model):
    """A tombstone: what was shredded and must stay shredded after any backup is restored.

    keyd keeps the same list beside the ledger and is asked for it at every start. ``epoch_up_to`` and
    ``order_up_to`` bound it: days and tenants that are filled again later get new keys and new ids.
    """

    class Scope(models.TextChoices):
        """How much was shredded at once."""

        ORDERS = "orders"
        DAY = "day"
        TENANT = "tenant"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    mark = models.CharField(max_length=64, unique=True, help_text="leaf hash of the ledger entry, hex")
    scope = models.CharField(max_length=8, choices=Scope)
    day = models.IntegerField(null=True)
    uids = models.BinaryField(default=bytes, help_text="16 bytes an order")
    epoch_up_to = models.PositiveIntegerField(default=0)
    order_up_to = models.BigIntegerField(default=0)
    orders = models.PositiveIntegerField(
        null=True, help_text="how many; not known of an act that was replayed"
    )
    certificate = models.TextField(blank=True, help_text="its words, as the ledger keeps them")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Shredded"]] = ScopedManager(tenant="tenant")


class RetentionRule(models.Model):
    """A tenant's retention periods, and whether a legal hold forbids destroying anything now."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    contact_days = models.PositiveSmallIntegerField(default=90, help_text="days after delivery")
    undelivered_days = models.PositiveSmallIntegerField(
        default=180, help_text="days after the order where no delivery was reported"
    )
    index_days = models.PositiveSmallIntegerField(default=184, help_text="order and waybill indexes")
    look_days = models.PositiveSmallIntegerField(
        default=184, db_default=184, help_text="words of look records"
    )
    legal_hold = models.CharField(max_length=200, blank=True, help_text="case reference; empty: no hold")
    last_run_at = models.DateTimeField(null=True)
    clock_seen_at = models.DateTimeField(null=True, help_text="last moment of the clock that was believed")

    objects: ClassVar[models.Manager["RetentionRule"]] = ScopedManager(tenant="tenant")


class PlannedDestruction(models.Model):
    """Destruction due by the rules, announced before it is carried out (planned.py)."""

    class State(models.TextChoices):
        """Waiting for its time, or for a person; then stopped or done."""

        WAITING = "waiting"
        HELD = "held"
        STOPPED = "stopped"
        DONE = "done"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, choices=State)
    announced_at = models.DateTimeField()
    cutoff = models.DateTimeField(help_text="what was due at this moment is destroyed")
    orders = models.PositiveIntegerField()
    living = models.PositiveIntegerField(help_text="orders that opened when it was made")
    waited_s = models.PositiveIntegerField(default=0, help_text="seconds the service ran since then")
    looked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    destroyed = models.PositiveIntegerField(default=0)
    mandate = models.BinaryField(max_length=1024, default=bytes, help_text="keyd's, from 72 hours on")

    objects: ClassVar[models.Manager["PlannedDestruction"]] = ScopedManager(tenant="tenant")
