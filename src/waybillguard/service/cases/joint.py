"""Storage of joint cases (联合办案) as a sequence of entries, with optimistic locking.

A writer passes the version they have read. If another entry was added since, nothing is written and `ChangedError`
contains the new entries. So no edit is lost when several authorities write at once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from waybillguard.errors import WaybillGuardError
from waybillguard.inspect.cases import (
    Attachment,
    Event,
    Step,
    Task,
    View,
    actors,
    advance,
    assign_down,
    hand_over,
    refer_up,
    view_for,
)
from waybillguard.inspect.cases import Case as Course
from waybillguard.inspect.cases.model import Custody
from waybillguard.service.cases.models import Case, DocumentNumber, JointCase, JointEntry
from waybillguard.service.cases.services import open_case
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.platform.hooks import Question
from waybillguard.service.tenancy.days import local_day

type Kind = Literal["event", "tasks", "step", "attachment", "handover", "parties"]
_ADVANCES: Final[dict[str, Callable[[Course, Event], Course]]] = {
    "referred": refer_up,
    "assigned": assign_down,
}
_TRIES: Final = 50
authority_of: Question[[User], str] = Question("for which authority somebody sits; empty: for none")
_LEADS: Final = "procuratorate"


class JointError(WaybillGuardError):
    """A step that is not possible in a joint case."""

    code = "joint_case"


class ChangedError(JointError):
    """Somebody else wrote first. ``since`` contains the entries that the writer has not seen."""

    code = "joint_case_changed"

    def __init__(self, since: list[JointEntry]) -> None:
        super().__init__(
            zh="案件刚被他人更新，您的内容未保存。请看下面的变化，确认后再次提交。",
            en="somebody has just changed the case; yours was not saved. Read what changed below, then send it again.",
        )
        self.since = since


class StepTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A step of one task."""

    warehouse: str
    item: str
    step: Step


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over of the attachment with this hash."""

    sha256: str
    custody: Custody


class PartiesChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Authorities that were added to or removed from the case."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Joint(msgspec.Struct, frozen=True, kw_only=True):
    """State of a joint case, computed from its entries."""

    version: int
    course: Course
    tasks: tuple[Task, ...]
    attachments: tuple[Attachment, ...]

    def task(self, warehouse: str, item: str) -> Task:
        """Return a task.

        Raises:
            JointError: there is no such task.
        """
        for one in self.tasks:
            if (one.warehouse, one.item) == (warehouse, item):
                return one
        raise JointError(zh="没有这项任务。", en="there is no such task.")


def open_joint(
    by: User, authority: str, title: str, agency: str, parties: Iterable[str], first: Event
) -> JointCase:
    """Open a joint case with its first event, a clue or the opening.

    Raises:
        JointError: no title, an unknown agency or party, or a document number already in use.
        InspectError: a case cannot start with this event.
    """
    tenant, title = tenant_of(by), title.strip()[:120]
    sides = sorted({*parties, authority, agency})
    if not title or any(name not in actors() for name in sides):
        raise JointError(
            zh="请填写案件名称并选择单位。未保存。",
            en="type a title and choose authorities. Nothing was saved.",
        )
    with transaction.atomic():
        number = Case.objects.filter(tenant=tenant, kind=Case.Kind.JOINT).count() + 1
        record = open_case(
            tenant,
            f"joint:{by.pk}:{timezone.now():%Y%m%d%H%M%S%f}:{number}",
            Case.Kind.JOINT,
            title,
            title,
            by=by,
        )
        joint = JointCase.objects.create(
            tenant=tenant, case=record, title=title, agency=agency, parties=sides
        )
        append(joint, 0, "event", first, by=by, authority=authority)
    return joint


def read(joint: JointCase) -> Joint:
    """Return the current state of the case."""
    course, version = Course(title=joint.title, agency=joint.agency), 0
    tasks: dict[tuple[str, str], Task] = {}
    attachments: dict[str, Attachment] = {}
    for entry in joint.entries.filter(tenant=joint.tenant).order_by("version"):
        version = entry.version
        if entry.kind == "event":
            course = _advanced(course, msgspec.convert(entry.payload, Event))
        elif entry.kind == "tasks":
            for task in msgspec.convert(entry.payload, tuple[Task, ...]):
                tasks[task.warehouse, task.item] = task
        elif entry.kind == "step":
            taken = msgspec.convert(entry.payload, StepTaken)
            task = tasks[taken.warehouse, taken.item]
            tasks[task.warehouse, task.item] = msgspec.structs.replace(task, steps=(*task.steps, taken.step))
        elif entry.kind == "attachment":
            attachment = msgspec.convert(entry.payload, Attachment)
            attachments[attachment.sha256] = attachment
        elif entry.kind == "handover":
            handed = msgspec.convert(entry.payload, HandedOver)
            held = attachments[handed.sha256]
            attachments[held.sha256] = msgspec.structs.replace(held, custody=(*held.custody, handed.custody))
    names = tuple(sorted({task.warehouse for task in tasks.values()}))
    return Joint(
        version=version, course=msgspec.structs.replace(course, warehouses=names), tasks=tuple(tasks.values()),
        attachments=tuple(attachments.values()),
    )  # fmt: skip


def append(
    joint: JointCase,
    seen: int,
    kind: Kind,
    value: Any,  # noqa: ANN401 - what ``kind`` names
    *,
    by: User | None,
    authority: str,
) -> JointEntry:
    """Add an entry to a case. ``seen`` is the version that the writer has read; ``inspect.cases`` made the value.

    Raises:
        ChangedError: somebody else wrote in between; nothing was written.
        InspectError: the event cannot follow the current state.
        JointError: the document number belongs to another document, or a date is in the future.
    """
    now = read(joint)
    if now.version != seen:
        raise ChangedError(_since(joint, seen))
    try:
        with transaction.atomic():
            if isinstance(value, Event):
                _not_ahead(joint, value)
                _advanced(now.course, value)
                _take_number(joint, value)
            if isinstance(value, PartiesChanged):
                JointCase.objects.filter(pk=joint.pk, tenant=joint.tenant).update(
                    parties=_after(joint, value)
                )
            return JointEntry.objects.create(
                tenant=joint.tenant, joint=joint, version=seen + 1, kind=kind, payload=msgspec.to_builtins(value),
                authority=authority, by=by,
            )  # fmt: skip
    except IntegrityError:
        raise ChangedError(_since(joint, seen)) from None


def append_when_free(
    joint: JointCase, make: Callable[[Joint], tuple[Kind, Any] | None], *, by: User | None, authority: str
) -> JointEntry | None:
    """Add an entry computed from the current case, retrying after concurrent changes. For entries no person decides.

    ``make`` is called again with the new state after each change. It returns None if there is nothing to add.

    Raises:
        InspectError, JointError: see `append`.
    """
    for _ in range(_TRIES):
        now = read(joint)
        made = make(now)
        if made is None:
            return None
        try:
            return append(joint, now.version, *made, by=by, authority=authority)
        except ChangedError:
            continue
    raise ChangedError([])


def change_parties(joint: JointCase, authority: str, wanted: Iterable[str]) -> PartiesChanged:
    """Return the entry that sets the parties to ``wanted``, plus the responsible agency and the opener.

    Raises:
        JointError: the authority is neither the opener nor the procuratorate, a party is unknown, or nothing changes.
    """
    first = (
        joint.entries.filter(tenant=joint.tenant).order_by("version").values_list("authority", flat=True)[0]
    )
    if authority not in {first, _LEADS}:
        raise JointError(
            zh="参与单位由立案单位或检察机关调整。",
            en="who takes part is decided by the authority that opened the case or the procuratorate.",
        )
    after = {*wanted, joint.agency, first, authority}
    changed = PartiesChanged(
        joined=tuple(sorted(after - set(joint.parties))), left=tuple(sorted(set(joint.parties) - after))
    )
    if not (changed.joined or changed.left) or any(name not in actors() for name in after):
        raise JointError(zh="参与单位没有变化。未保存。", en="nobody joins or leaves. Nothing was saved.")
    return changed


def _after(joint: JointCase, changed: PartiesChanged) -> list[str]:
    return sorted({*joint.parties, *changed.joined} - set(changed.left))


def may_see(joint: JointCase, authority: str) -> bool:
    """Return whether an authority is a party to a case. To others its existence is not disclosed."""
    return authority in joint.parties


def hidden_from(user: User) -> list[int]:
    """Return keys of the tenant's joint cases whose existence must not be disclosed to the user."""
    authority = authority_of(user)
    joint = JointCase.objects.filter(tenant=tenant_of(user))
    return [one.case_id for one in joint if not may_see(one, authority)]


def seen_by(joint: JointCase, authority: str, *, own: str = "") -> tuple[View, int]:
    """Return the authority's view of a case and the version of that view.

    Raises:
        JointError: the authority is not a party.
    """
    if not may_see(joint, authority):
        raise JointError(zh="贵单位未参与此案。", en="your authority takes no part in this case.")
    now = read(joint)
    return view_for(authority, now.course, now.tasks, now.attachments, own=own), now.version


def hand_on(joint: JointCase, sha256: str, to: str, place: str, at: datetime, authority: str) -> HandedOver:
    """Return the entry for a hand-over of an attachment by the authority that holds it.

    Raises:
        JointError: there is no such attachment.
        InspectError: the authority is not its current holder.
    """
    for one in read(joint).attachments:
        if one.sha256 == sha256:
            return HandedOver(
                sha256=sha256, custody=hand_over(one, authority, to, at, place=place).custody[-1]
            )
    raise JointError(zh="没有这份证据。", en="there is no such evidence.")


def _advanced(course: Course, event: Event) -> Course:
    return _ADVANCES.get(event.kind, advance)(course, event)


def _not_ahead(joint: JointCase, event: Event) -> None:
    """Refuse events in the future: one wrong year would block every later step of the case."""
    days = [event.on, *([event.document.date] if event.document is not None else [])]
    if max(days) > local_day(timezone.now(), joint.tenant):
        raise JointError(
            zh="日期晚于今天，未保存。请核对年月日，待发生后再登记。",
            en="a date lies ahead. Nothing was saved; check the date, and enter the step once it has happened.",
        )


def _since(joint: JointCase, seen: int) -> list[JointEntry]:
    later = joint.entries.filter(tenant=joint.tenant, version__gt=seen)
    return list(later.select_related("by").order_by("version"))


def _take_number(joint: JointCase, event: Event) -> None:
    """Store the number of a document. Using it for another document or in another case is an error."""
    if event.document is None:
        return
    about = {"date": event.document.date, "kind": event.kind, "joint": joint}
    kept, _ = DocumentNumber.objects.get_or_create(
        tenant=joint.tenant, authority=event.document.authority, number=event.document.number, defaults=about
    )
    if (kept.date, kept.kind, kept.joint_id) != (event.document.date, event.kind, joint.pk):
        raise JointError(
            zh=f"文号 {event.document.number} 已用于另一份文书。未保存。",
            en=f"the number {event.document.number} is used for another document. Nothing was saved.",
        )
