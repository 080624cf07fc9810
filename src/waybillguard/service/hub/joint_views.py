"""Pages of joint cases at the hub: the list, one case as an authority may see it, its steps, its documents."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.documents import Document
from waybillguard.errors import WaybillGuardError
from waybillguard.inspect.cases import (
    Attachment,
    Event,
    Reference,
    View,
    actors,
    deadlines,
    duty_table,
    evidence_pack,
    hand_over,
    overdue,
    rectification_report,
    report_step,
    return_visit_record,
    state_of,
    states,
)
from waybillguard.inspect.cases.states import SIDE_EVENTS
from waybillguard.inspect.sheet import items as sheet_items
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.cases.joint import (
    ChangedError,
    JointError,
    Kind,
    StepTaken,
    append,
    change_parties,
    hand_on,
    may_see,
    open_joint,
    read,
    seen_by,
)
from waybillguard.service.cases.models import JointCase, JointEntry
from waybillguard.service.hub.models import RoomLink, Seat, Warehouse
from waybillguard.service.hub.rooms import end_room, open_room
from waybillguard.service.hub.tasks_of import give_tasks, tasks_for
from waybillguard.service.hub.towns import SEATS, seat_of
from waybillguard.service.hub.views import in_language, item_title, paper
from waybillguard.service.hub.words import ATTACHMENTS, CLOCKS, EVENTS, LEVELS, ORIGINS, TASKS
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.views import attempt, number, said

PAPERS: dict[str, Callable[[View, date], Document]] = {
    "rectification": lambda view, on: rectification_report(view.case, view.tasks, on),
    "duties": lambda view, on: duty_table(view.case, view.tasks, on),
    "evidence": lambda view, on: evidence_pack(view.case, view.attachments, on),
    "visit": lambda view, on: return_visit_record(view.case, view.tasks, on),
}
"""Documents that we generate for a case, from the data their reader may see."""
_LEAST_DAYS, _MOST_DAYS, _DAYS = 1, 366, 30


@requires(Permission.LEDGER)
@require_safe
def joint_cases(request: HttpRequest) -> HttpResponse:
    """List the joint cases in which the user's authority takes part, newest first."""
    user = signed_in(request)
    seat = Seat.objects.filter(tenant=tenant_of(user), user=user).first()
    mine = [
        one
        for one in JointCase.objects.filter(tenant=tenant_of(user)).select_related("case").order_by("-pk")
        if seat is not None and may_see(one, seat.authority)
    ]
    page = Paginator(mine, 50).get_page(request.GET.get("page"))
    today, courses = timezone.localdate(), {one.pk: read(one).course for one in page}
    context = {
        "seat": seat,
        "page": page,
        "states": {pk: _named(state_of(course)) for pk, course in courses.items()},
        "since": {pk: course.events[0].on for pk, course in courses.items()},
        "late": {pk: len(overdue(course, today)) for pk, course in courses.items()},
        "authorities": _authorities(),
    }
    return render(request, "hub/joint_cases.html", context)


@requires(Permission.LEDGER)
@require_POST
def joint_open(request: HttpRequest) -> HttpResponse:
    """Open a joint case; its first event is a clue or the opening itself."""
    user, post = signed_in(request), request.POST
    try:
        seat = seat_of(user)
        joint = open_joint(
            user,
            seat,
            post.get("title", ""),
            post.get("agency", ""),
            post.getlist("parties"),
            _event(request, seat),
        )
    except WaybillGuardError as error:
        messages.error(request, said(error))
        return redirect("joint_cases")
    return redirect("joint_case", joint.pk)


@requires(Permission.LEDGER)
@require_safe
def joint_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case as the user's authority may see it; the access is recorded."""
    user = signed_in(request)
    found = _joint(user, pk)
    if found is None:
        return redirect("joint_cases")
    return _page(request, *found)


@requires(Permission.LEDGER)
@require_POST
def joint_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an event to a case."""

    def write(joint: JointCase, seat: str, user: User) -> None:
        append(joint, _seen(request), "event", _event(request, seat), by=user, authority=seat)

    return _write(request, pk, write)


@requires(Permission.LEDGER)
@require_POST
def joint_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign tasks to a warehouse: for every open item of its sheet, or for the chosen items."""
    post = request.POST
    due = timezone.localdate() + timedelta(days=number(post.get("days"), _LEAST_DAYS, _MOST_DAYS, _DAYS))
    origin = next((one for one in ORIGINS if one == post.get("origin", "proposal")), None)

    def write(joint: JointCase, seat: str, user: User) -> None:
        chosen = number(post.get("warehouse"), 1, 10**10 - 1, 0)
        one = Warehouse.objects.filter(tenant=joint.tenant, pk=chosen).first()
        if one is None or origin is None:
            raise JointError(zh="请选择仓库。", en="choose a warehouse.")
        tasks = tasks_for(one, due, read(joint), chosen=post.getlist("items"), origin=origin)
        give_tasks(joint, _seen(request), one, tasks, by=user, authority=seat)

    return _write(request, pk, write)


@requires(Permission.LEDGER)
@require_POST
def joint_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a warehouse reports a task as begun or done; only a re-test closes the task."""
    post = request.POST

    def write(joint: JointCase, seat: str, user: User) -> None:
        view, _version = seen_by(joint, seat)
        warehouse, item = post.get("warehouse", ""), post.get("item", "")
        task = next((one for one in view.tasks if (one.warehouse, one.item) == (warehouse, item)), None)
        if task is None:
            raise JointError(zh="没有这项任务。", en="there is no such task.")
        after = report_step(task, post.get("to", ""), warehouse, timezone.now())
        taken = StepTaken(warehouse=warehouse, item=item, step=after.steps[-1])
        append(joint, _seen(request), "step", taken, by=user, authority=seat)

    return _write(request, pk, write)


@requires(Permission.LEDGER)
@require_POST
def joint_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach evidence by its hash, or hand over evidence in custody; both are added to the chain of custody."""
    post, now = request.POST, timezone.now()

    def make(joint: JointCase, seat: str) -> tuple[Kind, Any]:
        sha256, place = post.get("sha256", "").strip().lower(), post.get("place", "")[:60]
        if to := post.get("to", ""):
            return "handover", hand_on(joint, sha256, to, place, now, seat)
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):  # noqa: PLR2004 - hex of SHA-256
            raise JointError(
                zh="请填写 64 位 SHA-256。未保存。", en="type the SHA-256, 64 digits. Nothing was saved."
            )
        if any(one.sha256 == sha256 for one in read(joint).attachments):
            raise JointError(zh="这份证据已在卷内。", en="this evidence is attached already.")
        bare = msgspec.convert(
            {
                "kind": post.get("kind", "document"), "name": post.get("name", "")[:120], "sha256": sha256,
                "size": number(post.get("size"), 0, 10**10 - 1, 0),
            },
            Attachment,
        )  # fmt: skip
        return "attachment", hand_over(bare, seat, seat, now, place=place)

    def write(joint: JointCase, seat: str, user: User) -> None:
        append(joint, _seen(request), *make(joint, seat), by=user, authority=seat)

    return _write(request, pk, write)


@requires(Permission.LEDGER)
@require_POST
def joint_parties(request: HttpRequest, pk: int) -> HttpResponse:
    """Set which authorities take part; one that leaves loses access, and its links end."""

    def write(joint: JointCase, seat: str, user: User) -> None:
        changed = change_parties(joint, seat, request.POST.getlist("parties"))
        with transaction.atomic():
            append(joint, _seen(request), "parties", changed, by=user, authority=seat)
            for link in RoomLink.objects.filter(
                tenant=joint.tenant, joint=joint, authority__in=changed.left, ended_at=None
            ).select_related("joint", "tenant"):
                end_room(user, link)

    return _write(request, pk, write)


@requires(Permission.LEDGER)
@require_safe
def joint_paper(request: HttpRequest, pk: int, name: str, ending: str) -> HttpResponse:
    """Return one of our documents, limited to what the user's authority may see."""
    user = signed_in(request)
    found = _joint(user, pk)
    if found is None or name not in PAPERS:
        raise Http404
    joint, seat = found
    record(joint.tenant, "export", user=user, purpose="joint_case", workstation=f"joint:{joint.pk}")
    view, _version = seen_by(joint, seat)
    return paper(PAPERS[name](view, timezone.localdate()), f"{name}-{joint.case.number}", ending)


@requires(Permission.LEDGER)
@require_POST
def joint_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Create a link and a code that open the case's documents without an account; or end a link."""
    user = signed_in(request)
    found = _joint(user, pk)
    if found is None:
        return redirect("joint_cases")
    joint, seat = found
    if ended := number(request.POST.get("end"), 1, 10**9, 0):
        end_room(
            user, get_object_or_404(RoomLink, pk=ended, tenant=joint.tenant, joint=joint, authority=seat)
        )
        return redirect("joint_case", pk)
    to, days = request.POST.get("to", ""), number(request.POST.get("days"), 1, 30, 7)
    made = attempt(request, lambda: open_room(user, joint, seat, to, days))
    return _page(request, joint, seat, room=made) if made else redirect("joint_case", pk)


def _write(request: HttpRequest, pk: int, write: Callable[[JointCase, str, User], None]) -> HttpResponse:
    """Write an entry; on a conflict or invalid input, show the form again as it was filled in."""
    user = signed_in(request)
    found = _joint(user, pk)
    if found is None:
        return redirect("joint_cases")
    joint, seat = found
    try:
        write(joint, seat, user)
    except ChangedError as error:
        joint.refresh_from_db()
        if not may_see(joint, seat):
            raise Http404 from None
        return _page(request, joint, seat, changed=error, filled=request.POST, status=409)
    except msgspec.ValidationError:
        messages.error(request, _("A value of the form is not understood. Nothing was saved."))
    except WaybillGuardError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Saved."))
        return redirect("joint_case", pk)
    return _page(request, joint, seat, filled=request.POST, status=422)


def _seen(request: HttpRequest) -> int:
    return number(request.POST.get("seen"), 0, 10**9, 0)


def _joint(user: User, pk: int) -> tuple[JointCase, str] | None:
    """Return a case and the user's authority; None if the user represents no authority.

    Raises:
        Http404: there is no such case, or the user's authority takes no part in it.
    """
    joint = get_object_or_404(
        JointCase.objects.select_related("case", "tenant"), pk=pk, tenant=tenant_of(user)
    )
    seat = Seat.objects.filter(tenant=joint.tenant, user=user).first()
    if seat is None:
        return None
    if not may_see(joint, seat.authority):
        raise Http404
    return joint, seat.authority


def _event(request: HttpRequest, seat: str) -> Event:
    post = request.POST
    on = parse_date(post.get("on", "")) or timezone.localdate()
    document = None
    if named := post.get("number", "").strip()[:80]:
        document = Reference(post.get("of", seat)[:60], named, parse_date(post.get("dated", "")) or on)
    passed = {"yes": True, "no": False}.get(post.get("passed", ""))
    level, kind = post.get("level") or None, post.get("kind", "")
    state = next((one for one in states() if one.event == kind), None)
    # An event that the user's authority cannot cause is attributed to the authority that issued its document.
    theirs = (
        state is not None and seat not in state.actors and document and document.authority in state.actors
    )
    return msgspec.convert(
        {
            "on": on, "kind": kind, "actor": document.authority if theirs and document else seat, "document": document, "passed": passed,
            "urgent": "urgent" in post, "level": level, "note": post.get("note", "").strip()[:300],
        },
        Event,
    )  # fmt: skip


def _page(request: HttpRequest, joint: JointCase, seat: str, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401
    user, today = signed_in(request), timezone.localdate()
    record(joint.tenant, "view", user=user, purpose="joint_case", workstation=f"joint:{joint.pk}")
    view, version = seen_by(joint, seat)
    state = state_of(view.case)
    following = [one for one in states() if one.id in state.next]
    kinds = [(one.event, _named(one)) for one in following] + [
        (kind, EVENTS[kind]) for kind in sorted(SIDE_EVENTS)
    ]
    changed = more.get("changed")
    context = {
        "joint": joint, "seat": seat, "view": view, "seen": version, "state": state, "states": states(),
        "clocks": [(one, in_language(one.rule.zh, one.rule.en), CLOCKS[one.status]) for one in deadlines(view.case, today)],
        "tasks": [
            (one, item_title(one.item), TASKS[one.state], not one.closed and today > one.due) for one in view.tasks
        ],
        "sheet": [(str(one.number), in_language(one.title_zh, one.title_en)) for one in sheet_items()],
        "origins": ORIGINS, "level": LEVELS[view.case.level],
        "events": [(one, _event_word(one), _actor(one.actor)) for one in reversed(view.case.events)],
        "kinds": kinds, "authorities": _authorities(), "attachment_kinds": ATTACHMENTS,
        "warehouses": Warehouse.objects.filter(tenant=joint.tenant).exclude(summary={}).order_by("name")[:2000],
        "room_links": RoomLink.objects.filter(tenant=joint.tenant, joint=joint, authority=seat, ended_at=None).order_by("-pk"),
        "since": [_entry_line(one, view) for one in changed.since] if isinstance(changed, ChangedError) else [],
        "changed_text": said(changed) if isinstance(changed, ChangedError) else "",
        **more,
    }  # fmt: skip
    response = render(request, "hub/joint_case.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _entry_line(entry: JointEntry, view: View) -> str:
    """Describe a concurrent entry in one line; notes are shown only to authorities that see the whole file."""
    who = f"{timezone.localtime(entry.at):%H:%M} {_actor(entry.authority)}"
    if entry.kind == "event":
        event = msgspec.convert(entry.payload, Event)
        return f"{who}: {_event_word(event)} {event.on}" + (f" {event.note}" if view.complete else "")
    if entry.kind == "step":
        taken = msgspec.convert(entry.payload, StepTaken)
        shown = any((one.warehouse, one.item) == (taken.warehouse, taken.item) for one in view.tasks)
        return (
            f"{who}: {taken.warehouse} {item_title(taken.item)} {TASKS[taken.step.to].label}"
            if shown
            else who
        )
    return f"{who}: {EVENTS[entry.kind]}"


def _event_word(event: Event) -> str:
    by_event = {one.event: one for one in states()}
    return _named(by_event[event.kind]) if event.kind in by_event else str(EVENTS[event.kind])


def _named(state: Any) -> str:  # noqa: ANN401 - a state or an actor
    return in_language(state.zh, state.en)


def _actor(name: str) -> str:
    return _named(actors()[name]) if name in actors() else name


def _authorities() -> list[tuple[str, str]]:
    return [(name, _actor(name)) for name in SEATS]
