"""Keys and indexes: progress of the rotation, and what each index reveals at the current number of orders."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waybillguard.seal.planner import Leakage
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import with_step_up
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.words import Word
from waybillguard.service.tenancy.key_process import keyd_state
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault import leakage, rotation
from waybillguard.service.vault.models import Cipher, KeyGeneration

FIELDS = {
    "phone": gettext_lazy("Full phone"),
    "last4": gettext_lazy("Last four digits, with shop and day"),
    "order": gettext_lazy("Order number"),
    "waybill": gettext_lazy("Waybill number"),
    "name": gettext_lazy("Pieces of names"),
    "address": gettext_lazy("Pieces of addresses"),
}
HOLDERS = {
    "passphrase": gettext_lazy("A passphrase, in a file outside the data folder"),
    "keyring": gettext_lazy("The keyring of the operating system"),
    "transit": gettext_lazy("A key server (transit engine)"),
    "pkcs11": gettext_lazy("A PKCS#11 token"),
}
VERDICTS = {
    Leakage.WITHIN: Word(gettext_lazy("Within the budget"), "circle-check", "good"),
    Leakage.EXACT: Word(gettext_lazy("Equal tokens prove equal values"), "alert-triangle", "warn"),
    Leakage.NARROW: Word(gettext_lazy("Finds many by chance"), "info-circle", "calm"),
    Leakage.SMALL: Word(gettext_lazy("Too few orders to hide among"), "alert-triangle", "warn"),
}


@requires(Permission.ADMINISTER)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Show the keys of the warehouse and the report on its indexes."""
    tenant = tenant_of(signed_in(request))
    plans = [
        {"plan": plan, "label": FIELDS[plan.field], "word": VERDICTS[plan.verdict]}
        for plan in leakage.report(tenant)
    ]
    kept = keyd_state()
    context = {
        "plans": plans,
        "orders": leakage.orders_of(tenant),
        "kept": kept,
        "keeper": HOLDERS.get(kept.holder, kept.holder) if kept else "",
        **_state(tenant),
    }
    return render(request, "vault/keys.html", context)


@polled(
    "SELECT id, done, days_destroyed, finished_at, error_zh FROM vault_rotation WHERE tenant_id = %s ORDER BY id DESC LIMIT 1"
)
@requires(Permission.ADMINISTER)
@require_safe
def body(request: HttpRequest) -> HttpResponse:
    """Return the progress of the rotation, for the page to update itself."""
    return render(request, "vault/keys_body.html", _state(tenant_of(signed_in(request))))


@requires(Permission.ADMINISTER)
@require_POST
def rotate(request: HttpRequest) -> HttpResponse:
    """Begin a rotation, or resume a stopped one."""
    asked = request.POST.get("suite", "")
    suite = next((cipher for cipher in Cipher if asked == str(cipher.value)), None)
    return with_step_up(
        request,
        reverse("keys"),
        lambda who: rotation.start_rotation(who.user, suite),
        _("The rotation is under way; you may leave this page."),
    )


def _state(tenant: Tenant) -> dict[str, Any]:
    row = rotation.latest(tenant)
    going_on = row is not None and row.finished_at is None
    generations = list(KeyGeneration.objects.filter(tenant=tenant).order_by("-number")[:20])
    return {
        "rotation": row,
        "going_on": going_on,
        "stopped": row is not None and rotation.stopped(row),
        "percent": min(100, 100 * row.done // max(1, row.total)) if row is not None else 0,
        "generations": generations,
        "suites": Cipher.choices,
        "suite": rotation.suite_of(tenant),
    }
