"""Pages without a sign-in: is this message a scam, what to do after paying, and the buyer's own order page."""

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from waybillguard.documents import to_pdf
from waybillguard.errors import WaybillGuardError
from waybillguard.scam import Assessment, Code, Verdict
from waybillguard.scam.clues import stop_payment_sheet
from waybillguard.scam.explain import texts
from waybillguard.service.platform.limits import client_address, over_limit
from waybillguard.service.platform.views import attempt
from waybillguard.service.scams import parcels
from waybillguard.service.scams.checking import PUBLIC_A_MINUTE, check_for_buyer, check_text
from waybillguard.service.scams.forms import MessageForm
from waybillguard.service.scams.models import PrivacyRequest
from waybillguard.service.vault.models import Order

_TONES = {
    Verdict.SCAM: ("bad", "ban"),
    Verdict.LIKELY_SCAM: ("bad", "alert-triangle"),
    Verdict.UNKNOWN: ("warn", "help-circle"),
    Verdict.CONSISTENT: ("good", "circle-check"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def scam(request: HttpRequest) -> HttpResponse:
    """Check the text of a pasted message. Nothing is stored, and no data about the reader is requested."""
    if request.method != "POST":
        return _private(render(request, "scams/check.html", {"form": MessageForm()}))
    if over_limit("scam-public", client_address(request), limit=PUBLIC_A_MINUTE, seconds=60):
        return _private(render(request, "429.html", status=429))
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _private(render(request, "scams/check.html", {"form": form}, status=422))
    text = form.cleaned_data["text"]
    context = {"form": form, "answer": answer_of(check_text(text), text)}
    return _private(render(request, "scams/check.html", context))


@require_safe
def paid(request: HttpRequest) -> HttpResponse:
    """Show what to do immediately after paying or giving away a code."""
    return render(request, "scams/paid.html")


@require_safe
def paid_sheet(_request: HttpRequest) -> HttpResponse:
    """Return the blank sheet to fill in while calling 110 and the bank."""
    return HttpResponse(
        _blank_sheet(),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="110.pdf"'},
    )


@cache
def _blank_sheet() -> bytes:
    return to_pdf(stop_payment_sheet())


@require_safe
def parcel(request: HttpRequest, token: str) -> HttpResponse:
    """Show a buyer which data of the order is stored and who viewed it."""
    order = _order(token)
    with scope(tenant=order.tenant):
        return _private(render(request, "scams/parcel.html", _parcel_context(order, token)))


@require_POST
def parcel_check(request: HttpRequest, token: str) -> HttpResponse:
    """Check a message against the buyer's order. The answer is a verdict without the order's state."""
    order = _order(token)
    form = MessageForm(request.POST)
    with scope(tenant=order.tenant):
        context = {**_parcel_context(order, token), "form": form}
        if not form.is_valid():
            return _private(render(request, "scams/parcel.html", context, status=422))
        try:
            found = check_for_buyer(order, form.cleaned_data["text"])
        except WaybillGuardError as error:
            context["trouble"] = error.zh
            return _private(render(request, "scams/parcel.html", context, status=429))
        context["answer"] = answer_of(found, form.cleaned_data["text"])
        return _private(render(request, "scams/parcel.html", context))


@require_POST
def parcel_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Store a request to be forwarded to the merchant."""
    order = _order(token)
    with scope(tenant=order.tenant):
        attempt(request, lambda: parcels.ask(order, request.POST.get("kind", ""), timezone.now()))
    return redirect("my_parcel", token=token)


def answer_of(found: Assessment, text: str) -> dict[str, Any]:
    """Return an answer for the template: verdict in words, reasons, text with highlighted passages, one next step."""
    tone, icon = _TONES[found.verdict]
    warned = Code.WARNING_NOT_SCAM in found.why and found.verdict is Verdict.UNKNOWN
    return {
        "tone": "good" if warned else tone,
        "icon": "info-circle" if warned else icon,
        "verdict": _("This is a warning, not a scam") if warned else _words(found.verdict),
        "explanation": found.explanation_zh,
        "advice": found.advice_zh,
        "pieces": _pieces(found, text),
        "urgent": found.verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM},
        "code": found.verdict.value,
    }


def _words(verdict: Verdict) -> str:
    return {
        Verdict.SCAM: _("This is a scam"),
        Verdict.LIKELY_SCAM: _("Very likely a scam"),
        Verdict.UNKNOWN: _("Cannot be decided by the words alone"),
        Verdict.CONSISTENT: _("Agrees with the order"),
    }[verdict]


def _pieces(found: Assessment, text: str) -> list[tuple[str, bool]]:
    """Split the text into highlighted and plain parts; only requests and links are highlighted."""
    asks = {code.value for code in Code if code.value.startswith(("asks", "off_platform", "link"))}
    marks = [False] * len(text)
    for start, end, code in found.spans:
        if code in asks:
            marks[start:end] = [True] * (min(end, len(text)) - start)
    pieces: list[tuple[str, bool]] = []
    for character, marked in zip(text, marks, strict=True):
        if pieces and pieces[-1][1] == marked:
            pieces[-1] = (pieces[-1][0] + character, marked)
        else:
            pieces.append((character, marked))
    return pieces if any(marks) else []


def _order(token: str) -> Order:
    order = parcels.order_of(token)
    if order is None:
        raise Http404
    return order


def _parcel_context(order: Order, token: str) -> dict[str, Any]:
    now = timezone.now()
    return {
        "token": token,
        "kept": parcels.stored_kinds(order),
        "looks": parcels.accesses_to(order, now),
        "requests": PrivacyRequest.objects.filter(tenant=order.tenant, order=order).order_by("-pk"),
        "kinds": PrivacyRequest.Kind.choices,
        "target": parcels.TARGET_DAYS,
        "form": MessageForm(),
        "hotline": texts().advice["UNKNOWN"],
    }


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
