"""Root key, purpose keys and wrapped epochs."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys import FileHolder, Purpose, RootKey, WrappedEpoch, new_epoch, unwrap_epoch
from waybillguard.keys.errors import KeysError, UnwrapError

ROOT = bytes(range(32))


@pytest.fixture(scope="module")
def holder() -> FileHolder:
    return FileHolder(RootKey(ROOT))


def epoch_of(holder: FileHolder) -> WrappedEpoch:
    return new_epoch(holder, tenant="w1", day=20781, epoch_id=7, random=lambda size: b"\x42" * size)


def test_the_random_epoch_key_comes_back(holder: FileHolder) -> None:
    epoch = epoch_of(holder)
    assert len(epoch.wrapped) == 40
    assert epoch.key_id == holder.key_id
    assert bytes(unwrap_epoch(holder, epoch)) == b"\x42" * 32


@pytest.mark.parametrize("change", [{"tenant": "w2"}, {"day": 20782}, {"epoch_id": 8}])
def test_a_wrapped_epoch_moved_elsewhere_does_not_unwrap(
    holder: FileHolder, change: dict[str, object]
) -> None:
    moved = msgspec.structs.replace(epoch_of(holder), **change)
    with pytest.raises(UnwrapError):
        unwrap_epoch(holder, moved)


def test_another_root_key_does_not_unwrap(holder: FileHolder) -> None:
    with pytest.raises(UnwrapError):
        unwrap_epoch(FileHolder(RootKey(bytes(32))), epoch_of(holder))


@given(bit=st.integers(0, 40 * 8 - 1))
def test_any_flipped_bit_of_a_wrapped_epoch_is_noticed(bit: int) -> None:
    holder = FileHolder(RootKey(ROOT))
    epoch = epoch_of(holder)
    flipped = bytearray(epoch.wrapped)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(UnwrapError):
        unwrap_epoch(holder, msgspec.structs.replace(epoch, wrapped=bytes(flipped)))


@given(wrapped=st.binary(max_size=48))
def test_random_bytes_do_not_unwrap(wrapped: bytes) -> None:
    with pytest.raises(UnwrapError):
        unwrap_epoch(FileHolder(RootKey(ROOT)), WrappedEpoch(7, "w1", 20781, wrapped))


@given(secret=st.binary(min_size=1, max_size=4096), context=st.binary(max_size=40))
def test_secrets_of_any_length_wrap_and_unwrap(secret: bytes, context: bytes) -> None:
    holder = FileHolder(RootKey(ROOT))
    assert bytes(holder.unwrap(holder.wrap(secret, context), context)) == secret


@pytest.mark.parametrize("size", [0, 4097])
def test_a_secret_outside_the_sizes_is_not_wrapped(holder: FileHolder, size: int) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        holder.wrap(bytes(size), b"")


def test_each_purpose_and_context_has_a_key_of_its_own(holder: FileHolder) -> None:
    purposes = [purpose for purpose in Purpose if purpose is not Purpose.WRAP]
    keys = {bytes(holder.derive(purpose, context)) for purpose in purposes for context in (b"", b"w1")}
    assert len(keys) == 2 * len(purposes)
    assert ROOT not in keys


def test_a_wrap_key_never_leaves_the_holder(holder: FileHolder) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        holder.derive(Purpose.WRAP)


@pytest.mark.parametrize(("epoch_id", "day"), [(-1, 0), (1 << 32, 0), (0, -1), (0, 1 << 32)])
def test_numbers_outside_four_bytes_are_refused(holder: FileHolder, epoch_id: int, day: int) -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        new_epoch(holder, tenant="w1", day=day, epoch_id=epoch_id)


def test_a_root_key_has_32_bytes() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        RootKey(bytes(31))


def test_root_and_holder_show_nothing_of_the_key(holder: FileHolder) -> None:
    root = RootKey(ROOT)
    shown = f"{root} {root!r} {holder} {holder!r} {unwrap_epoch(holder, epoch_of(holder))!r}"
    assert shown == f"RootKey(…) RootKey(…) FileHolder({root.key_id}) FileHolder({root.key_id}) SecretKey(…)"


def test_the_public_fingerprint_tells_root_keys_apart() -> None:
    assert RootKey(ROOT).key_id != RootKey(bytes(32)).key_id
    assert len(RootKey(ROOT).key_id) == 16
