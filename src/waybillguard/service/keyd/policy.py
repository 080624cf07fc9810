"""Limits and shifts that keyd enforces: who may change them, from when they hold, and who may take a change back.

*Tighter* limits hold at once: one owner's confirmed code is enough, for it takes power away. *Looser* ones take two
owners (a mandate for just these numbers). Where a warehouse has one owner alone they stay within the ceilings of
``data/limits.toml``, begin after 72 hours, are told at once, and any owner takes them back until then.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError
from waybillguard.service.keyd.grants import Kind
from waybillguard.service.keyd.limits import Limits, ceilings, changes, is_sound, tightens
from waybillguard.service.keyd.mandates import limits_job, mandated
from waybillguard.service.keyd.people import Person, SignedLimits

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

WAIT_S: Final = 72 * 3600
"""How long looser limits of a single owner wait."""
_MOST_TOLD: Final = 2_000


class ReadLimits(messages.Request, frozen=True):
    """Ask what is in force; numbers alone, so it needs no grant."""

    tenant: str


class LimitsAnswer(msgspec.Struct, frozen=True):
    """What is in force, what waits, and how it is changed.

    Attributes:
        limits: in force now.
        owners: how many owners can sign (a factor of three days, not suspended).
        pending: what a single owner loosened and is not in force yet.
        pending_from_s: from when it holds; seconds since 1970.
        pending_by: who loosened.
        ceilings: how far a single owner may loosen.
    """

    limits: Limits
    owners: int
    ceilings: Limits
    pending: Limits | None = None
    pending_from_s: int = 0
    pending_by: str = ""


class SetLimits(messages.Request, frozen=True):
    """Put limits in force.

    The context holds a mandate for just these, or an owner's session whose code was confirmed for just these.
    """

    context: messages.Context
    limits: Limits


class SetLimitsAnswer(msgspec.Struct, frozen=True):
    """From when they hold (seconds since 1970); 0: from now on."""

    from_s: int = 0


class WithdrawLimits(messages.Request, frozen=True):
    """Take back limits that wait; any owner's session will do."""

    context: messages.Context


AnyPolicyRequest = ReadLimits | SetLimits | WithdrawLimits


def read_limits(ops: "Operations", request: ReadLimits) -> LimitsAnswer:
    """Tell what is in force and what waits."""
    signed = ops.people.signed(request.tenant)
    answer = LimitsAnswer(ops.limits_of(request.tenant), len(_owners(ops, request.tenant)), ceilings())
    if signed is None or signed.pending is None or ops.now_us() >= signed.pending_from_us:
        return answer
    return msgspec.structs.replace(
        answer,
        pending=signed.pending,
        pending_from_s=signed.pending_from_us // 1_000_000,
        pending_by=signed.pending_by,
    )


def set_limits(ops: "Operations", request: SetLimits) -> SetLimitsAnswer:
    """Put limits in force once they stand in the ledger.

    Raises:
        RequestRefusedError: numbers that bound nothing.
        NotGrantedError: they are looser, and two owners have not agreed to just these.
        StepUpNeededError: the owner's code was not confirmed for these.
    """
    context, new = request.context, request.limits
    if not is_sound(new):
        raise RequestRefusedError(
            zh="限额超出可设置的范围，未做更改。",
            en="these limits are outside what can be set; nothing changed.",
        )
    old, session = ops.limits_of(context.tenant), _is_session(ops, context)
    if session and tightens(old, new):
        ops.gate.bound(request, context, role=OWNER)
        return _in_force(ops, context, old, new)
    owners = _owners(ops, context.tenant)
    alone = len(owners) == 1 and owners[0].name == context.actor
    if alone and session:
        ops.gate.bound(request, context, role=OWNER)
        if not tightens(ceilings(), new):
            raise NotGrantedError(
                zh="只有一位负责人时，限额不能放宽到上限以上，未做更改。请先添加第二位负责人。",
                en="a single owner does not loosen limits beyond their ceiling; nothing changed. Add a second owner.",
            )
        from_us = ops.now_us() + WAIT_S * 1_000_000
        _write(ops, context, "limits_loosened", old, new, from_s=from_us // 1_000_000)
        signed = ops.people.signed(context.tenant) or SignedLimits(context.tenant, 0, old)
        ops.people.put_limits(
            msgspec.structs.replace(
                signed, limits=old, pending=new, pending_from_us=from_us, pending_by=context.actor
            )
        )
        return SetLimitsAnswer(from_us // 1_000_000)
    mandate = mandated(ops, context, limits_job(new))
    signers = [ops.people.find(mandate.tenant, name) for name in (mandate.holder, mandate.agreed_by)]
    if any(one is None or one.role != OWNER for one in signers):
        raise NotGrantedError(
            zh="限额需由两位负责人签署，未做更改。", en="limits are signed by two owners; nothing changed."
        )
    return _in_force(ops, context, old, new, agreed_by=mandate.agreed_by)


def withdraw_limits(ops: "Operations", request: WithdrawLimits) -> messages.Done:
    """Take back what waits; what is in force stays."""
    context = request.context
    if ops.gate.session(context).role != OWNER:
        raise NotGrantedError(
            zh="由负责人撤回，未做更改。", en="an owner takes limits back; nothing changed."
        )
    signed = ops.people.signed(context.tenant)
    if signed is None or signed.pending is None or ops.now_us() >= signed.pending_from_us:
        return messages.Done()
    _write(ops, context, "limits_withdrawn", signed.pending, signed.limits)
    ops.people.put_limits(msgspec.structs.replace(signed, pending=None, pending_from_us=0, pending_by=""))
    return messages.Done()


def _in_force(
    ops: "Operations", context: messages.Context, old: Limits, new: Limits, **more: str
) -> SetLimitsAnswer:
    _write(ops, context, "limits_set", old, new, **more)
    ops.people.put_limits(SignedLimits(context.tenant, 0, new))
    return SetLimitsAnswer()


def _owners(ops: "Operations", tenant: str) -> list[Person]:
    """Return the owners who can sign: let in, with a factor that is no longer young."""
    grown = ops.now_us() - ops.limits_of(tenant).young_hours * 3_600_000_000
    return [
        one
        for one in ops.people.of(tenant)
        if one.role == OWNER
        and not one.suspended
        and any(not factor.young or factor.since_us <= grown for factor in one.factors)
    ]


def _is_session(ops: "Operations", context: messages.Context) -> bool:
    try:
        ops.grants.read(context.grant, Kind.SESSION, context.tenant)
    except NotGrantedError:
        return False
    return True


def _write(
    ops: "Operations", context: messages.Context, change: str, old: Limits, new: Limits, **more: str | int
) -> None:
    told = "; ".join(
        f"{one.role + ' ' if one.role else ''}{one.name} {one.before}→{one.after}"
        for one in changes(old, new)
    )
    detail: dict[str, str | int] = {"change": change, "limits": told[:_MOST_TOLD], **more}
    ops.write([ops.entry(context, EntryKind.POLICY, FieldClass.NONE, detail=detail)])
