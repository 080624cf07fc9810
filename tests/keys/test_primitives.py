"""Published vectors (NIST CAVP, RFC 5869, RFC 9106, OpenSSL) and the wrappers' own promises."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import cryptography_vectors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys.errors import KeysError, UnwrapError
from waybillguard.keys.primitives import (
    Argon2Params,
    SecretKey,
    argon2id,
    blake2b_derive,
    frame,
    gcm_open,
    gcm_seal,
    hkdf_sha256,
    kwp_unwrap,
    kwp_wrap,
)

VECTORS = Path(cryptography_vectors.__file__).parent
CHEAP = Argon2Params(memory_kib=19 * 1024, passes=2, lanes=1)


def cases(name: str, first: str) -> Iterator[dict[str, str]]:
    """Read ``key = value`` blocks; a block starts at the line named ``first``."""
    case: dict[str, str] = {}
    for line in (VECTORS / name).read_text().splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if key == first and case:
            yield case
            case = {}
        if key and not line.startswith(("#", "[")):
            case[key] = value
    yield case


def test_gcm_agrees_with_the_nist_encrypt_vectors() -> None:
    tried = 0
    for case in cases("ciphers/AES/GCM/gcmEncryptExtIV256.rsp", "Count"):
        if len(case.get("IV", "")) != 24 or len(case["Tag"]) != 32:
            continue
        key, nonce, aad, plain, sealed, tag = (
            bytes.fromhex(case[name]) for name in ("Key", "IV", "AAD", "PT", "CT", "Tag")
        )
        assert gcm_seal(key, nonce, plain, aad) == sealed + tag
        tried += 1
    assert tried > 300


def test_gcm_agrees_with_the_nist_decrypt_vectors_and_refuses_their_forgeries() -> None:
    opened = refused = 0
    for case in cases("ciphers/AES/GCM/gcmDecrypt256.rsp", "Count"):
        if len(case.get("IV", "")) != 24 or len(case["Tag"]) != 32:
            continue
        key, nonce, aad, sealed, tag = (
            bytes.fromhex(case[name]) for name in ("Key", "IV", "AAD", "CT", "Tag")
        )
        result = gcm_open(key, nonce, sealed + tag, aad)
        if "PT" in case:
            assert result == bytes.fromhex(case["PT"])
            opened += 1
        else:
            assert result is None
            refused += 1
    assert opened > 100
    assert refused > 100


def test_kwp_agrees_with_the_nist_wrap_vectors() -> None:
    tried = 0
    for case in cases("keywrap/kwtestvectors/KWP_AE_256.txt", "COUNT"):
        if "K" in case:
            key, plain, wrapped = (bytes.fromhex(case[name]) for name in ("K", "P", "C"))
            assert kwp_wrap(key, plain) == wrapped
            tried += 1
    assert tried >= 500


def test_kwp_agrees_with_the_nist_unwrap_vectors_and_refuses_their_forgeries() -> None:
    opened = refused = 0
    for case in cases("keywrap/kwtestvectors/KWP_AD_256.txt", "COUNT"):
        if "K" not in case:
            continue
        key, wrapped = bytes.fromhex(case["K"]), bytes.fromhex(case["C"])
        if "P" in case:
            assert bytes(kwp_unwrap(key, wrapped)) == bytes.fromhex(case["P"])
            opened += 1
        else:
            with pytest.raises(UnwrapError):
                kwp_unwrap(key, wrapped)
            refused += 1
    assert opened > 100
    assert refused > 50


def test_hkdf_agrees_with_rfc_5869() -> None:
    tried = 0
    for case in cases("KDF/rfc-5869-HKDF-SHA256.txt", "COUNT"):
        if "OKM" in case:
            secret, salt, info, out = (bytes.fromhex(case[name]) for name in ("IKM", "salt", "info", "OKM"))
            assert bytes(hkdf_sha256(secret, info, salt=salt, size=len(out))) == out
            tried += 1
    assert tried == 3


def test_blake2b_agrees_with_the_keyed_vectors_of_the_reference_code() -> None:
    # First keyed vector of the BLAKE2 reference code (blake2b-kat): empty input, key 00..3f.
    expected = (
        "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
        "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568"
    )
    assert bytes(blake2b_derive(bytes(range(64)), b"", person=b"", size=64)).hex() == expected


def test_argon2id_agrees_with_the_reference_code() -> None:
    # From `argon2` (P-H-C reference): password "password", salt "somesalt", t=2, m=2^16 KiB, p=1.
    expected = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
    params = Argon2Params(memory_kib=65536, passes=2, lanes=1)
    assert bytes(argon2id("password", b"somesalt", params)).hex() == expected


def test_full_width_and_half_width_passphrases_are_the_same() -> None:
    salt = bytes(16)
    assert bytes(argon2id("ａｂｃ１２３", salt, CHEAP)) == bytes(argon2id("abc123", salt, CHEAP))


@pytest.mark.parametrize(
    "params",
    [
        Argon2Params(memory_kib=256 * 1024 + 1),
        Argon2Params(memory_kib=8),
        Argon2Params(passes=9),
        Argon2Params(passes=1),
        Argon2Params(lanes=0),
        Argon2Params(lanes=5),
    ],
)
def test_argon2_parameters_outside_the_bounds_are_refused_before_anything_runs(params: Argon2Params) -> None:
    with pytest.raises(KeysError, check=has_code("key_file_damaged")):
        argon2id("passphrase", bytes(16), params)


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_different_lists_of_parts_never_frame_to_the_same_bytes(a: list[bytes], b: list[bytes]) -> None:
    assert (frame(*a) == frame(*b)) == (a == b)


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{:>80}".format, "%s".__mod__, "%r".__mod__])
def test_a_secret_key_shows_nothing(show: object) -> None:
    key = SecretKey(b"0123456789abcdef0123456789abcdef")
    assert callable(show)
    assert show(key) == "SecretKey(…)"


def test_a_secret_key_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(SecretKey(bytes(32)))


def test_a_key_of_the_wrong_size_is_named_without_its_bytes() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")) as caught:
        gcm_seal(b"short", bytes(12), b"", b"")
    assert "5" in caught.value.en
    assert "short" not in caught.value.en + caught.value.zh


@given(st.binary(max_size=15))
def test_a_sealed_text_shorter_than_its_tag_does_not_open(sealed: bytes) -> None:
    assert gcm_open(bytes(32), bytes(12), sealed, b"") is None
