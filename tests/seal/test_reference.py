"""Sealed references: 48 bytes on a label that say nothing and cannot be forged."""

import re
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys.errors import KeysError
from waybillguard.seal import ForgedReferenceError, Reference, ReferenceKeys, ReferenceKind, base45

KEYS = ReferenceKeys(bytes(range(32)), "w1")
UID = bytes(range(16, 32))
SEALED = KEYS.seal(UID, 1, key_id=24322)
uids = st.binary(min_size=16, max_size=16)


def test_the_library_s_siv_agrees_with_the_openssl_vectors() -> None:
    text = (Path(cryptography_vectors.__file__).parent / "ciphers/AES/SIV/openssl.txt").read_text()
    tried = 0
    for block in re.split(r"\n\s*\n", text):
        case = dict(re.findall(r"^(\w+) *= *(\S*)", block, re.MULTILINE))
        if not case.get("Plaintext"):
            continue
        aad = [bytes.fromhex(value) for name, value in case.items() if name.startswith("AAD")]
        sealed = AESSIV(bytes.fromhex(case["Key"])).encrypt(bytes.fromhex(case["Plaintext"]), aad)
        assert sealed.hex() == (case["Tag"] + case["Ciphertext"]).lower()
        tried += 1
    assert tried == 4


@given(
    uid=uids,
    attempt=st.integers(0, 65535),
    kind=st.sampled_from(ReferenceKind),
    key_id=st.integers(0, 2**32 - 1),
)
def test_a_reference_comes_back(uid: bytes, attempt: int, kind: ReferenceKind, key_id: int) -> None:
    sealed = KEYS.seal(uid, attempt, kind=kind, key_id=key_id)
    assert len(sealed) == 48
    assert KEYS.open(sealed) == Reference(kind, uid, attempt)


@given(st.lists(st.tuples(uids, st.integers(0, 65535)), max_size=8))
def test_references_made_in_bulk_are_72_characters_each_and_open(asked: list[tuple[bytes, int]]) -> None:
    texts = KEYS.seal_many(asked, key_id=24322)
    assert all(len(text) == 72 for text in texts)
    assert [(ref.uid, ref.attempt) for ref in map(KEYS.open_text, texts)] == asked


@given(bit=st.integers(0, 48 * 8 - 1))
def test_any_flipped_bit_is_a_forgery(bit: int) -> None:
    flipped = bytearray(SEALED)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ForgedReferenceError):
        KEYS.open(bytes(flipped))


@given(sealed=st.binary(max_size=60))
def test_random_bytes_are_a_forgery(sealed: bytes) -> None:
    with pytest.raises(ForgedReferenceError):
        KEYS.open(sealed)


@given(text=st.text(base45.ALPHABET, max_size=80) | st.text(max_size=80))
def test_any_other_text_is_a_forgery(text: str) -> None:
    with pytest.raises(ForgedReferenceError, match="not a sealed reference"):
        KEYS.open_text(text)


def test_a_reference_of_another_tenant_or_root_is_a_forgery() -> None:
    for other in (ReferenceKeys(bytes(range(32)), "w2"), ReferenceKeys(bytes(32), "w1")):
        with pytest.raises(ForgedReferenceError):
            other.open(SEALED)


def test_the_same_attempt_has_the_same_code_and_the_next_an_unrelated_one() -> None:
    again, following = KEYS.seal(UID, 1, key_id=24322), KEYS.seal(UID, 2, key_id=24322)
    assert again == SEALED
    differing = sum((a ^ b).bit_count() for a, b in zip(SEALED[5:], following[5:], strict=True))
    assert 120 < differing < 224  # 344 bits, half of them on average


def test_the_uid_does_not_stand_in_the_code() -> None:
    assert UID not in SEALED


def test_a_scanner_may_drop_the_leading_space_and_add_a_line_end() -> None:
    text = KEYS.seal_many([(UID, 1)], key_id=0x05000000)[0]
    assert text.startswith(" ")
    assert KEYS.open_text(text.lstrip() + "\r\n") == Reference(ReferenceKind.TICKET, UID, 1)


@pytest.mark.parametrize("attempt", [-1, 65536])
def test_an_attempt_beyond_two_bytes_is_refused(attempt: int) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        KEYS.seal(UID, attempt)


@pytest.mark.parametrize("key_id", [-1, 2**32])
def test_a_key_id_beyond_four_bytes_is_refused(key_id: int) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        KEYS.seal(UID, 1, key_id=key_id)


def test_a_uid_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        KEYS.seal(b"short", 1)


def test_the_keys_show_nothing() -> None:
    assert repr(KEYS) == "ReferenceKeys(…)"
