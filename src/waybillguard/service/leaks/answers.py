"""Answers to notices: requested by one person, confirmed by two with fresh factors, then handed out and recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

import msgspec
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from waybillguard.service.activity.names import Names, names_of
from waybillguard.service.audit.models import Actor
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.leaks.bundle import sha256_of, zipped
from waybillguard.service.leaks.errors import LeakError
from waybillguard.service.leaks.models import NoticeAnswer
from waybillguard.service.leaks.services import resolve
from waybillguard.service.leaks.tracing import engine_of
from waybillguard.service.platform import words
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order
from waybillguard.trace import VictimTable
from waybillguard.trace.handover import Custody, hand_over
from waybillguard.trace.notice import Notice, Scope

WITHIN: Final = timedelta(days=7)
_UID_HEX: Final = 32
_AT_ONCE: Final = 500
MOST_PROOFS: Final = 100
"""Maximum number of orders whose views are proved in the answer; others are proved on request, order by order."""


def ask(user: User, notice: Notice, table: VictimTable) -> NoticeAnswer:
    """Store a notice and its list. No record is read until two people have confirmed it.

    Raises:
        LeakError: the list is empty or too long, or the notice names an account or a station that is not known here.
        KeydError: numbers cannot be looked up now.
    """
    _scope(tenant_of(user), notice)
    found = resolve(user, table)
    return NoticeAnswer.objects.create(
        tenant=tenant_of(user),
        made_by=user,
        notice=msgspec.to_builtins(notice),
        orders=sorted(found.orders),
        not_found=found.not_found,
    )


def confirm(who: Principal, answer: NoticeAnswer) -> None:
    """Confirm as the first or the second person. Each confirms with fresh factors; the two must be different people.

    Raises:
        LeakError: missing permission, the same person, or expired.
        KeydError: the ledger cannot be written; nothing was confirmed.
    """
    if not who.user.may(Permission.SECOND):
        raise LeakError(zh="需由负责人或主管确认。", en="an owner or supervisor confirms.")
    with transaction.atomic():
        row = NoticeAnswer.objects.select_for_update().get(pk=answer.pk, tenant=who.tenant)
        if row.made_at + WITHIN <= who.now or row.state not in {
            NoticeAnswer.State.ASKED,
            NoticeAnswer.State.CONFIRMED,
        }:
            raise LeakError(
                zh="该答复已处理或已超过 7 天。", en="this answer was dealt with, or is older than 7 days."
            )
        if row.first_id == who.user.pk:
            raise LeakError(
                zh="第二次确认须由另一人完成。", en="the second confirmation is another person's."
            )
        if row.state == NoticeAnswer.State.ASKED:
            row.state, row.first, row.first_at = NoticeAnswer.State.CONFIRMED, who.user, who.now
        else:
            row.state, row.second, row.second_at = NoticeAnswer.State.AGREED, who.user, who.now
        row.save(update_fields=["state", "first", "first_at", "second", "second_at"])
        _ledger(who.user, "answer_confirmed", row)


def refuse(who: Principal, answer: NoticeAnswer) -> None:
    """Refuse an answer that nobody has fetched yet. The ledger entry is written first.

    Raises:
        LeakError: missing permission, or it was already fetched or refused.
        KeydError: the ledger cannot be written; nothing was refused.
    """
    if not who.user.may(Permission.SECOND):
        raise LeakError(zh="需由负责人或主管处理。", en="an owner or supervisor deals with it.")
    with transaction.atomic():
        row = NoticeAnswer.objects.select_for_update().get(pk=answer.pk, tenant=who.tenant)
        if row.fetched or row.state == NoticeAnswer.State.REFUSED:
            raise LeakError(
                zh="该答复已取走或已拒绝，未做更改。",
                en="this answer was fetched or refused; nothing changed.",
            )
        row.state = NoticeAnswer.State.REFUSED
        row.save(update_fields=["state"])
        _ledger(who.user, "answer_refused", row)


def fetch(user: User, answer: NoticeAnswer, now: datetime) -> bytes:
    """Return the files of a confirmed answer as a zip. The ledger entry is written first.

    Raises:
        LeakError: it is not confirmed, has expired, or belongs to somebody else.
        KeydError: the ledger cannot be written; nothing is handed out.
    """
    if (
        answer.state != NoticeAnswer.State.AGREED
        or answer.second_at is None
        or answer.second_at + WITHIN <= now
    ):
        raise LeakError(
            zh="尚未由两人确认，或已超过 7 天。", en="two people have not confirmed it, or it is out of time."
        )
    if user.pk not in {answer.made_by_id, answer.first_id, answer.second_id}:
        raise LeakError(zh="只有经手人可以取走。", en="only those who dealt with it fetch it.")
    _ledger(user, "answer_fetched", answer)
    record(answer.tenant, "export", user=user, purpose="notice", at=now)
    notice = msgspec.convert(answer.notice, Notice)
    proofs, note = _proofs(user, answer)
    custody = Custody(
        unit=str(answer.tenant),
        prepared_at=answer.second_at,
        approved_by=(str(answer.first), str(answer.second)),
        ledger=proofs,
        note=note,
        names=_names(answer),
    )
    with engine_of(answer.tenant) as engine:
        files = hand_over(
            engine, answer.tenant.slug, notice, answer.orders, custody, _scope(answer.tenant, notice)
        )
    NoticeAnswer.objects.filter(pk=answer.pk, tenant=answer.tenant).update(fetched=F("fetched") + 1)
    return zipped(files)


def _scope(tenant: Tenant, notice: Notice) -> Scope:
    """Convert a notice's scope to the keys that records use: a notice names people and stations.

    Raises:
        LeakError: a name matches nobody or several people. An empty result would wrongly mean that nothing happened.
    """
    accounts, stations = names_of(tenant)
    return Scope(
        accounts=_as_recorded("accounts", notice.scope.accounts, accounts),
        workstations=_as_recorded("workstations", notice.scope.workstations, stations),
        victims_only=notice.scope.victims_only,
    )


def _as_recorded(what: str, asked: Sequence[str], names: Names) -> tuple[str, ...]:
    known = [(names.named(key), shown) for key, shown in names.choices()]
    written = {name for name, _ in known}
    found = []
    for place, one in enumerate(asked, 1):
        meant = [one] if one in written else [name for name, shown in known if shown == one]
        if len(meant) != 1:
            raise LeakError(
                zh=f"通知书 scope.{what} 第 {place} 项在本仓对应 {len(meant)} 个账号或工位，未受理。请核对名称，或去掉该项。",
                en=f"item {place} of scope.{what} in the notice stands for {len(meant)} accounts or stations here; nothing "
                "was started. Check the name, or leave the item out.",
            )
        found += meant
    return tuple(found)


def _proofs(user: User, answer: NoticeAnswer) -> tuple[dict[str, bytes], str]:
    """Return the ledger's checkpoints and the proved views of the victims' orders."""
    state = keyd().call(
        ledger_messages.LedgerState(tenant=answer.tenant.slug), ledger_messages.LedgerStateAnswer
    )
    files = {f"{shard.name}.checkpoint": shard.note for shard in state.shards}
    files["policy.txt"] = state.policy.encode()
    context = context_of(user, purpose="investigation")
    own = [text for text in answer.orders if len(text) == _UID_HEX]
    for order in own[:MOST_PROOFS]:
        found = keyd().call(
            ledger_messages.Looks(context=context, record=bytes.fromhex(order), handed_out=True),
            ledger_messages.LooksAnswer,
        )
        files[f"looks-{order}.jsonl"] = found.proof
    left = len(own) - MOST_PROOFS
    note = f"逐单台账证明附前 {MOST_PROOFS} 单，其余 {left} 单可按需补充。" if left > 0 else ""
    return files, note


def _names(answer: NoticeAnswer) -> dict[str, str]:
    """Return names of people by account and numbers of listed orders by uid, since records contain only keys."""
    people = {f"u{one.pk}": str(one) for one in User.objects.filter(tenant=answer.tenant)}
    programs = Actor.objects.filter(tenant=answer.tenant, who="account").values_list("name", flat=True)
    with translation.override("zh-hans"):  # the list to be signed is always in Chinese
        people = {name: str(words.account(name)) for name in programs} | people
    uids = [bytes.fromhex(text) for text in answer.orders if len(text) == _UID_HEX]
    numbers: dict[str, str] = {}
    for some in batched(uids, _AT_ONCE):
        rows = Order.objects.filter(tenant=answer.tenant, uid__in=some).values_list("uid", "order_no")
        numbers |= {bytes(uid).hex(): number for uid, number in rows if number}
    return people | numbers


def _ledger(user: User, what: str, answer: NoticeAnswer) -> None:
    detail: dict[str, Any] = {
        "what": what,
        "answer": answer.pk,
        "notice": sha256_of(msgspec.json.encode(answer.notice)),
    }
    keyd().call(
        messages.Record(context=context_of(user), kind="export_step", detail=detail), messages.Recorded
    )


def has_expired(answer: NoticeAnswer) -> bool:
    """Return whether the answer has expired, so that nobody may confirm or fetch it."""
    return (answer.second_at or answer.made_at) + WITHIN <= timezone.now()
