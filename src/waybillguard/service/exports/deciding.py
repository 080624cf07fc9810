"""Policy decisions on an export: made when it is requested, agreed to, made and fetched.

The principal is always the requester; the second person is in the context. Before anybody has agreed, a stand-in
takes that place, which shows whether the rest is allowed. A second person must be able to export themselves at that
moment:
employed, stepped up, in shift, under no restriction.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from typing import Final

import msgspec
from django.db import transaction

from waybillguard.access.decision import Decision
from waybillguard.access.request import Device as DeviceFacts
from waybillguard.access.request import Place, QuotaFacts, SecondPerson, SignIn
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.principal import Principal, load_principal, still_employed
from waybillguard.service.exports.errors import ExportDeniedError
from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.identity.devices.browsers import facts_of
from waybillguard.service.identity.models import Device, Role, User
from waybillguard.service.lookups.counting import BulkCounter
from waybillguard.service.lookups.models import QuotaState
from waybillguard.service.lookups.services import person_tokens
from waybillguard.service.vault.models import Order

AS_ASKED: Final = SignIn(method="second_factor", stepped_up=True)
"""The sign-in of both people when they requested and agreed; neither is possible without step-up."""


def load_requester(export: Export, now: datetime) -> Principal:
    """Return the requester as a principal with today's facts, at the same device.

    The device is read again. One that has been restricted or revoked since is refused, and so is an account that
    became shared.
    """
    return load_requester_at(export.asked_by, export.device, export.station, now)


def load_requester_at(user: User, device: str, station: str, now: datetime) -> Principal:
    """Return a person as a principal with today's facts, at the device (its uid; empty: none) where they stepped up."""
    sign_in = msgspec.structs.replace(AS_ASKED, shared=user.shared)
    if not device:
        return load_principal(user, sign_in, now)
    found = Device.objects.select_related("tenant", "holder", "site").filter(uid=device).first()
    gone = DeviceFacts(id=device), Place(station=station)
    return load_principal(user, sign_in, now, gone if found is None else facts_of(found))


def may_export(
    who: Principal,
    form: str,
    recipient: Recipient | None,
    purpose: str,
    records: int,
    quota: QuotaFacts,
    second: SecondPerson,
) -> Decision:
    """Decide whether ``who`` may export this many records; they are compared with ``quota.left``.

    A recipient who is unconfirmed or revoked counts as none.
    """
    named = str(recipient) if recipient is not None and recipient.usable else ""
    return authorize(
        who,
        "export",
        purpose=purpose,
        form=str(form),
        recipient=named,
        records=records,
        quota=quota,
        second=second,
    )


def free_quota(user: User, records: int) -> QuotaFacts:
    """Return the quota for uncounted (masked) data: enough room, unless the account is frozen."""
    frozen = QuotaState.objects.filter(account=user).exclude(frozen_at=None).exists()
    return QuotaFacts(left=records, frozen=frozen)


def quota_of(who: Principal, form: str, ids: Sequence[int]) -> QuotaFacts:
    """Return the quota facts for these orders, for the policies; nothing is counted.

    Every record of a sealed export counts as a look of the requester. A masked export decrypts nothing, so it is
    not counted. A frozen account can export neither.
    """
    if form != Export.Form.SEALED:
        return free_quota(who.user, len(ids))
    with transaction.atomic():
        counter = BulkCounter(who, tokens_of(ids))
        return QuotaFacts(left=counter.room, frozen=counter.usage.frozen)


def tokens_of(ids: Sequence[int]) -> list[list[bytes]]:
    """Return the person tokens of each order, as they are counted for looks."""
    found: list[list[bytes]] = []
    for some in batched(ids, 500):
        rows = Order.objects.filter(pk__in=some).only("uid", "person_token", "person_token_previous")
        found += [person_tokens(order) for order in rows]
    return found


def stand_in(who: Principal) -> SecondPerson:
    """Return a stand-in for the person who will agree."""
    return SecondPerson(
        id="somebody else", tenant=who.tenant.slug, role=str(Role.OWNER), employed=True, agreed=True
    )


def as_second(who: Principal) -> SecondPerson:
    """Return a principal as the second person, with the current facts."""
    return SecondPerson(
        id=who.person.id, tenant=who.tenant.slug, role=str(who.user.role),
        employed=still_employed(who).employed(who.now), agreed=True,
    )  # fmt: skip


def denied(decision: Decision) -> ExportDeniedError:
    """Return the error that names the deciding policies."""
    return ExportDeniedError(
        zh=f"未导出：{decision.words('zh')}。", en=f"Nothing was exported: {decision.words('en')}.",
        policies=decision.policies or tuple(reason.code for reason in decision.reasons),
    )  # fmt: skip


def require_allowed(who: Principal, export: Export) -> None:
    """Refuse unless the person may handle this export now: agree to it, or fetch its file.

    Raises:
        ExportDeniedError: the policies refuse.
    """
    quota = free_quota(who.user, export.records)
    decision = may_export(
        who, export.form, export.recipient, export.purpose, export.records, quota, stand_in(who)
    )
    if not decision.allowed:
        raise denied(decision)
