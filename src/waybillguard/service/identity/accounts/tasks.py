"""Worker tasks about people: ledger entries of changes, the leaving audit, the hourly round."""

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from django_tasks_db.models import DBTaskResult

from waybillguard.service.identity.accounts.changes import any_waiting, write_to_ledger
from waybillguard.service.identity.accounts.employment import end_expired, sleep_unused
from waybillguard.service.identity.accounts.factors import repeat_ends
from waybillguard.service.identity.models import LeavingAudit, User
from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.platform.queue import queued
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import believed_now, round_made

logger = logging.getLogger(__name__)
ROUND_EVERY = timedelta(hours=1)
RETRY_EVERY = timedelta(minutes=1)


@task()
def write_changes(tenant_id: int) -> None:
    """Write a tenant's waiting account changes to the ledger; retry every minute while the ledger is unavailable."""
    tenant = Tenant.objects.get(pk=tenant_id)
    write_to_ledger(tenant)
    if any_waiting(tenant) and tenant_id not in queued("identity.accounts.tasks.write_changes"):
        write_changes.using(run_after=timezone.now() + RETRY_EVERY).enqueue(tenant_id)


@task()
def make_leaving_audit(audit_id: int) -> None:
    """Count a leaver's accesses in the ledger over the last 30 days. Idempotent."""
    with scopes_disabled():
        audit = LeavingAudit.objects.select_related("tenant").get(pk=audit_id)
    kinds: dict[str, int] = {}
    days: dict[str, int] = {}
    cursor = ""
    while True:
        answer = keyd().call(
            ledger_messages.ActorLooks(
                context=messages.Context(tenant=audit.tenant.slug, actor="service"),
                actor=f"u{audit.user_id}",
                since_s=int(audit.since.timestamp()),
                cursor=cursor,
            ),
            ledger_messages.ActorLooksAnswer,
        )
        for kind, day, count in answer.looks:
            kinds[kind] = kinds.get(kind, 0) + count
            days[str(day)] = days.get(str(day), 0) + count
        cursor = answer.cursor
        if not cursor:
            break
    with scope(tenant=audit.tenant):
        LeavingAudit.objects.filter(pk=audit.pk).update(kinds=kinds, days=days, made_at=timezone.now())


@task()
def hourly_round() -> None:
    """End expired employments, suspend unused accounts, write waiting ledger entries; then schedule the next round."""
    try:
        for tenant in Tenant.objects.all():
            try:
                _round_of(tenant)
            except Exception as error:  # noqa: BLE001 - one warehouse's trouble is not another's
                logger.error("an hourly round failed: %s", type(error).__name__)  # noqa: TRY400 - may hold personal data
    finally:
        hourly_round.using(run_after=timezone.now() + ROUND_EVERY).enqueue()


def _round_of(tenant: Tenant) -> None:
    now = timezone.now().astimezone(ZoneInfo(tenant.time_zone))
    believed = believed_now(now).astimezone(now.tzinfo)
    end_expired(tenant, now)
    # A clock that is ahead would suspend everybody.
    sleep_unused(tenant, believed)
    write_to_ledger(tenant)
    repeat_ends(User.objects.filter(tenant=tenant, is_active=False).select_related("tenant"))
    with scope(tenant=tenant):
        for missed in LeavingAudit.objects.filter(tenant=tenant, made_at=None):
            make_leaving_audit.enqueue(missed.pk)
        for _, answer in round_made.send_robust(sender=Tenant, tenant=tenant, now=now, believed=believed):
            if isinstance(answer, Exception):
                logger.error("a part of the hourly round failed: %s", type(answer).__name__)


def ensure_round() -> None:
    """Enqueue the hourly round exactly once, and repeat suspensions to keyd; called when the worker starts."""
    with scopes_disabled():  # a crashed process may have lost suspensions that keyd has not received
        repeat_ends(User.objects.filter(is_active=False).exclude(tenant=None).select_related("tenant"))
    waiting = DBTaskResult.objects.filter(task_path=hourly_round.module_path, status="READY")
    if not waiting.exists():
        hourly_round.enqueue()
