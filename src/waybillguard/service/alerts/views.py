"""Pages of alerts: the list, one alert, detectors and thresholds, notification channels."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.detect import detectors as shipped
from waybillguard.errors import WaybillGuardError
from waybillguard.service.alerts.drill import is_delivered, run_drill
from waybillguard.service.alerts.messages import add_channel, deliver_due, send_test_message
from waybillguard.service.alerts.models import (
    Alert,
    Channel,
    Detection,
    Drill,
    Explanation,
    KeptEvidence,
    Message,
)
from waybillguard.service.alerts.response import history, in_force, kind_for, respond, undo
from waybillguard.service.alerts.services import (
    LONGEST,
    YUAN,
    accepts_ahead,
    confirm,
    end_explanation,
    explain,
    is_about,
)
from waybillguard.service.alerts.thresholds import move, thresholds
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import principal_of, with_step_up
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission

_PAGE = 50
_URGENCY = Case(
    When(state=Alert.State.OPEN, stopped_at=None, then=0), When(state=Alert.State.OPEN, then=1), default=2
)


@requires(Permission.SECOND)
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """List alerts: open ones first, and among these, those not stopped yet."""
    tenant = tenant_of(signed_in(request))
    rows = (
        Alert.objects.filter(tenant=tenant, drill=False)
        .select_related("person")
        .order_by(_URGENCY, "-raised_at", "-pk")
    )
    state = request.GET.get("state", "")
    if state in Alert.State.values:
        rows = rows.filter(state=state)
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "states": Alert.State,
        "state": state,
        "detection": Detection.objects.filter(tenant=tenant).first(),
        "drill": (drill := Drill.objects.filter(tenant=tenant).order_by("-day").first()),
        "drill_told": drill is not None and is_delivered(drill),
    }
    return render(request, "alerts/alerts.html", context)


def _names() -> dict[str, str]:
    return {rule.id: rule.name_en if get_language() == "en" else rule.name_zh for rule in shipped()}


@requires(Permission.SECOND)
@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one alert: person, place, time, records, their market value, restrictions and next steps."""
    user = signed_in(request)
    tenant = tenant_of(user)
    one = get_object_or_404(
        Alert.objects.select_related("person", "handled_by", "case"), pk=pk, tenant=tenant
    )
    names = _names()
    bars = _picture(one, ZoneInfo(tenant.time_zone))
    context = {
        "alert": one,
        "bars": bars,
        "width": len(bars) * 52 + 4,
        "yuan": tuple(one.records * price for price in YUAN),
        "rules": [names.get(rule, rule) for rule in one.rules],
        "rows": [
            row | {"at": timezone.datetime.fromisoformat(row["ts"])}  # type: ignore[attr-defined]
            for row in one.evidence[:20]
        ],
        "in_force": in_force(one),
        "about_me": is_about(one, user),
        "accepts_ahead": accepts_ahead(one, user),
        "today": timezone.localdate(),
        "latest": timezone.localdate() + LONGEST,
        "history": history(one),
        "kept": KeptEvidence.objects.filter(tenant=tenant, alert=one).defer("body").order_by("-pk"),
        "locks": one.person is not None and kind_for(one.person) == "locked",
    }
    return render(request, "alerts/alert.html", context)


@requires(Permission.SECOND)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an alert as theft, or accept an explanation."""
    user = signed_in(request)
    one = get_object_or_404(Alert.objects.select_related("case", "person"), pk=pk, tenant=tenant_of(user))
    if request.POST.get("verdict") == "theft":
        return redirect("case", confirm(one, user, timezone.now()).pk)
    try:
        until = parse_date(request.POST.get("until", "")[:10])
    except ValueError:  # 31 April
        until = date.min
    _attempt(request, explain, one, user, request.POST.get("why", ""), until, timezone.now())
    return redirect("alert", pk)


@requires(Permission.ADMINISTER)
@require_POST
def stop_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Restrict the account of an alert, or lift its restrictions after step-up."""
    one = get_object_or_404(
        Alert.objects.select_related("person", "case", "tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )
    if request.POST.get("undo"):
        why = request.POST.get("why", "")
        return with_step_up(
            request, reverse("alert", args=[pk]), lambda who: undo(one, who.user, why, who.now)
        )
    who = principal_of(request)
    _attempt(request, respond, one, who.user, who.now)
    return redirect("alert", pk)


@requires(Permission.SECOND)
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Download stored evidence of an alert."""
    kept = get_object_or_404(KeptEvidence, pk=pk, tenant=tenant_of(signed_in(request)))
    response = HttpResponse(bytes(kept.body), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="alert-{kept.alert_id}-{kept.sha256[:12]}.json"'
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.SECOND)
@require_safe
def detectors(request: HttpRequest) -> HttpResponse:
    """Show detectors and thresholds, what could not be judged, and accepted explanations."""
    tenant = tenant_of(signed_in(request))
    english, names = get_language() == "en", _names()
    explanations = Explanation.objects.filter(tenant=tenant, ended_at=None, until__gte=timezone.localdate())
    context = {
        "rules": thresholds(tenant, english=english),
        "drills": [(one, is_delivered(one)) for one in Drill.objects.filter(tenant=tenant).order_by("-day")[:7]],
        "detection": (last := Detection.objects.filter(tenant=tenant).first()),
        "notes": [pair[1 if english else 0] for pair in last.notes] if last else [],
        "explanations": [
            (one, names.get(one.rule, one.rule))
            for one in explanations.select_related("made_by").order_by("until", "account", "rule")
        ],
    }  # fmt: skip
    return render(request, "alerts/detectors.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def threshold_set(request: HttpRequest) -> HttpResponse:
    """Change one threshold within its limits, or reset it."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    return with_step_up(request, reverse("detectors"), lambda who: move(who.user, who.tenant, name, value))


@requires(Permission.ADMINISTER)
@require_POST
def drill_now(request: HttpRequest) -> HttpResponse:
    """Run the drill now and send its message, so that the owner can see it arrive."""
    run_drill(tenant_of(signed_in(request)), timezone.now())
    deliver_due(timezone.now())
    return redirect("detectors")


@requires(Permission.ADMINISTER)
@require_POST
def explanation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an explanation."""
    end_explanation(
        get_object_or_404(Explanation, pk=pk, tenant=tenant_of(signed_in(request))), timezone.now()
    )
    return redirect("detectors")


@requires(Permission.ADMINISTER)
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Show notification channels and undelivered messages."""
    tenant = tenant_of(signed_in(request))
    context = {
        "channels": Channel.objects.filter(tenant=tenant).order_by("pk"),
        "kinds": Channel.Kind,
        "told": Message.objects.filter(tenant=tenant)
        .select_related("channel")
        .order_by("-made_at", "-pk")[:20],
    }
    return render(request, "alerts/channels.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def channel_add(request: HttpRequest) -> HttpResponse:
    """Add a channel."""
    post = request.POST
    quiet = (_clock(post.get("quiet_from", "")), _clock(post.get("quiet_to", "")))
    said = (post.get("kind", ""), post.get("name", ""), post.get("address", "")[:1000])
    _attempt(request, add_channel, signed_in(request), *said, quiet, request.build_absolute_uri("/"))
    return redirect("channels")


@requires(Permission.ADMINISTER)
@require_POST
def channel_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message through a channel, or remove it."""
    channel = get_object_or_404(
        Channel.objects.select_related("tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )
    if request.POST.get("remove"):
        channel.delete()
    elif failed := send_test_message(channel, timezone.now()):
        messages.error(
            request,
            _("The test did not arrive (%(why)s). Check the address and the network.") % {"why": failed},
        )
    else:
        messages.success(request, _("The test arrived."))
    return redirect("channels")


def _clock(text: str) -> time | None:
    try:
        return parse_time(text[:5]) if text else None
    except ValueError:
        return None


def _attempt(request: HttpRequest, act: Any, *values: object) -> None:  # noqa: ANN401 - any service
    try:
        act(*values)
    except WaybillGuardError as error:
        messages.error(request, error.message(get_language() or "zh"))


def _picture(alert: Alert, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the evidence by hour for the chart: label, count and height in percent."""
    counts: dict[datetime, int] = {}
    for row in alert.evidence:
        moment = datetime.fromisoformat(row["ts"]).astimezone(zone).replace(minute=0, second=0, microsecond=0)
        counts[moment] = counts.get(moment, 0) + 1
    most = max(counts.values(), default=1)
    shown = sorted(counts)[-24:]
    return [
        {
            "when": when,
            "count": counts[when],
            "x": 4 + place * 52,
            "middle": 26 + place * 52,
            "y": 98 - 80 * counts[when] / most,
            "above": 94 - 80 * counts[when] / most,
            "h": 80 * counts[when] / most,
        }
        for place, when in enumerate(shown)
    ]
