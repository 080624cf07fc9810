"""Pages of external accounts: import lists, show findings, and offboard leavers system by system."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.access import registry
from waybillguard.access.registry_reading import AccountList, MerchantList
from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import attempt_act, confirms
from waybillguard.service.external_accounts import leavers, services
from waybillguard.service.external_accounts.evidence import open_evidence
from waybillguard.service.external_accounts.forms import AccountForm, ListForm, StaffListForm
from waybillguard.service.external_accounts.models import (
    Finding,
    Leaving,
    LeavingItem,
    OutsideAccount,
    Reconciliation,
    StaffOrAccountList,
    System,
)
from waybillguard.service.external_accounts.payroll import match_payroll
from waybillguard.service.external_accounts.reading import read_list
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Employment, Permission, User
from waybillguard.service.platform.views import attempt, number, said

LISTED = 100
SAMPLES = 20
MARKED = 1_000
"""Maximum number of people shown as missing from a payroll list."""


@requires(Permission.ADMINISTER)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show findings, systems, accounts and open leavers."""
    return _page(request)


@requires(Permission.ADMINISTER)
@require_POST
def list_take(request: HttpRequest, kind: str) -> HttpResponse:
    """Receive an exported or pasted list and redirect to its preview."""
    if kind not in StaffOrAccountList.Kind.values:
        raise Http404
    row = attempt(
        request,
        lambda: services.take_list(
            signed_in(request),
            kind,
            request.POST.get("system", ""),
            request.FILES.get("file"),
            request.POST.get("pasted", ""),
        ),
    )
    return redirect("register_list", pk=row.pk) if row else _home(kind)


@requires(Permission.ADMINISTER)
@require_safe
def list_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a preview of a list before it is imported."""
    row = _list(request, pk)
    context: dict[str, object] = {"row": row, "shown": SAMPLES}
    status = 200
    if row.state == StaffOrAccountList.State.PREVIEW:
        try:
            found = read_list(row, signed_in(request))
        except WaybillGuardError as error:
            context["problem"], status = said(error), 409
        else:
            context["rejected"] = found.rejected[:LISTED]
            context["unread"] = found.unread
            context["rejected_count"] = len(found.rejected)
            if isinstance(found, MerchantList):
                context["merchants"], context["count"] = found.merchants[:SAMPLES], len(found.merchants)
                context["names"] = len({registry.fold(one.merchant) for one in found.merchants})
            elif isinstance(found, AccountList):
                context["accounts"], context["count"] = found.accounts[:SAMPLES], len(found.accounts)
                context["vanishing"] = services.vanishing(row.tenant, found.accounts)
                context["systems"] = sorted({one.system for one in found.accounts})[:SAMPLES]
            else:
                today = services.local_now(tenant_of(signed_in(request))).date()
                context["sites"] = any(one.site for one in found.people)
                context["people"], context["count"] = found.people[:SAMPLES], len(found.people)
                context["left"] = sum(
                    1 for one in found.people if one.left or (one.employed_to and one.employed_to < today)
                )
                context["undated"] = sum(1 for one in found.people if one.left)
                meant = match_payroll(row.tenant, found, today)
                context["missing"], context["missing_count"] = meant.missing[:MARKED], len(meant.missing)
                context["by_name"] = meant.by_name[:LISTED]
    response = render(request, "external_accounts/list.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.ADMINISTER)
@confirms()
@require_POST
def list_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Apply or discard a list. Applying asks for a code if a user gains access to a shop."""
    row = _list(request, pk)
    if action == "discard":
        services.discard_list(row)
    elif action == "apply":
        if attempt_act(request, lambda: _applied(request, row)):
            messages.success(request, _taken(row.kind))
    else:
        raise Http404
    return _home(row.kind)


def _home(kind: str) -> HttpResponse:
    """Redirect to the page where lists of this kind are uploaded."""
    return redirect("merchants" if kind == StaffOrAccountList.Kind.MERCHANTS else "register")


def _taken(kind: str) -> str:
    if kind == StaffOrAccountList.Kind.MERCHANTS:
        return _("The merchants were taken in.")
    return _("The list was taken in and held against the payroll list.")


@requires(Permission.ADMINISTER)
@require_POST
def account_add(request: HttpRequest) -> HttpResponse:
    """Add or change one account by hand."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    user, values = signed_in(request), form.cleaned_data
    tenant = tenant_of(user)
    one = registry.OutsideAccount(
        values["system"], values["account"], values["owner"], enabled=values["enabled"]
    )
    with transaction.atomic():
        note(tenant, "account_entered", actor=user, enabled=form["enabled"].value() or "")
        services.import_accounts(tenant, [one], timezone.now(), by_hand=True)
    services.reconcile(tenant, timezone.now())
    messages.success(request, _("Saved."))
    return redirect("register")


@requires(Permission.ADMINISTER)
@require_POST
def account_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an account, for example one entered by mistake."""
    user = signed_in(request)
    tenant = tenant_of(user)
    row = get_object_or_404(OutsideAccount, pk=pk, tenant=tenant)
    with transaction.atomic():
        note(tenant, "account_dropped", actor=user, account=row.pk)
        OutsideAccount.objects.filter(pk=row.pk).update(gone_at=timezone.now())
    services.reconcile(tenant, timezone.now())
    return redirect("register")


@requires(Permission.ADMINISTER)
@require_safe
def leaving_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to a person's offboarding checklist."""
    person = get_object_or_404(User, pk=pk, tenant=tenant_of(signed_in(request)))
    found = leavers.leaving_of(person)
    return redirect("leaving", pk=found.pk) if found else redirect("person", pk=pk)


@requires(Permission.ADMINISTER)
@require_safe
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a leaver's offboarding checklist."""
    found = _leaving(request, pk)
    items = list(found.items.select_related("shown_by").order_by("shown_at", "system", "pk"))
    context = {
        "leaving": found,
        "items": items,
        "open": sum(1 for item in items if item.shown_at is None),
    }
    response = render(request, "external_accounts/leaving.html", context)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.ADMINISTER)
@require_POST
def leaving_show(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Receive the screenshot that proves one account disabled."""
    found = _leaving(request, pk)
    row = get_object_or_404(LeavingItem, pk=item, leaving=found)
    attempt(
        request,
        lambda: leavers.show(signed_in(request), found, row, request.FILES.get("file"), timezone.now()),
    )
    return redirect("leaving", pk=pk)


@requires(Permission.ADMINISTER)
@require_POST
def leaving_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an offboarding whose accounts are all proved disabled."""
    found = _leaving(request, pk)
    attempt(request, lambda: leavers.close_leaving(signed_in(request), found, timezone.now()))
    return redirect("leaving", pk=pk)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_safe
def leaving_evidence(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Return a proof. Opening it is recorded in the ledger."""
    found, user = _leaving(request, pk), signed_in(request)
    row = get_object_or_404(LeavingItem, pk=item, leaving=found)
    note(found.tenant, "evidence_seen", person=found.employment.user, actor=user, item=row.pk)
    opened = attempt(request, lambda: open_evidence(user, row.evidence_sha256))
    if opened is None:
        return redirect("leaving", pk=pk)
    content, kind = opened
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}
    if not kind.startswith("image/"):
        headers["Content-Disposition"] = f'attachment; filename="proof-{row.pk}"'
    return HttpResponse(content, content_type=kind, headers=headers)


def _list(request: HttpRequest, pk: int) -> StaffOrAccountList:
    return get_object_or_404(
        StaffOrAccountList.objects.select_related("tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )


def _leaving(request: HttpRequest, pk: int) -> Leaving:
    return get_object_or_404(
        Leaving.objects.select_related("employment__user", "tenant", "closed_by"),
        pk=pk,
        tenant=tenant_of(signed_in(request)),
    )


def _page(request: HttpRequest, form: AccountForm | None = None, status: int = 200) -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    system = number(request.GET.get("system"), 1, 10**9, 0)
    after = number(request.GET.get("after"), 1, 10**9, 0)
    accounts = OutsideAccount.objects.filter(tenant=tenant, gone_at=None).select_related("system")
    if system:
        accounts = accounts.filter(system_id=system)
    listed = list(accounts.filter(pk__gt=after).order_by("pk")[: LISTED + 1])
    findings = Finding.objects.filter(tenant=tenant, settled_at=None).select_related("account__system")
    people = Employment.objects.filter(tenant=tenant)
    context = {
        "findings": findings.order_by("rank", "account__system__name", "pk")[:LISTED],
        "counts": findings.values("kind", "rank").annotate(n=Count("pk")).order_by("rank"),
        "systems": System.objects.filter(tenant=tenant)
        .annotate(n=Count("outsideaccount", filter=Q(outsideaccount__gone_at=None)))
        .order_by("name"),
        "accounts": listed[:LISTED],
        "next": listed[LISTED - 1].pk if len(listed) > LISTED else 0,
        "chosen": system,
        "staff": people.exclude(number="").count() or people.count(),
        "leavings": Leaving.objects.filter(tenant=tenant, closed_at=None)
        .select_related("employment")
        .annotate(n=Count("items"), done=Count("items", filter=Q(items__shown_at__isnull=False)))
        .order_by("left_on")[:LISTED],
        "previews": StaffOrAccountList.objects.filter(tenant=tenant, state="preview")
        .exclude(kind=StaffOrAccountList.Kind.MERCHANTS)
        .order_by("-pk")[:5],
        "last": Reconciliation.objects.filter(tenant=tenant).order_by("-pk").first(),
        "list_form": ListForm(auto_id="list_%s"),
        "staff_form": StaffListForm(auto_id="staff_%s"),
        "account_form": form or AccountForm(auto_id="account_%s"),
    }
    response = render(request, "external_accounts/register.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _applied(request: HttpRequest, row: StaffOrAccountList) -> bool:
    services.apply_list(signed_in(request), row, timezone.now(), request.POST.getlist("left"))
    return True
