"""Passed lessons and signed agreements. Wrong answers are never stored."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


class LessonPassed(models.Model):
    """A person passed a version of a lesson."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lesson = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    passed_at = models.DateTimeField(default=timezone.now)
    ledger_index = models.BigIntegerField()

    objects: ClassVar[models.Manager["LessonPassed"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "person", "lesson"], name="lesson_passed_person")]


class Agreement(models.Model):
    """A person signed a version of the confidentiality agreement (保密协议)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)
    ledger_index = models.BigIntegerField()

    objects: ClassVar[models.Manager["Agreement"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "person", "text_sha256"], name="agreement_once")
        ]
