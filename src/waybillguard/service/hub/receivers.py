"""Every hour: a linked warehouse reports; a hub looks for silence and for what is overdue."""

from datetime import datetime

from django.dispatch import receiver
from django.urls import reverse

from waybillguard.inspect.cases import open_tasks, overdue
from waybillguard.service.alerts.messages import notify
from waybillguard.service.cases.joint import read
from waybillguard.service.cases.models import Case, JointCase
from waybillguard.service.hub.intake import silence
from waybillguard.service.hub.models import HubLink, Town
from waybillguard.service.hub.sending import send
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def report_to_hub(tenant: Tenant, now: datetime, **_: object) -> None:
    """Send this warehouse's report."""
    link = HubLink.objects.filter(tenant=tenant).select_related("tenant").first()
    if link is not None:
        send(link, now)


@receiver(round_made)
def look_for_silence(tenant: Tenant, now: datetime, **_: object) -> None:
    """Raise an alarm for warehouses that report no more."""
    town = Town.objects.filter(tenant=tenant).select_related("tenant").first()
    if town is not None:
        silence(town, now)


@receiver(round_made)
def tell_what_is_overdue(tenant: Tenant, now: datetime, **_: object) -> None:
    """Tell of each clock that has run out once, and of a case's overdue tasks once a day."""
    today = now.date()
    living = JointCase.objects.filter(tenant=tenant).exclude(case__state=Case.State.CLOSED)
    for joint in living.select_related("tenant", "case"):
        file, address, number = read(joint), reverse("joint_case", args=[joint.pk]), joint.case.number
        for one in overdue(file.course, today):
            zh, en = (
                f"案件 {number} 逾期：{one.rule.zh}（{one.due}）",
                f"Case {number} overdue: {one.rule.en} ({one.due})",
            )
            notify(tenant, f"joint:{joint.pk}:{one.rule.id}:{one.due}", "high", zh, en, address, now=now)
        late = sum(is_late for _task, is_late in open_tasks(file.tasks, today))
        if late:
            zh, en = f"案件 {number}：{late} 项任务逾期", f"Case {number}: {late} tasks overdue"
            notify(tenant, f"joint:{joint.pk}:tasks:{today}", "high", zh, en, address, now=now)
