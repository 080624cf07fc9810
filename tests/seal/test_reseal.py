"""Sealing again under new keys: everything opens and is found, nothing that was destroyed comes back."""

from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from waybillguard.keys import FileHolder, RootKey
from waybillguard.seal import Contact, IndexKeys, Sealer, SealInput, TenantKeys, open_contact, parse_header
from waybillguard.seal.grams import GramKeys
from waybillguard.seal.indexes import month_of
from waybillguard.seal.reseal import ResealedOrders, StoredOrders, reseal_many
from waybillguard.seal.suites import Suite

DAY = 20_781
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
PHONES = ["13800000001", "0571-88880000", ""]


@pytest.fixture
def keys() -> TenantKeys:
    return TenantKeys.derive(FileHolder(RootKey(bytes(32))), "w1")


@pytest.fixture
def next_keys(keys: TenantKeys) -> TenantKeys:
    later = IndexKeys(bytes([7]) * 32, "w1", earlier=keys.indexes, overlap=True)
    return msgspec.structs.replace(keys, indexes=later)


def inputs() -> list[SealInput]:
    made = [
        SealInput(
            bytes([n]) * 16,
            Contact(name="测试人甲", phone=phone),
            "测试店",
            DAY,
            f"NO{n}",
            "YT9",
            row=b"r%d" % n,
        )
        for n, phone in enumerate(PHONES)
    ]
    return [*made, SealInput(b"\xee" * 16, None, "测试店", DAY, "NO-A", row=b"reference")]


class Stored(NamedTuple):
    """A row of `StoredOrders`."""

    order_uid: bytes
    day: int
    shop: str
    order_no: str
    waybill_no: str
    salt: bytes
    blob: bytes
    phone_index: bytes
    last4_index: bytes
    order_index: bytes
    waybill_index: bytes
    row_index: bytes


class Resealed(NamedTuple):
    """A row of `ResealedOrders`."""

    opened: bool
    salt: bytes
    blob: bytes
    phone_index: bytes
    last4_index: bytes
    order_index: bytes
    waybill_index: bytes
    row_index: bytes
    name_grams: bytes
    address_grams: bytes


def stored(
    keys: TenantKeys, epoch: bytes = OLD, number: int = 1, suite: int = Suite.AES_256_GCM
) -> list[Stored]:
    orders = inputs()
    return [
        Stored(
            order.order_uid, order.day, order.shop, order.order_no, order.waybill_no, row.salt, row.blob,
            row.phone_index, row.last4_index, row.order_index, row.waybill_index, row.row_index,
        )
        for order, row in zip(orders, Sealer(epoch, number, keys, suite=suite).seal_many(orders), strict=True)
    ]  # fmt: skip


def again(
    orders: list[Stored], keys: TenantKeys, suite: int = Suite.AES_256_GCM, grams: GramKeys | None = None
) -> list[Resealed]:
    columns = reseal_many(
        StoredOrders.of(orders), tenant="w1", old_epochs={1: OLD}, new_epochs={DAY: (2, NEW)},
        indexes=keys.indexes, grams=grams, suite=suite,
    )  # fmt: skip
    assert isinstance(columns, ResealedOrders)
    names = columns.__struct_fields__
    return [Resealed(*row) for row in zip(*(getattr(columns, name) for name in names), strict=True)]


@pytest.mark.parametrize("before", list(Suite))
@pytest.mark.parametrize("after", list(Suite))
def test_a_rotation_changes_the_suite(
    before: Suite, after: Suite, keys: TenantKeys, next_keys: TenantKeys
) -> None:
    old = stored(keys, suite=before)
    assert {order.blob[2] for order in old if order.blob} == {before}
    for new, order, source in zip(again(old, next_keys, after), old, inputs(), strict=True):
        if source.contact is None:
            continue
        assert parse_header(new.blob).suite == after
        opened = open_contact(
            new.blob, epoch=NEW, salt=new.salt, tenant="w1", order_uid=order.order_uid, shop=order.shop
        )
        assert opened == source.contact


def test_no_orders_are_no_columns_of_nothing(next_keys: TenantKeys) -> None:
    assert again([], next_keys) == []


def test_grams_are_those_of_an_order_sealed_anew(keys: TenantKeys, next_keys: TenantKeys) -> None:
    grams = GramKeys(bytes([7]) * 32, "w1")
    for new, source in zip(again(stored(keys), next_keys, grams=grams), inputs(), strict=True):
        wanted = (b"", b"") if source.contact is None else grams.of_contact(source.contact, month_of(DAY))
        assert (new.name_grams, new.address_grams) == wanted


def test_contacts_open_under_the_new_key_alone(keys: TenantKeys, next_keys: TenantKeys) -> None:
    before = stored(keys)
    for old, new, source in zip(before, again(before, next_keys), inputs(), strict=True):
        assert new.opened
        if source.contact is None:
            assert (new.blob, new.salt) == (b"", b"")
            continue
        header = parse_header(new.blob)
        assert (header.epoch_id, header.revision) == (2, 0)
        assert new.salt != old.salt
        assert source.contact == open_contact(
            new.blob, epoch=NEW, salt=new.salt, tenant="w1", order_uid=old.order_uid, shop=old.shop
        )


def test_a_rotation_moves_no_order_to_another_shop(keys: TenantKeys, next_keys: TenantKeys) -> None:
    moved = [one._replace(shop="别的店") for one in stored(keys) if one.blob]
    assert [(new.opened, new.blob) for new in again(moved, next_keys)] == [(False, one.blob) for one in moved]


def test_tokens_are_those_of_an_order_sealed_anew(keys: TenantKeys, next_keys: TenantKeys) -> None:
    fresh = stored(next_keys, NEW, 2)
    for new, made in zip(again(stored(keys), next_keys), fresh, strict=True):
        for name in ("phone_index", "last4_index", "order_index", "waybill_index", "row_index"):
            assert getattr(new, name) == getattr(made, name), name


def test_while_both_roots_live_a_search_asks_both(keys: TenantKeys, next_keys: TenantKeys) -> None:
    months, indexes = [month_of(DAY)], next_keys.indexes
    for old, new in zip(stored(keys)[:1], again(stored(keys), next_keys)[:1], strict=True):
        assert {old.phone_index, new.phone_index} == set(indexes.phone_tokens(PHONES[0], months))
        assert {old.order_index, new.order_index} == set(indexes.order_tokens("NO0", months))
        assert {old.waybill_index, new.waybill_index} == set(indexes.waybill_tokens("YT9", months))
        assert {old.last4_index, new.last4_index} == set(indexes.last4_tokens("0001", ["测试店"], [DAY]))
    done = IndexKeys(bytes([7]) * 32, "w1", earlier=keys.indexes)
    assert len(done.phone_tokens(PHONES[0], months)) == 1


def test_row_tokens_are_carried_over_without_the_row(keys: TenantKeys, next_keys: TenantKeys) -> None:
    before = [order.row_index for order in stored(keys)]
    carried = next_keys.indexes.carry_rows(before, month_of(DAY))
    assert carried == next_keys.indexes.row_column([order.row for order in inputs()], month_of(DAY))
    assert carried[0] == next_keys.indexes.row_token(b"r0", DAY)
    assert not set(carried) & set(before)


def test_what_was_destroyed_does_not_come_back(keys: TenantKeys, next_keys: TenantKeys) -> None:
    gone = stored(keys)[0]._replace(
        salt=b"", phone_index=b"", last4_index=b"", order_index=b"", waybill_index=b"", row_index=b""
    )  # fmt: skip
    (new,) = again([gone], next_keys)
    assert not new.opened
    assert (new.salt, new.blob) == (b"", gone.blob)
    tokens = (new.phone_index, new.last4_index, new.order_index, new.waybill_index, new.row_index)
    assert tokens == (b"",) * 5


@pytest.mark.parametrize("how", ["a flipped bit", "swapped", "another day key", "a newer version"])
def test_what_does_not_open_is_kept_as_it_was(how: str, keys: TenantKeys, next_keys: TenantKeys) -> None:
    first, second = stored(keys)[:2]
    blob = bytearray(first.blob)
    if how == "a flipped bit":
        blob[-1] ^= 1
    elif how == "swapped":
        blob[:] = second.blob
    elif how == "another day key":
        blob[3:7] = (9).to_bytes(4)
    else:
        blob[1] = 9
    broken = first._replace(blob=bytes(blob))
    (new,) = again([broken], next_keys)
    assert not new.opened
    assert (new.blob, new.salt, new.phone_index) == (broken.blob, broken.salt, broken.phone_index)
    assert new.order_index != broken.order_index


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    which=st.integers(0, 2), suite=st.sampled_from(Suite), cut=st.integers(0, 400), bit=st.integers(0, 10_000),
    how=st.sampled_from(["flip", "cut", "swap", "salt", "key", "uid", "version"]),
)  # fmt: skip
@example(which=0, suite=Suite.AES_256_GCM, cut=18, bit=0, how="cut")
def test_whatever_happened_to_a_blob_it_stays_as_it_was_and_no_other_suffers(
    which: int, suite: Suite, cut: int, bit: int, how: str
) -> None:
    keys = TenantKeys.derive(FileHolder(RootKey(bytes(32))), "w1")
    later = msgspec.structs.replace(keys, indexes=IndexKeys(bytes([7]) * 32, "w1", earlier=keys.indexes))
    orders = stored(keys, suite=suite)
    order = orders[which]
    blob, other = bytearray(order.blob), orders[(which + 1) % 3]
    if how == "flip":
        place = bit % (8 * len(blob))
        blob[place // 8] ^= 1 << place % 8
    elif how == "cut":
        del blob[cut % len(blob) :]
    elif how == "version":
        blob[1] -= 1
    changed = order._replace(blob=bytes(blob))
    if how == "swap":
        changed = order._replace(blob=other.blob)
    elif how == "salt":
        changed = order._replace(salt=other.salt)
    elif how == "uid":
        changed = order._replace(order_uid=bytes(15))
    elif how == "key":
        changed = stored(keys, epoch=bytes(32), suite=suite)[which]
    orders[which] = changed
    answer = again(orders, later)
    new = answer[which]
    assert new.opened == (not changed.blob)
    kept = (changed.blob, changed.salt, changed.phone_index, changed.last4_index)
    assert (new.blob, new.salt, new.phone_index, new.last4_index) == kept
    assert (new.name_grams, new.address_grams) == (b"", b"")
    assert all(one.opened for place, one in enumerate(answer) if place != which)
