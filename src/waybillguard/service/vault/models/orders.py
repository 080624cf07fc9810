"""Orders at rest: a sealed contact, a masked view, keyed indexes, and the salt needed to open it."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from waybillguard.service.identity.merchants.scope import OrderManager
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models.imports import Batch


class OrderState(models.TextChoices):
    """State of an order (contracts: OrderState)."""

    AWAITING_SHIPMENT = "awaiting_shipment"
    IN_TRANSIT = "in_transit"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERY_FAILED = "delivery_failed"
    EXCEPTION = "exception"
    LOST = "lost"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Lane(models.TextChoices):
    """What a printed order's protection relies on."""

    A = "A"
    B = "B"
    C = "C"


class Order(models.Model):
    """One goods line of an order. Contact data is in ``blob`` (lanes B, C) or nowhere (lane A).

    ``uid`` begins with the time of import, so new rows are adjacent in its index.
    """

    uid = models.BinaryField(max_length=16, unique=True)
    # Every index slows imports; the tenant's own is covered by the composite ones below.
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, db_index=False)
    day = models.IntegerField()
    lane = models.CharField(max_length=1, choices=Lane)
    lane_in = models.CharField(max_length=1, choices=Lane, help_text="the lane it came in by")
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.AWAITING_SHIPMENT)
    order_no = models.CharField(max_length=80, blank=True)
    waybill_no = models.CharField(max_length=80, blank=True)
    carrier = models.CharField(max_length=40, blank=True)
    sort_code = models.CharField(max_length=60, blank=True)
    hub = models.CharField(max_length=60, blank=True)
    simulated = models.BooleanField(default=False, help_text="numbers come from the carrier simulator")
    shop = models.CharField(max_length=80, blank=True)
    platform = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(null=True)
    goods_class = models.CharField(max_length=20, blank=True)
    quantity = models.CharField(max_length=20, blank=True)
    province = models.CharField(max_length=30, blank=True)
    city = models.CharField(max_length=30, blank=True)
    district = models.CharField(max_length=30, blank=True)
    masked_name = models.CharField(max_length=60, blank=True)
    masked_phone = models.CharField(max_length=60, blank=True)
    masked_address = models.CharField(max_length=300, blank=True)
    masked_remark = models.CharField(max_length=500, blank=True)
    epoch_id = models.PositiveIntegerField(default=0)
    key_generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    blob = models.BinaryField(default=bytes)
    phone_index = models.BinaryField(max_length=16, default=bytes)
    last4_index = models.BinaryField(max_length=16, default=bytes)
    order_index = models.BinaryField(max_length=16, default=bytes)
    waybill_index = models.BinaryField(max_length=16, default=bytes)
    row_index = models.BinaryField(max_length=16, default=bytes, help_text="keyed digest of the row")
    person_token = models.BinaryField(max_length=16, default=bytes)
    person_token_previous = models.BinaryField(max_length=16, default=bytes)
    decoy_tag = models.BinaryField(max_length=16, default=bytes)
    printed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True, help_text="contact and masked view are gone")
    attempts = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["Order"]] = ScopedManager(OrderManager, tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "day", "id"], name="order_day"),
            models.Index(fields=["tenant", "id"], name="order_tenant"),
            models.Index(
                fields=["tenant", "shop", "id"],
                name="order_shop_living",
                condition=models.Q(shredded_at=None),
            ),
            models.Index(fields=["tenant", "lane", "id"], name="order_lane"),
            models.Index(fields=["tenant", "state", "id"], name="order_state"),
            models.Index(fields=["batch"], name="order_batch"),
            models.Index(fields=["phone_index"], name="order_phone", condition=models.Q(phone_index__gt=b"")),
            models.Index(fields=["last4_index"], name="order_last4", condition=models.Q(last4_index__gt=b"")),
            models.Index(fields=["order_index"], name="order_order", condition=models.Q(order_index__gt=b"")),
            models.Index(
                fields=["waybill_index"], name="order_waybill", condition=models.Q(waybill_index__gt=b"")
            ),
            models.Index(fields=["row_index"], name="order_row"),
            models.Index(fields=["tenant", "printed_at", "id"], name="order_printed"),
            models.Index(
                fields=["tenant", "lane", "id"], name="order_waiting", condition=models.Q(printed_at=None)
            ),
        ]


class Salt(models.Model):
    """The shred table: after a row is deleted, that order's contact can never be opened again."""

    order_uid = models.BinaryField(max_length=16, primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, db_index=True)
    salt = models.BinaryField(max_length=16)

    objects: ClassVar[models.Manager["Salt"]] = ScopedManager(tenant="tenant")
