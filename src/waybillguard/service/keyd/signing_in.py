"""Sessions: checks a factor, marks its code as used, and grants the session.

A one-time code is accepted once; that is stored durably before the answer. Wrong codes are counted per person.
"""

import threading
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.person import entries_since
from waybillguard.service.keyd import factors, messages
from waybillguard.service.keyd.errors import FactorRefusedError, RequestRefusedError
from waybillguard.service.keyd.grants import ACTION, SESSION_S, Kind
from waybillguard.service.keyd.people import Factor, Person

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

TRIES: Final = 10
"""Maximum wrong codes of a person within `TRIES_S`."""
TRIES_S: Final = 900
_GRANTED: Final = frozenset({"session_granted", "step_up"})


class OpenSession(messages.Request, frozen=True):
    """Check and use a one-time code of ``context.actor``; ``action``: the code confirms that act (`actions`)."""

    context: messages.Context
    code: str
    action: bytes = b""


class Session(msgspec.Struct, frozen=True):
    """A session grant, kept only in the person's browser or CLI token."""

    grant: bytes
    until_s: int
    factor: bytes
    kind: str

    def __repr__(self) -> str:
        """Hide the grant."""
        return f"Session({self.kind})"


class EndSession(messages.Request, frozen=True):
    """End the grant in the context: its person signs out."""

    context: messages.Context


AnySignInRequest = OpenSession | EndSession


def open_session(ops: "Operations", request: OpenSession) -> Session:
    """Grant a session for a one-time code.

    Raises:
        FactorRefusedError: the code is wrong or used, or there were too many wrong ones.
    """
    context = request.context
    person, factor = spend_code(ops, context, request.code)
    return grant_session(ops, context, person, factor, request.action)


def grant_session(
    ops: "Operations", context: messages.Context, person: Person, factor: Factor, action: bytes = b""
) -> Session:
    """Grant a session proved by ``factor``, also for one act if named, after recording it in the ledger."""
    if len(action) not in {0, ACTION}:
        raise RequestRefusedError(zh="无法识别要确认的操作", en="the act to confirm is none")
    _write(ops, context, "step_up" if action else "session_granted", factor.kind, **_for(action))
    grant, token = ops.grants.make(
        Kind.SESSION, context.tenant, context.actor, SESSION_S, action=action, **_proved(ops, person, factor)
    )
    return Session(token, grant.until_us // 1_000_000, factor.uid, factor.kind)


def end_session(ops: "Operations", request: EndSession) -> messages.Done:
    """End a session at its person's request. An invalid session counts as ended."""
    context = request.context
    grant = ops.gate.session(context)
    with ops.people.lock:
        person = ops.people.find(grant.tenant, grant.holder)
        if person is not None:
            ops.people.put(msgspec.structs.replace(person, ended=(*person.ended, grant.uid)))
    return messages.Done()


def spend_code(ops: "Operations", context: messages.Context, code: str) -> tuple[Person, Factor]:
    """Find the factor that a code belongs to, and durably mark the code as used.

    Raises:
        FactorRefusedError: wrong, used, of a suspended person, or too many tries.
    """
    ops.tries.count(context.tenant, context.actor)
    with ops.people.lock:
        person = ops.people.find(context.tenant, context.actor)
        if person is not None and not person.suspended:
            for factor in (one for one in person.factors if one.kind == "totp"):
                spent = _spent(factor, code, ops.now_us() // 1_000_000)
                if spent is not None:
                    rest = tuple(spent if one.uid == factor.uid else one for one in person.factors)
                    person = ops.people.put(msgspec.structs.replace(person, factors=rest))
                    ops.tries.forget(context.tenant, context.actor)
                    return person, spent
    _write(ops, context, "factor_refused", "")
    raise FactorRefusedError(
        zh="验证码不正确或已用过。请等下一个验证码再试。",
        en="the code is wrong or was used; wait for the next one.",
    )


def _spent(factor: Factor, code: str, now_s: int) -> Factor | None:
    counter = factors.totp_counter(factor.secret, code, now_s)
    if counter is None or counter <= factor.counter:
        return None
    return msgspec.structs.replace(factor, counter=counter)


class Tries:
    """Counts wrong codes per person; recounts them from the ledger after a restart or when the ledger was reopened.

    Only keyd's own entries count. They are of class STAFF, which entries reported by other processes never are
    (`Operations.record`).

    Args:
        ops: provides the ledger and the clock.
    """

    def __init__(self, ops: "Operations") -> None:
        self._ops = ops
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], list[int]] = {}
        self._said: dict[str, dict[bytes, list[tuple[int, bool]]]] = {}

    def count(self, tenant: str, person: str) -> None:
        """Count one try.

        Raises:
            FactorRefusedError: too many tries; the code was not checked.
        """
        with self._lock:
            now = self._ops.now_us()
            made = self._made.get((tenant, person))
            since = now - TRIES_S * 1_000_000
            recent = [at for at in (self._refused(tenant, person) if made is None else made) if at > since]
            fits = len(recent) < TRIES
            self._made[tenant, person] = [*recent, now] if fits else recent
        if not fits:
            raise FactorRefusedError(
                zh="验证码输错次数过多，请 15 分钟后再试。",
                en="too many wrong codes; try again in 15 minutes.",
            )

    def forget(self, tenant: str, person: str) -> None:
        """Reset the count of a person whose code was right."""
        with self._lock:
            self._made[tenant, person] = []

    def _refused(self, tenant: str, person: str) -> list[int]:
        """Return when this person's codes were refused since the last right one (microseconds)."""
        ledger, found = self._ops.ledger, list[int]()
        if tenant not in self._said:
            self._said[tenant] = self._in_ledger(tenant)
        for name in ledger.shards_of(tenant)[-2:]:
            actor = ledger.shard(name).keys.actor_pseudonym(tenant, person)
            for at, refused in self._said[tenant].get(actor, ()):
                if refused:
                    found.append(at)
                else:
                    found.clear()
        return found

    def _in_ledger(self, tenant: str) -> dict[bytes, list[tuple[int, bool]]]:
        """Return when codes were refused or accepted recently, by the pseudonym of the actor."""
        ledger, found = self._ops.ledger, dict[bytes, list[tuple[int, bool]]]()
        since_s = (self._ops.now_us() - TRIES_S * 1_000_000) // 1_000_000
        for name in ledger.shards_of(tenant)[-2:]:
            for leaf, words in entries_since(ledger, name, since_s):
                if (leaf.kind, leaf.field_class) == (EntryKind.ACCOUNT, FieldClass.STAFF):
                    try:
                        change = words()["detail"].get("change")
                    except LedgerError:  # erased or damaged: it may have been a wrong code
                        change = "factor_refused"
                    if change == "factor_refused" or change in _GRANTED:
                        said = (leaf.time_s * 1_000_000, change == "factor_refused")
                        found.setdefault(leaf.actor, []).append(said)
        return found


def _proved(ops: "Operations", person: Person, factor: Factor) -> dict[str, object]:
    """Return the fields of a grant that describe its factor."""
    full = factor.since_us + ops.limits_of(person.tenant).young_hours * 3_600_000_000 if factor.young else 0
    return {
        "role": person.role, "factor": factor.uid, "proved_us": ops.now_us(), "full_us": full, "full_after": factor.replaced,
    }  # fmt: skip


def _for(action: bytes) -> dict[str, str]:
    return {"action": action.hex()} if action else {}


def _write(ops: "Operations", context: messages.Context, change: str, factor: str, **more: str) -> None:
    detail: dict[str, str | int] = {"change": change, "factor": factor, **more}
    ops.write([ops.entry(context, EntryKind.ACCOUNT, FieldClass.STAFF, detail=detail)])
