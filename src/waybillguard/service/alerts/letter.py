"""Weekly summary for the owner: alerts, restrictions and open tasks as numbers with a link, without names."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse

from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Alert, Severity
from waybillguard.service.tenancy.models import Tenant

_MONDAY, _HOUR = 0, 9


def send_letter(tenant: Tenant, now: datetime) -> int:
    """Send last week's summary, on Mondays from 9:00. Sent at most once per week."""
    if now.weekday() != _MONDAY or now.hour < _HOUR:
        return 0
    zh, en = letter(tenant, now)
    week = now.isocalendar()
    return notify(tenant, f"letter:{week.year}-{week.week}", Severity.LOW, zh, en, reverse("alerts"), now=now)


def letter(tenant: Tenant, now: datetime) -> tuple[str, str]:
    """Return the summary in Chinese and English."""
    since = now - timedelta(days=7)
    week = Alert.objects.filter(tenant=tenant, raised_at__gte=since, drill=False).aggregate(
        seen=Count("pk"),
        thefts=Count("pk", filter=Q(state=Alert.State.CONFIRMED)),
        stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
        records=Sum("records", filter=~Q(state=Alert.State.EXPLAINED)),
    )
    waiting = Alert.objects.filter(tenant=tenant, state=Alert.State.OPEN, drill=False).count()
    numbers = {**week, "records": week["records"] or 0, "open": waiting}
    zh = (
        "上周小结：告警 {seen} 条，确认窃取 {thefts} 起，涉及约 {records} 条收件信息，已停用账号 {stopped} 个；"
        "待核查 {open} 条。"
    )
    en = (
        "Last week: {seen} alerts, {thefts} confirmed as theft, about {records} records concerned, {stopped} accounts "
        "stopped; {open} to be checked."
    )
    return zh.format(**numbers), en.format(**numbers)
