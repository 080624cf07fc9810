"""Signal receivers: hourly reports and checks for silence and overdue deadlines; leavers lose their seat."""

from datetime import datetime

from django.dispatch import receiver
from django.urls import reverse
from django_scopes import scope

from waybillguard.inspect.cases import open_tasks, overdue
from waybillguard.service.alerts.messages import notify
from waybillguard.service.cases.joint import authority_of, read
from waybillguard.service.cases.models import Case, JointCase
from waybillguard.service.hub.intake import raise_silence_alarms
from waybillguard.service.hub.models import HubLink, RoomLink, Seat, Town
from waybillguard.service.hub.rooms import end_room
from waybillguard.service.hub.sending import send
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
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
    """Raise an alarm for warehouses that have stopped reporting."""
    town = Town.objects.filter(tenant=tenant).select_related("tenant").first()
    if town is not None:
        raise_silence_alarms(town, now)


@receiver(round_made)
def notify_overdue(tenant: Tenant, now: datetime, **_: object) -> None:
    """Notify once of each expired deadline, and once a day of a case's overdue tasks."""
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


@authority_of.answer
def authority_if_any(user: User) -> str:
    """Return the authority that a user represents; empty if none."""
    seats = Seat.objects.filter(tenant=tenant_of(user), user=user)
    return seats.values_list("authority", flat=True).first() or ""


@receiver(access_ended)
def end_seat(user: User, *, for_good: bool, **_: object) -> None:
    """End the seat and case rooms of a user who leaves for good; a rehired user needs a new seat."""
    if not for_good or user.tenant is None:
        return
    with scope(tenant=user.tenant):
        for link in RoomLink.objects.filter(tenant=user.tenant, made_by=user, ended_at=None).select_related(
            "joint", "tenant"
        ):
            end_room(user, link)
        if Seat.objects.filter(tenant=user.tenant, user=user).delete()[0]:
            note(user.tenant, "seat_left", person=user)
