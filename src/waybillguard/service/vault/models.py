"""Orders at rest: sealed contact data, a masked view for screens, keyed indexes for search.

A batch is invisible until its one row says ``committed``; a crash leaves nothing half-visible.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import OrderManager
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


class OrderState(models.TextChoices):
    """Where an order stands (contracts: OrderState)."""

    AWAITING_SHIPMENT = "awaiting_shipment"
    IN_TRANSIT = "in_transit"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERY_FAILED = "delivery_failed"
    EXCEPTION = "exception"
    LOST = "lost"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Lane(models.TextChoices):
    """Where the promise of a printed order comes from."""

    A = "A"
    B = "B"
    C = "C"


class Cipher(models.IntegerChoices):
    """Suite of sealed contacts (docs/formats.md); chosen when keys rotate."""

    AES_256_GCM = 1, "AES-256-GCM"
    AES_256_GCM_SIV = 2, "AES-256-GCM-SIV"
    SM4_GCM_SM3 = 3, "SM4-GCM (SM3)"


class Epoch(models.Model):
    """The wrapped key of one tenant and day; destroy the row and the day's contacts are gone."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    epoch_id = models.PositiveIntegerField()
    day = models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")
    wrapped = models.BinaryField(max_length=64)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)

    objects: ClassVar[models.Manager["Epoch"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "epoch_id"], name="epoch_once"),
            models.UniqueConstraint(fields=["tenant", "day", "generation"], name="epoch_a_day"),
        ]


class KeyGeneration(models.Model):
    """An index root of a tenant, wrapped. Generation 1 is derived from the root key and has no bytes here.

    A tenant that never rotated has no row. ``wrapped`` of a destroyed root (``ROWS``) makes row tokens alone.
    """

    class State(models.TextChoices):
        """Life of an index root."""

        CURRENT = "current"
        RETIRING = "retiring"  # orders are being sealed again: searches ask it too
        KEPT = "kept"  # six-month indexes of shredded orders still lie under it
        ROWS = "rows"  # destroyed, but for what recognises a row imported again

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State)
    wrapped = models.BinaryField(max_length=64, default=bytes)
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)
    suite = models.PositiveSmallIntegerField(
        choices=Cipher, default=Cipher.AES_256_GCM, db_default=Cipher.AES_256_GCM,
        help_text="what orders of this generation are sealed with",
    )  # fmt: skip

    objects: ClassVar[models.Manager["KeyGeneration"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="key_generation_once")
        ]


class Rotation(models.Model):
    """Sealing all orders of a tenant again under new keys: how far it is, and what it ended with."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    generation = models.PositiveSmallIntegerField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0, help_text="id of the last order that was sealed again")
    wave = models.PositiveIntegerField(
        default=2_500, db_default=2_500, help_text="orders that are written at once"
    )
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    unopened = models.BigIntegerField(default=0, help_text="orders left as they were: they do not open")
    days_destroyed = models.PositiveIntegerField(default=0)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    mandate = models.BinaryField(max_length=1024, default=bytes, help_text="keyd's, for this rotation alone")

    objects: ClassVar[models.Manager["Rotation"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant"], name="rotation_one_at_a_time", condition=models.Q(finished_at=None)
            )
        ]


@spool_owner
class Batch(models.Model):
    """One import: a file that was read, sealed out of sight, shown as a preview and then let in."""

    class State(models.TextChoices):
        """Life of an import; orders are visible in ``committed`` alone."""

        WAITING = "waiting"
        READING = "reading"
        PREVIEW = "preview"
        COMMITTED = "committed"
        UNDONE = "undone"
        FAILED = "failed"

    MACHINE: ClassVar = "api"
    """``kind`` of a batch that came as JSON: there is no file to read again."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    kind = models.CharField(max_length=8, help_text="ending of the uploaded file; its name is not kept")
    owner = models.CharField(
        max_length=40, blank=True, help_text="machine API: process at work on it (platform/lifeline)"
    )
    label = models.CharField(max_length=60, help_text="shown name: day and running number, never the file's")
    bytes_total = models.BigIntegerField(default=0)
    file_sha256 = models.BinaryField(max_length=32, default=bytes)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=64, default=bytes)
    wrapped_password = models.BinaryField(max_length=400, default=bytes)
    mandate = models.BinaryField(
        max_length=1024, default=bytes, help_text="keyd's, to destroy what was taken out"
    )
    rows_read = models.IntegerField(default=0)
    rows_ok = models.IntegerField(default=0)
    rows_reference = models.IntegerField(default=0)
    rows_refused = models.IntegerField(default=0)
    known_from = models.JSONField(
        default=dict, help_text="rows already sealed, by the import that holds them"
    )
    rows_known = models.IntegerField(default=0, help_text="rows that an earlier import already sealed")
    lanes = models.JSONField(default=dict, help_text="rows a lane: {A: n, B: n, C: n}")
    shops = models.JSONField(default=dict, help_text="rows a shop")
    days = models.JSONField(default=dict, help_text="rows a day number, as text")
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)
    receipt = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Batch"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="batch_tenant_state")]

    @classmethod
    def begin(cls, user: User, now: datetime, **values: Any) -> "Batch":  # noqa: ANN401 - of any column
        """Begin an import under the next number of its day. Call it within a transaction."""
        day = timezone.localtime(now).strftime("%Y%m%d")
        tenant = tenant_of(user)
        number = cls.objects.filter(tenant=tenant, label__startswith=f"{day}-").count() + 1
        return cls.objects.create(
            tenant=tenant, created_by=user, created_at=now, label=f"{day}-{number}", **values
        )


class RefusedRow(models.Model):
    """A data row that was held for a person: where it stands and why, nothing of what it says."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="refused")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    sheet = models.CharField(max_length=120, blank=True)
    row = models.IntegerField(help_text="of the data rows, from 1")
    line = models.IntegerField(default=0, help_text="in its sheet, as a spreadsheet counts; 0: of no file")
    reason = models.CharField(max_length=40)

    objects: ClassVar[models.Manager["RefusedRow"]] = ScopedManager(tenant="tenant")


class Order(models.Model):
    """One goods line of an order. Contact data is in ``blob`` (lanes B, C) or nowhere (lane A).

    ``uid`` begins with the time of import, so that new rows lie side by side in its index.
    """

    uid = models.BinaryField(max_length=16, unique=True)
    # Every index costs each import: the tenant's are covered by the composite ones below.
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
    """The shred table: delete a row and that order's contact can never be opened again."""

    order_uid = models.BinaryField(max_length=16, primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, db_index=True)
    salt = models.BinaryField(max_length=16)

    objects: ClassVar[models.Manager["Salt"]] = ScopedManager(tenant="tenant")


class GramPlan(models.Model):
    """How many bits the gram tokens of a tenant, month and field keep: fixed when the month begins."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    month = models.PositiveIntegerField()
    field = models.CharField(max_length=8, help_text="name or address")
    bits = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["GramPlan"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "generation", "month", "field"], name="gram_plan_once")
        ]


class GramChunk(models.Model):
    """Gram tokens of a chunk of an import, until the worker has merged them into postings."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, help_text="none: of a rotation")
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    rows = models.BinaryField(help_text="msgpack: a list of uid, month, name tokens, address tokens")

    objects: ClassVar[models.Manager["GramChunk"]] = ScopedManager(tenant="tenant")


class Posting(models.Model):
    """Which orders hold a gram: a compressed set of their ids under a keyed, cut token."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    month = models.PositiveIntegerField()
    field = models.CharField(max_length=8)
    token = models.BigIntegerField()
    count = models.PositiveIntegerField()
    ids = models.BinaryField()

    objects: ClassVar[models.Manager["Posting"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "generation", "month", "field", "token"], name="posting_once"
            )
        ]


class Shredded(models.Model):
    """A tombstone: what was shredded and must stay so, whatever backup is put in place.

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
    """How long a tenant keeps what, and whether a case forbids destroying anything now."""

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
    """What the rules say is due, announced before it is destroyed (planned.py)."""

    class State(models.TextChoices):
        """It waits for its time, or for a person; then it is stopped or done."""

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


class IdempotencyKey(models.Model):
    """What a call of the machine API was answered, so that sending it again does nothing again."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=80)
    request_sha256 = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    owner = models.CharField(max_length=40, blank=True, help_text="process at work on it (platform/lifeline)")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["IdempotencyKey"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="idempotency_once")]
