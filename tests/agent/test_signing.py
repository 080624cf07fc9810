"""A signature is valid for one request, once, at one time."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, algorithms

from waybillguard.agent.errors import ClockSkewError, SignatureError
from waybillguard.agent.signing import (
    COVERED,
    SKEW,
    TAG,
    SignedRequest,
    Verified,
    _OnePrivateKey,
    sign,
    verify,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
URL = "https://box.local:8443/api/v1/devices/lease"
BODY = b'{"v":1}'


def keys(key_id: str) -> bytes | None:
    return KEY.public_key().public_bytes_raw() if key_id == "dev" else None


def signed(**change: Any) -> dict[str, str]:
    return sign(**{"method": "POST", "url": URL, "body": BODY, "key": KEY, "key_id": "dev", "now": NOW,
                   "random": os.urandom, **change})  # fmt: skip


def check(
    headers: Mapping[str, str], method: str = "POST", url: str = URL, body: bytes = BODY, now: datetime = NOW
) -> Verified:
    return verify(method, url, headers, body, find_key=keys, now=now)


def test_a_signed_request_is_its_devices() -> None:
    found = check(signed())
    assert (found.key_id, found.created) == ("dev", NOW)
    assert len(found.nonce) == 32


def test_the_signature_is_frozen() -> None:
    headers = signed(random=lambda size: bytes(range(size)))
    assert (
        headers["Signature"]
        == "device=:6HDHvEFjMok7udNArYLzzTL7yQ4KeD8o2W3VHELb/i7YglBW2hIrM0e/pLAEgGlD4jo/qdwUgIgkr+5A2hisDg==:"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"url": URL + "/x"},
        {"url": URL + "?most=9"},
        {"url": URL.replace("box.local", "other.local")},
        {"body": b'{"v":1} '},
    ],
)
def test_a_changed_request_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        check(signed(), **change)


@pytest.mark.parametrize("name", ["Content-Digest", "Signature", "Signature-Input"])
def test_a_request_without_one_of_its_headers_is_refused(name: str) -> None:
    headers = signed()
    del headers[name]
    with pytest.raises(SignatureError):
        check(headers)


@pytest.mark.parametrize(
    "value", ["", "x", "device=:AAAA:", "device=()", "\x00", "device=:" + "A" * 88 + ":"]
)
def test_nonsense_for_a_signature_is_refused(value: str) -> None:
    with pytest.raises(SignatureError):
        check({**signed(), "Signature": value})


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(SignatureError):
        check(signed(key_id="nobody"))


def test_somebody_elses_key_is_refused() -> None:
    with pytest.raises(SignatureError):
        check(signed(key=Ed25519PrivateKey.generate()))


@pytest.mark.parametrize("left_out", COVERED)
def test_a_signature_that_covers_too_little_is_refused(left_out: str) -> None:
    message = SignedRequest("POST", URL, {})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OnePrivateKey(KEY))
    ids = tuple(name for name in COVERED if name != left_out)
    body = None if left_out == "content-digest" else BODY
    signer.sign(
        message, key_id="dev", created=NOW, nonce="0" * 32, tag=TAG, covered_component_ids=ids, body=body
    )
    with pytest.raises(SignatureError):
        check(message.headers)


def test_a_signature_without_a_nonce_is_refused() -> None:
    message = SignedRequest("POST", URL, {})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OnePrivateKey(KEY))
    signer.sign(message, key_id="dev", created=NOW, tag=TAG, covered_component_ids=COVERED, body=BODY)
    with pytest.raises(SignatureError):
        check(message.headers)


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_clock_off_by_a_minute_is_taken(seconds: int) -> None:
    assert check(signed(), now=NOW + timedelta(seconds=seconds)).key_id == "dev"


@pytest.mark.parametrize("seconds", [-61, 61, 86400 * 400])
def test_a_clock_further_off_is_refused_with_the_difference(seconds: int) -> None:
    assert abs(seconds) > SKEW.total_seconds()
    with pytest.raises(ClockSkewError) as caught:
        check(signed(), now=NOW + timedelta(seconds=seconds))
    assert str(abs(seconds)) in caught.value.zh
