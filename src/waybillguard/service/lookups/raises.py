"""Quota increases: one person requests, another approves or refuses; each has an end. Freezing of quotas."""

from datetime import datetime

from django.db import transaction

from waybillguard.access.quotas import grant_raise
from waybillguard.access.request import QuotaFacts, SecondPerson
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd import messages
from waybillguard.service.lookups.errors import RevealDeniedError
from waybillguard.service.lookups.models import LookAlarm, QuotaRaise, QuotaState
from waybillguard.service.lookups.signals import quota_frozen
from waybillguard.service.tenancy.key_process import keyd


def ask_raise(
    principal: Principal, account: User, scope: str, extra: int, until: datetime, why: str
) -> QuotaRaise:
    """Request a quota increase for ``account``. It takes effect only after another person approves it.

    Raises:
        QuotaError: size, scope or end is invalid.
    """
    # The approver is not known yet; validate the rest with a placeholder.
    grant_raise(
        account=f"u{account.pk}", scope=scope, extra=extra, now=principal.now, until=until,  # type: ignore[arg-type]
        asked_by=principal.person.id, agreed_by="somebody else",
    )  # fmt: skip
    return QuotaRaise.objects.create(
        tenant=principal.tenant, account=account, scope=scope, extra=extra, until=until, why=why, asked_by=principal.user,
        asked_at=principal.now,
    )  # fmt: skip


def agree_raise(principal: Principal, raised: QuotaRaise) -> None:
    """Approve a quota increase as the second person. The ledger entry is written first.

    Raises:
        QuotaError: the approver requested it or benefits from it, or its end is past.
        RevealDeniedError: refused by the policies (step-up, role).
        KeydError: the ledger cannot be written; nothing was changed.
    """
    asked = raised.asked_by
    grant_raise(
        account=f"u{raised.account_id}", scope=raised.scope, extra=raised.extra, now=principal.now, until=raised.until,  # type: ignore[arg-type]
        asked_by=f"u{asked.pk}", agreed_by=principal.person.id,
    )  # fmt: skip
    second = SecondPerson(
        id=f"u{asked.pk}", tenant=principal.tenant.slug, role=str(asked.role),
        employed=asked.is_active and asked.tenant_id == principal.tenant.pk, agreed=True,
    )  # fmt: skip
    _allowed(principal, "quota_raise", second)
    with transaction.atomic():
        living = QuotaRaise.objects.filter(tenant=principal.tenant, agreed_by=None, until__gt=principal.now)
        changed = living.filter(pk=raised.pk).update(agreed_by=principal.user, agreed_at=principal.now)
        if changed:
            _write(
                principal, "raise", account=f"u{raised.account_id}", scope=raised.scope, extra=raised.extra,
                until=raised.until.isoformat(), asked_by=f"u{asked.pk}",
            )  # fmt: skip


def end_raise(principal: Principal, raised: QuotaRaise) -> None:
    """Refuse a pending quota increase, or end an approved one early. Never waits for the ledger."""
    with transaction.atomic():
        living = QuotaRaise.objects.filter(tenant=principal.tenant, until__gt=principal.now)
        if living.filter(pk=raised.pk).update(until=principal.now):
            note(
                principal.tenant, "raise_ended", person=raised.account, actor=principal.user, now=principal.now,
                scope=raised.scope, extra=raised.extra,
            )  # fmt: skip


def set_frozen(principal: Principal, account: User, *, frozen: bool) -> None:
    """Freeze or unfreeze an account's quota. Freezing never waits for the ledger.

    People cannot freeze their own quota. Their own frozen quota is unfrozen by another owner, if there is one.

    Raises:
        RevealDeniedError: the caller's own quota, or refused by the policies.
        KeydError: the ledger cannot be written; the quota stays frozen.
    """
    if account.pk == principal.user.pk:
        if frozen:
            raise RevealDeniedError(
                zh="不能冻结自己的额度。怀疑账号被盗，请修改密码并退出其他会话。",
                en="one's own quota is not frozen; if the account may be stolen, change the password and end other sessions.",
            )
        others = User.objects.filter(tenant=principal.tenant, role=Role.OWNER, is_active=True)
        if others.exclude(pk=account.pk).exists():
            raise RevealDeniedError(
                zh="不能解冻自己的额度，请另一位负责人处理。",
                en="one's own quota is thawed by another owner.",
            )
    _allowed(principal, "administer", None)
    with transaction.atomic():
        QuotaState.objects.update_or_create(
            account=account,
            defaults={"tenant": principal.tenant, "frozen_at": principal.now if frozen else None},
        )
        if frozen:
            note(principal.tenant, "freeze", person=account, actor=principal.user, now=principal.now)
            quota_frozen.send(sender=QuotaState, user=account)
        else:
            _write(principal, "thaw", account=f"u{account.pk}")


def see_alarm(principal: Principal, alarm: LookAlarm) -> None:
    """Record who acknowledged an alarm."""
    LookAlarm.objects.filter(pk=alarm.pk, tenant=principal.tenant, seen_by=None).update(
        seen_by=principal.user, seen_at=principal.now
    )


def _allowed(principal: Principal, action: str, second: SecondPerson | None) -> None:
    decision = authorize(principal, action, quota=QuotaFacts(left=1), second=second)
    if not decision.allowed:
        raise RevealDeniedError(
            zh=f"未更改：{decision.words('zh')}。", en=f"Nothing was changed: {decision.words('en')}.",
            policies=decision.policies,
        )  # fmt: skip


def _write(principal: Principal, what: str, **detail: str | int) -> None:
    keyd().call(
        messages.Record(context=context_of(principal.user), kind="quota", detail={"what": what, **detail}),
        messages.Recorded,
    )
