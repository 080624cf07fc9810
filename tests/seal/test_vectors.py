"""Our code against the frozen vectors: old sealed data still opens, and sealing gives the same bytes."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from waybillguard.keys import FileHolder, Purpose, RootKey, WrappedEpoch, keyfile, new_epoch, unwrap_epoch
from waybillguard.seal import (
    Contact,
    DecoyKey,
    IndexKeys,
    PersonKeys,
    Reference,
    ReferenceKeys,
    ReferenceKind,
    SenderContact,
    open_contact,
    open_stream,
    seal_contact,
    seal_stream,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "seal"


def each(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", json.loads((VECTORS / f"{name}.json").read_text()))


def raw(case: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(case[name])


@each("keyfile")
def test_the_frozen_key_file_opens(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    path.write_text(json.dumps(case["file"]))
    path.chmod(0o600)
    assert keyfile.unlock(path, case["passphrase"]).hex() == case["root_key"]


@each("purposes")
def test_purposes_derive_the_frozen_keys(case: dict[str, Any]) -> None:
    holder = FileHolder(RootKey(raw(case, "root_key")))
    assert holder.key_id == case["key_id"]
    assert holder.derive(Purpose(case["purpose"]), raw(case, "context")).hex() == case["key"]


@each("epoch")
def test_frozen_epochs_unwrap_and_wrap_the_same(case: dict[str, Any]) -> None:
    holder = FileHolder(RootKey(raw(case, "root_key")))
    tenant, epoch_id, day = case["tenant"], case["epoch_id"], case["day"]
    made = new_epoch(
        holder, tenant=tenant, day=day, epoch_id=epoch_id, random=lambda _: raw(case, "epoch_key")
    )
    frozen = WrappedEpoch(epoch_id, tenant, day, raw(case, "wrapped"))
    assert made.wrapped == frozen.wrapped
    assert unwrap_epoch(holder, frozen).hex() == case["epoch_key"]


@each("envelope")
def test_frozen_contacts_open_and_seal_the_same(case: dict[str, Any]) -> None:
    *fields, sender = case["contact"]
    fields[2] = tuple(fields[2])
    contact = Contact(*fields, sender=None if sender is None else SenderContact(*sender))
    place = {
        "epoch": raw(case, "epoch_key"),
        "salt": raw(case, "salt"),
        "tenant": case["tenant"],
        "order_uid": raw(case, "order_uid"),
        "shop": case["shop"],
    }
    blob = seal_contact(contact, epoch_id=case["epoch_id"], revision=case["revision"], **place)
    assert blob.hex() == case["blob"]
    assert open_contact(raw(case, "blob"), **place) == contact


@each("envelope_suites")
def test_frozen_contacts_of_the_other_suites_open_and_seal_the_same(case: dict[str, Any]) -> None:
    *fields, sender = case["contact"]
    fields[2] = tuple(fields[2])
    contact = Contact(*fields, sender=None if sender is None else SenderContact(*sender))
    place = {name: raw(case, name) for name in ("salt", "order_uid")}
    place |= {"epoch": raw(case, "epoch_key"), "tenant": case["tenant"], "shop": case["shop"]}
    numbers = {name: case[name] for name in ("epoch_id", "revision", "suite")}
    assert seal_contact(contact, **numbers, **place).hex() == case["blob"]
    assert open_contact(raw(case, "blob"), **place) == contact


@each("index")
def test_search_tokens_are_the_frozen_ones(case: dict[str, Any]) -> None:
    keys = IndexKeys(raw(case, "index_root"), case["tenant"])
    value, months = case["value"], [case["month"]]
    match case["field"]:
        case "phone":
            tokens = keys.phone_tokens(value, months)
        case "last4":
            tokens = keys.last4_tokens(value, [case["shop"]], [case["day"]])
        case "order":
            tokens = keys.order_tokens(value, months)
        case "waybill":
            tokens = keys.waybill_tokens(value, months)
        case _:
            tokens = [keys.row_token(value.encode(), case["day"])]
    assert [token.hex() for token in tokens] == [case["token"]]


@each("person")
def test_person_tokens_are_the_frozen_ones(case: dict[str, Any]) -> None:
    keys = PersonKeys(raw(case, "token_root"), case["tenant"])
    token, previous = keys.tokens(case["phone"], case["day"], case["extension"])
    assert (token.hex(), previous.hex()) == (case["token"], case["previous"])


@each("decoy")
def test_frozen_decoy_tags_are_told_apart(case: dict[str, Any]) -> None:
    key = DecoyKey(raw(case, "decoy_root"), case["tenant"])
    assert key.is_decoy(raw(case, "order_uid"), raw(case, "tag")) is case["decoy"]


@each("reference")
def test_frozen_references_open_and_seal_the_same(case: dict[str, Any]) -> None:
    keys = ReferenceKeys(raw(case, "reference_root"), case["tenant"])
    kind, uid, attempt = ReferenceKind(case["kind"]), raw(case, "uid"), case["attempt"]
    assert keys.seal_many([(uid, attempt)], kind=kind, key_id=case["key_id"]) == [case["text"]]
    assert keys.open_text(case["text"]) == keys.open(raw(case, "bytes")) == Reference(kind, uid, attempt)


@each("stream")
def test_frozen_files_open_and_seal_the_same(case: dict[str, Any]) -> None:
    key, context, plain = (raw(case, name) for name in ("key", "context", "plaintext"))
    assert b"".join(open_stream(key, io.BytesIO(raw(case, "sealed")), context)) == plain
    sealed = b"".join(seal_stream(key, [plain], context, random=lambda _: raw(case, "salt")))
    assert sealed.hex() == case["sealed"]


@each("stream_chunks")
def test_files_around_the_chunk_size_seal_to_the_frozen_digest(case: dict[str, Any]) -> None:
    pieces = [bytes(1000)] * (case["zeros"] // 1000) + [bytes(case["zeros"] % 1000)]
    sealed = b"".join(seal_stream(raw(case, "key"), pieces, random=lambda _: raw(case, "salt")))
    assert hashlib.sha256(sealed).hexdigest() == case["sealed_sha256"]
