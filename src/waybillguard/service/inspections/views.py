"""Pages of inspections: the latest result, one result, the label sample, the health check."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waybillguard.documents import Document as Paper
from waybillguard.errors import WaybillGuardError
from waybillguard.inspect import Inspection as Result
from waybillguard.inspect import Status, catalogue
from waybillguard.inspect.forms import audit_document
from waybillguard.inspect.health_check import FACT_WORDS, health_document, in_words, plan
from waybillguard.inspect.label_sample import sample_document
from waybillguard.inspect.oscal import results_json
from waybillguard.inspect.owner import merchant_document, things_to_do
from waybillguard.inspect.report import report_document
from waybillguard.inspect.sheet import ORDER, compare, fill, sheet_document
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.inspections import samples, services
from waybillguard.service.inspections.facts.vault import persons
from waybillguard.service.inspections.forms import PhotosForm, in_language
from waybillguard.service.inspections.health import health_check
from waybillguard.service.inspections.models import (
    Inspection,
    LabelSample,
)
from waybillguard.service.inspections.papers import file
from waybillguard.service.inspections.papers import paper as as_paper
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, number, said
from waybillguard.service.platform.words import Word
from waybillguard.service.vault.listing import overview

STATUS_WORDS = {
    Status.SATISFIED: Word(gettext_lazy("Satisfied"), "circle-check", "good"),
    Status.NOT_SATISFIED: Word(gettext_lazy("Not satisfied"), "alert-circle", "bad"),
    Status.NO_EVIDENCE: Word(gettext_lazy("No evidence"), "alert-triangle", "warn"),
    Status.NOT_APPLICABLE: Word(gettext_lazy("Not applicable"), "ban", "calm"),
    Status.RISK_ACCEPTED: Word(gettext_lazy("Risk accepted"), "lock", "warn"),
}
_LISTED = 50


@requires(Permission.LEDGER)
@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Show the latest result, the owner's answer, the three most urgent tasks, and earlier runs."""
    tenant = tenant_of(signed_in(request))
    rows = list(Inspection.objects.filter(tenant=tenant).order_by("-pk").defer("result")[:_LISTED])
    context: dict[str, Any] = {"rows": rows, "going_on": bool(rows) and rows[0].state in services.BUSY}
    row = services.latest(tenant)
    if row is not None:
        result = services.result_of(row)
        context |= {
            "row": row,
            "counts": _counts(result),
            "answer": services.owner_answer(tenant, result, timezone.now()),
            "things": [in_language(zh, en) for zh, en in things_to_do(result)],
            "lines": _sheet_lines(result),
        }
    context["earlier"] = [one for one in rows if one.state == Inspection.State.DONE]
    return render(request, "inspections/inspections.html", context)


@requires(Permission.LEAD)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Start an inspection and redirect to its page."""
    row = attempt(request, lambda: services.start(signed_in(request)))
    return redirect("inspection", pk=row.pk) if row else redirect("inspections")


@requires(Permission.LEDGER)
@require_safe
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one inspection."""
    return render(request, "inspections/inspection.html", _page(request, pk))


@polled("SELECT state, done, total FROM inspections_inspection WHERE tenant_id = %s AND id = %s")
@requires(Permission.LEDGER)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the inspection page that is refreshed while it runs."""
    return render(request, "inspections/inspection_body.html", _page(request, pk))


@requires(Permission.LEDGER)
@require_safe
def paper(request: HttpRequest, pk: int, form: str, ending: str) -> HttpResponse:
    """Download a document made from an inspection: report, sheet, audit, merchants; OSCAL and the result as JSON."""
    row = get_object_or_404(
        Inspection, pk=pk, tenant=tenant_of(signed_in(request)), state=Inspection.State.DONE
    )
    result = services.result_of(row)
    if ending == "json":
        content = results_json(catalogue(), result) if form == "oscal" else bytes(row.result)
        if form not in {"oscal", "result"}:
            raise Http404
        return file(content, f"inspection-{pk}-{form}.json", "application/json")
    made: dict[str, Callable[[], Paper]] = {
        "report": lambda: report_document(result),
        "sheet": lambda: sheet_document(row.tenant.name, _compared_results(request, row, result)),
        "audit": lambda: audit_document(result, persons(row.tenant)),
        "merchants": lambda: merchant_document(
            row.tenant.name, services.watched(row.tenant, result, timezone.now()), result, _lanes(row)
        ),
    }
    if form not in made:
        raise Http404
    return as_paper(made[form](), f"inspection-{pk}-{form}", ending)


@requires(Permission.LEDGER)
@require_safe
def blank_sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """Download the blank twelve-item sheet, to be filled in by hand."""
    return as_paper(sheet_document(tenant_of(signed_in(request)).name), "sheet", ending)


@requires(Permission.LEDGER)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show the health check: steps done, steps missing, three tasks for this week."""
    tenant = tenant_of(signed_in(request))
    check = health_check(tenant, timezone.now())
    done = check.done()
    context = {
        "steps": [
            {
                "step": step,
                "title": in_language(step.zh, step.en),
                "done": step in done,
                "facts": [
                    (in_language(*FACT_WORDS[fact]), in_words(fact, check.facts[fact]))
                    for fact in step.facts
                    if fact in check.facts
                ],
            }
            for step in plan().steps
        ],
        "things": [in_language(zh, en) for zh, en in check.this_week()],
    }
    return render(request, "inspections/health.html", context)


@requires(Permission.LEDGER)
@require_safe
def health_paper(request: HttpRequest, ending: str) -> HttpResponse:
    """Download the health check as a printable report."""
    check = health_check(tenant_of(signed_in(request)), timezone.localtime())
    return as_paper(health_document(check), "health-check", ending)


@requires(Permission.LEDGER)
@require_safe
def label_samples(request: HttpRequest) -> HttpResponse:
    """List label samples, with a form for a new one."""
    rows = LabelSample.objects.filter(tenant=tenant_of(signed_in(request))).order_by("-pk")[:_LISTED]
    return render(request, "inspections/samples.html", {"rows": rows, "form": PhotosForm()})


@requires(Permission.LEAD)
@require_POST
def photos(request: HttpRequest) -> HttpResponse:
    """Upload the photos of a label sample."""
    user, form = signed_in(request), PhotosForm(request.POST, request.FILES)
    uploads = request.FILES.getlist("photos")
    if form.is_valid():
        values = form.cleaned_data
        try:
            row = samples.take_photos(user, values["place"], values["first"], values["second"], uploads)
        except WaybillGuardError as error:
            form.add_error(None, said(error))
        else:
            return redirect("label_sample", pk=row.pk)
    rows = LabelSample.objects.filter(tenant=tenant_of(user)).order_by("-pk")[:_LISTED]
    return render(request, "inspections/samples.html", {"rows": rows, "form": form}, status=422)


@requires(Permission.LEDGER)
@require_safe
def label_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one label sample."""
    return render(request, "inspections/sample.html", _sample(request, pk))


@polled("SELECT state, done, total FROM inspections_labelsample WHERE tenant_id = %s AND id = %s")
@requires(Permission.LEDGER)
@require_safe
def label_sample_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the sample page that is refreshed while photos are judged."""
    return render(request, "inspections/sample_body.html", _sample(request, pk))


@requires(Permission.LEDGER)
@require_safe
def label_sample_paper(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Download the record of a label sample, to be signed by two inspectors."""
    row = get_object_or_404(
        LabelSample, pk=pk, tenant=tenant_of(signed_in(request)), state=LabelSample.State.DONE
    )
    return as_paper(sample_document(samples.sample_of(row)), f"labels-{pk}", ending)


def _page(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = get_object_or_404(Inspection, pk=pk, tenant=tenant_of(signed_in(request)))
    context: dict[str, Any] = {"row": row, "going_on": row.state in services.BUSY}
    if row.error_zh:
        context["problem"] = in_language(row.error_zh, row.error_en)
    if row.state != Inspection.State.DONE:
        return context
    result, found = services.result_of(row), catalogue()
    controls, chosen = found.by_id(), request.GET.get("status", "")
    pairs = [(controls[one.control], one) for one in result.verdicts if one.control in controls]
    pairs.sort(key=lambda pair: (ORDER.index(pair[1].status), pair[0].id))
    language = in_language("zh", "en")
    context |= {
        "counts": _counts(result),
        "chosen": chosen,
        "older": Inspection.objects.filter(
            tenant=row.tenant, state=Inspection.State.DONE, pk__lt=row.pk
        ).order_by("-pk").defer("result")[:10],
        "verdicts": [
            {
                "control": control,
                "title": in_language(control.title_zh, control.title_en),
                "word": STATUS_WORDS[verdict.status],
                "reason": in_language(verdict.reason_zh, verdict.reason_en),
                "fix": in_language(control.fix_zh, control.fix_en),
                "owner": found.bodies.owners[control.owner].text(language),
                "authority": found.bodies.authorities[control.authority].text(language),
                "basis": "；".join(
                    f"{found.law(one.law, one.version).title_zh} {one.article}" for one in control.sources
                ),
                "verdict": verdict,
            }
            for control, verdict in pairs
            if not chosen or verdict.status.value == chosen
        ],
    }  # fmt: skip
    return context


def _counts(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "status": status,
            "word": STATUS_WORDS[status],
            "n": sum(one.status is status for one in result.verdicts),
        }
        for status in ORDER
    ]


def _sheet_lines(result: Result) -> list[dict[str, Any]]:
    bodies, language = catalogue().bodies, in_language("zh", "en")
    return [
        {
            "number": line.item.number,
            "title": in_language(line.item.title_zh, line.item.title_en),
            "check": in_language(line.item.check_zh, line.item.check_en),
            "word": STATUS_WORDS[line.status],
            "authority": bodies.authorities[line.item.authority].text(language),
            "owner": bodies.owners[line.item.owner].text(language),
        }
        for line in fill(result.verdicts)
    ]


def _compared_results(request: HttpRequest, row: Inspection, result: Result) -> list[Result]:
    """Return the results shown on a sheet: the earlier run named by ``?before``, if comparable, then this one."""
    before = number(request.GET.get("before"), 1, 10**9, 0)
    older = Inspection.objects.filter(
        pk=before, tenant=row.tenant, state=Inspection.State.DONE, pk__lt=row.pk
    ).first()
    if older is None:
        return [result]
    first = services.result_of(older)
    try:
        compare(first, result)
    except ValueError:
        return [result]
    return [first, result]


def _lanes(row: Inspection) -> list[tuple[str, float]]:
    lanes = overview(row.tenant).lanes
    total = sum(lanes.values()) or 1
    names = {"A": "A 平台密文", "B": "B 本系统打印", "C": "C 明文"}
    return [(names[name], lanes.get(name, 0) / total) for name in names]


def _sample(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = get_object_or_404(LabelSample, pk=pk, tenant=tenant_of(signed_in(request)))
    sample = samples.sample_of(row)
    counts = sample.counts()
    return {
        "row": row,
        "going_on": row.state == LabelSample.State.CHECKING,
        "problem": in_language(row.problem_zh, row.problem_en),
        "counts": counts,
        "complete": sample.complete(),
        "photos": sample.distinct() if row.state == LabelSample.State.DONE else (),
    }
