"""Published vectors of every suite, counted: none may be skipped without being named, none may be wrong."""

from collections.abc import Iterator
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from waybillguard.seal.suites import SM4GCM, SUITES, Suite, record_keys

VECTORS = Path(cryptography_vectors.__file__).parent


def cases(name: str, first: str) -> Iterator[dict[str, str]]:
    """Read blocks of ``key = value`` or ``key: value``; a block starts at the line named ``first``."""
    case: dict[str, str] = {}
    for line in (VECTORS / name).read_text().splitlines():
        if line.startswith(("#", "[")) or not line.strip():
            continue
        key, _, value = line.partition("=" if "=" in line else ":")
        if key.strip().upper() == first and case:
            yield case
            case = {}
        case[key.strip().upper()] = value.strip()
    yield case


def raw(case: dict[str, str], *names: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(case.get(name, "")) for name in names)


@pytest.mark.parametrize(("name", "wanted"), [("gcmEncryptExtIV256.rsp", 375), ("gcmDecrypt256.rsp", 375)])
def test_suite_1_agrees_with_every_nist_vector_of_its_sizes(name: str, wanted: int) -> None:
    tried = 0
    for case in cases(f"ciphers/AES/GCM/{name}", "COUNT"):
        if len(case.get("IV", "")) != 24 or len(case["TAG"]) != 32:
            continue
        key, nonce, data, plain, sealed, tag = raw(case, "KEY", "IV", "AAD", "PT", "CT", "TAG")
        cipher = AESGCM(key)
        if "FAIL" in case:
            with pytest.raises(InvalidTag):
                cipher.decrypt(nonce, sealed + tag, data)
        else:
            assert cipher.decrypt(nonce, sealed + tag, data) == plain
            assert cipher.encrypt(nonce, plain, data) == sealed + tag
        tried += 1
    assert tried == wanted


def test_suite_2_agrees_with_every_openssl_vector_of_256_bits() -> None:
    tried = 0
    for case in cases("ciphers/AES/GCM-SIV/openssl.txt", "COUNT"):
        key, nonce, data, plain, sealed, tag = raw(case, "KEY", "IV", "AAD", "PLAINTEXT", "CIPHERTEXT", "TAG")
        if len(key) != 32 or not plain:
            continue
        cipher = AESGCMSIV(key)
        assert cipher.encrypt(nonce, plain, data) == sealed + tag
        assert cipher.decrypt(nonce, sealed + tag, data) == plain
        tried += 1
    assert tried == 24


def test_suite_3_agrees_with_rfc_8998() -> None:
    tried = 0
    for case in cases("ciphers/SM4/rfc8998.txt", "COUNT"):
        key, nonce, data, plain, sealed, tag = raw(case, "KEY", "IV", "AAD", "PLAINTEXT", "CIPHERTEXT", "TAG")
        cipher = SM4GCM(key)
        assert cipher.encrypt(nonce, plain, data) == sealed + tag
        assert cipher.decrypt(nonce, sealed + tag, data) == plain
        with pytest.raises(InvalidTag):
            cipher.decrypt(nonce, sealed + bytes([tag[0] ^ 1]) + tag[1:], data)
        tried += 1
    assert tried == 1


def test_the_sm3_below_suite_3_agrees_with_every_published_digest() -> None:
    tried = 0
    for case in cases("hashes/SM3/oscca.txt", "LEN"):
        (message,) = raw(case, "MSG")
        state = hashes.Hash(hashes.SM3())
        state.update(message[: int(case["LEN"]) // 8])
        assert state.finalize().hex() == case["MD"]
        tried += 1
    assert tried == 6


@pytest.mark.parametrize("suite", list(Suite))
def test_the_key_of_an_order_belongs_to_its_day_salt_and_suite(suite: Suite) -> None:
    keys = {
        record_keys(epoch, one)(salt)[:16]
        for epoch in (bytes(32), bytes([1]) * 32)
        for salt in (bytes(16), bytes([1]) * 16)
        for one in Suite
    }
    assert len(keys) == 4 * len(Suite)
    key = record_keys(bytes(32), suite)(bytes(16))
    shown = repr(SUITES[suite](key))
    assert key.hex()[:8] not in shown
    assert repr(key)[2:-1] not in shown
