"""The hub's answer to a warehouse's report; it also records notices read and tasks reported done."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from waybillguard.agent.protocol_town import (
    MAX_NOTICES,
    MAX_TASKS,
    Done,
    Given,
    Notice,
    Posture,
    PostureTaken,
    Seen,
)
from waybillguard.inspect.cases import report_step
from waybillguard.inspect.errors import InspectError
from waybillguard.service.cases.joint import Joint, Kind, StepTaken, append_when_free, read
from waybillguard.service.cases.models import Case, JointCase
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import CaseWarehouse, NoticeTo, Warehouse
from waybillguard.service.hub.models import Notice as Sent
from waybillguard.service.hub.screening import pending_screenings
from waybillguard.service.hub.towns import seat_of, town_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User

_AT_ONCE = 500


def answer_to(warehouse: Warehouse, posture: Posture, sha256: str, now: datetime) -> PostureTaken:
    """Record which notices a warehouse read and which tasks it did; return its notices, tasks and screenings."""
    copies = NoticeTo.objects.filter(tenant=warehouse.tenant, warehouse=warehouse, read_at=None)
    if posture.read:
        copies.filter(notice__in=posture.read, fetched_at__isnull=False).update(read_at=now)
    cases = _cases(warehouse)
    for done in posture.done:
        if found := next((one for one in cases if one.pk == done.case), None):
            _enter(found, warehouse, done, now)
    waiting = list(copies.select_related("notice").order_by("notice_id")[:MAX_NOTICES])
    copies.filter(pk__in=[one.pk for one in waiting], fetched_at=None).update(fetched_at=now)
    return PostureTaken(
        sha256=sha256,
        seen=Seen(shard=warehouse.shard, size=warehouse.ledger_size) if warehouse.ledger_root else None,
        notices=tuple(_told(one.notice) for one in waiting),
        tasks=tuple(_given(cases, warehouse.name))[:MAX_TASKS],
        screenings=pending_screenings(warehouse, now),
    )


def send_notice(
    by: User, kind: str, title: str, text: str, *, district: str = "", due: date | None = None
) -> Sent:
    """Send a warning or a call to training, once to each warehouse of the town or of a district.

    Raises:
        HubError: title or text is missing, the sender represents no authority, or no warehouse is listed.
    """
    tenant, authority = tenant_of(by), seat_of(by)
    town_of(tenant)
    title, text = title.strip()[:80], text.strip()[:2000]
    listed = Warehouse.objects.filter(tenant=tenant, **({"district": district} if district else {}))
    to = list(listed.values_list("pk", flat=True))
    if not title or not text or kind not in Sent.Kind or "\x00" in title + text:
        raise HubError(zh="请填写标题和内容。未发送。", en="type a title and a text. Nothing was sent.")
    if not to:
        raise HubError(zh="名单中没有仓库。未发送。", en="no warehouse is listed. Nothing was sent.")
    sent = Sent.objects.create(
        tenant=tenant,
        kind=kind,
        title=title,
        text=text,
        authority=authority,
        district=district,
        due=due,
        sent_by=by,
    )
    NoticeTo.objects.bulk_create(
        (NoticeTo(tenant=tenant, notice=sent, warehouse_id=one) for one in to), batch_size=_AT_ONCE
    )
    return sent


def _cases(warehouse: Warehouse) -> list[JointCase]:
    concerned = CaseWarehouse.objects.filter(tenant=warehouse.tenant, warehouse=warehouse).values("joint")
    living = JointCase.objects.filter(tenant=warehouse.tenant, pk__in=concerned)
    return list(living.exclude(case__state=Case.State.CLOSED).select_related("tenant", "case"))


def _enter(joint: JointCase, warehouse: Warehouse, done: Done, now: datetime) -> None:
    """Record that a warehouse reports a task done; ignore repeated reports and steps that the case does not allow."""

    def make(case: Joint) -> tuple[Kind, StepTaken] | None:
        task = next((t for t in case.tasks if (t.warehouse, t.item) == (warehouse.name, done.item)), None)
        if task is None or task.closed or task.state == "self_certified":
            return None
        if task.steps and done.at <= task.steps[-1].at:
            return None  # reported before the failed re-test
        try:
            # Use the time of arrival, not the warehouse's clock: a re-test must be later than it.
            after = report_step(task, "self_certified", warehouse.name, now)
        except InspectError:
            return None
        return "step", StepTaken(warehouse=warehouse.name, item=done.item, step=after.steps[-1])

    append_when_free(joint, make, by=None, authority="warehouse")


def _given(cases: Iterable[JointCase], name: str) -> Iterable[Given]:
    for joint in cases:
        for task in read(joint).tasks:
            if task.warehouse == name:
                about = {"case": joint.pk, "title": joint.title, "item": task.item, "state": task.state}
                yield msgspec.convert(about | {"authority": task.authority, "due": task.due}, Given)


def _told(one: Sent) -> Notice:
    about = {"id": one.pk, "kind": one.kind, "title": one.title, "text": one.text}
    return msgspec.convert(
        about | {"authority": one.authority, "sent_at": one.sent_at, "due": one.due}, Notice
    )
