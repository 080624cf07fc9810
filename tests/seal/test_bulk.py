"""Sealing in bulk gives the same result as sealing one by one, for any batch."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys import FileHolder, RootKey
from waybillguard.keys.errors import KeysError
from waybillguard.seal import (
    CannotSealError,
    Contact,
    SealedOrder,
    Sealer,
    SealInput,
    TenantKeys,
    month_of,
    open_contact,
    seal_contact,
)

EPOCH = bytes(range(64, 96))
KEYS = TenantKeys.derive(FileHolder(RootKey(bytes(range(32)))), "w1")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
phones = st.sampled_from(
    ["", "13800000001", "0571-00000001", "+86 13800000001", "12", "１３８００００００01"]
)
contacts = st.builds(
    Contact, texts, phones, st.just(()), st.sampled_from(["", "1", "２ａ"]), texts, texts, texts, texts
)
inputs = st.builds(
    SealInput,
    order_uid=st.binary(min_size=16, max_size=16),
    contact=st.none() | contacts,
    shop=texts,
    day=st.sampled_from([0, 20781, 20782, 20819, 20848, 20849]),
    order_no=texts,
    waybill_no=texts,
    decoy=st.booleans(),
    row=st.binary(max_size=4),
)


def one_by_one(order: SealInput, salt: bytes) -> SealedOrder:
    contact, months = order.contact, [month_of(order.day)]
    indexes = KEYS.indexes
    blob = phone = last4 = token = previous = b""
    if contact is not None:
        uid = order.order_uid
        blob = seal_contact(
            contact, epoch=EPOCH, epoch_id=7, salt=salt, tenant="w1", order_uid=uid, shop=order.shop
        )
        phone = b"".join(indexes.phone_tokens(contact.phone, months))
        if phone and contact.phone != "12":
            last4 = indexes.last4_tokens("0001", [order.shop], [order.day])[0]
        token, previous = KEYS.persons.tokens(contact.phone, order.day, contact.extension)
    return SealedOrder(
        blob=blob,
        salt=salt if contact is not None else b"",
        phone_index=phone,
        last4_index=last4,
        order_index=b"".join(indexes.order_tokens(order.order_no, months)),
        waybill_index=b"".join(indexes.waybill_tokens(order.waybill_no, months)),
        row_index=indexes.row_token(order.row, order.day) if order.row else b"",
        person_token=token,
        person_token_previous=previous,
        decoy_tag=KEYS.decoys.tag(order.order_uid, decoy=order.decoy),
    )


@given(orders=st.lists(inputs, max_size=8))
def test_a_batch_equals_its_orders_sealed_one_by_one(orders: list[SealInput]) -> None:
    salts = bytes(index % 251 for index in range(16 * len(orders)))
    sealed = Sealer(EPOCH, 7, KEYS, random=lambda size: salts[:size]).seal_many(orders)
    expected = [one_by_one(order, salts[16 * n : 16 * n + 16]) for n, order in enumerate(orders)]
    assert sealed == expected


def test_each_order_of_a_batch_opens_with_its_own_salt_alone(order: SealInput) -> None:
    orders = [msgspec.structs.replace(order, order_uid=bytes([n]) * 16) for n in range(50)]
    sealed = Sealer(EPOCH, 7, KEYS).seal_many(orders)
    for asked, given_back in zip(orders, sealed, strict=True):
        assert asked.contact == open_contact(
            given_back.blob, epoch=EPOCH, salt=given_back.salt, tenant="w1", order_uid=asked.order_uid,
            shop=asked.shop,
        )  # fmt: skip
    assert len({one.salt for one in sealed}) == 50


def test_the_same_batch_twice_shares_no_salt_and_no_ciphertext(order: SealInput) -> None:
    sealer = Sealer(EPOCH, 7, KEYS)
    first, second = sealer.seal_many([order]), sealer.seal_many([order])
    assert first[0].salt != second[0].salt
    assert first[0].blob[11:] != second[0].blob[11:]


def test_randomness_is_asked_once_a_batch(order: SealInput) -> None:
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return bytes(size)

    Sealer(EPOCH, 7, KEYS, random=random).seal_many([order, order, order])
    assert asked == [48]


def test_a_short_source_of_randomness_is_refused(order: SealInput) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        Sealer(EPOCH, 7, KEYS, random=lambda size: bytes(size - 1)).seal_many([order])


def test_an_empty_batch_is_an_empty_list() -> None:
    assert Sealer(EPOCH, 7, KEYS).seal_many([]) == []


def test_an_order_that_cannot_be_sealed_is_named_by_its_position(order: SealInput) -> None:
    bad = msgspec.structs.replace(order, contact=Contact(name="\udc00"))
    with pytest.raises(CannotSealError, match="row 3 of the batch") as caught:
        Sealer(EPOCH, 7, KEYS).seal_many([order, order, bad, order])
    assert caught.value.position == 2
    assert caught.value.__suppress_context__


def test_half_a_surrogate_pair_in_a_number_or_shop_does_not_stop_the_batch(order: SealInput) -> None:
    odd = msgspec.structs.replace(order, shop="店\ud800", order_no="\udfff1", waybill_no="\ud800")
    sealed = Sealer(EPOCH, 7, KEYS).seal_many([odd])[0]
    assert sealed.order_index == KEYS.indexes.order_tokens("\udfff1", [month_of(odd.day)])[0]
    assert sealed.last4_index == KEYS.indexes.last4_tokens("0001", ["店\ud800"], [odd.day])[0]


@pytest.mark.parametrize("uids", [[b"short"], [bytes(15), bytes(17)]])
def test_an_order_uid_of_the_wrong_size_is_refused(order: SealInput, uids: list[bytes]) -> None:
    orders = [msgspec.structs.replace(order, order_uid=uid) for uid in uids]
    with pytest.raises(KeysError, check=has_code("key_use")):
        Sealer(EPOCH, 7, KEYS).seal_many(orders)


@pytest.mark.parametrize("day", [-1, 2**31])
def test_a_day_outside_the_calendar_is_refused(order: SealInput, day: int) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        Sealer(EPOCH, 7, KEYS).seal_many([msgspec.structs.replace(order, day=day)])


def test_an_epoch_key_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        Sealer(bytes(16), 7, KEYS)


def test_no_token_of_one_tenant_is_one_of_another(order: SealInput) -> None:
    other = TenantKeys.derive(FileHolder(RootKey(bytes(range(32)))), "w2")
    ours, theirs = (Sealer(EPOCH, 7, keys).seal_many([order])[0] for keys in (KEYS, other))
    names = ("phone_index", "last4_index", "order_index", "waybill_index", "person_token", "decoy_tag")
    assert not {getattr(ours, name) for name in names} & {getattr(theirs, name) for name in names}


def test_sealer_and_keys_show_nothing() -> None:
    shown = f"{Sealer(EPOCH, 7, KEYS)!r} {KEYS!r}"
    assert shown == "Sealer(…) TenantKeys(…)"
