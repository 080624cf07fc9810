"""Retention by rule: contact data 90 days after delivery, keyed indexes six months more, then destroyed.

Sources: 个人信息保护法 第十九条 and 第四十七条 (no longer than necessary; erase), 网络安全法 (network
logs at least six months). Look records live in the ledger: after six months at the earliest their words are erased
(`ledger/erase`), while leaves and proofs stay. A legal hold (案件保全) stops every rule of the tenant.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.keyd.destroying import RETENTION, YOUNGEST_DAYS
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.errors import SearchError
from waybillguard.service.vault.models import Batch, Order, RetentionRule
from waybillguard.service.vault.rotation import retire_unused
from waybillguard.service.vault.shred import certificate_of, held, scope_of_day, shred

MINIMUM_INDEX_DAYS = 184
"""Six months, at most."""
SHORTEST, LONGEST = YOUNGEST_DAYS, 3 * 366
ORDERS_AN_ACT = 5_000


def rule_of(tenant: Tenant) -> RetentionRule:
    """Return the tenant's rule; created with the defaults on first use."""
    return RetentionRule.objects.get_or_create(tenant=tenant)[0]


def set_rule(
    user: User,
    *,
    contact_days: int,
    undelivered_days: int,
    index_days: int,
    legal_hold: str,
    look_days: int | None = None,
) -> RetentionRule:
    """Change the rule, after recording the change in the ledger. Without ``look_days`` these days stay unchanged.

    Raises:
        NotAllowedError: only an owner may change it.
        SearchError: days outside the bounds.
    """
    if user.tenant is None or not user.may(Permission.ADMINISTER):
        raise not_allowed()
    within = all(SHORTEST <= days <= LONGEST for days in (contact_days, undelivered_days))
    rule = rule_of(user.tenant)
    look_days = rule.look_days if look_days is None else look_days
    if not within or not all(MINIMUM_INDEX_DAYS <= days <= LONGEST for days in (index_days, look_days)):
        raise SearchError(
            zh=f"联系方式可保存 {SHORTEST} 至 {LONGEST} 天；索引和查看记录至少 {MINIMUM_INDEX_DAYS} 天（六个月）",
            en=f"contacts are kept {SHORTEST} to {LONGEST} days, indexes and look records at least "
            f"{MINIMUM_INDEX_DAYS} (six months)",
        )
    detail: dict[str, str | int] = {
        "contact_days": contact_days, "undelivered_days": undelivered_days, "index_days": index_days,
        "look_days": look_days, "hold": legal_hold[:200],
    }  # fmt: skip
    kind = "hold" if legal_hold != rule.legal_hold else "account"
    keyd().call(
        messages.Record(context=context_of(user, purpose="retention"), kind=kind, detail=detail),
        messages.Recorded,
    )
    rule.contact_days, rule.undelivered_days = contact_days, undelivered_days
    rule.index_days, rule.look_days, rule.legal_hold = index_days, look_days, legal_hold[:200]
    rule.save()
    return rule


def apply_rule(tenant: Tenant, now: datetime, mandate: bytes = b"", plan: int = 0) -> int:
    """Shred what was due at ``now``: whole days by their key, the rest order by order; then old indexes.

    `planned.tend` calls it once a plan has waited; ``mandate`` is keyd's mandate for this plan.

    Raises:
        RefusedError: the mandate has not begun, has ended, or is for fewer orders; completed steps stay done.
    """
    rule = rule_of(tenant)
    context = messages.Context(tenant=tenant.slug, actor="retention", purpose="retention", grant=mandate)
    job = messages.Job(RETENTION, str(last_day(tenant, now)), str(plan))
    due = due_orders(tenant, rule, now)
    if plan:  # keyd refuses younger orders; they belong to the next plan
        young = timezone.now() - timedelta(days=YOUNGEST_DAYS, minutes=1)
        due = due.filter(uid__lt=int(young.timestamp() * 1_000).to_bytes(6))
    total = 0
    for day in sorted(set(due.values_list("day", flat=True))):
        for what, count in _shred_steps(tenant, due, day):
            if held(tenant):  # checked before each step, because a hold may be set at any moment
                return total
            words = certificate_of(what, count, *_why(due, rule, day, what))
            shred(tenant, context, what, count, words, job)
            total += count
    if held(tenant):
        return total
    # Counted from the shredding: an order may be looked at until then, and a request for its looks names its number.
    Order.objects.filter(tenant=tenant, shredded_at__lt=now - timedelta(days=rule.index_days)).exclude(
        order_index=b"", waybill_index=b"", row_index=b""
    ).update(order_index=b"", waybill_index=b"", row_index=b"")
    retire_unused(tenant, context)
    _forget_looks(tenant, context, now - timedelta(days=rule.look_days))
    rule.last_run_at = now
    rule.save(update_fields=["last_run_at"])
    return total


def _why(due: QuerySet[Order], rule: RetentionRule, day: int, what: messages.ShredScope) -> tuple[str, str]:
    """Return the rules applied in a step, each with its number of orders, in both languages."""
    rows = due.filter(day=day)
    if what.scope == "orders":
        rows = rows.filter(uid__in=what.uids)
    delivered = rows.exclude(delivered_at=None).count()
    silent = rows.filter(delivered_at=None).count()
    zh, en = [], []
    if delivered:
        zh.append(f"签收后满 {rule.contact_days} 天的 {delivered} 单")
        en.append(f"{delivered} orders {rule.contact_days} days after delivery")
    if silent:
        zh.append(f"下单后满 {rule.undelivered_days} 天仍无签收记录的 {silent} 单")
        en.append(f"{silent} orders {rule.undelivered_days} days after the order, no delivery reported")
    return f"依据保存规则：{'，'.join(zh)}。", f"By rule: {'; '.join(en)}."


def _shred_steps(tenant: Tenant, due: QuerySet[Order], day: int) -> Iterator[tuple[messages.ShredScope, int]]:
    """Yield the parts of a day to shred, each with its number of orders: all at once by its key, or order by order.

    The day's bounds are read before anything is counted, so orders committed later are outside them. While an import is
    being read, its rows may already be under the day's key, so the key is kept.
    """
    whole = scope_of_day(tenant, day)
    reading = Batch.objects.filter(tenant=tenant, state__in=[Batch.State.WAITING, Batch.State.READING])
    key_in_use = reading.exists()
    uids = [
        bytes(uid) for uid in due.filter(day=day, pk__lte=whole.order_up_to).values_list("uid", flat=True)
    ]
    living = Order.objects.filter(tenant=tenant, day=day, shredded_at=None).count()
    if living == len(uids) and not key_in_use:
        yield whole, living
        return
    for start in range(0, len(uids), ORDERS_AN_ACT):
        part = uids[start : start + ORDERS_AN_ACT]
        yield messages.ShredScope("orders", part), len(part)


def _forget_looks(tenant: Tenant, context: messages.Context, before: datetime) -> None:
    """Have keyd erase the bodies of older looks in parts; a legal hold stops it between two."""
    request = ledger_messages.ForgetLooks(context=context, before_s=int(before.timestamp()))
    while not held(tenant) and keyd().call(request, ledger_messages.ForgottenLooks).looks:
        pass


def last_day(tenant: Tenant, now: datetime) -> int:
    """Return the last day that the rules can make due at ``now``."""
    return day_number(now, tenant) - SHORTEST


def due_orders(tenant: Tenant, rule: RetentionRule, now: datetime) -> QuerySet[Order]:
    """Return orders whose contact is due: delivered or returned long enough ago, or never reported as such."""
    delivered = Q(delivered_at__lte=now - timedelta(days=rule.contact_days))
    forgotten = Q(delivered_at=None, day__lte=day_number(now, tenant) - rule.undelivered_days)
    return Order.objects.filter(delivered | forgotten, tenant=tenant, shredded_at=None)
