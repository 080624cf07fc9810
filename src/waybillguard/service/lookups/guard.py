"""The guard for looks, searches and exports: apply `detect.guard` to the account's history and report refusals.

Refusals are stored and signalled (`guard_answered`). The guard runs in the web process; limits that hold even if that
process is compromised are enforced by keyd.
"""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction

from waybillguard.access.request import UNNAMED
from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.guard import (
    ALLOW,
    Act,
    Answer,
    Memory,
    Moment,
    Rule,
    guard_changed,
    judge,
    wants_confirmation,
)
from waybillguard.service.audit.origin import request_origin
from waybillguard.service.audit.recording import micros
from waybillguard.service.authorization.access import has_second_factor
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.errors import GuardError
from waybillguard.service.lookups.models import DecoyOrder, GuardAnswer, GuardMemory, Threshold
from waybillguard.service.lookups.signals import guard_answered
from waybillguard.service.platform.database.raw_sql import first_row
from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import visible

DECOY: Final = "guard_decoy"
_NEUTRAL: Final = "guard"
_TOGETHER: Final = timedelta(minutes=1)
_SALE_EASE: Final = 2.0
_IPV4_PARTS: Final = 4
_TOUCHED: Final = "SELECT 1 FROM lookups_decoyorder WHERE tenant_id = %s AND uid = %s AND ended_at IS NULL"
_GUARD: Final = "guard_"


def check(who: Principal, act: Act, *, orders: Iterable[Any] = (), amount: int = 1) -> Answer:
    """Judge one request and store the result. Call it in the transaction that acts on the answer.

    Args:
        who: the requesting principal.
        act: the requested action.
        orders: the orders concerned, checked for decoys.
        amount: number of searches in this request; an export counts once.
    """
    row = GuardMemory.objects.select_for_update().filter(account=who.user, tenant=who.tenant).first()
    memory = _read(row.memory) if row else Memory()
    now = _moment(who, act, orders, amount)
    answer, after = judge(memory, now, rules_of(who.tenant))
    text = msgspec.json.encode(after).decode()
    if row is not None:
        GuardMemory.objects.filter(account=who.user, tenant=who.tenant).update(memory=text)
    else:
        GuardMemory.objects.update_or_create(
            account=who.user, defaults={"tenant": who.tenant, "memory": text}
        )
    if answer.kind != "allow":
        _keep(who, act, answer)
    return answer


def hold(who: Principal, act: Act, *, orders: Iterable[Any] = (), amount: int = 1) -> None:
    """Judge one request in its own transaction, which is committed even if an error is raised.

    Raises:
        GuardError: the answer is not "allow".
    """
    with transaction.atomic():
        answer = check(who, act, orders=orders, amount=amount)
    if answer is not ALLOW:
        raise guard_error(who, answer)


def shown_rule(answer: Answer) -> str:
    """Return the rule name to show to the person. Decoys get a neutral name, so that they cannot be recognised."""
    return _NEUTRAL if answer.rule == DECOY else answer.rule


def guard_error(who: Principal, answer: Answer) -> GuardError:
    """Return the error for the person, with the reason and whom to ask. Send `guard_answered` for a refusal."""
    if answer.kind == "refuse":
        guard_answered.send(GuardAnswer, user=who.user, rule=answer.rule, at=who.now)
    zh, en = {
        "slow": (f"请 {answer.wait_s} 秒后再试", f"try again in {answer.wait_s} seconds"),
        "step_up": (
            "请再确认一次身份，之后可继续",
            "confirm again that it is you, then go on",
        ),
        "refuse": (
            "未显示任何内容，已通知负责人。如确属工作需要，请联系负责人或主管",
            "nothing was shown, and the owner was told. If the work needs it, ask an owner or supervisor",
        ),
    }[answer.kind]
    return GuardError(
        zh=f"{answer.zh}：{zh}。",
        en=f"{answer.en}: {en}.",
        rule=shown_rule(answer),
        kind=answer.kind,
        wait_s=answer.wait_s,
    )


def requires_confirmation(who: Principal) -> bool:
    """Return whether a look requires a newer confirmation than the last one."""
    row = GuardMemory.objects.filter(account=who.user, tenant=who.tenant).first()
    return row is not None and bool(wants_confirmation(_read(row.memory), _confirmed_us(who)))


def rules_of(tenant: Tenant) -> tuple[Rule, ...]:
    """Return the guard's rules with the owner's thresholds. Thresholds unknown to this release are ignored."""
    return _rules(tuple(sorted(thresholds_of(tenant, _GUARD).items())))


def thresholds_of(tenant: Tenant, prefix: str = "") -> Mapping[str, float]:
    """Return the thresholds changed by an owner, by name."""
    rows = Threshold.objects.filter(tenant=tenant, name__startswith=prefix)
    return dict(rows.values_list("name", "value"))


def set_threshold(who: User, tenant: Tenant, name: str, value: float | None) -> None:
    """Change or reset a threshold. The ledger entry is written first. The caller must validate name and limits.

    Raises:
        KeydError: the ledger cannot be written; nothing was changed.
    """
    with transaction.atomic():
        note(tenant, "threshold", actor=who, name=name, value="" if value is None else f"{value:g}")
        if value is None:
            Threshold.objects.filter(tenant=tenant, name=name).delete()
        else:
            Threshold.objects.update_or_create(
                tenant=tenant, name=name, defaults={"value": value, "set_by": who}
            )


def decoys_of(tenant: Tenant) -> tuple[str, ...]:
    """Return the uids (hexadecimal) of the active decoy orders."""
    return tuple(DecoyOrder.objects.filter(tenant=tenant, ended_at=None).values_list("uid", flat=True))


def place_decoy(who: User, tenant: Tenant, number: str) -> DecoyOrder:
    """Mark an order as a decoy, by its order number.

    Raises:
        NotAllowedError: no order has this number.
    """
    order = visible(tenant).filter(order_no=number.strip()[:80]).first() if number.strip() else None
    if order is None:
        raise NotAllowedError(
            zh="没有这个订单号的订单。请从订单页复制完整的订单号再试。",
            en="there is no order with this number. Copy the whole order number from the page of orders and try again.",
        )
    with transaction.atomic():
        row, _ = DecoyOrder.objects.update_or_create(
            tenant=tenant, uid=bytes(order.uid).hex(),
            defaults={"number": order.order_no[:80], "placed_by": who, "ended_at": None},
        )  # fmt: skip
        note(tenant, "decoy_placed", actor=who)
    return row


@lru_cache(maxsize=64)
def _rules(changes: tuple[tuple[str, float], ...]) -> tuple[Rule, ...]:
    kept: dict[str, float] = {}
    for name, value in changes:
        with suppress(DetectInputError):
            guard_changed({name: value})
            kept[name] = value
    return guard_changed(kept)


def _moment(who: Principal, act: Act, orders: Iterable[Any], amount: int) -> Moment:
    uids = [bytes(one.uid).hex() for one in orders]
    if len(uids) == 1:
        decoy = first_row(_TOUCHED, who.tenant.pk, uids[0]) is not None
    else:
        decoy = bool(uids) and not set(decoys_of(who.tenant)).isdisjoint(uids)
    facts = who.duty.facts
    return Moment(
        act=act, at_us=micros(who.now), amount=amount, place=_place(who), decoy=decoy,
        # A warehouse without its own policies has not defined shifts: count every time as in shift.
        in_shift=facts.on or who.policies.number == 0,
        confirmed_us=_confirmed_us(who), can_confirm=act != "search" and has_second_factor(who.user),
        ease=_SALE_EASE if facts.sale_day else 1.0,
    )  # fmt: skip


def _confirmed_us(who: Principal) -> int:
    return int(who.user.here.confirmed_at * 1_000_000) if who.user.here is not None else 0


def _place(who: Principal) -> str:
    """Return a keyed hash of the client's network; empty for an enrolled device, which has its own key."""
    if who.device.enrolled and who.device.id not in UNNAMED:
        return ""
    ip = request_origin().ip
    if not ip:
        return ""
    parts = ip.split(".")
    network = ".".join(parts[:3]) if len(parts) == _IPV4_PARTS else ":".join(ip.split(":")[:3])
    key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(f"{who.tenant.pk}/{network}".encode(), digest_size=6, key=key).hexdigest()


def _read(text: str) -> Memory:
    try:
        return msgspec.json.decode(text, type=Memory)
    except msgspec.MsgspecError:  # written by another release: start empty, as for a new account
        return Memory()


def _keep(who: Principal, act: Act, answer: Answer) -> None:
    same = GuardAnswer.objects.filter(
        tenant=who.tenant,
        person=who.user,
        act=act,
        kind=answer.kind,
        rule=answer.rule,
        at__gt=who.now - _TOGETHER,
    ).order_by("-pk")
    last = same.first()
    if last is not None:
        GuardAnswer.objects.filter(pk=last.pk).update(
            times=last.times + 1, count=max(answer.count, last.count)
        )
        return
    GuardAnswer.objects.create(
        tenant=who.tenant, person=who.user, at=who.now, act=act, kind=answer.kind, rule=answer.rule,
        count=answer.count, limit=answer.limit, workstation=who.place.station[:60],
    )  # fmt: skip
