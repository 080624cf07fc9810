"""Offboarding checklists: the external accounts that must be proved disabled for each leaver."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.errors import LeavingError
from waybillguard.access.leaving import (
    Checklist,
    Item,
    Proof,
    close,
    leavers,
    revived,
    show_disabled,
    start_checklist,
)
from waybillguard.access.registry import fold
from waybillguard.service.external_accounts import services
from waybillguard.service.external_accounts.evidence import keep_evidence
from waybillguard.service.external_accounts.models import Leaving, LeavingItem, OutsideAccount
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.employment import employment_of
from waybillguard.service.identity.models import Employment, User
from waybillguard.service.tenancy.models import Tenant


def start_leaving(employment: Employment, left_on: date) -> Leaving:
    """Start or continue the checklist of a leaver from the current external accounts."""
    with scope(tenant=employment.tenant):
        leaving, _ = Leaving.objects.get_or_create(
            employment=employment, defaults={"tenant": employment.tenant, "left_on": left_on}
        )
        complete(leaving)
    return leaving


def begin_leavings(tenant: Tenant, today: date) -> int:
    """Start a checklist for each person who left according to the payroll list and has none; return how many.

    Without any listed system there is nothing to check, so no checklist is started.
    """
    register = services.register_of(tenant)
    if not register:
        return 0
    begun = set(Leaving.objects.filter(tenant=tenant).values_list("employment_id", flat=True))
    wanted = {
        one.row: one.employed_to
        for one in leavers(services.payroll_of(tenant), register, today)
        if one.row not in begun and one.employed_to is not None
    }
    new = Employment.objects.filter(tenant=tenant, pk__in=wanted)
    Leaving.objects.bulk_create(Leaving(tenant=tenant, employment=one, left_on=wanted[one.pk]) for one in new)
    return len(wanted)


def complete(leaving: Leaving) -> None:
    """Add accounts that were listed since the checklist was started. Existing proofs are kept."""
    if leaving.closed_at is not None:
        return
    tenant = leaving.tenant
    try:
        wanted = start_checklist(
            services._period(leaving.employment),  # noqa: SLF001 - one app
            leaving.left_on,
            services.register_of(tenant),
            services.payroll_of(tenant),
        ).items
    except LeavingError:  # No system is listed yet. The page says so, and lists may follow.
        return
    have = {(item.system, item.account) for item in leaving.items.all()}
    LeavingItem.objects.bulk_create(
        LeavingItem(tenant=tenant, leaving=leaving, system=item.system[:200], account=item.account[:200])
        for item in wanted
        if (item.system[:200], item.account[:200]) not in have
    )


def complete_open_leavings(tenant: Tenant) -> None:
    """Add newly listed accounts to all open checklists."""
    for leaving in Leaving.objects.filter(tenant=tenant, closed_at=None).select_related(
        "employment", "tenant"
    ):
        complete(leaving)


def revived_accounts(tenant: Tenant) -> dict[int, date]:
    """Return accounts that are active again after they were proved disabled, with the day of the proof.

    Lists older than the proof are ignored.
    """
    found: dict[int, date] = {}
    shown = LeavingItem.objects.filter(tenant=tenant, shown_at__isnull=False).exclude(account="")
    leavings = Leaving.objects.filter(tenant=tenant, pk__in=shown.values("leaving")).select_related(
        "employment"
    )
    accounts = services.register_of(tenant)
    listed = dict(OutsideAccount.objects.filter(tenant=tenant, gone_at=None).values_list("pk", "changed_at"))
    for leaving in leavings:
        items = list(leaving.items.all())
        proofs = {(fold(one.system), fold(one.account)): one.shown_at for one in items if one.shown_at}
        for one in revived(_checklist(leaving, items), accounts):
            proof = proofs[fold(one.system), fold(one.account)]
            if listed[one.row] > proof:
                found[one.row] = timezone.localtime(proof).date()
    return found


def show(user: User, leaving: Leaving, item: LeavingItem, upload: object, now: datetime) -> None:
    """Store the proof that one account is disabled.

    Raises:
        LeavingError: the checklist is closed, or the proof is by the leaver.
        RegisterServiceError: no picture was given.
    """
    items = list(leaving.items.order_by("pk"))
    digest = keep_evidence(leaving.tenant, upload)
    place = [one.pk for one in items].index(item.pk)
    proof = Proof(now, _name(user, leaving), digest)
    show_disabled(_checklist(leaving, items), place, proof, now)
    with transaction.atomic():
        LeavingItem.objects.filter(pk=item.pk).update(shown_at=now, shown_by=user, evidence_sha256=digest)
        person = leaving.employment.user
        note(leaving.tenant, "leaving_item", person=person, actor=user, item=item.pk, evidence_sha256=digest)


def close_leaving(user: User, leaving: Leaving, now: datetime) -> None:
    """Close the offboarding of a leaver.

    Raises:
        LeavingError: an account is not yet proved disabled, or no system is listed at all.
    """
    items = list(leaving.items.order_by("pk"))
    if not items:
        raise LeavingError(
            zh="外部系统登记为空，不能关闭。请先录入各系统账号名单。",
            en="the register of outside systems is empty, so nothing can be closed. Enter the account lists first.",
        )
    close(_checklist(leaving, items), _name(user, leaving), now)
    with transaction.atomic():
        Leaving.objects.filter(pk=leaving.pk, closed_at=None).update(closed_at=now, closed_by=user)
        note(leaving.tenant, "leaving_closed", person=leaving.employment.user, actor=user, items=len(items))


def leaving_of(person: User) -> Leaving | None:
    """Return the checklist of the person's current employment, started if needed; None without a last day."""
    employment = employment_of(person)
    if employment is None or employment.employed_to is None:
        return None
    return start_leaving(employment, min(employment.employed_to, timezone.localdate()))


def _checklist(leaving: Leaving, items: list[LeavingItem]) -> Checklist:
    person = leaving.employment.number or leaving.employment.name
    return Checklist(
        person,
        leaving.left_on,
        tuple(
            Item(
                one.system,
                one.account,
                Proof(one.shown_at, f"u{one.shown_by_id}", one.evidence_sha256) if one.shown_at else None,
            )
            for one in items
        ),
        leaving.closed_at,
    )


def _name(user: User, leaving: Leaving) -> str:
    """Return the name of the prover. For the leaver it is the checklist's name, so that the proof is refused."""
    employment = leaving.employment
    return (employment.number or employment.name) if employment.user_id == user.pk else f"u{user.pk}"
