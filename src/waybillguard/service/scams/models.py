"""Warning lists with a share per merchant, buyers' requests, and contacts reported by victims.

No message is stored, and no data about a buyer beyond the order.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from waybillguard.service.cases.models import Case
from waybillguard.service.identity.models import Merchant, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order


class WarningList(models.Model):
    """A leak or theft: the affected orders, and the content of the notice to buyers (PIPL 57, NDR 11).

    The orders are those sealed from ``first_day`` to ``last_day`` (days of the vault) up to ``order_up_to``. If
    ``order_nos`` is not empty, only orders with these numbers.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=80)
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    order_up_to = models.BigIntegerField(default=0)
    order_nos = models.JSONField(default=list)
    kinds = models.CharField(max_length=120)
    cause = models.CharField(max_length=120)
    certainty = models.CharField(max_length=4)
    measures = models.CharField(max_length=160)
    reported = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["WarningList"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="warning_list_tenant")]


class WarningShare(models.Model):
    """One merchant's part of a warning list: orders, draft notice and progress."""

    class State(models.TextChoices):
        """Progress of a share; each state follows the one before."""

        WAITING = "waiting", _("To hand over")
        HANDED = "handed", _("List with the merchant")
        NOTIFIED = "notified", _("Buyers told")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    warning = models.ForeignKey(WarningList, on_delete=models.CASCADE, related_name="shares")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80, help_text="of the merchant, or of the shop that has none")
    shops = models.JSONField(default=list)
    orders = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    notified_at = models.DateTimeField(null=True)
    notified = models.PositiveIntegerField(null=True, help_text="buyers told, as the merchant says")

    objects: ClassVar[models.Manager["WarningShare"]] = ScopedManager(tenant="tenant")


class PrivacyRequest(models.Model):
    """A buyer's request to the merchant, made on the order page (个人信息保护法 第四十五至四十七条); no free text."""

    class Kind(models.TextChoices):
        """The right that the buyer exercises."""

        CORRECT = "correct", _("Correct")
        DELETE = "delete", _("Delete")
        OBJECT = "object", _("Object to processing")
        EXPORT = "export", _("Get a copy")

    class State(models.TextChoices):
        """State of a request."""

        OPEN = "open", _("Waiting to be passed on")
        FORWARDED = "forwarded", _("With the merchant")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="+")
    order_no = models.CharField(max_length=80)
    shop = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    asked_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(help_text="our target: fifteen working days")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    forwarded_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PrivacyRequest"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                name="privacy_request_one_open",
                condition=models.Q(state__in=["open", "forwarded"]),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state", "due_on"], name="privacy_request_due")]


class ReportedContact(models.Model):
    """A buyer of this order was contacted by a fraudster and agreed that the warehouse looks for the leak."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="+")
    order_uid = models.BinaryField(max_length=16)
    contacted_on = models.DateField()
    verdict = models.CharField(max_length=12)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["ReportedContact"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "order_uid"], name="reported_contact_once")
        ]
