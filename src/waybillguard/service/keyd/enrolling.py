"""Enrolment of factors: who may enrol one, and the enrolment itself.

The first person of a warehouse enrols with the link printed at setup. Everybody else is invited by an owner who has
just shown a factor. A further factor needs a code of its own and confirms no act that gives power for three days. A
person who lost all factors may be readmitted by the operator of the server; the new factor opens nothing for three
days, and the ledger records the request at once. Taking power away (suspend, remove) needs no grant.
"""

import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.keys.errors import KeysError
from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.service.keyd import factors, messages
from waybillguard.service.keyd.errors import (
    FactorRefusedError,
    NotGrantedError,
    RequestRefusedError,
    StepUpNeededError,
)
from waybillguard.service.keyd.limits import PERSON_LIMITS
from waybillguard.service.keyd.people import Factor, Person
from waybillguard.service.keyd.signing_in import grant_session

if TYPE_CHECKING:
    from waybillguard.service.keyd import passkeys
    from waybillguard.service.keyd.operations import Operations

EXPECTED_S: Final = 86_400
"""How long an invited person has to enrol; the link itself lasts half an hour."""
PENDING_S: Final = 900
"""How long a displayed TOTP secret may wait for its first code."""
OWNER: Final = "owner"
MERCHANT: Final = "merchant"
_AGREEING: Final = frozenset({OWNER, "supervisor"})
"""Roles that may agree to other people's requests, such as the end of a contract."""
_ROLES: Final = frozenset({OWNER, "supervisor", "clerk", "service", MERCHANT, "inspector"})


class ExpectPerson(messages.Request, frozen=True):
    """Let a person enrol a first factor within a day.

    ``replacing``: the earlier factors were lost. ``new``: a person keyd does not know yet. ``also``: further people
    of the same role, confirmed by the same code.
    """

    context: messages.Context
    person: str
    role: str
    replacing: bool = False
    new: bool = False
    also: tuple[str, ...] = ()


class BeginTotp(messages.Request, frozen=True):
    """Create a TOTP secret for a person, or return the pending one again."""

    tenant: str
    person: str
    pending: bytes = b""


class PendingTotp(msgspec.Struct, frozen=True):
    """A secret for an authenticator app (base32), and the same secret sealed until the first code confirms it."""

    secret: str
    pending: bytes

    def __repr__(self) -> str:
        """Hide the secret."""
        return "PendingTotp()"


class EnrolTotp(messages.Request, frozen=True):
    """Enrol a TOTP secret as a factor of ``context.actor``, proved by its first code."""

    context: messages.Context
    pending: bytes
    code: str


class EnrolledFactor(msgspec.Struct, frozen=True):
    """The factor's handle, and the session granted for its first code."""

    uid: bytes
    grant: bytes

    def __repr__(self) -> str:
        """Hide the session."""
        return "EnrolledFactor()"


class RemoveFactor(messages.Request, frozen=True):
    """Remove a factor of a person and end every grant it proved."""

    context: messages.Context
    person: str
    uid: bytes


class SetRole(messages.Request, frozen=True):
    """Change a person's role; needs an owner's code if the new role may open more."""

    context: messages.Context
    person: str
    role: str


class Suspend(messages.Request, frozen=True):
    """End all grants of a person at once and issue no new ones."""

    context: messages.Context
    person: str


class Resume(messages.Request, frozen=True):
    """Let a suspended person sign in again and enrol a first factor within a day; needs an owner's code."""

    context: messages.Context
    person: str


AnyEnrolRequest = ExpectPerson | BeginTotp | EnrolTotp | RemoveFactor | SetRole | Suspend | Resume


def expect_person(ops: "Operations", request: ExpectPerson) -> messages.Done:
    """Note that a person may enrol, after recording it in the ledger.

    Raises:
        NotGrantedError: not the first person, no owner's grant, and not a person who lost all factors.
    """
    context, role = request.context, _role(request.role)
    with ops.people.lock:
        known = ops.people.find(context.tenant, request.person)
        first = not ops.people.enrolled(context.tenant)
        if request.new and known is not None and known.begun:
            raise RequestRefusedError(zh="这个人已经登记过", en="this person is known here already")
        by_owner = not first and _by_owner(ops, request, needed=not request.replacing)
        replacing = not first and not by_owner
        if replacing and not (request.replacing and known is not None and known.begun):
            raise NotGrantedError(
                zh="添加人员需要负责人刚刚确认过的验证码，未做更改。",
                en="adding a person takes an owner's code, just confirmed; nothing changed.",
            )
        if request.also and (replacing or any(ops.people.find(context.tenant, one) for one in request.also)):
            raise RequestRefusedError(zh="只能一起添加新人员", en="only new people are added together")
        for name in (request.person, *request.also):
            _write(ops, context, "factor_expected", name, role=role, replacing=int(replacing))
            ops.people.put(
                msgspec.structs.replace(
                    ops.people.find(context.tenant, name) or Person(context.tenant, name),
                    role=known.role if replacing and known else role,
                    expected_until_us=ops.now_us() + EXPECTED_S * 1_000_000,
                    replacing=replacing,
                )
            )
    return messages.Done()


def begin_totp(ops: "Operations", request: BeginTotp) -> PendingTotp:
    """Create or return a secret. It is not a factor yet, so nothing is recorded."""
    if request.pending:
        secret = _pending_secret(ops, request.tenant, request.person, request.pending)
        return PendingTotp(factors.base32_secret(secret), request.pending)
    secret = factors.new_totp_secret()
    made = ops.now_us().to_bytes(8)
    pending = ops.holder.wrap(made + secret, _pending_context(request.tenant, request.person))
    return PendingTotp(factors.base32_secret(secret), pending)


def enrol_totp(ops: "Operations", request: EnrolTotp) -> EnrolledFactor:
    """Enrol the secret as a factor.

    Raises:
        FactorRefusedError: the code is wrong.
        NotGrantedError: the person was not invited, and sent no session of their own.
        StepUpNeededError: it is a further factor, and no code was confirmed for it.
    """
    context = request.context
    secret = _pending_secret(ops, context.tenant, context.actor, request.pending)
    ops.tries.count(context.tenant, context.actor)
    counter = factors.totp_counter(secret, request.code, ops.now_us() // 1_000_000)
    if counter is None:
        raise FactorRefusedError(zh="验证码不正确。", en="the code is wrong.")
    return add_factor(ops, request, "totp", secret, counter)


def add_factor(
    ops: "Operations", request: "EnrolTotp | passkeys.EnrolPasskey", kind: str, secret: bytes, counter: int
) -> EnrolledFactor:
    """Add a checked factor to its person, after recording it in the ledger."""
    context = request.context
    with ops.people.lock:
        first = not ops.people.enrolled(context.tenant)
        expected = is_expected(ops, context)
        if not expected:
            _own_session(ops, context)
            ops.gate.confirmed_session(request, context)
        known = ops.people.find(context.tenant, context.actor)
        if known is None or known.suspended:
            raise _not_expected()
        made = Factor(
            secrets.token_bytes(16), kind, secret, ops.now_us(), counter, young=not (first or ops.people.demo),
            replaced=expected and known.replacing, further=known.begun,
        )  # fmt: skip
        _write(ops, context, "factor_enrolled", context.actor, factor=kind, young=int(made.young))
        # Factors reported lost are kept: a person who still has one is told of the new factor and can remove it.
        person = ops.people.put(
            msgspec.structs.replace(
                known, factors=(*known.factors, made), expected_until_us=0, replacing=False, begun=True
            )
        )
    return EnrolledFactor(made.uid, grant_session(ops, context, person, made).grant)


def remove_factor(ops: "Operations", request: RemoveFactor) -> messages.Done:
    """Remove a factor; a factor that does not exist counts as removed."""
    with ops.people.lock:
        known = ops.people.find(request.context.tenant, request.person)
        if known is not None and known.factor(request.uid) is not None:
            _write(ops, request.context, "factor_removed", request.person)
            left = tuple(one for one in known.factors if one.uid != request.uid)
            ops.people.put(msgspec.structs.replace(known, factors=left))
    return messages.Done()


def set_role(ops: "Operations", request: SetRole) -> messages.Done:
    """Change a role, after recording it in the ledger."""
    role = _role(request.role)
    with ops.people.lock:
        known = ops.people.find(request.context.tenant, request.person)
        if known is None or known.role == role:
            return messages.Done()
        if _gives_more_power(ops, known, role) and not _by_owner(ops, request):
            raise NotGrantedError(
                zh="授予这个角色需要负责人刚刚确认过的验证码，未做更改。",
                en="giving this role takes an owner's code, just confirmed; nothing changed.",
            )
        _write(ops, request.context, "role", request.person, role=role)
        ops.people.put(msgspec.structs.replace(known, role=role))
    return messages.Done()


def _gives_more_power(ops: "Operations", known: Person, role: str) -> bool:
    """Return whether the other role may open more records, open beyond a merchant's shops, or agree to more."""
    limits = ops.limits_of(known.tenant)
    before, after = limits.of(known.role), limits.of(role)
    more = any(getattr(after, name) > getattr(before, name) for name in PERSON_LIMITS)
    return more or role in _AGREEING or known.role == MERCHANT


def suspend(ops: "Operations", request: Suspend) -> messages.Done:
    """End all grants of a person. Takes effect before the answer, even if the ledger cannot write."""
    with ops.people.lock:
        known = ops.people.find(request.context.tenant, request.person)
        known = known or Person(request.context.tenant, request.person)
        if known.suspended:
            return messages.Done()
        ops.people.put(
            msgspec.structs.replace(known, suspended=True, cut_us=ops.now_us(), expected_until_us=0)
        )
    _write(ops, request.context, "suspended", request.person)
    return messages.Done()


def resume(ops: "Operations", request: Resume) -> messages.Done:
    """Let a person sign in again; earlier grants stay ended."""
    with ops.people.lock:
        known = ops.people.find(request.context.tenant, request.person)
        if known is None or (known.factors and not known.suspended):
            return messages.Done()
        if not _by_owner(ops, request):
            raise NotGrantedError(
                zh="恢复账号需要负责人刚刚确认过的验证码，未做更改。",
                en="letting somebody back takes an owner's code, just confirmed; nothing changed.",
            )
        _write(ops, request.context, "resumed", request.person)
        until = ops.now_us() + EXPECTED_S * 1_000_000
        ops.people.put(msgspec.structs.replace(known, suspended=False, expected_until_us=until))
    return messages.Done()


def _by_owner(ops: "Operations", request: "ExpectPerson | SetRole | Resume", *, needed: bool = True) -> bool:
    """Return whether an owner has just confirmed exactly this act.

    Raises:
        StepUpNeededError: the act is ``needed`` to have an owner's code, and the owner's code was for something else.
    """
    try:
        ops.gate.confirmed_session(request, request.context, role=OWNER)
    except StepUpNeededError:
        if needed:
            raise
        return False
    except NotGrantedError:
        return False
    return True


def is_expected(ops: "Operations", context: messages.Context) -> bool:
    """Return whether a person was invited to enrol a first factor."""
    known = ops.people.find(context.tenant, context.actor)
    return known is not None and not known.suspended and ops.now_us() < known.expected_until_us


def _own_session(ops: "Operations", context: messages.Context) -> None:
    try:
        ops.gate.session(context)
    except NotGrantedError:
        raise _not_expected() from None


def _not_expected() -> NotGrantedError:
    return NotGrantedError(
        zh="没有为您登记的首次设置，未做更改。请联系负责人重新发送设置链接。",
        en="nobody expects this person to enrol; nothing changed. Ask the owner for a new link.",
    )


def _pending_secret(ops: "Operations", tenant: str, person: str, pending: bytes) -> bytes:
    try:
        content = bytes(ops.holder.unwrap(pending, _pending_context(tenant, person)))
    except KeysError:
        raise _pending_over() from None
    if ops.now_us() - int.from_bytes(content[:8]) > PENDING_S * 1_000_000:
        raise _pending_over()
    return content[8:]


def _pending_over() -> FactorRefusedError:
    return FactorRefusedError(
        zh="设置页面已过期。请重新打开后再试。",
        en="this page is too old; open it again and scan the new code.",
    )


def _pending_context(tenant: str, person: str) -> bytes:
    return b"pending totp/" + tenant.encode() + b"/" + person.encode()


def _role(role: str) -> str:
    if role not in _ROLES:
        raise RequestRefusedError(zh="未知的角色", en="unknown role")
    return role


def _write(ops: "Operations", context: messages.Context, change: str, person: str, **more: str | int) -> None:
    detail: dict[str, str | int] = {"change": change, "person": person, **more}
    ops.write([ops.entry(context, EntryKind.ACCOUNT, FieldClass.STAFF, detail=detail)])
