"""Notices and tasks that this warehouse received from its hub, and the acknowledgements it sends back."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from waybillguard.agent.protocol_town import MAX_NOTICES, MAX_TASKS, Done, PostureTaken
from waybillguard.service.alerts.messages import notify
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import HubNotice, HubTask
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant

OPEN: Final = ("notified", "in_work", "retest_failed")
"""States in which a task waits for action by this warehouse."""


def store_hub_answer(tenant: Tenant, taken: PostureTaken, now: datetime) -> None:
    """Store the notices and tasks of the hub's answer, and send notifications of new ones."""
    for one in taken.notices:
        _, fresh = HubNotice.objects.get_or_create(
            tenant=tenant, number=one.id,
            defaults={
                "kind": one.kind, "authority": one.authority, "title": one.title, "text": one.text, "due": one.due,
                "sent_at": one.sent_at, "arrived_at": now,
            },
        )  # fmt: skip
        if fresh:
            notify(
                tenant, f"hub:notice:{one.id}", "high", f"辖区通知：{one.title}", f"From the hub: {one.title}",
                "/town/inbox/", now=now,
            )  # fmt: skip
    kept = []
    for given in taken.tasks:
        task, fresh = HubTask.objects.update_or_create(
            tenant=tenant, case=given.case, item=given.item,
            defaults={
                "title": given.title, "authority": given.authority, "due": given.due, "state": given.state,
                **({"done_by": None, "done_at": None} if given.state not in OPEN or given.state == "retest_failed" else {}),
            },
        )  # fmt: skip
        kept.append(task.pk)
        if fresh:
            notify(
                tenant, f"hub:task:{given.case}:{given.item}", "high",
                f"辖区任务：第 {given.item} 项，{given.due} 前整改", f"From the hub: put item {given.item} right by {given.due}",
                "/town/inbox/", now=now,
            )  # fmt: skip
    HubTask.objects.filter(tenant=tenant).exclude(pk__in=kept).delete()


def read_notice_numbers(tenant: Tenant) -> tuple[int, ...]:
    """Return the numbers of the newest notices read at this warehouse; the hub counts each once."""
    read = HubNotice.objects.filter(tenant=tenant).exclude(read_at=None).order_by("-read_at")
    return tuple(read.values_list("number", flat=True)[:MAX_NOTICES])


def tasks_reported_done(tenant: Tenant) -> tuple[Done, ...]:
    """Return the tasks reported done here that the hub does not know of yet."""
    rows = HubTask.objects.filter(tenant=tenant, state__in=OPEN).exclude(done_at=None)
    return tuple(
        Done(case=one.case, item=one.item, at=one.done_at)
        for one in rows[:MAX_TASKS]
        if one.done_at is not None
    )


def acknowledge(user: User, notice: HubNotice, now: datetime) -> None:
    """Mark a notice as read and passed on; the next report tells the hub."""
    HubNotice.objects.filter(pk=notice.pk, tenant=tenant_of(user), read_at=None).update(
        read_by=user, read_at=now
    )


def report_task_done(user: User, task: HubTask, now: datetime) -> HubTask:
    """Mark a task as done and return it; only a re-test closes it.

    Raises:
        HubError: the task already waits for a re-test, or is closed.
    """
    rows = HubTask.objects.filter(Q(done_at=None), pk=task.pk, tenant=tenant_of(user), state__in=OPEN)
    if rows.update(done_by=user, done_at=now) != 1:
        raise HubError(
            zh="该任务已报告完成或已关闭。", en="the task was reported done already, or is closed."
        )
    return task
