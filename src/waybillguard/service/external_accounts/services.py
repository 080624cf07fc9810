"""Import lists, compare external accounts with the payroll list, and store the findings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from waybillguard.access import registry
from waybillguard.access.registry import fold
from waybillguard.access.registry_reading import AccountList, MerchantList
from waybillguard.service.external_accounts.errors import RegisterServiceError
from waybillguard.service.external_accounts.merchant_lists import import_merchants
from waybillguard.service.external_accounts.models import (
    Finding,
    OutsideAccount,
    Reconciliation,
    StaffOrAccountList,
    System,
)
from waybillguard.service.external_accounts.payroll import apply_payroll, mark_left
from waybillguard.service.external_accounts.reading import read_list
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.employment import end_expired
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Employment, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import SpoolWriter, remove_spool
from waybillguard.service.vault.uploads import SealedUpload

KEPT = timedelta(hours=24)
REVIVED = "revived"
"""Finding: a list shows an account active after it was proved disabled."""

RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def take_list(user: User, kind: str, system: str, upload: object, pasted: str) -> StaffOrAccountList:
    """Store an upload or pasted text encrypted until it is previewed and applied.

    Raises:
        RegisterServiceError: neither a file nor text was given.
    """
    tenant = tenant_of(user)
    if isinstance(upload, SealedUpload) and upload.writer is not None:
        writer = upload.writer
    elif pasted.strip():
        writer = SpoolWriter(tenant)
        writer.write(pasted.encode())
        writer.finish()
    else:
        raise RegisterServiceError(
            zh="请选择文件或粘贴表格。", en="choose a file, or paste a table with its titles."
        )
    return StaffOrAccountList.objects.create(
        tenant=tenant,
        created_by=user,
        kind=StaffOrAccountList.Kind(kind),
        system=system.strip()[:200],
        spool_name=writer.name,
        wrapped_key=writer.wrapped_key,
        file_sha256=writer.sha256,
    )


def apply_list(user: User, row: StaffOrAccountList, now: datetime, left: Iterable[str] = ()) -> None:
    """Apply a list. People who have left according to it lose access here at once.

    ``left`` holds keys (`payroll.Known.key`) of people missing from a payroll list whose employment is to end.

    Raises:
        RegisterServiceError: it cannot be read, or it was applied or discarded before.
        MerchantError: merchants changed since the preview; nothing was imported.
        RefusedError: a user gains access to a shop, and the owner did not confirm it with a code.
    """
    found = read_list(row, user)
    marked = 0
    with transaction.atomic():
        if not StaffOrAccountList.objects.filter(pk=row.pk, state=StaffOrAccountList.State.PREVIEW).update(
            state=StaffOrAccountList.State.APPLIED
        ):
            raise RegisterServiceError(
                zh="该名单已处理过，未再次更改。",
                en="this list was dealt with before; nothing was changed again.",
            )
        if isinstance(found, AccountList):
            import_accounts(row.tenant, found.accounts, now)
            count = len(found.accounts)
        elif isinstance(found, MerchantList):
            import_merchants(user, found.merchants)
            count = len(found.merchants)
        else:
            marked = mark_left(user, row.tenant, found, left, now)
            apply_payroll(row.tenant, found, now.astimezone(ZoneInfo(row.tenant.time_zone)).date())
            count = len(found.people)
        note(
            row.tenant,
            "list_applied",
            actor=user,
            kind=row.kind,
            rows=count,
            rejected=len(found.rejected),
            file_sha256=bytes(row.file_sha256).hex(),
            marked_left=marked,
        )
        if not isinstance(found, MerchantList):
            end_expired(row.tenant, now.astimezone(ZoneInfo(row.tenant.time_zone)))
            reconcile(row.tenant, now)
    remove_spool(row.spool_name)


def discard_list(row: StaffOrAccountList) -> None:
    """Discard a preview."""
    StaffOrAccountList.objects.filter(pk=row.pk, state=StaffOrAccountList.State.PREVIEW).update(
        state=StaffOrAccountList.State.DISCARDED
    )
    remove_spool(row.spool_name)


def discard_old_lists(tenant: Tenant, now: datetime) -> None:
    """Discard previews older than `KEPT`."""
    old = StaffOrAccountList.objects.filter(
        tenant=tenant, state=StaffOrAccountList.State.PREVIEW, created_at__lt=now - KEPT
    )
    for row in old:
        discard_list(row)


def import_accounts(
    tenant: Tenant, accounts: Iterable[registry.OutsideAccount], now: datetime, *, by_hand: bool = False
) -> None:
    """Import accounts. A list is complete for each system it names: accounts it lacks are marked as gone."""
    systems: dict[str, System] = {}
    seen: dict[int, set[int]] = {}
    for one in _once_each(accounts):
        key = fold(one.system)[:200]
        if key not in systems:
            systems[key], _ = System.objects.get_or_create(
                tenant=tenant, name_key=key, defaults={"name": one.system[:200]}
            )
        system = systems[key]
        row, _ = OutsideAccount.objects.update_or_create(
            system=system,
            account_key=_key(one)[1],
            owner_key=_key(one)[2],
            defaults={
                "tenant": tenant,
                "account": one.account[:200],
                "owner": one.owner[:200],
                "number": one.number[:200],
                "role": one.role[:200],
                "enabled": one.enabled,
                "last_used": one.last_used,
                "by_hand": by_hand,
                "changed_at": now,
                "gone_at": None,
            },
        )
        seen.setdefault(system.pk, set()).add(row.pk)
    if by_hand:
        return
    for number, kept in seen.items():
        there = OutsideAccount.objects.filter(system_id=number, by_hand=False, gone_at=None)
        missing = [pk for pk in there.values_list("pk", flat=True) if pk not in kept]
        for start in range(0, len(missing), 500):
            OutsideAccount.objects.filter(pk__in=missing[start : start + 500]).update(gone_at=now)
        System.objects.filter(pk=number, tenant=tenant).update(listed_at=now)


def vanishing(tenant: Tenant, accounts: Iterable[registry.OutsideAccount]) -> int:
    """Count the stored accounts that importing this list would mark as gone."""
    listed = {_key(one) for one in accounts}
    systems = {system for system, _, _ in listed}
    rows = OutsideAccount.objects.filter(tenant=tenant, by_hand=False, gone_at=None)
    there = rows.values_list("system__name_key", "account_key", "owner_key")
    return sum(1 for key in there.iterator() if key[0] in systems and key not in listed)


def _key(one: registry.OutsideAccount) -> tuple[str, str, str]:
    return fold(one.system)[:200], fold(one.account)[:200], fold(one.number or one.owner)[:200]


def _once_each(accounts: Iterable[registry.OutsideAccount]) -> list[registry.OutsideAccount]:
    """Merge duplicate rows of an account: active if any row says so, with the latest use."""
    found: dict[tuple[str, str, str], registry.OutsideAccount] = {}
    for one in accounts:
        other = found.get(_key(one))
        if other is not None:
            states = {one.enabled, other.enabled}
            enabled = True if True in states else None if None in states else False
            used = max((each for each in (one.last_used, other.last_used) if each is not None), default=None)
            one = replace(one, enabled=enabled, last_used=used)  # noqa: PLW2901 - the row that stands for both
        found[_key(one)] = one
    return list(found.values())


def reconcile(tenant: Tenant, now: datetime) -> Counter[str]:
    """Compare accounts with the payroll list: add new findings, settle those that no longer hold; return counts."""
    from waybillguard.service.external_accounts.leavers import (  # it reads the register through this module
        begin_leavings,
        complete_open_leavings,
        revived_accounts,
    )

    local = now.astimezone(ZoneInfo(tenant.time_zone))
    found = registry.reconcile(register_of(tenant), payroll_of(tenant), local)
    wanted: dict[tuple[int, str], tuple[str, date | None]] = {
        (one.row, one.kind): (one.severity, one.since) for one in found
    }
    wanted |= {(row, REVIVED): ("critical", since) for row, since in revived_accounts(tenant).items()}
    open_ones = {
        (one.account_id, one.kind): one for one in Finding.objects.filter(tenant=tenant, settled_at=None)
    }
    settled = [one.pk for key, one in open_ones.items() if key not in wanted]
    for start in range(0, len(settled), 500):
        Finding.objects.filter(pk__in=settled[start : start + 500]).update(settled_at=now)
    Finding.objects.bulk_create(
        Finding(
            tenant=tenant,
            account_id=number,
            kind=kind,
            severity=severity,
            rank=RANK[severity],
            since=since,
            raised_at=now,
        )
        for (number, kind), (severity, since) in wanted.items()
        if (number, kind) not in open_ones
    )
    fresh = sum(1 for number, kind in wanted if kind == REVIVED and (number, kind) not in open_ones)
    if fresh:
        note(tenant, "account_revived", now=now, accounts=fresh)
    begin_leavings(tenant, local.date())
    complete_open_leavings(tenant)
    return Counter(kind for _, kind in wanted)


def reconcile_monthly(tenant: Tenant, now: datetime) -> Reconciliation | None:
    """Reconcile once a month and record it. Return None if it was done this month or there are no accounts."""
    month = f"{now.astimezone(ZoneInfo(tenant.time_zone)):%Y-%m}"
    if Reconciliation.objects.filter(tenant=tenant, month=month).exists():
        return None
    accounts = OutsideAccount.objects.filter(tenant=tenant, gone_at=None).count()
    if not accounts:
        return None
    with transaction.atomic():
        kinds = reconcile(tenant, now)
        people = Employment.objects.filter(tenant=tenant).count()
        note(tenant, "reconciled", now=now, month=month, accounts=accounts, people=people, **dict(kinds))  # type: ignore[arg-type]  # numbers by kind
        return Reconciliation.objects.create(
            tenant=tenant, at=now, month=month, accounts=accounts, people=people, kinds=dict(kinds)
        )


def register_of(tenant: Tenant) -> list[registry.OutsideAccount]:
    """Return the accounts as values of ``access.registry``; ``row`` is the primary key."""
    rows = OutsideAccount.objects.filter(tenant=tenant, gone_at=None).select_related("system")
    return [
        registry.OutsideAccount(
            one.system.name, one.account, one.owner, one.number, one.role, one.enabled, one.last_used, one.pk
        )
        for one in rows
    ]


def payroll_of(tenant: Tenant) -> list[registry.Employment]:
    """Return the payroll list as values of ``access.registry``."""
    return [_period(one) for one in Employment.objects.filter(tenant=tenant)]


def _period(one: Employment) -> registry.Employment:
    return registry.Employment(
        one.number, one.name, one.employed_from, one.employed_to, one.temp, one.agency, one.pk
    )


def local_now(tenant: Tenant) -> datetime:
    """Return the current time in the tenant's time zone."""
    return timezone.now().astimezone(ZoneInfo(tenant.time_zone))
