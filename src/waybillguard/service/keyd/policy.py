"""Limits and shifts that keyd enforces: who may change them, when changes take effect, who may withdraw them.

*Tighter* limits take effect at once and need one owner's confirmed code. *Looser* limits need two owners who sign
the same numbers within seven days. In a warehouse with only one owner, looser limits stay within the ceilings of
``data/limits.toml``, take effect after 72 hours, are announced at once, and any owner can withdraw them until then.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError
from waybillguard.service.keyd.grants import MANDATE_S
from waybillguard.service.keyd.limits import Limits, ceilings, changes, is_sound, tightens
from waybillguard.service.keyd.mandates import require_mature_factor
from waybillguard.service.keyd.people import Person, SignedLimits

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

WAIT_S: Final = 72 * 3600
"""How long looser limits of a single owner wait."""
_MOST_TOLD: Final = 2_000


class ReadLimits(messages.Request, frozen=True):
    """Ask for the limits in force. The answer has only numbers, so it needs no grant."""

    tenant: str


class LimitsAnswer(msgspec.Struct, frozen=True):
    """The limits in force, the pending ones, and how they can be changed.

    Attributes:
        limits: in force now.
        owners: how many owners can sign (a factor of three days, not suspended).
        pending: limits loosened by a single owner, not in force yet.
        pending_from_s: when they take effect; seconds since 1970.
        pending_by: who loosened them.
        proposed: limits signed by one of two owners, if any.
        proposed_by: who signed them.
        ceilings: the loosest limits a single owner may sign.
    """

    limits: Limits
    owners: int
    ceilings: Limits
    pending: Limits | None = None
    pending_from_s: int = 0
    pending_by: str = ""
    proposed: Limits | None = None
    proposed_by: str = ""


class SetLimits(messages.Request, frozen=True):
    """Sign limits with an owner's code confirmed for exactly these; the last signature puts them in force."""

    context: messages.Context
    limits: Limits


class SetLimitsAnswer(msgspec.Struct, frozen=True):
    """When they take effect (seconds since 1970; 0: now), or that another owner has to sign too."""

    from_s: int = 0
    signed: bool = True


class WithdrawLimits(messages.Request, frozen=True):
    """Withdraw pending limits; requires a session of any owner."""

    context: messages.Context


AnyPolicyRequest = ReadLimits | SetLimits | WithdrawLimits


def read_limits(ops: "Operations", request: ReadLimits) -> LimitsAnswer:
    """Return the limits in force and the pending ones."""
    signed = ops.people.signed(request.tenant)
    answer = LimitsAnswer(ops.limits_of(request.tenant), len(_owners(ops, request.tenant)), ceilings())
    if signed is None:
        return answer
    if signed.proposed is not None and ops.now_us() - signed.proposed_us < MANDATE_S * 1_000_000:
        answer = msgspec.structs.replace(answer, proposed=signed.proposed, proposed_by=signed.proposed_by)
    if signed.pending is None or ops.now_us() >= signed.pending_from_us:
        return answer
    return msgspec.structs.replace(
        answer,
        pending=signed.pending,
        pending_from_s=signed.pending_from_us // 1_000_000,
        pending_by=signed.pending_by,
    )


def set_limits(ops: "Operations", request: SetLimits) -> SetLimitsAnswer:
    """Put limits in force, or keep a signature, after recording it in the ledger.

    Raises:
        RequestRefusedError: the numbers are not valid limits.
        NotGrantedError: the signer is not an owner, a factor is young, or one person signs twice.
        StepUpNeededError: the owner's code was not confirmed for these.
    """
    with ops.people.lock:
        return _set_limits(ops, request)


def _set_limits(ops: "Operations", request: SetLimits) -> SetLimitsAnswer:
    context, new = request.context, request.limits
    if not is_sound(new):
        raise RequestRefusedError(
            zh="限额超出可设置的范围，未做更改。",
            en="these limits are outside what can be set; nothing changed.",
        )
    old = ops.limits_of(context.tenant)
    if tightens(old, new):
        ops.gate.confirmed_session(request, context, role=OWNER)
        return _in_force(ops, context, old, new)
    signed = ops.people.signed(context.tenant) or SignedLimits(context.tenant, 0, old)
    owners = _owners(ops, context.tenant)
    if len(owners) == 1 and owners[0].name == context.actor:
        return _alone(ops, request, signed, old)
    if (signed.proposed, signed.proposed_by) == (new, context.actor):
        raise NotGrantedError(
            zh="您已签署过这份限额，同一个人不能签两次，未做更改。请由另一位负责人签署。",
            en="you have signed these limits, and one person does not sign twice; nothing changed. Another owner signs.",
        )
    require_mature_factor(ops, ops.gate.session(context))
    ops.gate.confirmed_session(request, context, role=OWNER)
    current = ops.now_us() - signed.proposed_us < MANDATE_S * 1_000_000
    first = ops.people.find(context.tenant, signed.proposed_by)
    if (
        signed.proposed == new
        and current
        and first is not None
        and first.role == OWNER
        and not first.suspended
    ):
        return _in_force(ops, context, old, new, asked_by=first.name)
    _write(ops, context, "limits_proposed", old, new)
    ops.people.put_limits(
        msgspec.structs.replace(
            signed, limits=old, proposed=new, proposed_by=context.actor, proposed_us=ops.now_us()
        )
    )
    return SetLimitsAnswer(signed=False)


def _alone(ops: "Operations", request: SetLimits, signed: SignedLimits, old: Limits) -> SetLimitsAnswer:
    """Store a single owner's looser limits as pending."""
    context, new = request.context, request.limits
    ops.gate.confirmed_session(request, context, role=OWNER)
    if not tightens(ceilings(), new):
        raise NotGrantedError(
            zh="只有一位负责人时，限额不能放宽到上限以上，未做更改。请先添加第二位负责人。",
            en="a single owner does not loosen limits beyond their ceiling; nothing changed. Add a second owner.",
        )
    from_us = ops.now_us() + WAIT_S * 1_000_000
    _write(ops, context, "limits_loosened", old, new, from_s=from_us // 1_000_000)
    ops.people.put_limits(
        msgspec.structs.replace(
            signed, limits=old, pending=new, pending_from_us=from_us, pending_by=context.actor
        )
    )
    return SetLimitsAnswer(from_us // 1_000_000)


def withdraw_limits(ops: "Operations", request: WithdrawLimits) -> messages.Done:
    """Withdraw pending limits; the limits in force stay."""
    context = request.context
    if ops.gate.session(context).role != OWNER:
        raise NotGrantedError(
            zh="由负责人撤回，未做更改。", en="an owner takes limits back; nothing changed."
        )
    signed, now = ops.people.signed(context.tenant), ops.now_us()
    waits = signed.proposed if signed is not None else None
    if signed is not None and signed.pending is not None and now < signed.pending_from_us:
        waits = signed.pending
    if signed is not None and waits is not None:
        old = signed.at(now)
        _write(ops, context, "limits_withdrawn", waits, old)
        ops.people.put_limits(SignedLimits(context.tenant, 0, old))
    return messages.Done()


def _in_force(
    ops: "Operations", context: messages.Context, old: Limits, new: Limits, **more: str
) -> SetLimitsAnswer:
    _write(ops, context, "limits_set", old, new, **more)
    ops.people.put_limits(SignedLimits(context.tenant, 0, new))
    return SetLimitsAnswer()


def _owners(ops: "Operations", tenant: str) -> list[Person]:
    """Return the owners who can sign: not suspended, with a factor that is no longer young."""
    require_mature_factor = ops.now_us() - ops.limits_of(tenant).young_hours * 3_600_000_000
    return [
        one
        for one in ops.people.of(tenant)
        if one.role == OWNER
        and not one.suspended
        and any(not factor.young or factor.since_us <= require_mature_factor for factor in one.factors)
    ]


def _write(
    ops: "Operations", context: messages.Context, change: str, old: Limits, new: Limits, **more: str | int
) -> None:
    told = "; ".join(
        f"{one.role + ' ' if one.role else ''}{one.name} {one.before}→{one.after}"
        for one in changes(old, new)
    )
    detail: dict[str, str | int] = {"change": change, "limits": told[:_MOST_TOLD], **more}
    ops.write([ops.entry(context, EntryKind.POLICY, FieldClass.NONE, detail=detail)])
