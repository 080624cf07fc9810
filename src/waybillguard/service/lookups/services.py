"""Looks at plaintext: authorize, count, write to the ledger, open one record."""

import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, connection, transaction

from waybillguard.access.decision import Decision
from waybillguard.access.quota_levels import levels_reached
from waybillguard.access.quotas import Charged, Refused, quota_facts
from waybillguard.access.vocabulary import purposes
from waybillguard.detect.guard import ALLOW, Answer
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.lookups import guard
from waybillguard.service.lookups.counting import Counter
from waybillguard.service.lookups.errors import RevealDeniedError, RevealError, UsedFormError
from waybillguard.service.lookups.models import Look, LookAlarm, QuotaState
from waybillguard.service.lookups.signals import quota_frozen
from waybillguard.service.platform.database.bulk import insert_one
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.facts import order_facts
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.sealed import sealed_refs

logger = logging.getLogger(__name__)

GROUPS = ("phone", "address")
FORM_LIFETIME = timedelta(minutes=10)
REFUSALS_AN_HOUR = 5
"""Number of refusals within an hour that raises an alarm."""

_SALT = "waybillguard.reveal"
_RECEIPT = "UPDATE lookups_look SET receipt_index = %s, receipt_hash = %s, receipt_origin = %s WHERE tenant_id = %s AND id = %s"


@dataclass(frozen=True, slots=True)
class Shown:
    """One field group of one record, and its ``Look`` row."""

    look: Look
    record: messages.Revealed = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Verdict:
    look: Look | None
    charged: Charged | None
    alarms: tuple[LookAlarm, ...]
    guarded: Answer = ALLOW


def new_form(user: User, order: Order) -> str:
    """Return a signed form token that opens this order for this person once, within ten minutes."""
    return signing.dumps([user.pk, order.pk, secrets.token_hex(16)], salt=_SALT)


def reveal(
    principal: Principal, order: Order, *, group: str, purpose: str, form: str, session: str = ""
) -> Shown:
    """Reveal one field group of one order to one person, once.

    Raises:
        UsedFormError: the form was already used, has expired, or belongs to another person or order.
        RevealError: no contact of the order is stored here.
        GuardError: the guard delays or requires a confirmation (the form stays valid), or refuses.
        RevealDeniedError: refused by a policy or a quota; the refusal is recorded.
        KeydError: the ledger cannot be written, or the record cannot be opened; nothing is shown. The look
            stays counted, because its outcome is unknown here.
    """
    nonce = _nonce(form, principal.user, order)
    purpose = purpose if purpose in purposes() else ""  # free text could contain a name
    sealed = sealed_refs(principal.tenant, [order.pk])
    if group not in GROUPS or order.pk not in sealed.refs or not sealed.epochs:
        raise RevealError(
            zh="此订单在本系统中没有可显示的联系方式。",
            en="this order holds no contact here that could be shown.",
        )
    try:
        verdict = _decide_and_count(principal, order, group, purpose, nonce)
    except IntegrityError:  # the nonce was already used: a second click or a reload
        raise _used() from None
    look = verdict.look
    if look is None:
        raise guard.guard_error(principal, verdict.guarded)
    if not look.allowed:
        _record_refusal(principal, look, order, session)
        tell_alarms(principal, verdict.alarms)
        if verdict.guarded is not ALLOW:
            raise guard.guard_error(principal, verdict.guarded)
        raise RevealDeniedError(zh=look.reason_zh, en=look.reason_en, policies=tuple(look.policies.split()))
    record = keyd().call(
        messages.Reveal(
            context=context_of(principal.user, purpose=purpose, workstation=principal.workstation, session=session),
            epoch=sealed.epochs[0],
            order=sealed.refs[order.pk],
            group=group,
            policies=look.policies.split(),
            policy_version=look.policy_version,
        ),
        messages.Revealed,
    )  # fmt: skip
    _note_receipt(look, record)
    tell_alarms(principal, verdict.alarms)
    return Shown(look, record)


def _decide_and_count(principal: Principal, order: Order, group: str, purpose: str, nonce: str) -> _Verdict:
    """Decide and count in one transaction, so that the result persists even if this process dies."""
    with transaction.atomic():
        counter = Counter(principal, person_tokens(order))
        # Decide under the lock, so that a person deactivated in the meantime is refused.
        decision = authorize(
            principal, "reveal", purpose=purpose, order=order_facts(order, principal.now),
            quota=quota_facts(counter.left, frozen=counter.usage.frozen, known_person=counter.known_person),
        )  # fmt: skip
        answer = guard.check(principal, "reveal", orders=[order]) if decision.allowed else ALLOW
        if answer.kind in {"slow", "step_up"}:  # nothing is shown yet
            return _Verdict(None, None, (), answer)
        outcome = counter.charge() if decision.allowed and answer is ALLOW else None
        charged = outcome if isinstance(outcome, Charged) else None
        zh, en = (answer.zh, answer.en) if answer.rule else _reasons(decision, outcome)
        look = Look(
            tenant=principal.tenant, person=principal.user, at=principal.now, order=order, nonce=nonce, group=group,
            purpose=purpose,
            allowed=charged is not None, policies=guard.shown_rule(answer) or " ".join(decision.policies)[:300],
            policy_version=decision.version, reason_zh=zh[:400], reason_en=en[:400],
        )  # fmt: skip
        insert_one(look)
        # The outcome after this line is unknown, so an allowed look counts as shown.
        record(
            principal.tenant, "reveal", user=principal.user, orders=[order], purpose=purpose, allowed=look.allowed,
            exposed=look.allowed, at=principal.now,
        )  # fmt: skip
        return _Verdict(look, charged, alarms_of(principal, charged), answer)


def _reasons(decision: Decision, outcome: Charged | Refused | None) -> tuple[str, str]:
    if isinstance(outcome, Refused):
        return outcome.zh, outcome.en
    if decision.allowed:
        return "", ""
    return f"未显示：{decision.words('zh')}。", f"Nothing was shown: {decision.words('en')}."


def alarms_of(principal: Principal, charged: Charged | None) -> tuple[LookAlarm, ...]:
    """Create the alarms that this look triggers, at most once per level and day."""
    wanted: list[LookAlarm] = []
    base = {"tenant": principal.tenant, "account": principal.user, "at": principal.now}
    today = principal.now.date().isoformat()
    if charged is None:
        since = principal.now - timedelta(hours=1)
        refused = Look.objects.filter(
            tenant=principal.tenant, person=principal.user, allowed=False, at__gt=since
        ).count()
        if refused >= REFUSALS_AN_HOUR:
            wanted.append(LookAlarm(kind="refusals", severity="medium", count=refused, mark=today, **base))
    else:
        for level in levels_reached(charged.persons_before, charged.persons_after):
            mark = f"{level.persons} {today}"
            wanted.append(
                LookAlarm(kind="persons_30d", severity=level.severity, count=level.persons, mark=mark, **base)
            )
            if level.severity == "critical":
                QuotaState.objects.filter(account=principal.user).update(frozen_at=principal.now)
                quota_frozen.send(sender=QuotaState, user=principal.user)
    known = set(
        LookAlarm.objects.filter(account=principal.user, mark__in=[a.mark for a in wanted]).values_list("kind", "mark")
    ) if wanted else set()  # fmt: skip
    fresh = [alarm for alarm in wanted if (alarm.kind, alarm.mark) not in known]
    for alarm in fresh:
        alarm.save()
    return tuple(fresh)


def _record_refusal(principal: Principal, look: Look, order: Order, session: str) -> None:
    """Write a refusal to the ledger. Failure is ignored, because nothing was shown."""
    try:
        receipt = keyd().call(
            messages.Record(
                context=context_of(principal.user, workstation=principal.workstation, session=session), kind="reveal_refused",
                detail={
                    "order": bytes(order.uid).hex(), "group": look.group, "purpose": look.purpose,
                    "policies": look.policies, "policy_version": look.policy_version,
                },
            ),
            messages.Recorded,
        )  # fmt: skip
    except KeydError:
        logger.warning("a refusal could not be written to the ledger")
        return
    _note_receipt(look, receipt)


def _note_receipt(look: Look, receipt: messages.Revealed | messages.Recorded) -> None:
    look.receipt_index, look.receipt_hash, look.receipt_origin = (
        receipt.index,
        receipt.leaf_hash,
        receipt.origin,
    )
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPT, (receipt.index, receipt.leaf_hash, receipt.origin, look.tenant_id, look.pk))


def tell_alarms(principal: Principal, alarms: tuple[LookAlarm, ...]) -> None:
    """Write alarms to the ledger. Failure is logged and does not change the decision."""
    for alarm in alarms:
        try:
            receipt = keyd().call(
                messages.Record(
                    context=context_of(principal.user), kind="alarm",
                    detail={"what": alarm.kind, "severity": alarm.severity, "count": alarm.count},
                ),
                messages.Recorded,
            )  # fmt: skip
        except KeydError:
            logger.warning("an alarm could not be written to the ledger")
            continue
        LookAlarm.objects.filter(pk=alarm.pk).update(ledger_index=receipt.index)


def person_tokens(order: Order) -> list[bytes]:
    """Return the tokens of an order's person, this year's first; the order's uid if there are none."""
    tokens = [bytes(token) for token in (order.person_token, order.person_token_previous) if token]
    return tokens or [bytes(order.uid)]


def _nonce(form: str, user: User, order: Order) -> str:
    try:
        person, wanted, nonce = signing.loads(form, salt=_SALT, max_age=FORM_LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        raise _used() from None
    if (person, wanted) != (user.pk, order.pk):
        raise _used()
    return str(nonce)


def _used() -> UsedFormError:
    return UsedFormError(
        zh="内容只显示一次，此表单已使用或已过期。如仍需要，请重新申请。",
        en="a record is shown once: this form was used or is too old. Ask again if you still need it.",
    )
