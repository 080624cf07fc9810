"""A blob opens only in the context in which it was sealed."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys.errors import KeysError
from waybillguard.seal import (
    CannotOpenError,
    Contact,
    SenderContact,
    Suite,
    open_contact,
    parse_header,
    seal_contact,
)
from waybillguard.seal.envelope import HEADER_SIZE, FieldGroup, open_blob, record_key, seal_blob

EPOCH = bytes(range(64, 96))
PLACE: dict[str, Any] = {
    "epoch": EPOCH,
    "salt": bytes(range(16)),
    "tenant": "w1",
    "order_uid": bytes(range(16, 32)),
    "shop": "测试店铺",
}
CONTACT = Contact("测试人甲", "13800000001", ("13800000001",), detail="虚构路1号", remark="请放门口")
BLOB = seal_contact(CONTACT, epoch_id=7, revision=3, **PLACE)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
senders = st.builds(SenderContact, texts, texts, texts)
contacts = st.builds(
    Contact,
    *(texts, texts, st.lists(texts, max_size=3).map(tuple), texts, texts, texts, texts, texts, texts),
    sender=st.none() | senders,
)


@given(
    contact=contacts,
    epoch=st.binary(min_size=32, max_size=32),
    salt=st.binary(min_size=16, max_size=16),
    order_uid=st.binary(min_size=16, max_size=16),
    shop=texts,
    tenant=texts,
    epoch_id=st.integers(0, 2**32 - 1),
    revision=st.integers(0, 2**32 - 1),
)
def test_a_sealed_contact_comes_back_whole(
    contact: Contact, epoch_id: int, revision: int, **place: Any
) -> None:
    blob = seal_contact(contact, epoch_id=epoch_id, revision=revision, **place)
    header = parse_header(blob)
    assert (header.suite, header.epoch_id, header.revision) == (1, epoch_id, revision)
    assert open_contact(blob, **place) == contact


@given(bit=st.integers(0, len(BLOB) * 8 - 1))
def test_any_flipped_bit_gives_the_one_error(bit: int) -> None:
    flipped = bytearray(BLOB)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpenError):
        open_contact(bytes(flipped), **PLACE)


@given(size=st.integers(0, len(BLOB) - 1))
def test_a_blob_cut_short_gives_the_one_error(size: int) -> None:
    with pytest.raises(CannotOpenError):
        open_contact(BLOB[:size], **PLACE)


@given(extra=st.binary(min_size=1, max_size=40))
def test_a_blob_with_something_behind_it_gives_the_one_error(extra: bytes) -> None:
    with pytest.raises(CannotOpenError):
        open_contact(BLOB + extra, **PLACE)


@given(blob=st.binary(max_size=200))
def test_random_bytes_give_the_one_error(blob: bytes) -> None:
    with pytest.raises(CannotOpenError):
        open_contact(blob, **PLACE)


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("epoch", bytes(32)), ("salt", bytes(16)), ("tenant", "w2"), ("tenant", ""), ("order_uid", bytes(16)),
        ("shop", "测试店"), ("shop", ""),
    ],
)  # fmt: skip
def test_another_key_salt_tenant_order_or_shop_gives_the_one_error(what: str, other: object) -> None:
    with pytest.raises(CannotOpenError) as caught:
        open_contact(BLOB, **{**PLACE, what: other})
    assert type(caught.value) is CannotOpenError


@pytest.mark.parametrize("group", [0, 2, 255])
def test_another_field_group_gives_the_one_error(group: int) -> None:
    with pytest.raises(CannotOpenError):
        open_blob(BLOB, group=group, schema=1, **PLACE)


@pytest.mark.parametrize("schema", [0, 2])
def test_another_schema_gives_the_one_error(schema: int) -> None:
    with pytest.raises(CannotOpenError):
        open_blob(BLOB, group=FieldGroup.CONTACT, schema=schema, **PLACE)


def test_the_rows_of_two_orders_cannot_be_swapped() -> None:
    other = {**PLACE, "order_uid": bytes(range(32, 48)), "salt": bytes(range(1, 17))}
    theirs = seal_contact(CONTACT, epoch_id=7, **other)
    with pytest.raises(CannotOpenError):
        open_contact(theirs, **PLACE)
    with pytest.raises(CannotOpenError):
        open_contact(theirs, **{**other, "order_uid": PLACE["order_uid"]})


def test_tenant_and_order_do_not_run_into_each_other() -> None:
    blob = seal_contact(CONTACT, epoch_id=7, **{**PLACE, "tenant": "w1" + "\x10" * 4})
    with pytest.raises(CannotOpenError):
        open_contact(blob, **{**PLACE, "tenant": "w1"})


@pytest.mark.parametrize(("at", "value"), [(1, 0), (1, 2), (2, 0), (2, 4), (2, 255)])
def test_another_version_or_suite_says_so(at: int, value: int) -> None:
    changed = bytearray(BLOB)
    changed[at] = value
    with pytest.raises(CannotOpenError, check=has_code("unknown_suite"), match="Upgrade"):
        open_contact(bytes(changed), **PLACE)


@pytest.mark.parametrize("suite", [Suite.AES_256_GCM_SIV, Suite.SM4_GCM_SM3])
def test_a_blob_does_not_open_as_one_of_another_suite(suite: Suite) -> None:
    changed = bytearray(BLOB)
    changed[2] = suite
    with pytest.raises(CannotOpenError):
        open_contact(bytes(changed), **PLACE)


@pytest.mark.parametrize("suite", list(Suite))
def test_every_suite_opens_what_it_sealed_and_nothing_that_was_touched(suite: Suite) -> None:
    blob = seal_contact(CONTACT, epoch_id=7, suite=suite, **PLACE)
    assert parse_header(blob).suite == suite
    assert open_contact(blob, **PLACE) == CONTACT
    for place in range(HEADER_SIZE, len(blob), 7):
        touched = bytearray(blob)
        touched[place] ^= 1
        with pytest.raises(CannotOpenError):
            open_contact(bytes(touched), **PLACE)
    for length in (HEADER_SIZE + 16, HEADER_SIZE + 17, len(blob) - 1):
        with pytest.raises(CannotOpenError):
            open_contact(blob[:length], **PLACE)


def test_the_ciphertext_of_one_revision_does_not_pass_as_another() -> None:
    older = seal_contact(CONTACT, epoch_id=7, revision=2, **PLACE)
    mixed = BLOB[:HEADER_SIZE] + older[HEADER_SIZE:]
    with pytest.raises(CannotOpenError):
        open_contact(mixed, **PLACE)


def test_each_revision_of_a_contact_has_a_ciphertext_of_its_own() -> None:
    bodies = {seal_contact(CONTACT, epoch_id=7, revision=n, **PLACE)[HEADER_SIZE:] for n in range(20)}
    assert len(bodies) == 20


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("epoch", bytes(31)),
        ("salt", bytes(15)),
        ("salt", b""),
        ("order_uid", b"1"),
        ("epoch_id", -1),
        ("epoch_id", 2**32),
        ("revision", 2**32),
    ],
)
def test_a_key_or_number_of_the_wrong_size_is_a_fault_of_the_program(what: str, other: object) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        seal_contact(CONTACT, **{**PLACE, "epoch_id": 7, "revision": 0, what: other})


def test_record_keys_of_different_suites_differ() -> None:
    assert record_key(EPOCH, PLACE["salt"], 1) != record_key(EPOCH, PLACE["salt"], 2)


def test_a_record_key_shows_nothing() -> None:
    assert repr(record_key(EPOCH, PLACE["salt"])) == "SecretKey(…)"


def test_the_blob_holds_no_clear_text() -> None:
    assert "测试人甲".encode() not in BLOB
    assert b"13800000001" not in BLOB


def test_the_error_says_what_to_do_in_both_languages_and_nothing_of_the_order() -> None:
    with pytest.raises(CannotOpenError) as caught:
        open_contact(BLOB[:-1], **PLACE)
    assert "备份" in caught.value.zh
    assert "backup" in caught.value.en
    assert "w1" not in caught.value.zh + caught.value.en


def test_a_group_of_another_number_opens_under_that_number() -> None:
    blob = seal_blob(b"x", epoch_id=1, group=9, schema=4, suite=Suite.AES_256_GCM, **PLACE)
    assert open_blob(blob, group=9, schema=4, **PLACE) == b"x"


def test_a_genuine_blob_that_is_no_contact_gives_the_one_error() -> None:
    for plaintext in (b"", b"\x01\x90\x80" + bytes(28), bytes(32), b"\x01\xc1\x80" + bytes(29)):
        blob = seal_blob(plaintext, epoch_id=1, group=FieldGroup.CONTACT, schema=1, **PLACE)
        with pytest.raises(CannotOpenError):
            open_contact(blob, **PLACE)


def test_contacts_are_values() -> None:
    assert msgspec.structs.replace(CONTACT, remark="") != CONTACT
