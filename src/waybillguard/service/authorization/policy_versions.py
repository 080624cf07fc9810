"""Life cycle of a policy version: draft, try, approve, activate, roll back. Activation is written to the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from waybillguard.access.decision import Decision
from waybillguard.access.request import SecondPerson
from waybillguard.access.settings import Settings
from waybillguard.access.whatif import WhatIf, book_of, check_before_activation, what_if
from waybillguard.service.authorization.active_policies import active_policies, compile_version, read_roster
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.errors import DeniedError, PolicyVersionError
from waybillguard.service.authorization.models import PolicyVersion
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.authorization.replay import Past, Replayed, recorded
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.tenancy.key_process import keyd

State = PolicyVersion.State
SHOWN_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """Effect of a draft: counts, and the first changed decisions with their requests.

    ``recorded`` requests are recorded decisions; the rest is everyday work reconstructed from events.
    """

    outcome: WhatIf
    changes: tuple[tuple[Replayed, Decision, Decision], ...]
    recorded: int

    @property
    def everyday(self) -> int:
        """Return the number of requests reconstructed from events."""
        return self.outcome.requests - self.recorded


def save_draft(
    user: User,
    values: dict[str, Any],
    roster: dict[str, Any],
    now: datetime,
    *,
    restored_from: int | None = None,
    base: int | None = None,
) -> PolicyVersion:
    """Save a draft as a new version. ``base`` is the number of the version it was drafted from, if known.

    Raises:
        PolicyVersionError: a version other than ``base`` is in force by now; its changes would be lost unnoticed.
        AccessError: a value is invalid.
    """
    tenant = tenant_of(user)
    active = active_policies(tenant).number
    if base is not None and base != active:
        raise PolicyVersionError(
            zh=f"您打开表单后，第 {active} 版权限规则已启用。未保存；请重新打开表单，再做修改。",
            en=f"version {active} came into force since you opened the form. Nothing was saved; open the form again and make your changes.",
        )
    settings = Settings.from_form(values)
    read_roster(roster)
    book = book_of(settings)
    while True:
        last = PolicyVersion.objects.filter(tenant=tenant).aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                return PolicyVersion.objects.create(
                    tenant=tenant, number=last + 1, settings=settings.to_form(), roster=roster, book=book.pack(),
                    version=book.version, made_by=user, made_at=now, restored_from=restored_from,
                    based_on=active,
                )  # fmt: skip
        except IntegrityError:  # another draft took this number in the meantime
            continue


def try_out(draft: PolicyVersion, now: datetime) -> Trial:
    """Test a draft: check it against the examples, replay recent decisions and everyday work, mark it as tested.

    Raises:
        AccessError (policy_examples): the draft decides an example wrongly; it is not marked as tested.
    """
    made = compile_version(draft)
    check_before_activation(made.book)
    active = active_policies(draft.tenant)
    past = Past(draft.tenant, now)
    replayed = [*recorded(draft.tenant), *past.everyday(active)]
    outcome = what_if(
        active.book, made.book, [one.request for one in replayed],
        None if made.shifts == active.shifts else lambda request: past.with_shifts_of(made, request),
    )  # fmt: skip
    PolicyVersion.objects.filter(pk=draft.pk, state=State.DRAFT).update(
        tested_at=now, tested_on=active.number
    )
    changes = tuple(
        (replayed[change.number], change.before, change.after) for change in outcome.changes[:SHOWN_CHANGES]
    )
    return Trial(outcome, changes, sum(one.recorded for one in replayed))


def agree(user: User, draft: PolicyVersion) -> None:
    """Approve a draft as the second person.

    Raises:
        PolicyVersionError: the version is no longer a draft, or the person made it.
    """
    changed = (
        PolicyVersion.objects.filter(pk=draft.pk, tenant=tenant_of(user), state=State.DRAFT)
        .exclude(made_by=user)
        .update(agreed_by=user)
    )
    if not changed:
        raise PolicyVersionError(
            zh="须由另一人同意，且只能同意草稿。现行规则不变。",
            en="somebody else must agree, and to a draft only. The policies in force stay.",
        )


def activate(who: Principal, draft: PolicyVersion) -> PolicyVersion:
    """Put a tested draft in force. The ledger entry is written first.

    Raises:
        PolicyVersionError: no longer a draft, never tested, or another version came into force since.
        DeniedError: the policies in force refuse the change; the message gives the reason.
        KeydError: the ledger cannot be written; nothing was changed.
    """
    tenant = who.tenant
    decision = authorize(who, "policy_change", second=second_of(draft))
    if not decision.allowed:
        raise DeniedError(
            zh=f"未更改权限规则：{decision.words('zh')}。",
            en=f"the policies were not changed: {decision.words('en')}.",
        )
    with transaction.atomic():
        draft = PolicyVersion.objects.select_for_update().get(pk=draft.pk, tenant=tenant)
        if draft.state != State.DRAFT:
            raise PolicyVersionError(
                zh="该版本已不是草稿。现行规则不变；请刷新页面。",
                en="this version is no draft any more. The policies in force stay; reload the page.",
            )
        last = PolicyVersion.objects.select_for_update().filter(tenant=tenant, state=State.ACTIVE).first()
        if draft.tested_at is None or draft.tested_on != (last.number if last else 0):
            raise PolicyVersionError(
                zh="草稿尚未按现行版本试算。请先查看“会有什么变化”，再启用。",
                en="the draft was not tried against the version in force. See first what would happen, then put it in force.",
            )
        check_before_activation(compile_version(draft).book)
        PolicyVersion.objects.filter(tenant=tenant, state=State.ACTIVE).update(state=State.RETIRED)
        receipt = keyd().call(
            messages.Record(
                context=context_of(who.user), kind="policy",
                detail={
                    "number": draft.number, "version": draft.version, "restored_from": draft.restored_from or 0,
                    "agreed_by": f"u{draft.agreed_by_id}" if draft.agreed_by_id else "",
                },
            ),
            messages.Recorded,
        )  # fmt: skip
        draft.state, draft.activated_by, draft.activated_at = State.ACTIVE, who.user, who.now
        draft.ledger_index = receipt.index
        draft.save()
    return draft


def roll_back(who: Principal, old: PolicyVersion) -> PolicyVersion:
    """Restore an old version as a new version with the same content.

    If the two-person rule applies, the new version stays a tested draft until the second person approves it.

    Raises:
        As ``activate``.
    """
    copy = save_draft(who.user, old.settings, old.roster, who.now, restored_from=old.number)
    check_before_activation(compile_version(copy).book)
    copy.tested_at, copy.tested_on = who.now, copy.based_on
    copy.save(update_fields=["tested_at", "tested_on"])
    return activate(who, copy)


def second_of(draft: PolicyVersion) -> SecondPerson | None:
    """Return the second person who approved a draft, for the policy request; None if nobody has."""
    person = draft.agreed_by
    if person is None or person.tenant is None:
        return None
    return SecondPerson(
        id=f"u{person.pk}",
        tenant=person.tenant.slug,
        role=str(person.role),
        employed=person.is_active,
        agreed=True,
    )
