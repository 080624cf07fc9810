"""What a hub keeps of its town, and what a warehouse keeps of the hub it reports to."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.cases.models import JointCase
from waybillguard.service.identity.models import Device, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_owner


class Town(models.Model):
    """A tenant with a town is a hub; ``silent_hours`` without a report raise an alarm."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    silent_hours = models.PositiveSmallIntegerField(default=6)
    period_days = models.PositiveSmallIntegerField(
        default=90, help_text="the same item of a warehouse is inspected once in so many days"
    )
    opened_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Town"]] = ScopedManager(tenant="tenant")


class Seat(models.Model):
    """For which authority a person sits at the table (an actor of ``inspect/data/cases/actors.yaml``)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="seat")
    authority = models.CharField(max_length=20)

    objects: ClassVar[models.Manager["Seat"]] = ScopedManager(tenant="tenant")


class Warehouse(models.Model):
    """A warehouse of the town; ``device`` signs its reports, ``summary`` is what the table shows."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=60)
    district = models.CharField(max_length=30)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    sequence = models.BigIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)
    posture = models.JSONField(default=list, help_text="[control, status] of the last report")
    posture_sha256 = models.CharField(max_length=64, blank=True)
    shard = models.IntegerField(default=0)
    ledger_size = models.BigIntegerField(default=0)
    ledger_root = models.CharField(max_length=64, blank=True)
    proved_at = models.DateTimeField(null=True, help_text="when the ledger last proved that it only grew")
    summary = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Warehouse"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name"], name="warehouse_name_once")
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Witnessed(models.Model):
    """The newest checkpoint of a ledger that this hub cosigned; ``forked`` is one that contradicts it, if any came.

    One row for each origin: of one ledger the hub never cosigns two checkpoints that contradict each other.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="witnessed")
    origin = models.CharField(max_length=100)
    key = models.BinaryField(max_length=32, help_text="the log's Ed25519 key, as first seen")
    size = models.BigIntegerField()
    note = models.TextField(help_text="signed by the log and this hub")
    signed_at = models.DateTimeField()
    forked = models.TextField(blank=True, help_text="signed by the log; not by this hub")
    forked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Witnessed"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "origin"], name="witnessed_origin_once")
        ]


class MonthEnd(models.Model):
    """A warehouse's summary as it stood at the end of a month, for what changed since."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text="its first day")
    summary = models.JSONField()

    objects: ClassVar[models.Manager["MonthEnd"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "month", "warehouse"], name="month_end_once")
        ]


class TownAlarm(models.Model):
    """Something about a warehouse that somebody at the hub must look at; ``mark`` raises it once."""

    class Kind(models.TextChoices):
        """What it is about."""

        SILENT = "silent", _("Reports no more")
        SEQUENCE = "sequence", _("Report replayed, or key copied")
        LEDGER = "ledger", _("Ledger went back or was rewritten")
        HIDDEN = "hidden", _("Ledger not shown, or growth not proved")
        THEFT = "theft", _("Theft that may be in progress")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=10, choices=Kind)
    mark = models.CharField(max_length=100)
    raised_at = models.DateTimeField()
    rule = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=10, default="high")
    records = models.IntegerField(default=0)
    account = models.CharField(max_length=16, blank=True, help_text="pseudonym")
    ended_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["TownAlarm"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "mark"], name="town_alarm_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-raised_at"], name="town_alarm_newest")]


class HubLink(models.Model):
    """The hub this warehouse reports to. ``sealed_keys``: the device's keys and the secret of its pseudonyms."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    server = models.CharField(max_length=200)
    device = models.CharField(max_length=32)
    known_as = models.CharField(max_length=60, help_text="this warehouse's name at the hub")
    authority = models.TextField(help_text="certificate of the hub's authority, PEM")
    sealed_keys = models.TextField()
    sequence = models.BigIntegerField(default=0)
    seen_shard = models.IntegerField(default=0, help_text="how much of the ledger the hub has seen")
    seen_size = models.BigIntegerField(default=0)
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_sha256 = models.CharField(max_length=64, blank=True)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager["HubLink"]] = ScopedManager(tenant="tenant")


class HubCosigned(models.Model):
    """The newest checkpoint of one of this warehouse's ledgers that the hub cosigned, and the hub's key.

    It stays when the warehouse reports no more. ``refused``: why the hub did not sign the last one.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    origin = models.CharField(max_length=100)
    size = models.BigIntegerField(default=0)
    note = models.TextField(blank=True)
    log_keys = models.TextField(blank=True)
    hub_key = models.CharField(max_length=2000, blank=True)
    signed_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=16, blank=True)

    objects: ClassVar[models.Manager["HubCosigned"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "origin"], name="hub_cosigned_once")
        ]


class Notice(models.Model):
    """A warning, or a call to training, sent to the town's warehouses; each says when it was read."""

    class Kind(models.TextChoices):
        """What it asks for."""

        WARNING = "warning", _("Warning")
        TRAINING = "training", _("Training")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=2000)
    authority = models.CharField(max_length=20)
    district = models.CharField(max_length=30, blank=True, help_text="empty: the whole town")
    due = models.DateField(null=True)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Notice"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="town_notice_newest")]


class NoticeTo(models.Model):
    """One warehouse's copy of a notice: fetched with its report, read by somebody there."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="copies")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="notices")
    fetched_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["NoticeTo"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "warehouse"], name="town_notice_once")
        ]


class HubNotice(models.Model):
    """A notice as it arrived at this warehouse. ``number`` is the hub's."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Notice.Kind)
    authority = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=2000)
    due = models.DateField(null=True)
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["HubNotice"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="hub_notice_once")]


class HubTask(models.Model):
    """A task of a joint case as the hub last told it. ``case`` is the hub's number of it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.BigIntegerField()
    title = models.CharField(max_length=120)
    item = models.CharField(max_length=3)
    authority = models.CharField(max_length=20)
    due = models.DateField()
    state = models.CharField(max_length=16)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, help_text="said here, until the hub's state follows")

    objects: ClassVar[models.Manager["HubTask"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "case", "item"], name="hub_task_once")
        ]


class CaseWarehouse(models.Model):
    """Which joint cases have tasks for a warehouse, so that a report need not read every case."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager["CaseWarehouse"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "joint"], name="case_warehouse_once")
        ]


class Criminal(models.Model):
    """A criminal case as imported: by number and date, with what makes cases alike. No person is named."""

    class Way(models.TextChoices):
        """How the thief came in."""

        TEMP = "temp", _("Temp with a USB stick")
        BURGLARY = "burglary", _("Burglary")
        REMOTE = "remote", _("Remote-control program")
        LEAVER = "leaver", _("Account of a leaver")
        BRIBE = "bribe", _("Bribed employee")
        CALL = "call", _('Call from "IT"')
        OTHER = "other", _("Another way")
        UNKNOWN = "", _("Not known yet")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    authority = models.CharField(max_length=60, help_text="who filed it")
    number = models.CharField(max_length=80)
    date = models.DateField()
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, null=True, related_name="criminal")
    way_in = models.CharField(max_length=10, choices=Way, blank=True)
    gang = models.CharField(max_length=40, blank=True, help_text="the investigator's own label")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Criminal"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "authority", "number"], name="criminal_case_once")
        ]


class RoomLink(models.Model):
    """A link to a case's documents as one authority sees them, for somebody without an account."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="rooms")
    authority = models.CharField(max_length=20)
    given_to = models.CharField(
        max_length=60, help_text="the office it was made for; printed on what it hands out"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.CharField(max_length=200)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["RoomLink"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "joint"], name="room_link_of")]


class Special(models.Model):
    """A special inspection (专项检查): which items, which warehouses, by which authorities, when."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    title = models.CharField(max_length=80)
    authority = models.CharField(max_length=20)
    joint = models.BooleanField(default=False, help_text="several authorities go together")
    items = models.JSONField(help_text="numbers of the twelve items, as text")
    on = models.DateField()
    seed = models.CharField(max_length=16, help_text="of the sample, so that anybody can draw it again")
    left_out = models.JSONField(default=list, help_text="[warehouse, item, authority, day] inspected already")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Special"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="special_newest")]


class Check(models.Model):
    """One item of one warehouse to be inspected, and what was found."""

    class Result(models.TextChoices):
        """What was found."""

        OPEN = "", _("Not inspected yet")
        PASSED = "passed", _("In order")
        FAILED = "failed", _("Not in order")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    special = models.ForeignKey(Special, on_delete=models.CASCADE, related_name="checks")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=3)
    result = models.CharField(max_length=8, choices=Result, blank=True)
    claim = models.CharField(max_length=16, default="retested", help_text="witnessed: shown; retested: tried")
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(null=True, help_text="by the inspector's phone")
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    came_at = models.DateTimeField(null=True)
    uid = models.CharField(max_length=36, blank=True, help_text="made by the phone: the same twice is once")

    objects: ClassVar[models.Manager["Check"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["special", "warehouse", "item"], name="check_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "warehouse", "item"], name="check_of_item")]


@spool_owner
class CheckPhoto(models.Model):
    """A photo of a finding, encrypted in the spool under a key of its own."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    check_row = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="photos")
    uid = models.CharField(max_length=36)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField(default=0)
    kind = models.CharField(max_length=8)
    spool_name = models.CharField(max_length=64)
    wrapped_key = models.BinaryField(max_length=512)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["CheckPhoto"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_row", "uid"], name="check_photo_once")
        ]
