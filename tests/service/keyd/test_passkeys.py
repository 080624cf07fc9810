"""A challenge is valid once, for one act, and people without a passkey use none up."""

import hashlib
import secrets
from types import SimpleNamespace

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData, CollectedClientData
from support.at_once import together
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault

from waybillguard.service.keyd import messages, passkeys
from waybillguard.service.keyd.errors import FactorRefusedError
from waybillguard.service.keyd.people import Factor

RP = "warehouse.test"
CONTEXT = messages.Context(TENANT, FOUNDER)


def test_a_challenge_counts_once_however_many_answer_at_once() -> None:
    challenges = passkeys.Challenges(lambda: 1_000_000_000)
    for _ in range(3_000):
        challenges.spend(challenges.make())
    for _ in range(40):
        made = [challenges.make() for _ in range(4)]
        told = together(12, lambda n, made=made: challenges.spend(made[n % 4]))  # type: ignore[misc]
        again = [one for one in made if _spends(challenges, one)]
        assert (told.count(""), again) == (4, [])


def _spends(challenges: passkeys.Challenges, challenge: bytes) -> bool:
    try:
        challenges.spend(challenge)
    except FactorRefusedError:
        return False
    return True


def test_marks_of_used_challenges_go_after_five_minutes_and_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passkeys, "_MOST_USED", 100)
    now = SimpleNamespace(us=1_000_000_000)
    challenges = passkeys.Challenges(lambda: now.us)
    for _ in range(100):
        challenges.spend(challenges.make())
    assert not _spends(challenges, challenges.make()), "no mark is dropped to make room for another"
    now.us += passkeys.CHALLENGE_S * 1_000_000
    assert _spends(challenges, challenges.make())
    assert len(challenges._used) == 1


class Passkey:
    """A synced passkey of the founder: its counter stays at 0."""

    def __init__(self, vault: Vault) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        public = ES256.from_cryptography_key(self._key.public_key())
        data = AttestedCredentialData.create(bytes(16), self.id, public)
        known = vault.keyd.people.find(TENANT, FOUNDER)
        assert known is not None
        factor = Factor(secrets.token_bytes(16), "passkey", bytes(data), vault.now_us, young=False)
        vault.keyd.people.put(msgspec.structs.replace(known, factors=(*known.factors, factor)))

    def answer(self, challenge: bytes) -> bytes:
        """Answer a challenge as a browser does."""
        client = CollectedClientData.create("webauthn.get", challenge, f"https://{RP}")
        data = AuthenticatorData.create(hashlib.sha256(RP.encode()).digest(), AuthenticatorData.FLAG.UP, 0)
        signature = self._key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
        }  # fmt: skip
        name = websafe_encode(self.id)
        return msgspec.json.encode({"id": name, "rawId": name, "type": "public-key", "response": response})


def test_one_touch_confirms_one_act(vault: Vault) -> None:
    passkey, action = Passkey(vault), bytes(range(32))
    for _ in range(5):
        answer = passkey.answer(vault.ask(passkeys.NewChallenge(action)).value)
        asked = passkeys.OpenByPasskey(CONTEXT, RP, answer, action)
        told = together(6, lambda _, asked=asked: vault.ask(asked))  # type: ignore[misc]
        assert told.count("") == 1


def test_an_answer_to_a_challenge_for_one_act_confirms_no_other(vault: Vault) -> None:
    answer = Passkey(vault).answer(vault.ask(passkeys.NewChallenge(bytes(32))).value)
    with pytest.raises(FactorRefusedError):
        vault.ask(passkeys.OpenByPasskey(CONTEXT, RP, answer))
    assert vault.ask(passkeys.OpenByPasskey(CONTEXT, RP, answer, bytes(32))).grant


def test_whoever_has_no_passkey_leaves_no_mark(vault: Vault) -> None:
    own = Passkey(vault)
    own.id = secrets.token_bytes(16)  # another user's id
    for actor in (FOUNDER, "nobody"):
        answer = own.answer(vault.ask(passkeys.NewChallenge()).value)
        with pytest.raises(FactorRefusedError):
            vault.ask(passkeys.OpenByPasskey(messages.Context(TENANT, actor), RP, answer))
    assert not vault.keyd.challenges._used
