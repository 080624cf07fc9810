"""People with a real second factor in a key process, who sign in when a request is made in their name.

`FrontDesk` wraps a key process inside the test. It adds the requester's session, or the mandate of an export, so that
tests need not. `Desk` performs all steps, also over a socket: it enrols a factor, computes codes, and has them
checked and used up, as a browser would.
"""

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.service.keyd import (
    contract_ends,
    destroying,
    enrolling,
    export_messages,
    factors,
    limits,
    mandates,
    messages,
    passkeys,
    policy,
    rolling,
    rotation_messages,
    shops,
    signing_in,
)
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import KeydClient, RefusedError
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.grants import Kind
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.keyd.people import Factor, People, Person

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The TOTP secret of all invented telephones of persons created directly in the database."""
FOUNDER = "u0"
"""The first person of each warehouse, who registers the others."""
DAYS_4_US = 4 * 86_400_000_000
_FRESH_US = 240_000_000
_NEED_A_SESSION = (
    messages.Reveal, messages.Tokens, messages.FragmentTokens, messages.MatchFragments, export_messages.BindNumber,
    mandates.Propose, mandates.Agree, mandates.GrantMachine, messages.Shred, destroying.AllowUndoing,
    contract_ends.AllowEnd,
    destroying.PlanDestruction, rotation_messages.NewIndexRoot, *rolling.AnyRollingRequest.__args__, enrolling.ExpectPerson, enrolling.Resume, enrolling.SetRole,
    shops.SetMerchants,
)  # fmt: skip
_ANSWERS = {
    enrolling.ExpectPerson: messages.Done,
    enrolling.BeginTotp: enrolling.PendingTotp,
    enrolling.EnrolTotp: enrolling.EnrolledFactor,
    signing_in.OpenSession: signing_in.Session,
    mandates.Propose: mandates.Granted,
    mandates.Agree: mandates.Granted,
    mandates.GrantMachine: mandates.Granted,
}


class Desk:
    """Signs people in at one key process.

    Args:
        ask: sends a request to the key process.
        now_us: clock of the key process.
        people: people of a key process inside the test; their factors are then backdated by four days.
        wait: sleeps until the telephone shows the next code.
    """

    def __init__(
        self,
        ask: Callable[[messages.Request], Any],
        now_us: Callable[[], int],
        people: People | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ask = ask
        self._wait = wait
        self._now_us = now_us
        self._people = people
        self._secrets: dict[tuple[str, str], bytes] = {}
        self._spent: dict[tuple[str, str], int] = {}
        self._sessions: dict[tuple[str, str], tuple[int, bytes]] = {}

    @classmethod
    def at(cls, client: KeydClient, now_us: Callable[[], int]) -> "Desk":
        """Return the desk of a key process behind a socket."""
        made = cls(lambda request: client.call(request, _ANSWERS[type(request)]), now_us)
        made.leave = client.close  # type: ignore[method-assign]
        return made

    def leave(self) -> None:
        """Close the socket, if there is one."""

    def enrol(self, tenant: str, person: str, role: str = "owner") -> None:
        """Enrol a factor for a person, once."""
        if (tenant, person) in self._secrets:
            return
        if person != FOUNDER:
            self.enrol(tenant, FOUNDER)
        request = enrolling.ExpectPerson(messages.Context(tenant, FOUNDER), person, role, new=True)
        self._ask(request if person == FOUNDER else self.confirmed(request))
        begun = self._ask(enrolling.BeginTotp(tenant, person))
        self.take(tenant, person, begun)

    def take(self, tenant: str, person: str, begun: enrolling.PendingTotp) -> bytes:
        """Enrol the displayed secret in an invented telephone and enter its first code; return the grant."""
        secret = base64.b32decode(begun.secret)
        self._secrets[tenant, person] = secret
        context = messages.Context(tenant, person)
        made = self._ask(enrolling.EnrolTotp(context, begun.pending, self.code(tenant, person)))
        self._age(tenant, person)
        return bytes(made.grant)

    def hold(self, tenant: str, person: str, secret: str, used: int) -> None:
        """Add an invented telephone whose codes up to ``used`` are used up."""
        self._secrets[tenant, person] = base64.b32decode(secret)
        self._spent[tenant, person] = used

    def code(self, tenant: str, person: str) -> str:
        """Return an unused code that is accepted now (possibly before its time)."""
        now = self._now_us() // 1_000_000 // factors.PERIOD_S
        counter = max(now - factors.TOLERANCE, self._spent.get((tenant, person), -1) + 1)
        while counter > self._now_us() // 1_000_000 // factors.PERIOD_S + factors.TOLERANCE:
            self._wait(1.0)
        self._spent[tenant, person] = counter
        return factors.totp_code(self._secrets[tenant, person], counter)

    def session(self, tenant: str, person: str) -> bytes:
        """Return the grant of a session whose factor was presented within the last four minutes."""
        self.enrol(tenant, person)
        made, grant = self._sessions.get((tenant, person), (0, b""))
        if not grant or not 0 <= self._now_us() - made < _FRESH_US:
            context = messages.Context(tenant, person)
            grant = self._ask(signing_in.OpenSession(context, self.code(tenant, person))).grant
            self._sessions[tenant, person] = (self._now_us(), grant)
        return grant

    def confirmed(self, request: Any) -> Any:
        """Return a request with a grant that the person confirmed by code for exactly this action."""
        tenant, person = request.context.tenant, request.context.actor
        self.enrol(tenant, person)
        opening = signing_in.OpenSession(
            messages.Context(tenant, person), self.code(tenant, person), action_of(request)
        )
        context = msgspec.structs.replace(request.context, grant=self._ask(opening).grant)
        return msgspec.structs.replace(request, context=context)

    def mandate(
        self, tenant: str, first: str, second: str, job: messages.Job, records: int = 10_000
    ) -> bytes:
        """Have two people approve one job."""
        proposing = mandates.Propose(messages.Context(tenant, first), job, records)
        proposal = self._ask(self.confirmed(proposing)).grant
        agreeing = mandates.Agree(messages.Context(tenant, second), proposal)
        return bytes(self._ask(self.confirmed(agreeing)).grant)

    def sign(self, tenant: str, first: str, second: str, limits: limits.Limits) -> None:
        """Have two owners sign limits."""
        for person in (first, second):
            self._ask(self.confirmed(policy.SetLimits(messages.Context(tenant, person), limits)))

    def _age(self, tenant: str, person: str) -> None:
        if self._people is None:
            return
        known = self._people.find(tenant, person)
        assert known is not None
        aged = tuple(msgspec.structs.replace(one, since_us=one.since_us - DAYS_4_US) for one in known.factors)
        self._people.put(msgspec.structs.replace(known, factors=aged))


class FrontDesk:
    """Adds a grant to requests without one; every person has a factor.

    The factor is created four days old, with `TOTP_SECRET`; keyd grants sessions for it.

    Args:
        operations: the key process inside the test.
    """

    def __init__(self, operations: Operations) -> None:
        self._keyd = operations
        self._sessions: dict[tuple[str, str], tuple[int, bytes]] = {}

    def handle(self, request: messages.Request) -> Any:
        """Handle a request as from a signed-in person."""
        context = getattr(request, "context", None)
        if context is None or (context.grant and self._is_ours(context)):
            return self._keyd.handle(request)
        context = msgspec.structs.replace(context, grant=b"")
        if isinstance(request, signing_in.OpenSession):
            self.know(context.tenant, context.actor)
        elif isinstance(request, enrolling.EnrolTotp | passkeys.EnrolPasskey):
            self._expect(context.tenant, context.actor)
        return self._keyd.handle(self._granted(request, context))

    def _is_ours(self, context: messages.Context) -> bool:
        """Return whether this key process issued a grant; a test may keep factors and orders in two key processes."""
        body, tag = context.grant[:-32], context.grant[-32:]
        return self._keyd.grants._tag(body) == tag

    def know(self, tenant: str, name: str) -> None:
        """Create a factor for a person without one."""
        known = self._keyd.people.find(tenant, name) or Person(tenant, name, role="owner", begun=True)
        if not any(factor.kind == "totp" for factor in known.factors):
            secret = base64.b32decode(TOTP_SECRET)
            factor = Factor(
                secrets.token_bytes(16), "totp", secret, self._keyd.now_us() - DAYS_4_US, young=False
            )
            self._keyd.people.put(
                msgspec.structs.replace(known, role=known.role or "owner", factors=(*known.factors, factor))
            )

    def session(self, tenant: str, name: str, action: bytes = b"") -> bytes:
        """Return the grant of a person who has just presented a factor, for a single action if one is given."""
        made, grant = self._sessions.get((tenant, name), (0, b""))
        person = self._keyd.people.find(tenant, name)
        if (
            action
            or not grant
            or not 0 <= self._keyd.now_us() - made < _FRESH_US
            or (person and made < person.cut_us)
        ):
            self.know(tenant, name)
            person = self._keyd.people.find(tenant, name)
            assert person is not None
            context = messages.Context(tenant, name)
            grant = signing_in.grant_session(self._keyd, context, person, person.factors[0], action).grant
            self._sessions[tenant, name] = (self._keyd.now_us(), grant)
        return grant

    def _expect(self, tenant: str, name: str) -> None:
        known = self._keyd.people.find(tenant, name) or Person(tenant, name, role="owner")
        until = self._keyd.now_us() + DAYS_4_US
        self._keyd.people.put(msgspec.structs.replace(known, expected_until_us=until))

    def _granted(self, request: messages.Request, context: messages.Context) -> messages.Request:
        if isinstance(request, messages.Shred) and request.job is not None:
            grant = self._mandate(context.tenant, request.job)
        elif isinstance(request, _NEED_A_SESSION):
            grant = self.session(context.tenant, context.actor, action_of(request))
        else:
            return request
        return msgspec.structs.replace(request, context=msgspec.structs.replace(context, grant=grant))

    def _mandate(self, tenant: str, job: messages.Job) -> bytes:
        """Return the mandate for a job whose waiting period has passed."""
        return self._keyd.grants.make(
            Kind.MANDATE, tenant, destroying.HOLDER, 3_600, action=job.digest, limit=10**9
        )[1]


def granting(operations: Operations) -> Callable[[messages.Request], Any]:
    """Return a request handler that first adds a grant to requests without one."""
    if not hasattr(operations, "front_desk"):
        operations.front_desk = FrontDesk(operations)  # type: ignore[attr-defined]
    return operations.front_desk.handle  # type: ignore[attr-defined, no-any-return]


def unlimited(operations: Any) -> None:
    """Lift the limits for tests that make more requests than a person may, and do not test the limits."""
    much = dict.fromkeys((*limits.PERSON_LIMITS, "tenant_reveals_hour", "device_reveals_hour"), 10**9)
    operations.limits = msgspec.structs.replace(operations.limits, **much, tenant_tests_hour=10**9)


def code_now(secret: str, ahead: int = 0) -> str:
    """Return the current or the next code of an invented telephone."""
    return factors.totp_code(base64.b32decode(secret), int(time.time()) // factors.PERIOD_S + ahead)


FACTORS = (
    *enrolling.AnyEnrolRequest.__args__, *signing_in.AnySignInRequest.__args__, *mandates.AnyMandateRequest.__args__,
    *passkeys.AnyPasskeyRequest.__args__, shops.SetMerchants,
)  # fmt: skip


def factors_alone(folders: Any, monkeypatch: Any) -> Iterator[None]:
    """Answer the service's requests about factors by a key process created on first use."""
    from waybillguard.service.identity.accounts import factors as asked_by_the_service

    made: list[Operations] = []

    def ask(request: messages.Request, _answer: type) -> Any:
        if not made:
            holder = FileHolder(RootKey(secrets.token_bytes(32)))
            keys = LedgerKeys(secret=bytes(holder.derive(Purpose.LEDGER)))
            made.append(Operations(holder, Ledger.open(LocalStorage(folders.mktemp("factors")), keys)))
        return answered(granting(made[0]), request)

    monkeypatch.setattr(asked_by_the_service, "ask", ask)
    yield
    for one in made:
        one.ledger.close()


def answered(handle: Callable[[messages.Request], Any], request: messages.Request) -> Any:
    """Return the response, or raise the client's error for a refusal."""
    try:
        return handle(request)
    except RequestRefusedError as error:
        action = getattr(error, "action", b"")
        raise RefusedError(zh=error.zh, en=error.en, reason=error.code, action=action) from None
