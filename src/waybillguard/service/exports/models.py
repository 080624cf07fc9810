"""Models of exports, their sealed parts, and the recipients to whom exports may be sealed."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


class Recipient(models.Model):
    """An outside person to whom exports may be sealed: registered by one person, confirmed by a second.

    The key is the recipient's public one (X25519); its fingerprint is shown and compared, never stored.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=60)
    organisation = models.CharField(max_length=80)
    public_key = models.BinaryField(max_length=32)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Recipient"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "public_key"],
                name="recipient_key_once",
                condition=models.Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        """Return name and organisation."""
        return f"{self.name} · {self.organisation}"

    @property
    def usable(self) -> bool:
        """Whether exports may be sealed to this key."""
        return self.confirmed_at is not None and self.revoked_at is None


@spool_owner
class Export(models.Model):
    """One export, from the request to the end of its file.

    ``counted_at`` is when it was finally decided and counted against the requester's quota. From then on, an
    interrupted export continues where it stopped and is not counted again.
    """

    class Form(models.TextChoices):
        """What the file holds."""

        MASKED = "masked"
        SEALED = "sealed"

    class Table(models.TextChoices):
        """File format of a masked export, and its file extension."""

        CSV = "csv"
        XLSX = "xlsx"

    class State(models.TextChoices):
        """State of an export. Nothing is made before ``agreed``; a file exists only in ``ready``."""

        ASKED = "asked"
        AGREED = "agreed"
        MAKING = "making"
        READY = "ready"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        FAILED = "failed"
        EXPIRED = "expired"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=32, blank=True, help_text="uid of the browser it was asked at")
    station = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=8, choices=Form)
    table = models.CharField(max_length=4, choices=Table, default=Table.CSV)
    purpose = models.CharField(max_length=24)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, null=True, related_name="exports")
    selection = models.JSONField(help_text="ids of orders")
    records = models.PositiveIntegerField()
    mandate = models.BinaryField(
        max_length=1024,
        default=bytes,
        help_text="keyd's: the asker's proposal, then what two people agreed to",
    )
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    second = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    policies = models.CharField(max_length=300, blank=True)
    policy_version = models.CharField(max_length=64, blank=True)
    reason_zh = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    counted_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text="a worker is at it until then")
    claim = models.CharField(
        max_length=32, blank=True, help_text="which worker; what it writes names its claim"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=4200, default=bytes, help_text="beginning of a sealed file")
    origin = models.CharField(max_length=120, blank=True)
    spool_name = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(max_length=64, default=bytes)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Export"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-asked_at"], name="export_tenant"),
            models.Index(fields=["tenant", "state"], name="export_state"),
        ]


class ExportPart(models.Model):
    """A part of a sealed file; only the recipient's private key opens it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    sealed = models.BinaryField()

    objects: ClassVar[models.Manager["ExportPart"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once"),
        ]
