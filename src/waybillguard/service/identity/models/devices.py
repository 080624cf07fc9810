"""Devices, their one-time codes, and their used nonces."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models.people import User
from waybillguard.service.tenancy.models import Tenant


class KeyPlace(models.TextChoices):
    """Where a device stores its private key, as reported at enrolment (protocol.KeyPlace)."""

    TPM = "tpm", _("TPM")
    KEYRING = "keyring", _("keyring")
    FILE = "file", _("file")


class DeviceKind(models.TextChoices):
    """The kind of a device."""

    AGENT = "agent", _("Print agent")
    SHIM = "shim", _("Print component")
    STATION = "station", _("Browser at a print station")
    DESK = "desk", _("Browser in the office")
    PHONE = "phone", _("Browser of a phone or handheld")
    WAREHOUSE = "warehouse", _("Warehouse that reports to this hub")


BROWSERS = (DeviceKind.STATION, DeviceKind.DESK, DeviceKind.PHONE)
"""Kinds of devices identified by a cookie instead of a key (browsers.py)."""


class Device(models.Model):
    """An enrolled device: it signs its requests with its own key, or is a browser identified by a cookie.

    ``holder`` is the person it belongs to; empty for a device of a station. The device ends with the holder's account.
    """

    class State(models.TextChoices):
        """Whether the device's requests are accepted."""

        ACTIVE = "active", _("Active")
        RESTRICTED = "restricted", _("Restricted")
        REVOKED = "revoked", _("Revoked")

    uid = models.CharField(max_length=32, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    station = models.CharField(max_length=60)
    site = models.ForeignKey(
        "identity.Site", on_delete=models.PROTECT, null=True, help_text="where it stands"
    )
    kind = models.CharField(max_length=10, choices=DeviceKind, default=DeviceKind.AGENT)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="devices")
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    signing_key = models.BinaryField(max_length=32, unique=True, null=True, help_text="empty: a browser")
    remote_control = models.BooleanField(
        default=False,
        db_default=False,
        help_text="of a browser: its station's PC is under suspicion (sensors)",
    )
    sealing_key = models.BinaryField(max_length=32)
    cookie_hash = models.BinaryField(max_length=32, unique=True, null=True, help_text="of a browser")
    host_class = models.CharField(max_length=10, blank=True)
    key_place = models.CharField(
        max_length=10,
        choices=KeyPlace,
        blank=True,
        default="",
        db_default="",
        help_text="as the agent said; empty: it did not",
    )
    os = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=80, blank=True)
    printers = models.JSONField(default=list, help_text="as the agent named them (protocol.PrinterInfo)")
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(null=True)
    lease_number = models.BigIntegerField(
        default=0, db_default=0, help_text="highest number of a request that got jobs (protocol.LeaseRequest)"
    )
    runs = models.JSONField(
        default=list, help_text="latest starts of the agent: [run, first seen], newest last"
    )
    copy_seen_at = models.DateTimeField(
        null=True, help_text="when its key was seen on two machines (runs.py)"
    )
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Device"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "state", "station"])]

    def __repr__(self) -> str:
        """Return only the primary key."""
        return f"<Device {self.pk}>"


class EnrolmentCode(models.Model):
    """A one-time code that enrols one device of a station; only its hash is stored."""

    secret_hash = models.BinaryField(max_length=32, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    station = models.CharField(max_length=60)
    site = models.ForeignKey("identity.Site", on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=10, choices=DeviceKind, default=DeviceKind.AGENT)
    holder = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["EnrolmentCode"]] = ScopedManager(tenant="tenant")


class DeviceNonce(models.Model):
    """A used nonce of a device; kept until its signature has expired."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "nonce"], name="nonce_once")]
