"""Signal receivers of alerts: the hourly round, changed limits, refusals of the guard."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from waybillguard.errors import WaybillGuardError
from waybillguard.service.alerts import notices
from waybillguard.service.alerts.letter import send_letter
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Alert, Severity
from waybillguard.service.alerts.services import notify_alert, raise_decoy_alert
from waybillguard.service.authorization.signals import limits_changed
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.lookups.guard import DECOY
from waybillguard.service.lookups.signals import guard_answered
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.planned import waiting
from waybillguard.service.vault.reconciling import sealed_surplus

logger = logging.getLogger(__name__)

_SEALED: Final = "sealed_surplus"
_LIMITS: Final = {
    "set": (Severity.HIGH, "密钥进程的限额已更改，即时生效。", "The limits of the key process were changed and hold now."),
    "proposed": (Severity.HIGH, "一位负责人签署了更宽的限额，等待另一位签署。", "An owner signed looser limits; another owner's signature is awaited."),
    "loosened": (Severity.CRITICAL, "唯一的负责人放宽了限额，72 小时后生效；如非本人所为，请立即撤回。", "The single owner loosened limits; they hold in 72 hours. If this was not you, take it back now."),
    "withdrawn": (Severity.MEDIUM, "待生效的限额已撤回。", "Limits that waited were taken back."),
}  # fmt: skip


@receiver(limits_changed)
def notify_limits_changed(tenant: Tenant, what: str, **_: object) -> None:
    """Notify every channel that keyd's limits changed or are about to."""
    severity, zh, en = _LIMITS[what]
    now = timezone.now()
    notify(tenant, f"limits:{what}:{now:%Y%m%d%H%M%S}", severity, zh, en, reverse("limits"), now=now)


@receiver(round_made)
def alert_sealed_surplus(tenant: Tenant, now: datetime, **_: object) -> None:
    """Raise an alert, at most once per day, if keyd sealed more rows than imports have read."""
    try:
        surplus = sealed_surplus(tenant, now)
    except KeydError:
        return
    told = Alert.objects.filter(tenant=tenant, rule=_SEALED, last_at__gte=now - timedelta(days=1))
    if not surplus or told.exists():
        return
    alert = Alert.objects.create(
        tenant=tenant, rule=_SEALED, rules=[_SEALED], severity=Severity.CRITICAL, first_at=now - timedelta(days=1),
        last_at=now, raised_at=now, records=surplus, score=1.0,
        reason_zh=f"24 小时内加密了 {surplus} 行不属于任何导入的数据：可能有人在用加密接口试出手机号的检索标记。请检查服务器。",
        reason_en=f"{surplus} rows were encrypted within 24 hours that no import holds: somebody may be turning phone "
        "numbers into search tokens. Check the server.",
    )  # fmt: skip
    notify_alert(alert)


@receiver(round_made)
def notify_unknown_plans(tenant: Tenant, now: datetime, **_: object) -> None:
    """Notify every channel, once per day, of each pending destruction plan in keyd that is unknown to the console."""
    try:
        unknown = [plan for plan, known in waiting(tenant) if not known]
    except KeydError:
        return
    for plan in unknown:
        notify(
            tenant, f"plan:{plan.mark.hex()}:{now:%Y%m%d}", Severity.CRITICAL,
            f"密钥进程中有一项控制台不知道的销毁计划（最多 {plan.orders} 单），公告 72 小时后生效。请立即停止并检查服务器。",
            f"A destruction of up to {plan.orders} orders waits that the console does not know of; it begins 72 hours "
            "after it was announced. Stop it now and check the server.",
            reverse("retention"), now=now,
        )  # fmt: skip


@receiver(round_made)
def send_attention_notices(tenant: Tenant, now: datetime, **_: object) -> None:
    """Send notices, and on Mondays the weekly summary."""
    notices.send_notices(tenant, now)
    send_letter(tenant, now)


@receiver(guard_answered)
def notify_refusal(user: User, rule: str, at: datetime, **_: object) -> None:
    """Notify every channel of a refusal, once per hour, person and rule. A decoy raises an alert immediately."""
    tenant = tenant_of(user)
    try:
        if rule == DECOY:
            station = user.here.place.station if user.here is not None else ""
            raise_decoy_alert(user, station, at)
            return
        notify(
            tenant, f"guard:{user.pk}:{rule}:{at:%Y%m%d%H}", Severity.HIGH,
            "有账号因操作异常被当场拒绝，请核实", "An account was refused for unusual activity; check it",
            reverse("guard"), now=at,
        )  # fmt: skip
    except WaybillGuardError as error:  # the refusal stands even if the message fails
        logger.warning("a refusal of the guard was not told: %s", error.code)
