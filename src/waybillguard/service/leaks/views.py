"""Pages of tracing: a list of victims, its result, a station's exposure, answers to notices."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.activity.names import Names, names_of
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import principal_of, step_up, with_step_up
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.leaks import answers, services
from waybillguard.service.leaks.bundle import bundle_zip
from waybillguard.service.leaks.errors import LeakError
from waybillguard.service.leaks.models import Leak, NoticeAnswer
from waybillguard.service.leaks.picture import time_axis
from waybillguard.service.leaks.report import part_of, probability_text
from waybillguard.service.leaks.tracing import engine_of
from waybillguard.service.lookups.views import leaders
from waybillguard.service.platform.limits import over_limit
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, said
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.uploads import read_upload
from waybillguard.trace import read_victims
from waybillguard.trace.handover import station_exposure
from waybillguard.trace.notice import read_notice

LISTED = 100
TRACES_AN_HOUR = 30
MOST_BYTES = 4 << 20
_PAGE = 50
KINDS = {
    "account": gettext_lazy("Account"),
    "workstation": gettext_lazy("Station"),
    "pair": gettext_lazy("Account or station, which cannot be told apart:"),
    "unlogged": gettext_lazy("After printing, outside the log"),
    "shop": gettext_lazy("Shop"),
    "platform": gettext_lazy("Platform or ERP"),
}
NODES = {
    "shop": gettext_lazy("Shop"),
    "erp": gettext_lazy("ERP"),
    "warehouse": gettext_lazy("Warehouse"),
    "outlet": gettext_lazy("First outlet"),
    "carrier": gettext_lazy("Carrier"),
    "goods_class": gettext_lazy("Goods class"),
    "ship_day": gettext_lazy("Ship day"),
}


@requires(Permission.SECOND)
def leaks(request: HttpRequest) -> HttpResponse:
    """List traces, and receive a new list of victims, pasted or as a file. A rejected list stays in the form."""
    user, problem = signed_in(request), ""
    if request.method == "POST":
        if over_limit("trace", str(user.pk), limit=TRACES_AN_HOUR, seconds=3600):
            return render(request, "429.html", status=429)
        try:
            leak = services.start(user, _content(request), request.POST.get("title", ""))
        except WaybillGuardError as error:
            problem = said(error)
        else:
            return redirect("leak", leak.pk)
    rows = Leak.objects.filter(tenant=tenant_of(user)).defer("victims", "nodes").select_related("created_by")
    context = {"leaks": rows.order_by("-created_at", "-pk")[:LISTED], "problem": problem}
    return render(request, "leaks/leaks.html", context)


@requires(Permission.SECOND)
@require_safe
def leak(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one trace: sources with reasons for and against, time axis, common nodes, evidence to request next."""
    return render(request, "leaks/leak.html", _context(_leak(request, pk)))


@polled("SELECT state, step FROM leaks_leak WHERE tenant_id = %s AND id = %s")
@requires(Permission.SECOND)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that changes while the trace runs."""
    return render(request, "leaks/body.html", _context(_leak(request, pk)))


@requires(Permission.SECOND)
@require_safe
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the evidence bundle of a finished trace."""
    one = get_object_or_404(Leak, pk=pk, tenant=tenant_of(signed_in(request)), state=Leak.State.DONE)
    record(one.tenant, "export", user=signed_in(request), purpose="trace_bundle")
    return _zip(bundle_zip(one), f"trace-{one.pk}.zip")


@requires(Permission.SECOND)
@require_safe
def station(request: HttpRequest) -> HttpResponse:
    """Show everything printed or viewed on a station between two times."""
    tenant = tenant_of(signed_in(request))
    _accounts, stations = names_of(tenant)
    chosen = stations.named(request.GET.get("station", ""))
    context: dict[str, Any] = {"stations": stations.choices(), "station": request.GET.get("station", "")}
    begin, end = _moment(request, tenant, "from"), _moment(request, tenant, "to")
    if chosen and begin and end and begin < end:
        with engine_of(tenant) as engine:
            found = station_exposure(engine, tenant.slug, chosen, begin, end)
        page = Paginator(found.orders, _PAGE).get_page(request.GET.get("page"))
        record(tenant, "view", user=signed_in(request), purpose="station_exposure")
        context |= {
            "found": found,
            "days": found.by_day().items(),
            "page": page,
            "name": stations.shown(chosen),
        }
    elif "station" in request.GET:
        context["problem"] = _("Choose a station, and an installation before the removal.")
    return render(request, "leaks/station.html", context)


@requires(Permission.SECOND)
def notice_answers(request: HttpRequest) -> HttpResponse:
    """List answers to notices, and receive a new notice with its list of victims."""
    user = signed_in(request)
    if request.method == "POST":
        if over_limit("trace", str(user.pk), limit=TRACES_AN_HOUR, seconds=3600):
            return render(request, "429.html", status=429)
        made = attempt(request, lambda: _ask(request, user))
        return redirect("leak_answers") if made is None else redirect("leak_answer", made.pk)
    rows = NoticeAnswer.objects.filter(tenant=tenant_of(user)).defer("orders").select_related("made_by")
    return render(request, "leaks/answers.html", {"answers": rows.order_by("-pk")[:LISTED]})


@requires(Permission.SECOND)
@require_safe
def notice_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one answer: the notice, who confirmed, and the files once two people have confirmed."""
    row = _answer(request, pk)
    user = signed_in(request)
    late = answers.has_expired(row)
    context = {
        "answer": row,
        "late": late,
        "waits": not late and row.state == row.State.CONFIRMED and row.first_id == user.pk,
        "others": leaders(user),
        "may_confirm": not late
        and row.first_id != user.pk
        and row.state in {row.State.ASKED, row.State.CONFIRMED},
        "may_fetch": not late
        and row.state == row.State.AGREED
        and user.pk in {row.made_by_id, row.first_id, row.second_id},
    }
    return render(request, "leaks/answer.html", context)


@requires(Permission.SECOND)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an answer with a fresh factor, or refuse it."""
    row = _answer(request, pk)
    back = reverse("leak_answer", args=[pk])
    if request.POST.get("agree") != "1":
        attempt(request, lambda: answers.refuse(principal_of(request), row))
        return redirect(back)
    return with_step_up(request, back, lambda who: answers.confirm(who, row), _("Confirmed."))


@requires(Permission.SECOND)
@require_POST
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the files of an answer that two people confirmed, after the user confirms their identity again."""
    row = _answer(request, pk)
    if not principal_of(request).sign_in.stepped_up:
        return step_up(request, reverse("leak_answer", args=[pk]))
    content = attempt(request, lambda: answers.fetch(signed_in(request), row, timezone.now()))
    return redirect("leak_answer", pk) if content is None else _zip(content, f"answer-{row.pk}.zip")


def _ask(request: HttpRequest, user: User) -> NoticeAnswer:
    plain = {
        name: request.POST.get(name, "").strip() for name in ("authority", "number", "date", "from", "to")
    } | {"scope": {"victims_only": "everything" not in request.POST}}
    return answers.ask(user, read_notice(msgspec.json.encode(plain)), read_victims(_content(request)))


def _content(request: HttpRequest) -> bytes:
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("list", "").encode()[:MOST_BYTES]
    content = read_upload(signed_in(request), upload, "victims", MOST_BYTES)
    if content is None:
        raise LeakError(
            zh="文件超过 4 MB，或没有传完。", en="the file is larger than 4 MB, or did not arrive whole."
        )
    return content


def _leak(request: HttpRequest, pk: int) -> Leak:
    return get_object_or_404(
        Leak.objects.select_related("created_by"), pk=pk, tenant=tenant_of(signed_in(request))
    )


def _answer(request: HttpRequest, pk: int) -> NoticeAnswer:
    rows = NoticeAnswer.objects.select_related("tenant", "made_by", "first", "second")
    return get_object_or_404(rows, pk=pk, tenant=tenant_of(signed_in(request)))


def _context(one: Leak) -> dict[str, Any]:
    context: dict[str, Any] = {"leak": one}
    if one.state == Leak.State.DONE:
        accounts, stations = names_of(one.tenant)
        sources = [_shown(source, accounts, stations) for source in one.answer["sources"]]
        context |= {
            "sources": sources,
            "leads": sum(source["priority_lead"] for source in sources),
            "outside": round(100 * one.answer["outside"]),
            "axis": time_axis(one.victims, one.answer["sources"], ZoneInfo(one.tenant.time_zone)),
            "nodes": [node | {"word": NODES[node["kind"]]} for node in one.nodes.get("nodes", ())],
        }
    return context


def _shown(source: dict[str, Any], accounts: Names, stations: Names) -> dict[str, Any]:
    """Return a source as its table row shows it."""
    named = {
        "word": KINDS[source["kind"]],
        "account": accounts.shown(source["account"]) if source["account"] else "",
        "workstation": stations.shown(source["workstation"]) if source["workstation"] else "",
    }
    if "priority_lead" not in source:
        return source | named
    began, ended = (datetime.fromisoformat(source[at]) for at in ("from", "to"))
    asked = {
        "station": stations.key(source["workstation"] or ""),
        "from": f"{localtime(began):%Y-%m-%dT%H:%M}",
        "to": f"{localtime(ended + timedelta(minutes=1)):%Y-%m-%dT%H:%M}",
    }
    return (
        source
        | named
        | {
            "began": began,
            "ended": ended,
            "sure": probability_text(source["posterior"]),
            "tie": [_shown(tie, accounts, stations) for tie in source["tie"] if not part_of(source, tie)],
            "exposure": f"{reverse('leak_station')}?{urlencode(asked)}" if source["workstation"] else "",
        }
    )


def panel(one: Leak) -> dict[str, Any]:
    """Return the content of the tracing tab of a case."""
    return _context(one)


def _moment(request: HttpRequest, tenant: Tenant, name: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return read.replace(tzinfo=ZoneInfo(tenant.time_zone)) if read.tzinfo is None else read


def _zip(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)
