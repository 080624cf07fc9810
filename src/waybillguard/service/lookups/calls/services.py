"""Calls through virtual numbers: authorize, count, write to the ledger, bind the number."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.decision import Decision
from waybillguard.access.request import QuotaFacts
from waybillguard.access.virtual_numbers import PROVIDERS
from waybillguard.access.vocabulary import purposes
from waybillguard.errors import WaybillGuardError
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import export_messages, messages
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.lookups.calls.errors import CallDeniedError, CallError
from waybillguard.service.lookups.models import Call, CallSetting, QuotaState
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.facts import order_facts
from waybillguard.service.vault.models import Lane, Order
from waybillguard.service.vault.sealed import sealed_refs

CALLS_AN_HOUR: Final = 40
CALLS_A_DAY: Final = 150
"""Maximum numbers bound per person in 1 hour and in 24 hours. Customer service needs no more; a thief would."""


def provider_of(tenant: Tenant) -> str:
    """Return the provider of a warehouse; empty if none is configured."""
    name = CallSetting.objects.filter(tenant=tenant).values_list("provider", flat=True).first() or ""
    return name if name in PROVIDERS else ""


def set_provider(actor: User, tenant: Tenant, name: str) -> None:
    """Choose the provider, or disable calls with an empty name. Rolled back if the ledger cannot be written.

    Raises:
        CallError: there is no such provider.
        KeydError: the ledger cannot be written; nothing was changed.
    """
    if name and name not in PROVIDERS:
        raise CallError(zh="没有这个虚拟号服务商。", en="there is no such provider.")
    with transaction.atomic():
        CallSetting.objects.update_or_create(tenant=tenant, defaults={"provider": name})
        note(tenant, "virtual_numbers", actor=actor, provider=name or "none")


def bound(who: Principal, order: Order) -> Call | None:
    """Return the person's current binding to the order if the policies still allow the call; else None."""
    rows = Call.objects.filter(
        tenant=who.tenant,
        person=who.user,
        order=order,
        allowed=True,
        released_at=None,
        until__gt=who.now,
    )
    found = rows.order_by("-pk").first()
    if found is None:
        return None
    frozen = QuotaState.objects.filter(account=who.user).exclude(frozen_at=None).exists()
    # The number was counted when it was bound.
    quota = QuotaFacts(left=1, frozen=frozen)
    facts = order_facts(order, who.now)
    decision = authorize(who, "call", recorded=False, purpose=found.purpose, order=facts, quota=quota)
    return found if decision.allowed else None


def release_all(user: User) -> None:
    """End all bindings of a person: immediately on the pages, at the provider once the worker has notified it.

    Call it within the transaction that ends the access or freezes the quota.
    """
    now = timezone.now()
    with scope(tenant=user.tenant):
        open_ones = Call.objects.filter(
            tenant=user.tenant, person=user, allowed=True, released_at=None, until__gt=now
        )
        ended = list(open_ones.values_list("pk", flat=True))
        open_ones.update(released_at=now)
    if ended:
        enqueue("lookups.calls.tasks.release_numbers", ended)


def remaining_calls(who: Principal) -> int:
    """Return how many more numbers the person may bind now."""
    rows = Call.objects.filter(tenant=who.tenant, person=who.user, allowed=True)
    hour = rows.filter(at__gt=who.now - timedelta(hours=1)).count()
    day = rows.filter(at__gt=who.now - timedelta(days=1)).count()
    return max(0, min(CALLS_AN_HOUR - hour, CALLS_A_DAY - day))


def call(who: Principal, order: Order, purpose: str, session: str = "") -> Call:
    """Bind a virtual number to an order's phone number, or return the existing binding.

    Raises:
        CallError: no provider is configured, or no contact of the order is stored here.
        CallDeniedError: refused by a policy or the quota; the refusal is recorded.
        KeydError: the ledger cannot be written, or the provider failed; nothing was connected.
    """
    provider = provider_of(who.tenant)
    if not provider:
        raise CallError(
            zh="尚未配置虚拟号服务商，无法呼叫。请负责人在“联系收件人”页面选择。",
            en="no provider of virtual numbers is configured, so nobody can be called. An owner chooses one on "
            "the page Call the consignee.",
        )
    if (found := bound(who, order)) is not None:
        return found
    purpose = purpose if purpose in purposes() else ""  # free text could contain a name
    sealed = sealed_refs(who.tenant, [order.pk])
    if order.lane == Lane.A or order.pk not in sealed.refs or not sealed.epochs:
        raise CallError(zh="此订单在本系统中没有联系方式。", en="this order holds no contact here.")
    row, decision = _decided(who, order, purpose, provider)
    if not row.allowed:
        _record_refusal(who, row, order, session)
        raise CallDeniedError(
            zh=row.reason_zh, en=row.reason_en, policies=decision.policies or ("no-permit",)
        )
    try:
        made = keyd().call(
            export_messages.BindNumber(
                context=context_of(who.user, purpose=purpose, workstation=who.workstation, session=session),
                provider=provider, reference=f"call-{row.pk}", epoch=sealed.epochs[0], order=sealed.refs[order.pk],
                policies=row.policies.split(), policy_version=row.policy_version,
            ),
            export_messages.BoundNumber,
        )  # fmt: skip
    except WaybillGuardError as error:
        Call.objects.filter(pk=row.pk).update(
            released_at=who.now, reason_zh=error.zh[:400], reason_en=error.en[:400]
        )
        raise
    row.number, row.extension, row.sample = made.number[:30], made.extension[:10], made.sample
    row.until = datetime.fromtimestamp(made.until_s, UTC)
    row.receipt_index, row.receipt_hash = made.index, made.leaf_hash
    row.save(update_fields=["number", "extension", "sample", "until", "receipt_index", "receipt_hash"])
    return row


def release(who: Principal, row: Call) -> None:
    """End a binding early. The page stops showing it immediately, even if the provider fails.

    Raises:
        KeydError: the provider failed; its binding expires on schedule.
    """
    changed = Call.objects.filter(pk=row.pk, person=who.user, released_at=None).update(released_at=who.now)
    if changed:
        keyd().call(
            export_messages.ReleaseNumber(context_of(who.user), row.provider, f"call-{row.pk}"),
            export_messages.Released,
        )


def _decided(who: Principal, order: Order, purpose: str, provider: str) -> tuple[Call, Decision]:
    """Decide and count in one transaction, under the lock that the person's looks also use."""
    with transaction.atomic():
        QuotaState.objects.bulk_create(
            [QuotaState(account=who.user, tenant=who.tenant)], ignore_conflicts=True
        )
        state = QuotaState.objects.select_for_update().get(account=who.user)
        quota = QuotaFacts(left=remaining_calls(who), frozen=state.frozen_at is not None)
        decision = authorize(who, "call", purpose=purpose, order=order_facts(order, who.now), quota=quota)
        row = Call.objects.create(
            tenant=who.tenant, person=who.user, order=order, at=who.now, purpose=purpose, provider=provider,
            allowed=decision.allowed, policies=" ".join(decision.policies)[:300], policy_version=decision.version,
            reason_zh="" if decision.allowed else f"未接通：{decision.words('zh')}。"[:400],
            reason_en="" if decision.allowed else f"Nobody was connected: {decision.words('en')}."[:400],
        )  # fmt: skip
        record(
            who.tenant, "view", user=who.user, orders=[order], purpose=purpose, allowed=decision.allowed,
            explained=("call", f"call {row.pk}"), at=who.now,
        )  # fmt: skip
        return row, decision


def _record_refusal(who: Principal, row: Call, order: Order, session: str) -> None:
    """Write a refusal to the ledger. Failure is ignored, because nothing was connected."""
    try:
        receipt = keyd().call(
            messages.Record(
                context=context_of(who.user, workstation=who.workstation, session=session), kind="reveal_refused",
                detail={
                    "order": bytes(order.uid).hex(), "call": row.pk, "purpose": row.purpose,
                    "policies": row.policies, "policy_version": row.policy_version,
                },
            ),
            messages.Recorded,
        )  # fmt: skip
    except KeydError:
        return
    Call.objects.filter(pk=row.pk).update(receipt_index=receipt.index, receipt_hash=receipt.leaf_hash)
