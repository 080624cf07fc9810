"""Warning lists, requests and reported contacts for the demo warehouse; every person is invented."""

from datetime import timedelta

from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.scams import parcels, warnings
from waybillguard.service.scams.models import PrivacyRequest, ReportedContact, WarningShare
from waybillguard.service.vault.listing import visible

_NOTICE = {
    "kinds": "收件姓名、电话、地址",
    "cause": "一台打单电脑被装入远程控制程序",
    "certainty": "可能",
    "measures": "已停用该电脑、更换全部账号密码",
    "reported": "已向公安机关报案",
}


def fill(owner: User) -> None:
    """Create one half-finished warning list, two requests and a reported contact."""
    tenant, today, now = tenant_of(owner), timezone.localdate(), timezone.now()
    with scope(tenant=tenant):
        orders = list(visible(tenant).exclude(order_no="").order_by("pk")[:3])
        if not orders:
            return
        made = warnings.start(
            owner, today - timedelta(days=30), today, [], "打单电脑远程控制（演示）", _NOTICE
        )
        first = made.shares.order_by("-orders").first()
        if first is not None and made.shares.count() > 1:
            list(warnings.file_of(owner, first, now))
            warnings.record_notified(WarningShare.objects.get(pk=first.pk), first.orders, now)
        for order, kind in zip(
            orders, (PrivacyRequest.Kind.DELETE, PrivacyRequest.Kind.CORRECT), strict=False
        ):
            parcels.ask(order, kind, now - timedelta(days=4))
        ReportedContact.objects.get_or_create(
            tenant=tenant,
            order_uid=bytes(orders[-1].uid),
            defaults={"order": orders[-1], "contacted_on": today, "verdict": "SCAM", "made_by": owner},
        )
