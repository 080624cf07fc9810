"""Alerts, their evidence and explanations, drills, and the channels and messages that notify people."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.cases.models import Case
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class Severity(models.TextChoices):
    """Severity of an alert or message."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Alert(models.Model):
    """One suspected theft. It grows as more events arrive; its record count never decreases.

    ``evidence`` holds times, actions, places and order numbers. ``account`` is the name used in events: ``u12``, or the
    name from a foreign log.
    """

    class State(models.TextChoices):
        """State of an alert."""

        OPEN = "open", _("To be checked")
        CONFIRMED = "confirmed", _("Theft")
        EXPLAINED = "explained", _("Explained")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    rule = models.CharField(max_length=40)
    rules = models.JSONField(default=list)
    severity = models.CharField(max_length=10, choices=Severity)
    account = models.CharField(max_length=80, blank=True)
    workstation = models.CharField(max_length=60, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    records = models.IntegerField()
    score = models.FloatField()
    reason_zh = models.CharField(max_length=600)
    reason_en = models.CharField(max_length=600)
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    stopped_at = models.DateTimeField(
        null=True, help_text="since when the account's plaintext looks are stopped"
    )
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, related_name="+")
    drill = models.BooleanField(default=False, help_text="of the daily synthetic theft; counted nowhere")

    objects: ClassVar[models.Manager["Alert"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "-raised_at"], name="alert_state"),
            models.Index(fields=["tenant", "account", "workstation"], name="alert_where"),
        ]


class KeptEvidence(models.Model):
    """Evidence of an alert at the time somebody acted on it: canonical JSON and its hash. Immutable."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="kept")
    at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    objects: ClassVar[models.Manager["KeptEvidence"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "sha256"], name="evidence_kept_once")
        ]


class Drill(models.Model):
    """The synthetic theft of one day, and whether it was caught."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    day = models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")
    at = models.DateTimeField(default=timezone.now)
    alert = models.ForeignKey(Alert, on_delete=models.SET_NULL, null=True, related_name="+")
    caught = models.BooleanField(default=False)
    records = models.IntegerField(default=0, help_text="taken before the alarm")
    error = models.CharField(max_length=60, blank=True)

    objects: ClassVar[models.Manager["Drill"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "day"], name="drill_once_a_day")]


class Explanation(models.Model):
    """An accepted reason why alerts of one rule about an account are no theft, until a date or until ended."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    account = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    why = models.CharField(max_length=200)
    until = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Explanation"]] = ScopedManager(tenant="tenant")


class Detection(models.Model):
    """The last detection run of a warehouse: input mark, notes on what it could not judge, error."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT)
    at = models.DateTimeField()
    mark = models.CharField(max_length=40, help_text="of the events it read")
    seconds = models.FloatField(default=0)
    notes = models.JSONField(default=list, help_text="pairs of Chinese and English")
    error = models.CharField(max_length=60, blank=True)
    good_at = models.DateTimeField(null=True, help_text="when everything that had come was last judged")

    objects: ClassVar[models.Manager["Detection"]] = ScopedManager(tenant="tenant")


class Channel(models.Model):
    """A notification channel: chat robot, e-mail or webhook. Its address contains a key and is stored sealed."""

    class Kind(models.TextChoices):
        """Type of channel."""

        WECOM = "wecom", _("WeCom robot")
        DINGTALK = "dingtalk", _("DingTalk robot")
        FEISHU = "feishu", _("Feishu robot")
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    sealed_address = models.TextField()
    console = models.CharField(
        max_length=200, help_text="where links lead: the console as its owner opened it"
    )
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Channel"]] = ScopedManager(tenant="tenant")


class Message(models.Model):
    """A message for one channel: a line and a link, no personal data. ``mark`` is unique per channel."""

    class State(models.TextChoices):
        """State of a message."""

        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="messages")
    mark = models.CharField(max_length=80)
    severity = models.CharField(max_length=10, choices=Severity)
    text_zh = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400)
    address = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.IntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)

    objects: ClassVar[models.Manager["Message"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "mark"], name="message_told_once")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="message_due")]
