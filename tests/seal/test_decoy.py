"""Decoy tags: only the key distinguishes decoys from real orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys.errors import KeysError
from waybillguard.seal import CannotOpenError, DecoyKey

KEY = DecoyKey(bytes(range(32)), "w1")
uids = st.binary(min_size=16, max_size=16)


@given(uid=uids, decoy=st.booleans())
def test_a_tag_tells_its_kind(uid: bytes, *, decoy: bool) -> None:
    tag = KEY.tag(uid, decoy=decoy)
    assert len(tag) == 16
    assert KEY.is_decoy(uid, tag) is decoy


@given(orders=st.lists(st.tuples(uids, st.booleans())))
def test_tags_of_a_batch_are_those_of_its_orders(orders: list[tuple[bytes, bool]]) -> None:
    tags = KEY.tags([uid for uid, _ in orders], [decoy for _, decoy in orders])
    assert tags == [KEY.tag(uid, decoy=decoy) for uid, decoy in orders]


@given(uid=uids, decoy=st.booleans(), bit=st.integers(0, 127))
def test_a_flipped_bit_makes_it_neither(uid: bytes, bit: int, *, decoy: bool) -> None:
    tag = bytearray(KEY.tag(uid, decoy=decoy))
    tag[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpenError, check=has_code("decoy_tag")):
        KEY.is_decoy(uid, bytes(tag))


@pytest.mark.parametrize("tag", [b"", bytes(15), bytes(17)])
def test_a_tag_of_another_length_is_neither(tag: bytes) -> None:
    with pytest.raises(CannotOpenError, check=has_code("decoy_tag")):
        KEY.is_decoy(bytes(16), tag)


def test_the_tag_of_another_order_or_tenant_is_neither() -> None:
    uid = bytes(range(16))
    for tag in (
        KEY.tag(bytes(16), decoy=True),
        DecoyKey(bytes(range(32)), "w2").tag(uid, decoy=True),
        DecoyKey(bytes(32), "w1").tag(uid, decoy=False),
    ):
        with pytest.raises(CannotOpenError, check=has_code("decoy_tag")):
            KEY.is_decoy(uid, tag)


def test_a_uid_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        KEY.tag(b"short", decoy=True)


def test_the_key_shows_nothing() -> None:
    assert repr(KEY) == "DecoyKey(…)"
