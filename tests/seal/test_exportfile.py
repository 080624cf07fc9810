"""Sealed exports: frozen files still open, incomplete files are refused, and the format follows RFC 9180."""

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from support.codes import has_code

from waybillguard.keys.primitives import frame
from waybillguard.seal.errors import CannotOpenError, SealError
from waybillguard.seal.exportfile import (
    ExportEnd,
    ExportHead,
    ExportReader,
    ExportRecord,
    head_bytes,
    seal_end,
    seal_part,
)
from waybillguard.seal.exportkey import (
    fingerprint,
    new_export_key,
    private_pem,
    public_line,
    read_private,
    read_public,
    same_fingerprint,
)

FROZEN = json.loads((Path(__file__).parents[1] / "vectors" / "seal" / "export.json").read_text())
RECORDS = [ExportRecord(order_no=f"T{n}", name="测试人", phone=f"1990000000{n}", receipt=n) for n in range(5)]


def made(key: X25519PrivateKey, *, sizes: tuple[int, ...] = (2, 2, 1), end: int = 5) -> list[bytes]:
    """Return a file in its pieces: head, parts, end."""
    public = key.public_key().public_bytes_raw()
    head = head_bytes(
        ExportHead(warehouse="here", export=7, to=fingerprint(public), made_at="2026-11-25T08:00:00+08:00")
    )
    pieces, place = [head], 0
    for number, size in enumerate(sizes):
        pieces.append(seal_part(public, head, number, RECORDS[place : place + size]))
        place += size
    return [*pieces, seal_end(public, head, ExportEnd(records=end, parts=len(sizes), origin="ledger"))]


def read(data: bytes, key: X25519PrivateKey) -> list[ExportRecord]:
    reader = ExportReader(io.BytesIO(data), key)
    found = list(reader.records())
    assert reader.end is not None
    return found


@pytest.fixture
def key() -> X25519PrivateKey:
    return new_export_key()


def test_the_recipient_reads_what_was_sealed(key: X25519PrivateKey) -> None:
    assert read(b"".join(made(key)), key) == RECORDS


def test_nobody_else_reads_it_and_is_told_whose_it_is(key: X25519PrivateKey) -> None:
    with pytest.raises(SealError, check=has_code("export_key")) as refused:
        read(b"".join(made(key)), new_export_key())
    assert fingerprint(key.public_key().public_bytes_raw()) in refused.value.en


def test_what_is_sealed_shows_no_contact(key: X25519PrivateKey) -> None:
    data = b"".join(made(key))
    assert not any(record.phone.encode() in data for record in RECORDS)
    assert "测试人".encode() not in data


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda p: p[:-1], id="no end"),
        pytest.param(lambda p: [p[0], p[1], *p[3:]], id="a part dropped"),
        pytest.param(lambda p: [p[0], p[2], p[1], *p[3:]], id="parts swapped"),
        pytest.param(lambda p: [p[0], p[1], p[1], *p[2:]], id="a part repeated"),
        pytest.param(lambda p: [*p, p[1]], id="continued after its end"),
        pytest.param(lambda p: [*p[:-1], p[-1][:-1]], id="cut short by a byte"),
        pytest.param(lambda p: [p[0].replace(b"here", b"hier"), *p[1:]], id="another head"),
        pytest.param(lambda p: [p[0], p[1][:-1] + bytes([p[1][-1] ^ 1]), *p[2:]], id="a bit turned"),
        pytest.param(lambda _: [b"\xff" * 40], id="no such file"),
        pytest.param(lambda _: [], id="empty"),
        pytest.param(lambda p: [p[0], b"\xff\xff\xff\xff", *p[1:]], id="a length out of bounds"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    spoil: Callable[[list[bytes]], list[bytes]], key: X25519PrivateKey
) -> None:
    with pytest.raises(CannotOpenError, check=has_code("export_damaged")):
        read(b"".join(spoil(made(key))), key)


def test_a_part_of_another_file_is_refused(key: X25519PrivateKey) -> None:
    here, other = made(key), made(key)
    other_head = here[0].replace(b'"export":7', b'"export":8')
    with pytest.raises(CannotOpenError, check=has_code("export_damaged")):
        read(b"".join([other_head, *other[1:]]), key)


def test_an_end_that_counts_otherwise_is_refused(key: X25519PrivateKey) -> None:
    with pytest.raises(CannotOpenError, check=has_code("export_damaged")):
        read(b"".join(made(key, end=6)), key)


def test_a_newer_version_says_what_to_do(key: X25519PrivateKey) -> None:
    data = bytearray(b"".join(made(key)))
    data[4] = 2
    with pytest.raises(CannotOpenError, check=has_code("export_damaged"), match="update"):
        read(bytes(data), key)


def test_a_head_that_is_no_text_is_damage(key: X25519PrivateKey) -> None:
    data = b"".join(made(key))
    place = data.index(b"warehouse")
    with pytest.raises(CannotOpenError, check=has_code("export_damaged")):
        read(data[:place] + b"\xff" + data[place + 1 :], key)


def test_a_key_file_opens_and_a_damaged_one_says_so(key: X25519PrivateKey) -> None:
    pem = private_pem(key)
    assert read_private(pem).private_bytes_raw() == key.private_bytes_raw()
    for wrong in (b"", pem[:-40], b"-----BEGIN PRIVATE KEY-----\n", pem.replace(b"PRIVATE", b"PUBLIC")):
        with pytest.raises(SealError, check=has_code("export_key")):
            read_private(wrong)


def test_a_public_line_is_read_and_nothing_else(key: X25519PrivateKey) -> None:
    public = key.public_key().public_bytes_raw()
    line = public_line(public)
    assert read_public(f"  {line}\n") == public
    low_order = public_line(bytes(32))
    for wrong in ("", line[:-1], line + "A", line.upper(), line[5:], "wgx2" + line[4:], low_order):
        with pytest.raises(SealError, check=has_code("export_key")):
            read_public(wrong)


def test_a_fingerprint_is_compared_as_people_type_it(key: X25519PrivateKey) -> None:
    public = key.public_key().public_bytes_raw()
    shown = fingerprint(public)
    assert same_fingerprint(shown.lower().replace(" ", "-"), public)
    assert not same_fingerprint(shown[:-1], public)
    assert not same_fingerprint("", public)


def test_the_frozen_file_opens() -> None:
    key = read_private(FROZEN["private_pem"].encode())
    public = key.public_key().public_bytes_raw()
    assert public_line(public) == FROZEN["public_line"]
    assert fingerprint(public) == FROZEN["fingerprint"]
    reader = ExportReader(io.BytesIO(bytes.fromhex(FROZEN["file"])), key)
    assert [record.phone for record in reader.records()] == FROZEN["phones"]
    assert reader.end == ExportEnd(**FROZEN["end"])
    assert reader.head.warehouse == FROZEN["warehouse"]


def test_an_independent_reading_of_rfc_9180_opens_a_part(key: X25519PrivateKey) -> None:
    pieces = made(key, sizes=(5,))
    sealed = pieces[1][4:]
    info = frame(b"waybillguard export v1", _hash(pieces[0]), (0).to_bytes(8), b"data")
    opened = json.loads(_hpke_open(key, sealed[:32], sealed[32:], info))
    assert [row["phone"] for row in opened] == [record.phone for record in RECORDS]


def _hash(data: bytes) -> bytes:
    return sha256(data).digest()


def _hpke_open(key: X25519PrivateKey, enc: bytes, sealed: bytes, info: bytes) -> Any:
    """RFC 9180, sections 4.1 and 5.1, mode base, written down from its text alone."""
    kem = b"KEM" + (0x0020).to_bytes(2)
    suite = b"HPKE" + (0x0020).to_bytes(2) + (0x0001).to_bytes(2) + (0x0002).to_bytes(2)
    shared = key.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + key.public_key().public_bytes_raw()
    secret = _expand(kem, _extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    hashed = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    start = _extract(suite, secret, b"secret", b"")
    return AESGCM(_expand(suite, start, b"key", hashed, 32)).decrypt(
        _expand(suite, start, b"base_nonce", hashed, 12), sealed, b""
    )


def _extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    mac = HMAC(salt or bytes(Hash(SHA256()).algorithm.digest_size), SHA256())
    mac.update(b"HPKE-v1" + suite + label + secret)
    return mac.finalize()


def _expand(suite: bytes, secret: bytes, label: bytes, info: bytes, size: int) -> bytes:
    labelled = size.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return HKDFExpand(SHA256(), size, labelled).derive(secret)
