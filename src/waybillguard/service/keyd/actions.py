"""Digest of the act that a one-time code confirms, computed from the request that will perform it.

Acts that give power (a new person, a further factor, an owner, shops, a machine key, a proposal, an agreement) each
require a code that was confirmed for exactly that act and is used once. A code entered for another act, for a look or
at sign-in is not accepted, even from a process that can reach keyd's socket. The digest covers the fields that decide:
kind, person, role, recipient, number of records. It leaves out the database number of a new row, which is not known
when the code is entered.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from waybillguard.service.keyd import (
    contract_ends,
    destroying,
    enrolling,
    mandates,
    messages,
    passkeys,
    policy,
    shops,
)
from waybillguard.service.keyd.grants import action_digest


def _expect(request: enrolling.ExpectPerson) -> tuple[str | int, ...]:
    return ("expect", "" if request.new else request.person, request.role, 1 + len(request.also))


def _factor(request: enrolling.EnrolTotp | passkeys.EnrolPasskey) -> tuple[str, ...]:
    return ("factor", request.context.actor)


def _set_role(request: enrolling.SetRole) -> tuple[str, ...]:
    return ("role", request.person, request.role)


def _resume(request: enrolling.Resume) -> tuple[str, ...]:
    return ("resume", request.person)


def _machine(request: mandates.GrantMachine) -> tuple[str | int, ...]:
    return ("machine", request.days)


def _propose(request: mandates.Propose) -> tuple[str | int, ...]:
    return ("propose", request.job.kind, request.job.target, request.records)


def _agree(request: mandates.Agree) -> tuple[str | bytes, ...]:
    return ("agree", request.proposal)


def _end(request: contract_ends.AllowEnd) -> tuple[str | int, ...]:
    return ("contract end", request.number, request.most)


def _set_limits(request: policy.SetLimits) -> tuple[str | bytes, ...]:
    return ("limits", msgspec.msgpack.encode(request.limits))


def _merchants(request: shops.SetMerchants) -> tuple[str | bytes, ...]:
    return ("merchants", msgspec.msgpack.encode(request.merchants))


_PARTS: Final[dict[type[messages.Request], Callable[[Any], tuple[str | bytes | int, ...]]]] = {
    enrolling.ExpectPerson: _expect,
    enrolling.EnrolTotp: _factor,
    passkeys.EnrolPasskey: _factor,
    enrolling.SetRole: _set_role,
    enrolling.Resume: _resume,
    mandates.GrantMachine: _machine,
    mandates.Propose: _propose,
    mandates.Agree: _agree,
    policy.SetLimits: _set_limits,
    shops.SetMerchants: _merchants,
    messages.Shred: destroying.shredding_of,
    contract_ends.AllowEnd: _end,
}


def action_of(request: messages.Request) -> bytes:
    """Return the digest that a code for this request must be confirmed for; empty if the request needs no such code."""
    parts = _PARTS.get(type(request))
    return b"" if parts is None else action_digest("step up", *parts(request))
