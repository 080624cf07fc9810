"""Every format computed a second time from docs/formats.md, with none of our code, against frozen vectors."""

import base64
import hashlib
import json
import re
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding

HERE = Path(__file__).parents[2]
VECTORS = HERE / "tests" / "vectors" / "seal"
PAGE = HERE / "docs" / "formats.md"
NAMES = sorted(path.stem for path in VECTORS.glob("*.json"))


def vectors(name: str) -> list[dict[str, Any]]:
    return json.loads((VECTORS / f"{name}.json").read_text())  # type: ignore[no-any-return]


def each(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", vectors(name))


def raw(case: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(case[name])


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def frame(*parts: bytes) -> bytes:
    return b"".join(u32(len(part)) + part for part in parts)


def b2(key: bytes, message: bytes, person: bytes, size: int) -> bytes:
    return blake2b(message, key=key, person=person, digest_size=size).digest()


def hkdf(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, info).derive(secret)


def purpose_key(root: bytes, purpose: str, context: bytes = b"") -> bytes:
    return hkdf(root, b"waybillguard/root/v1", frame(purpose.encode(), context), 32)


def test_each_example_on_the_page_is_the_first_frozen_vector() -> None:
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)]
    examples = {block.pop("example"): block for block in blocks}
    # Too long for the page; an independent reading of the second is in test_exportfile.
    assert sorted([*examples, "stream_chunks", "export"]) == NAMES
    for name, example in examples.items():
        assert example == vectors(name)[0]


@each("keyfile")
def test_key_file(case: dict[str, Any]) -> None:
    file = case["file"]
    salt, nonce, sealed = (base64.b64decode(file[name]) for name in ("salt", "nonce", "sealed"))
    memory, passes, lanes = (file["params"][name] for name in ("memory_kib", "passes", "lanes"))
    key = hash_secret_raw(case["passphrase"].encode(), salt, passes, memory, lanes, 32, Type.ID)
    aad = frame(
        b"waybillguard-keyfile/1", u32(memory), u32(passes), u32(lanes), salt, file["key_id"].encode()
    )
    root = AESGCM(key).decrypt(nonce, sealed, aad)
    assert root.hex() == case["root_key"]
    assert b2(root, b"", b"root-id", 8).hex() == file["key_id"]


@each("purposes")
def test_purpose_keys(case: dict[str, Any]) -> None:
    assert purpose_key(raw(case, "root_key"), case["purpose"], raw(case, "context")).hex() == case["key"]


@each("epoch")
def test_wrapped_epoch(case: dict[str, Any]) -> None:
    context = frame(b"epoch", case["tenant"].encode(), u32(case["epoch_id"]), u32(case["day"]))
    kek = purpose_key(raw(case, "root_key"), "wrap", context)
    assert aes_key_wrap_with_padding(kek, raw(case, "epoch_key")).hex() == case["wrapped"]


@each("envelope")
def test_sealed_contact(case: dict[str, Any]) -> None:
    body = b"\x01" + msgspec.msgpack.encode(case["contact"]) + b"\x80"
    plaintext = body + bytes(-len(body) % 32)
    header = b"\x5a\x01\x01" + u32(case["epoch_id"]) + u32(case["revision"])
    key = blake2b(
        key=raw(case, "epoch_key"), salt=raw(case, "salt"), person=b"rec-key\x01", digest_size=32
    ).digest()
    aad = frame(
        case["tenant"].encode(), raw(case, "order_uid"), case["shop"].encode(), b"\x01", b"\x01", header
    )
    nonce = u32(1) + case["revision"].to_bytes(8, "big")
    assert plaintext.hex() == case["plaintext"]
    assert (header + AESGCM(key).encrypt(nonce, plaintext, aad)).hex() == case["blob"]


@each("envelope_suites")
def test_sealed_contact_of_another_suite(case: dict[str, Any]) -> None:
    suite = bytes([case["suite"]])
    header = b"\x5a\x01" + suite + u32(case["epoch_id"]) + u32(case["revision"])
    epoch, salt, plaintext = raw(case, "epoch_key"), raw(case, "salt"), raw(case, "plaintext")
    aad = frame(
        case["tenant"].encode(), raw(case, "order_uid"), case["shop"].encode(), b"\x01", b"\x01", header
    )
    nonce = u32(1) + case["revision"].to_bytes(8, "big")
    if case["suite"] == 2:
        key = blake2b(key=epoch, salt=salt, person=b"rec-key" + suite, digest_size=32).digest()
        sealed = AESGCMSIV(key).encrypt(nonce, plaintext, aad)
    else:
        keyed = HMAC(epoch, SM3())
        keyed.update(b"rec-key" + suite + salt)
        context = Cipher(algorithms.SM4(keyed.finalize()[:16]), modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(aad)
        sealed = context.update(plaintext) + context.finalize() + context.tag
    assert (header + sealed).hex() == case["blob"]


@each("index")
def test_blind_index(case: dict[str, Any]) -> None:
    messages = {
        "13800000001": b"13800000001",
        " +86 138-0000-0001": b"13800000001",
        "0571-00000001": b"057100000001",
        "0001": b"0001" + u32(case["day"]) + case["shop"].encode(),
        " ｙｔ0000000000001 ": b"YT0000000000001",
    }
    when = date(1970, 1, 1) + timedelta(days=case["day"])
    month = when.year * 12 + when.month - 1
    parts = (case["tenant"].encode(), b"search", case["field"].encode(), u32(month))
    subkey = b2(raw(case, "index_root"), frame(*parts), b"index-key", 32)
    message = messages.get(case["value"], case["value"].encode())
    assert month == case["month"]
    assert b2(subkey, message, b"index-token", 16).hex() == case["token"]


@each("person")
def test_person_token(case: dict[str, Any]) -> None:
    when = date(1970, 1, 1) + timedelta(days=case["day"])
    extension = {" ａ1 ": "A1"}.get(case["extension"], case["extension"])
    message = (case["phone"] + (f"-{extension}" if extension else "")).encode()

    def token(year: int) -> str:
        key = b2(raw(case, "token_root"), frame(case["tenant"].encode(), u32(year)), b"person-key", 32)
        return b2(key, message, b"person-token", 16).hex()

    in_overlap = (when - date(when.year, 1, 1)).days < 30
    assert case["token"] == token(when.year)
    assert case["previous"] == (token(when.year - 1) if in_overlap else "")


@each("decoy")
def test_decoy_tag(case: dict[str, Any]) -> None:
    flag = bytes([case["decoy"]])
    key = b2(raw(case, "decoy_root"), frame(case["tenant"].encode(), flag), b"decoy-key", 32)
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(raw(case, "order_uid"))
    assert block.hex() == case["tag"]


@each("reference")
def test_sealed_reference(case: dict[str, Any]) -> None:
    header = b"\x01" + u32(case["key_id"])
    body = bytes([case["kind"]]) + raw(case, "uid") + case["attempt"].to_bytes(2, "big") + bytes(8)
    parts = frame(case["tenant"].encode(), u32(case["key_id"]))
    key = b2(raw(case, "reference_root"), parts, b"reference-key", 64)
    sealed = header + AESSIV(key).encrypt(body, [header])
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    text = ""
    for at in range(0, 48, 2):
        value = int.from_bytes(sealed[at : at + 2], "big")
        text += alphabet[value % 45] + alphabet[value // 45 % 45] + alphabet[value // 2025]
    assert sealed.hex() == case["bytes"]
    assert text == case["text"]


def sealed_file(case: dict[str, Any], plain: bytes) -> bytes:
    header = b"WBGS\x01\x01" + raw(case, "salt")
    secret = hkdf(raw(case, "key"), raw(case, "salt"), b"waybillguard/stream/v1", 39)
    aad = frame(header, raw(case, "context"))
    chunks = [plain[at : at + 65536] for at in range(0, len(plain), 65536)] or [b""]
    out = header
    for counter, chunk in enumerate(chunks):
        nonce = secret[32:] + u32(counter) + bytes([counter == len(chunks) - 1])
        out += AESGCM(secret[:32]).encrypt(nonce, chunk, aad)
    return out


@each("stream")
def test_sealed_file(case: dict[str, Any]) -> None:
    assert sealed_file(case, raw(case, "plaintext")).hex() == case["sealed"]


@each("stream_chunks")
def test_sealed_file_around_the_chunk_size(case: dict[str, Any]) -> None:
    sealed = sealed_file(case, bytes(case["zeros"]))
    assert (len(sealed), hashlib.sha256(sealed).hexdigest()) == (case["sealed_size"], case["sealed_sha256"])
