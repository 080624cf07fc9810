"""Traces of lists of victims, and answers to notices. Phone numbers and names of victims are not stored."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class Leak(models.Model):
    """One list of victims and the result of its trace."""

    class State(models.TextChoices):
        """State of a trace."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Step(models.TextChoices):
        """Current step of a running trace."""

        READ = "read", _("Reading access records")
        SEARCH = "search", _("Looking for sources")
        GUARDS = "guards", _("Checking against chance")
        NODES = "nodes", _("Comparing with all shipments")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    step = models.CharField(max_length=8, choices=Step, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    victims = models.JSONField(default=list, help_text="orders and times of contact; no phone, no name")
    refused = models.JSONField(default=list, help_text="rows of the list that were not read")
    not_found = models.PositiveIntegerField(default=0, help_text="phones without an order here")
    answer = models.JSONField(default=dict)
    nodes = models.JSONField(default=dict)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager["Leak"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-created_at"], name="leak_newest")]

    @property
    def going_on(self) -> bool:
        """Whether the trace is waiting or running."""
        return self.state in {self.State.WAITING, self.State.RUNNING}


class NoticeAnswer(models.Model):
    """An answer to a notice (调取证据通知书), handed out only after two people have confirmed it."""

    class State(models.TextChoices):
        """State of an answer."""

        ASKED = "asked", _("Waiting for the first person")
        CONFIRMED = "confirmed", _("Waiting for the second person")
        AGREED = "agreed", _("Ready")
        REFUSED = "refused", _("Refused")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    notice = models.JSONField()
    orders = models.JSONField(default=list, help_text="victims' orders, by their uid or number")
    not_found = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    first = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    second = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    fetched = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["NoticeAnswer"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-made_at"], name="notice_answer_newest")]
