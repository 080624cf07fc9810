"""Pages of contracts: the list, one contract with its versions, and its end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.authorization.step_up import confirms, principal_of, with_step_up
from waybillguard.service.contracts import ending, returning, terms
from waybillguard.service.contracts.forms import NewForm, TermsForm, form_of
from waybillguard.service.contracts.keeping import kept_until
from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd
from waybillguard.service.contracts.standing import (
    MOST_IN_LIST,
    MOST_OF_ONE,
    OPEN,
    contract_status,
    orders_of,
    overview,
)
from waybillguard.service.exports.models import Recipient
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.keyd.contract_ends import AllowEnd, round_up
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, number, said
from waybillguard.service.tenancy.days import local_day

_PROPOSED = EntrustmentEnd.State.PROPOSED


@requires(Permission.ADMINISTER)
@require_safe
def entrustments(request: HttpRequest) -> HttpResponse:
    """List contracts, most urgent first, and merchants who have none."""
    found = overview(tenant_of(signed_in(request)), timezone.now())
    return render(request, "contracts/entrustments.html", {"found": found, "most": MOST_IN_LIST})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a new contract."""
    user = signed_in(request)
    tenant = tenant_of(user)
    if request.method != "POST":
        form = NewForm(tenant=tenant, initial={"merchant": number(request.GET.get("merchant"), 1, 10**9, 0)})
        return render(request, "contracts/form.html", {"form": form})
    form = NewForm(request.POST, tenant=tenant)
    if form.is_valid():
        try:
            made = terms.begin(user, form.cleaned_data["merchant"], form.terms())
        except WaybillGuardError as error:
            form.add_error(None, said(error))
        else:
            return redirect("entrustment", pk=made.pk)
    return render(request, "contracts/form.html", {"form": form}, status=422)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the terms by saving a new version."""
    row = _entrustment(request, pk)
    if request.method != "POST":
        form = form_of(row.versions.get(number=row.version))
        return render(request, "contracts/form.html", {"form": form, "contract": row})
    form = TermsForm(request.POST)
    if form.is_valid():
        over = form.cleaned_data["over"] or 0
        try:
            terms.change(signed_in(request), row, form.terms(), over)
        except WaybillGuardError as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("Saved as a new version."))
            return redirect("entrustment", pk=pk)
    return render(request, "contracts/form.html", {"form": form, "contract": row}, status=422)


@requires(Permission.SECOND)
@require_safe
def entrustment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one contract with its versions and its end. People who may agree as the second person can see it too."""
    row = _entrustment(request, pk)
    versions = row.versions.select_related("made_by").order_by("-number")
    return render(request, "contracts/entrustment.html", {**_context(request, row), "versions": versions})


@polled(
    "SELECT id, state, destroyed, held FROM contracts_entrustmentend WHERE tenant_id = %s AND entrustment_id = %s"
)
@requires(Permission.SECOND)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that changes while orders are destroyed."""
    return render(request, "contracts/body.html", _context(request, _entrustment(request, pk)))


@requires(Permission.ADMINISTER)
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to end a contract."""
    row = _entrustment(request, pk)
    asked = number(request.POST.get("recipient"), 1, 10**9, 0)
    recipient = Recipient.objects.filter(tenant=row.tenant, pk=asked).first()
    way = request.POST.get("way", "")
    return with_step_up(
        request,
        _page_of(row),
        lambda who: ending.propose(who, row, way, recipient),
        _("Proposed. Another owner or supervisor agrees or refuses."),
    )


def _destroying(request: HttpRequest, of: dict[str, Any]) -> AllowEnd | None:
    """Return the destruction that this request would start: agreeing to an end, or confirming a return."""
    if request.POST.get("act", "agree") != "agree":
        return None
    most = round_up(ending.count_orders_to_destroy(_end(request, of["pk"])))
    return AllowEnd(context_of(signed_in(request)), str(of["pk"]), most, [])


def _at_most(wanted: AllowEnd) -> str:
    return _("At most %(n)s orders are returned or destroyed; for more you will be asked again.") % {
        "n": f"{wanted.most:,}"
    }


@requires(Permission.SECOND)
@confirms(_destroying, _at_most)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to an end, refuse it, or withdraw one's own proposal."""
    row = _end(request, pk)
    act = request.POST.get("act", "")
    if act == "agree":
        return with_step_up(request, _page_of(row.entrustment), lambda who: _agree(who, row))
    who = principal_of(request)
    if act == "withdraw":
        attempt(request, lambda: ending.withdraw(who, row))
    elif act == "refuse":
        attempt(request, lambda: ending.refuse(who, row))
    return redirect(_page_of(row.entrustment))


@requires(Permission.ADMINISTER)
@require_POST
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Request the next files of a return."""
    row = _end(request, pk)
    return with_step_up(
        request,
        _page_of(row.entrustment),
        lambda who: returning.make_files(who, row),
        _("Asked for. A second person agrees to each file under Exports."),
    )


@requires(Permission.ADMINISTER)
@confirms(_destroying, _at_most)
@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that the merchant has the files. The orders are destroyed from then on."""
    row = _end(request, pk)
    return with_step_up(request, _page_of(row.entrustment), lambda who: returning.confirm_returned(who, row))


@requires(Permission.SECOND)
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the certificate of destruction with its position in the ledger."""
    row = _end(request, pk)
    if not row.certificate:
        raise Http404
    at = row.finished_at.isoformat(timespec="seconds") if row.finished_at else "—"
    place = "—" if row.receipt is None else row.receipt
    text = f"{row.certificate}\n\n{_('Entry in the ledger')}: {place}\n{at}\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entrustment-{row.entrustment_id}-{row.pk}.txt"'
    return response


def _agree(who: Principal, end: EntrustmentEnd) -> None:
    agreed = ending.agree(who, end)
    if agreed.state == EntrustmentEnd.State.RETURNING:
        returning.first_files(who, agreed)


def _page_of(contract: Entrustment) -> str:
    return reverse("entrustment", args=[contract.pk])


def _entrustment(request: HttpRequest, pk: int) -> Entrustment:
    rows = Entrustment.objects.select_related("tenant", "merchant__tenant")
    return get_object_or_404(rows, pk=pk, tenant=tenant_of(signed_in(request)))


def _end(request: HttpRequest, pk: int) -> EntrustmentEnd:
    rows = EntrustmentEnd.objects.select_related("entrustment")
    return get_object_or_404(rows, pk=pk, tenant=tenant_of(signed_in(request)))


def _context(request: HttpRequest, row: Entrustment) -> dict[str, Any]:
    user = signed_in(request)
    ends = list(row.ends.select_related("proposed_by", "second", "recipient").order_by("-pk"))
    proposed = next((end for end in ends if end.state == _PROPOSED), None)
    agreed = next((end for end in ends if end.state in OPEN and end.state != _PROPOSED), None)
    returns = agreed is not None and agreed.state == EntrustmentEnd.State.RETURNING
    administers = user.may(Permission.ADMINISTER)
    today = local_day(timezone.now(), row.tenant)
    destroying = agreed is not None and agreed.state == EntrustmentEnd.State.DESTROYING
    return {
        "contract": row,
        "standing": contract_status(row, agreed, today),
        "orders": max(0, agreed.orders - agreed.destroyed)
        if agreed and destroying
        else orders_of(row.merchant),
        "most": MOST_OF_ONE,
        "proposed": proposed,
        "agreed": agreed,
        "past": [end for end in ends if end is not proposed and end is not agreed],
        "most_left": returning.MOST_AT_ONCE,
        "progress": returning.progress_of(agreed) if returns and agreed else None,
        "going_on": destroying and not (agreed and agreed.held),
        "own": proposed is not None and proposed.proposed_by_id == user.pk,
        "administers": administers,
        "may_change": administers and row.ended_at is None and row.closed_at is None,
        "may_propose": administers and row.closed_at is None and proposed is None and not destroying,
        "recipients": Recipient.objects.filter(tenant=row.tenant, revoked_at=None)
        .exclude(confirmed_at=None)
        .order_by("name"),
        "kept_until": kept_until(row, row.tenant),
    }
