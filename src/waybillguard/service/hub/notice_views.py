"""Pages of notices: a hub sends warnings and calls to training; a warehouse reads them and reports tasks done."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.scam.notices import forms
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.hub.downlink import send_notice
from waybillguard.service.hub.inbox import OPEN, acknowledge, report_task_done
from waybillguard.service.hub.models import (
    HubLink,
    HubNotice,
    HubScreening,
    HubTask,
    Notice,
    NoticeTo,
    Seat,
    Town,
    Warehouse,
)
from waybillguard.service.hub.views import item_title
from waybillguard.service.hub.words import TASKS
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import attempt

_PAGE, _SCREENINGS = 50, 20


@requires(Permission.LEDGER)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices of the town with how many warehouses fetched and read each."""
    user = signed_in(request)
    tenant = tenant_of(user)
    rows = Notice.objects.filter(tenant=tenant).annotate(
        to=Count("copies"), fetched=Count("copies__fetched_at"), read=Count("copies__read_at")
    )
    places = Warehouse.objects.filter(tenant=tenant).order_by("district").values_list("district", flat=True)
    context = {
        "page": Paginator(rows.order_by("-pk"), _PAGE).get_page(request.GET.get("page")),
        "seat": Seat.objects.filter(tenant=tenant, user=user).first(),
        "town": Town.objects.filter(tenant=tenant).first(),
        "kinds": Notice.Kind.choices,
        "districts": list(places.distinct()),
        "advice": "{harm}。\n{advice}。".format_map(forms().defaults),
    }
    return render(request, "hub/notices.html", context)


@requires(Permission.LEDGER)
@require_POST
def notice_send(request: HttpRequest) -> HttpResponse:
    """Send a notice to every warehouse, or to those of a district."""
    user, post = signed_in(request), request.POST
    sent = attempt(
        request,
        lambda: send_notice(
            user,
            post.get("kind", ""),
            post.get("title", ""),
            post.get("text", ""),
            district=post.get("district", ""),
            due=parse_date(post.get("due", "")),
        ),
    )
    return redirect("town_notice", sent.pk) if sent else redirect("town_notices")


@requires(Permission.LEDGER)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a notice and which warehouses have not read it yet, those first."""
    one = get_object_or_404(Notice, pk=pk, tenant=tenant_of(signed_in(request)))
    copies = NoticeTo.objects.filter(tenant=one.tenant, notice=one).select_related("warehouse")
    context = {
        "one": one,
        "counts": copies.aggregate(to=Count("pk"), fetched=Count("fetched_at"), read=Count("read_at")),
        "page": Paginator(
            copies.order_by("read_at", "warehouse__district", "warehouse__name"), _PAGE
        ).get_page(request.GET.get("page")),
    }
    return render(request, "hub/notice.html", context)


@requires(Permission.LEDGER)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the tasks from the hub, then its notices, unread ones first."""
    tenant = tenant_of(signed_in(request))
    today = timezone.localdate()
    tasks = [
        (
            one,
            item_title(one.item),
            TASKS[one.state],
            one.state in OPEN and one.done_at is None,
            today > one.due,
        )
        for one in HubTask.objects.filter(tenant=tenant).order_by("due", "pk")
    ]
    rows = HubNotice.objects.filter(tenant=tenant).select_related("read_by")
    context = {
        "link": HubLink.objects.filter(tenant=tenant).first(),
        "tasks": tasks,
        "screenings": HubScreening.objects.filter(tenant=tenant).order_by("-pk")[:_SCREENINGS],
        "page": Paginator(rows.order_by("read_at", "-sent_at"), _PAGE).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "hub/inbox.html", context)


@requires(Permission.LEAD)
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read."""
    user = signed_in(request)
    acknowledge(user, get_object_or_404(HubNotice, pk=pk, tenant=tenant_of(user)), timezone.now())
    messages.success(request, _("Saved; the next report tells the hub."))
    return redirect("hub_inbox")


@requires(Permission.LEAD)
@require_POST
def task_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a task as done; the hub has it re-tested."""
    user = signed_in(request)
    task = get_object_or_404(HubTask, pk=pk, tenant=tenant_of(user))
    if attempt(request, lambda: report_task_done(user, task, timezone.now())):
        messages.success(request, _("Saved; the next report tells the hub."))
    return redirect("hub_inbox")
