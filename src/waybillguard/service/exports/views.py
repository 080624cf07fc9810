"""Pages of exports: choose, request, answer, follow, fetch."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from waybillguard.access.vocabulary import purposes
from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import principal_of, step_up
from waybillguard.service.exports.asking import (
    ANSWER_WITHIN,
    KEPT,
    MOST_RECORDS,
    agree,
    agreeing,
    ask,
    ends_waiting_for,
    proposing,
    refuse,
    seen_by,
    selected,
    waiting_for,
    withdraw,
)
from waybillguard.service.exports.errors import ExportError
from waybillguard.service.exports.files import fetch
from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, Role
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.lookups.counting import left_of
from waybillguard.service.lookups.errors import GuardError
from waybillguard.service.platform.limits import over_limit, over_searches
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, number, said
from waybillguard.service.vault.filters import filters_of
from waybillguard.service.vault.listing import filtered_ids
from waybillguard.service.vault.search import find_numbers

LISTED = 100
ASKS_AN_HOUR = 60
MOST_NUMBERS = 500
_ID_DIGITS = 18
_GOING_ON = frozenset({Export.State.AGREED, Export.State.MAKING})


@requires(Permission.EXPORT)
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """List the exports that wait for an answer, and those this person may see."""
    user = signed_in(request)
    context = {
        "waiting": waiting_for(user, timezone.now()).order_by("asked_at")[:LISTED],
        "ends": ends_waiting_for(user)[:LISTED],
        "exports": seen_by(user).defer("selection").order_by("-pk")[:LISTED],
        "kept": KEPT.days,
    }
    return render(request, "exports/exports.html", context)


@requires(Permission.EXPORT)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Show the chosen orders, and ask for form, purpose and recipient."""
    user = signed_in(request)
    if request.POST.get("all_matching") == "1":
        chosen = filtered_ids(
            tenant_of(user), filters_of(QueryDict(request.POST.get("filter", ""))), MOST_RECORDS
        )
    elif request.POST.get("numbers"):
        if over_searches(user):
            return render(request, "429.html", status=429)
        found = attempt(request, lambda: _by_number(request))
        if found is None:
            return redirect("exports")
        chosen = found
    else:
        chosen = _ids(request.POST.getlist("id"))
    return _new_page(request, chosen)


@requires(Permission.EXPORT)
@require_POST
def ask_for(request: HttpRequest) -> HttpResponse:
    """Request the export; a sealed one needs a code confirmed for this recipient and number of records."""
    user, asked = signed_in(request), request.POST
    who = principal_of(request)
    form, _, table = asked.get("form", "").partition(":")
    chosen = _ids(asked.get("ids", "").split(","))
    recipient = Recipient.objects.filter(
        tenant=tenant_of(user), pk=number(asked.get("recipient"), 1, 10**9, 0)
    ).first()
    if not who.sign_in.stepped_up:
        sealed = recipient is not None and form == Export.Form.SEALED
        records = len(selected(user, chosen, form)) if sealed else 0
        action = action_of(proposing(who, 0, recipient, records)) if recipient and sealed else b""
        return step_up(request, reverse("exports"), action)
    if over_limit("export", str(user.pk), limit=ASKS_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    try:
        export = ask(
            who,
            chosen,
            form=form,
            table=table or Export.Table.CSV,
            purpose=asked.get("purpose", ""),
            recipient=recipient,
        )
    except WaybillGuardError as error:
        if isinstance(error, RefusedError) and error.action:
            return step_up(request, reverse("exports"), error.action)
        if isinstance(error, GuardError) and error.kind == "step_up":
            messages.warning(request, said(error))
            return step_up(request, reverse("exports"))
        policies = " ".join(getattr(error, "policies", ()))
        return _new_page(request, chosen, problem=said(error), policies=policies, status=403)
    return redirect("export", pk=export.pk)


@requires(Permission.EXPORT)
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one export."""
    return render(request, "exports/export.html", _context(request, _export(request, pk)))


@polled(
    "SELECT state, done, reason_zh, second_id, downloads FROM exports_export WHERE tenant_id = %s AND id = %s"
)
@requires(Permission.EXPORT)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that changes while the file is made."""
    return render(request, "exports/body.html", _context(request, _export(request, pk)))


@requires(Permission.SECOND)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to an export, or refuse it, as the second person."""
    row = _export(request, pk)
    who = principal_of(request)
    if request.POST.get("agree") != "1":
        attempt(request, lambda: refuse(who, row))
        return redirect("export", pk=pk)
    if not who.sign_in.stepped_up:
        action = action_of(agreeing(who, row)) if row.form == Export.Form.SEALED else b""
        return step_up(request, reverse("export", args=[pk]), action)
    try:
        agree(who, row)
    except WaybillGuardError as error:
        if isinstance(error, RefusedError) and error.action:
            return step_up(request, reverse("export", args=[pk]), error.action)
        return _problem(request, pk, error)
    return redirect("export", pk=pk)


@requires(Permission.EXPORT)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an export; an existing file is shredded."""
    row = _export(request, pk)
    attempt(request, lambda: withdraw(principal_of(request), row))
    return redirect("export", pk=pk)


@requires(Permission.EXPORT)
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return the file to the requester; each fetch is counted and recorded first."""
    row = _export(request, pk)
    who = principal_of(request)
    if not who.sign_in.stepped_up:
        return step_up(request, reverse("export", args=[pk]))
    try:
        chunks = fetch(who, row)
    except WaybillGuardError as error:
        return _problem(request, pk, error)
    ending = row.table if row.form == Export.Form.MASKED else "wgx"
    response = StreamingHttpResponse(chunks, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="export-{row.pk}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


def _by_number(request: HttpRequest) -> list[int]:
    numbers = list(dict.fromkeys(request.POST.get("numbers", "").split()))
    if len(numbers) > MOST_NUMBERS:
        raise ExportError(
            zh=f"一次最多 {MOST_NUMBERS} 个单号。", en=f"at most {MOST_NUMBERS} numbers at a time."
        )
    found = find_numbers(signed_in(request), [text[:80] for text in numbers])
    return [pk for ids in found.values() for pk in ids]


def _ids(texts: list[str]) -> list[int]:
    return [
        int(text)
        for text in texts[:MOST_RECORDS]
        if text.isascii() and text.isdigit() and len(text) < _ID_DIGITS
    ]


def _new_page(
    request: HttpRequest, chosen: list[int], *, problem: str = "", policies: str = "", status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    masked = selected(user, chosen, Export.Form.MASKED)
    left, frozen = left_of(principal_of(request))
    recipients = Recipient.objects.filter(tenant=tenant_of(user), revoked_at=None).exclude(confirmed_at=None)
    context = {
        "ids": ",".join(str(pk) for pk in masked),
        "count": len(masked),
        "sealable": len(selected(user, masked, Export.Form.SEALED)),
        "purposes": list(purposes()),
        "recipients": recipients.order_by("name"),
        "masked_only": user.role == Role.INSPECTOR,
        "left": left,
        "frozen": frozen,
        "problem": problem,
        "policies": policies,
        "most": MOST_RECORDS,
        "hours": int(ANSWER_WITHIN.total_seconds() // 3600),
    }
    response = render(request, "exports/new.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _export(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(seen_by(signed_in(request)).select_related("tenant"), pk=pk)


def _context(request: HttpRequest, row: Export) -> dict[str, object]:
    user = signed_in(request)
    handled = row.done + row.left_out
    own = row.asked_by_id == user.pk
    return {
        "export": row,
        "own": own,
        "going_on": row.state in _GOING_ON,
        "may_answer": row.state == Export.State.ASKED and not own and user.may(Permission.SECOND),
        # People who may agree refuse a pending request; after agreement they withdraw it instead.
        "may_withdraw": (own and row.state == Export.State.ASKED)
        or (row.state in {*_GOING_ON, Export.State.READY} and (own or user.may(Permission.SECOND))),
        "percent": min(100, 100 * handled // row.records) if row.records else 0,
        "handled": handled,
        "command": f"waybillguard export open export-{row.pk}.wgx --key my.key --out contacts.csv",
        "kept": KEPT.days,
    }


def _problem(request: HttpRequest, pk: int, error: WaybillGuardError) -> HttpResponse:
    context = _context(request, _export(request, pk))
    context |= {"problem": said(error), "deciding": " ".join(getattr(error, "policies", ()))}
    return render(request, "exports/export.html", context, status=403)
