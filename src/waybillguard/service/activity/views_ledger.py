"""Pages of the ledger: checkpoints and witnesses, looks at one order, the offline verifier."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.audit.recording import record as record_event
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Device, Permission, User
from waybillguard.service.keyd import ledger_messages as asked
from waybillguard.service.platform.assets import assets
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.platform.views import attempt, said
from waybillguard.service.platform.words import Word
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.listing import visible

VERIFIER = "vendor/ledger-verify.html"

WITNESS_STATES = {
    "fine": Word(_("Has witnessed the latest checkpoint"), "circle-check", "good"),
    "waiting": Word(_("Not asked yet"), "hourglass", "calm"),
    "silent": Word(_("Silent: it does not answer"), "alert-triangle", "bad"),
    "refused": Word(_("Refused to sign"), "ban", "bad"),
    "behind": Word(_("Behind: it has not signed the latest checkpoint"), "alert-triangle", "warn"),
}
KINDS = {
    "reveal": _("Shown in plaintext"),
    "export": _("Exported"),
    "print": _("Label made"),
    "reprint": _("Label made again"),
    "handover": _("Handed to the carrier"),
    "search": _("Searched"),
    "import": _("Imported"),
    "undo": _("Label void"),
    "scan": _("Label confirmed by a scan"),
    "device": _("Outcome reported by the print agent"),
    "shred": _("Shredded"),
    "inspector_look": _("Looked at by an inspector"),
    "erase": _("Words erased"),
}
_DEVICE = re.compile(r"d\d{1,18}")
_A_DEVICE = _("Unknown device")
CALLED = _("Called through a virtual number")
PURPOSES = {
    "none": _("not stated"),
    "print_label": _("printing labels"),
    "ship": _("shipping"),
    "customer_service": _("customer service"),
    "delivery_problem": _("delivery problem"),
    "return": _("return"),
    "complaint": _("complaint"),
    "correction": _("correction"),
    "carrier": _("carrier"),
    "merchant_request": _("request of the merchant"),
    "person_request": _("request of the person"),
    "inspection": _("inspection"),
    "investigation": _("investigation"),
    "security": _("security"),
    "maintenance": _("maintenance"),
    "training": _("training"),
    "other": _("other"),
}


def _state(request: HttpRequest) -> asked.LedgerStateAnswer:
    tenant = tenant_of(signed_in(request))
    return keyd().call(asked.LedgerState(tenant.slug), asked.LedgerStateAnswer)


@requires(Permission.LEDGER)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the latest checkpoint of each shard, its witnesses, public keys to copy, and problems."""
    context: dict[str, Any] = {"states": WITNESS_STATES}
    try:
        state = _state(request)
    except WaybillGuardError as error:
        context["trouble"] = said(error)
        return render(request, "activity/ledger.html", context, status=503)
    shards = [
        {
            "shard": shard,
            "when": datetime.fromtimestamp(shard.time_us / 1e6, UTC),
            "behind": shard.size - shard.witnessed,
            "stamped": datetime.fromtimestamp(shard.stamped_s, UTC) if shard.stamped_s else None,
            "witnesses": [
                {
                    "witness": one,
                    "word": WITNESS_STATES[one.state],
                    "when": datetime.fromtimestamp(one.time_s, UTC) if one.time_s else None,
                }
                for one in shard.witnesses
            ],
        }
        for shard in reversed(state.shards)
    ]
    bad = {"silent", "refused", "behind"}
    alarms = sorted({one.name for shard in state.shards for one in shard.witnesses if one.state in bad})
    context |= {"state": state, "shards": shards, "alarms": alarms}
    return render(request, "activity/ledger.html", context)


@requires(Permission.LEDGER)
@require_safe
def note(request: HttpRequest, shard: str) -> HttpResponse:
    """Download the signed note of a shard's latest checkpoint, with its cosignatures."""
    state = attempt(request, lambda: _state(request))
    if state is None:
        return redirect("ledger")
    for one in state.shards:
        if one.name == shard:
            return _file(one.note, f"{one.name}.checkpoint", "text/plain; charset=utf-8")
    raise Http404


@requires(Permission.LEDGER)
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Download the trust policy for verifying proofs."""
    state = attempt(request, lambda: _state(request))
    if state is None:
        return redirect("ledger")
    return _file(state.policy.encode(), "waybillguard.policy", "text/plain; charset=utf-8")


@requires(Permission.LEDGER)
@require_safe
def looks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every look at one order, with names. The query itself is recorded."""
    order = get_object_or_404(visible(tenant_of(signed_in(request))), pk=pk)
    context: dict[str, Any] = {"order": order}
    try:
        answer = ask_looks(signed_in(request), bytes(order.uid), session=session_mark(request))
        context |= {"looks": named(signed_in(request), answer), "proved": answer.shards}
    except WaybillGuardError as error:
        context["trouble"] = said(error)
    response = render(request, "activity/order_looks.html", context)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.LEDGER)
@require_safe
def looks_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the proof of all looks at an order, including that there were no others."""
    user = signed_in(request)
    order = get_object_or_404(visible(tenant_of(user)), pk=pk)
    record, session = bytes(order.uid), session_mark(request)
    answer = attempt(request, lambda: ask_looks(user, record, session=session, handed_out=True))
    if answer is None:
        return redirect("order_looks", pk=pk)
    record_event(tenant_of(user), "export", user=user, orders=[order], purpose="proof_of_looks")
    return _file(answer.proof, f"looks-{order.pk}.jsonl", "application/x-ndjson")


def ask_looks(user: User, record: bytes, *, session: str = "", handed_out: bool = False) -> asked.LooksAnswer:
    """Ask keyd for all looks at a record. keyd writes the query to the ledger first."""
    request = asked.Looks(context_of(user, session=session), record, handed_out)
    return keyd().call(request, asked.LooksAnswer)


def _called(look: asked.Look) -> bool:
    """Return whether a hand-over is a call: the provider of virtual numbers receives only the phone."""
    return look.kind == "handover" and look.field_class == "phone"


def looks_of(user: User, record: bytes, *, session: str = "") -> list[dict[str, Any]]:
    """Return the looks at a record with times, labels and names."""
    return named(user, ask_looks(user, record, session=session))


def named(user: User, answer: asked.LooksAnswer) -> list[dict[str, Any]]:
    """Return an answer's looks with times, labels and names."""
    tenant = tenant_of(user)
    names = {f"u{p.pk}": str(p) for p in User.objects.filter(tenant=tenant)}
    if any(look.actor.startswith("d") for look in answer.looks):
        devices = Device.objects.filter(tenant=tenant)
        names |= {f"d{one.pk}": f"{one.get_kind_display()} {one.station}" for one in devices}
    return [
        {
            "index": look.index,
            "shard": look.shard,
            "time": datetime.fromtimestamp(look.time_s, UTC),
            "kind": look.kind,
            "kind_word": CALLED if _called(look) else KINDS.get(look.kind, look.kind),
            "purpose": look.purpose,
            "purpose_word": PURPOSES.get(look.purpose, look.purpose),
            "who": names.get(look.actor) or (_A_DEVICE if _DEVICE.fullmatch(look.actor) else look.actor),
            "workstation": look.workstation,
            "erased": look.erased,
        }
        for look in answer.looks
    ]


_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)


def verifier_policy(page: bytes) -> dict[str, list[str]]:
    """Return the content security policy of the verifier: its inline script and style by hash, no network."""
    found = {"script": "", "style": ""}
    for kind, text in _INLINE.findall(page):
        found[kind.decode()] = f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
    return {
        "default-src": ["'none'"],
        "script-src": [found["script"]],
        "style-src": [found["style"]],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Serve the page that verifies proofs offline; ``?download`` saves it as a file."""
    page = assets()[VERIFIER].content
    if "download" in request.GET:
        response = _file(page, "waybillguard-verify.html", "text/html; charset=utf-8")
    else:
        response = HttpResponse(page, content_type="text/html; charset=utf-8")
    override: HttpResponse = csp_override(verifier_policy(page))(lambda _request: response)(request)
    return override


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
