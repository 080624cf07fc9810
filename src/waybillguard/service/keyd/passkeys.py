"""Passkeys (WebAuthn level 2): keyd makes single-use challenges and checks the answers.

A challenge contains its own time, authenticated with a tag of this process. So none is stored before it is used, and
challenges from before a restart are invalid. The page around it belongs to the sign-in library.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import msgspec
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
)

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import EnrolledFactor, add_factor
from waybillguard.service.keyd.errors import FactorRefusedError
from waybillguard.service.keyd.people import Factor, Person
from waybillguard.service.keyd.signing_in import Session, grant_session

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

CHALLENGE_S: Final = 300
_TIME: Final = 8
_HEAD: Final = 16
"""Time and eight random bytes; the tag follows them."""
_TAG: Final = 16
_MOST_USED: Final = 20_000


class NewChallenge(messages.Request, frozen=True):
    """Ask for a challenge for a person's passkey; ``action``: the answer confirms that act (`actions`)."""

    action: bytes = b""


class Challenge(msgspec.Struct, frozen=True):
    """32 bytes, valid once within five minutes."""

    value: bytes


class EnrolPasskey(messages.Request, frozen=True):
    """Enrol a new passkey as a factor of ``context.actor``; ``credential`` is the browser's answer (JSON)."""

    context: messages.Context
    rp_id: str
    credential: bytes


class OpenByPasskey(messages.Request, frozen=True):
    """Check a passkey's answer for ``context.actor`` and grant a session. Answer: `signing_in.Session`.

    ``action``: the act the challenge was made for.
    """

    context: messages.Context
    rp_id: str
    credential: bytes
    action: bytes = b""


AnyPasskeyRequest = NewChallenge | EnrolPasskey | OpenByPasskey


class Challenges:
    """Makes challenges and accepts each of them once.

    Args:
        now_us: keyd's clock.
    """

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._key = secrets.token_bytes(32)
        self._now_us = now_us
        self._lock = threading.Lock()
        self._used: dict[bytes, int] = {}
        """When each challenge was used, oldest first."""

    def make(self, action: bytes = b"") -> bytes:
        """Return a challenge; the answer to it confirms ``action`` if given (`actions`)."""
        head = self._now_us().to_bytes(_TIME) + secrets.token_bytes(_HEAD - _TIME)
        return head + self._tag(head, action)

    def spend(self, challenge: bytes, action: bytes = b"") -> None:
        """Accept a challenge that was made for this act, once.

        Raises:
            FactorRefusedError: not made here, too old, or already used; or too many were used within five minutes.
        """
        head, tag = challenge[:_HEAD], challenge[_HEAD:]
        now, made = self._now_us(), int.from_bytes(head[:_TIME])
        in_time = 0 <= now - made < CHALLENGE_S * 1_000_000
        genuine = hmac.compare_digest(tag, self._tag(head, action)) and in_time
        if not genuine:
            raise _refused()
        with self._lock:
            used = self._used
            while used and now - used[first := next(iter(used))] >= CHALLENGE_S * 1_000_000:
                del used[first]
            if challenge in used or len(used) >= _MOST_USED:
                raise _refused()
            used[challenge] = now

    def _tag(self, head: bytes, action: bytes) -> bytes:
        return hashlib.blake2b(head + action, key=self._key, digest_size=_TAG, person=b"challenge").digest()


def new_challenge(ops: "Operations", request: NewChallenge) -> Challenge:
    """Make a challenge. Nothing follows from it, so nothing is recorded."""
    return Challenge(ops.challenges.make(request.action))


def enrol_passkey(ops: "Operations", request: EnrolPasskey) -> EnrolledFactor:
    """Enrol a passkey as a factor, as `enrolling.enrol_totp` does for an authenticator app.

    Raises:
        FactorRefusedError: the answer is for another challenge, address or key.
        NotGrantedError: the person was not invited, and sent no session of their own.
        StepUpNeededError: it is a further factor, and no code was confirmed for it.
    """
    answer = _read(request.credential)
    challenge, state = _challenge_of(answer)
    ops.challenges.spend(challenge)
    try:
        taken = _server(request.rp_id).register_complete(state, answer)
    except (ValueError, KeyError, TypeError):
        raise _refused() from None
    if taken.credential_data is None:
        raise _refused()
    return add_factor(ops, request, "passkey", bytes(taken.credential_data), taken.counter)


def open_by_passkey(ops: "Operations", request: OpenByPasskey) -> Session:
    """Grant a session to the person whose passkey answered.

    Raises:
        FactorRefusedError: the answer is not from a passkey of this person, or the passkey was copied.
    """
    context = request.context
    ops.tries.count(context.tenant, context.actor)
    answer = _read(request.credential)
    challenge, state = _challenge_of(answer)
    with ops.people.lock:
        person = ops.people.find(context.tenant, context.actor)
        known = [one for one in person.factors if one.kind == "passkey"] if person else []
        if person is None or person.suspended or not known:
            raise _refused()
        keys = {one.uid: AttestedCredentialData(one.secret) for one in known}
        try:
            found = _server(request.rp_id).authenticate_complete(state, list(keys.values()), answer)
            counter = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
        except Exception:  # noqa: BLE001 - fido2 and cryptography raise many kinds; each means: not this key
            raise _refused() from None
        factor = next(one for one in known if keys[one.uid].credential_id == found.credential_id)
        if factor.counter and counter <= factor.counter:  # 0: this passkey does not count its uses
            raise _refused()
        # Only now, so that people without a passkey leave no state behind. Nothing follows from an earlier answer.
        ops.challenges.spend(challenge, request.action)
        person, factor = _counted(ops, person, factor, counter)
    ops.tries.forget(context.tenant, context.actor)
    return grant_session(ops, context, person, factor, request.action)


def _counted(ops: "Operations", person: Person, factor: Factor, counter: int) -> tuple[Person, Factor]:
    used = msgspec.structs.replace(factor, counter=counter)
    rest = tuple(used if one.uid == factor.uid else one for one in person.factors)
    return ops.people.put(msgspec.structs.replace(person, factors=rest)), used


def _challenge_of(answer: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return the challenge that an answer refers to, and the state that the library checks against."""
    try:
        challenge = CollectedClientData(websafe_decode(answer["response"]["clientDataJSON"])).challenge
    except (ValueError, KeyError, TypeError):
        raise _refused() from None
    return challenge, {"challenge": websafe_encode(challenge), "user_verification": None}


def _server(rp_id: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=rp_id, name=rp_id))


def _read(credential: bytes) -> dict[str, Any]:
    try:
        answer = msgspec.json.decode(credential)
    except msgspec.MsgspecError:
        raise _refused() from None
    if not isinstance(answer, dict):
        raise _refused()
    return answer


def _refused() -> FactorRefusedError:
    return FactorRefusedError(
        zh="通行密钥没有通过核验，请再试一次。", en="the passkey was not accepted; please try again."
    )
