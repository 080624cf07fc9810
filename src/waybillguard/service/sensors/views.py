"""Pages of print PCs: the list with approvals, and one PC explained for its owner."""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.sensor.loss_words import in_chinese
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.restrictions import in_force_for
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Device, Permission, User
from waybillguard.service.platform.views import attempt
from waybillguard.service.sensors import services
from waybillguard.service.sensors.errors import report_too_large
from waybillguard.service.sensors.forms import ApprovalForm, ReportForm
from waybillguard.service.sensors.models import PrintPc, ScanReport, ToolApproval
from waybillguard.service.sensors.reports import MAX_BYTES, Judged, body_of, judge_body, known_tools, steps_of
from waybillguard.service.sensors.words import HEALTH, health_of
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.vault.uploads import read_upload

LISTED = 200
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One PC in the list, with its newest report and status."""

    pc: PrintPc
    report: ScanReport | None
    health: str


@requires(Permission.LEAD)
@require_safe
def print_pcs(request: HttpRequest) -> HttpResponse:
    """List the print PCs, the approvals, and the forms for both."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    report: ReportForm | None = None,
    approval: ApprovalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    tenant, now = tenant_of(signed_in(request)), timezone.now()
    newest = ScanReport.objects.filter(tenant=tenant).order_by("-pk").defer("body")
    rows = PrintPc.objects.filter(tenant=tenant).select_related("site").order_by("station")
    lines = []
    for pc in rows.prefetch_related(Prefetch("reports", newest))[:LISTED]:
        reports = list(pc.reports.all())
        last = reports[0] if reports else None
        lines.append(Line(pc, last, health_of(pc, last, now)))
    lines.sort(key=lambda line: (HEALTH[line.health].rank, line.pc.station))
    today = local_day(now, tenant)
    context = {
        "lines": lines,
        "words": HEALTH,
        "approvals": ToolApproval.objects.filter(tenant=tenant, withdrawn_at=None, until__gte=today)
        .select_related("site", "made_by")
        .order_by("until")[:LISTED],
        "report_form": report or ReportForm(),
        "approval_form": approval or ApprovalForm(tenant=tenant),
        "stations": Device.objects.filter(tenant=tenant)
        .values_list("station", flat=True)
        .distinct()
        .order_by("station"),
        "tools": known_tools(),
    }
    return render(request, "sensors/print_pcs.html", context, status=status)


@requires(Permission.LEAD)
@require_POST
def report_take(request: HttpRequest) -> HttpResponse:
    """Receive a scan report that a user uploads or pastes."""
    user = signed_in(request)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, report=form, status=422)
    taken = attempt(
        request,
        lambda: services.take_report(
            tenant_of(user), form.cleaned_data["station"], _scan_of(user, form), timezone.now(), by=user
        ),
    )
    return redirect("print_pc", pk=taken.pc_id) if taken else redirect("print_pcs")


def _scan_of(user: User, form: ReportForm) -> bytes:
    upload = form.cleaned_data["file"]
    if upload is None:
        return bytes(form.cleaned_data["pasted"].encode())
    data = read_upload(user, upload, "pc_scan", MAX_BYTES)
    if data is None:
        raise report_too_large()
    return data.removeprefix(b"\xef\xbb\xbf")


@requires(Permission.LEAD)
@require_safe
def print_pc(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one PC: findings, their meaning, first steps, and what to leave untouched as evidence."""
    pc, now = _pc(request, pk), timezone.now()
    reports = list(
        ScanReport.objects.filter(tenant=pc.tenant_id, pc=pc).order_by("-pk").select_related("device")[:12]
    )
    newest = reports[0] if reports else None
    body = body_of(newest) if newest else None
    judged = judge_body(body, pc, local_day(now, pc.tenant)) if body else []
    is_chinese = (get_language() or "zh").startswith("zh")
    context: dict[str, Any] = {
        "pc": pc,
        "restrictions": in_force_for(pc.tenant, station=pc.station),
        "report": newest,
        "reports": reports,
        "health": HEALTH[health_of(pc, newest, now)],
        "grave": _shown(judged, {"high", "critical"}),
        "doubtful": _shown(judged, {"medium"}),
        "minor": _shown(judged, {"low"}),
        "steps": [zh if is_chinese else en for zh, en in steps_of(judged)],
        "sessions": body.sessions[:SHOWN] if body else (),
        "installs": [each for each in body.installs if each.tool][:SHOWN] if body else (),
        "losses": [
            (one.file, in_chinese(one.reason) if is_chinese else one.reason)
            for one in (body.losses[:SHOWN] if body else ())
        ],
        "stages": list(PrintPc.Stage),
        "order": [stage.value for stage in PrintPc.Stage].index(pc.stage),
        "is_chinese": is_chinese,
    }
    return render(request, "sensors/print_pc.html", context)


def _shown(judged: list[Judged], severities: set[str]) -> list[Judged]:
    return [each for each in judged if each.severity in severities][:SHOWN]


@requires(Permission.LEAD)
@require_POST
def pc_restrict(request: HttpRequest, pk: int) -> HttpResponse:
    """Deny plaintext, exports and administration to the station. Labels can still be printed."""
    pc, user = _pc(request, pk), signed_in(request)
    if attempt(request, lambda: services.restrict(user, pc, timezone.now())):
        messages.success(
            request,
            _("Restricted: no plaintext, exports or administration at this station. Labels print on."),
        )
    return redirect("print_pc", pk=pk)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def pc_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift the restriction of the station."""
    pc, user = _pc(request, pk), signed_in(request)
    if attempt(request, lambda: services.release(user, pc, timezone.now())):
        messages.success(request, _("Released: the station works as before."))
    return redirect("print_pc", pk=pk)


@requires(Permission.ADMINISTER)
@require_POST
def pc_step(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Move the PC to the next stage towards clean."""
    pc, user = _pc(request, pk), signed_in(request)
    if attempt(request, lambda: services.advance(user, pc, to, timezone.now())):
        messages.success(request, _("Saved."))
    return redirect("print_pc", pk=pk)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def approval_add(request: HttpRequest) -> HttpResponse:
    """Approve a tool for a site until a day."""
    user = signed_in(request)
    form = ApprovalForm(request.POST, tenant=tenant_of(user))
    if not form.is_valid():
        return _page(request, approval=form, status=422)
    asked = form.cleaned_data
    if attempt(
        request,
        lambda: services.approve(
            user, asked["tool"], asked["used_by"], asked["until"], timezone.now(), asked.get("site")
        ),
    ):
        messages.success(request, _("Approved."))
    return redirect("print_pcs")


@requires(Permission.ADMINISTER)
@require_POST
def approval_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an approval immediately."""
    user = signed_in(request)
    row = get_object_or_404(
        ToolApproval.objects.filter(tenant=tenant_of(user)).select_related("tenant"), pk=pk
    )
    services.withdraw(user, row, timezone.now())
    messages.success(request, _("Withdrawn: the tool is a finding again."))
    return redirect("print_pcs")


def _pc(request: HttpRequest, pk: int) -> PrintPc:
    found = PrintPc.objects.filter(tenant=tenant_of(signed_in(request))).select_related(
        "tenant", "site", "stage_by"
    )
    return get_object_or_404(found, pk=pk)
