"""A job opens on one device and nowhere else, and only as it was described."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.agent.errors import SealedJobError
from waybillguard.agent.protocol import JobHead, Lease
from waybillguard.agent.sealedjob import lease, open_job, seal_job

DEVICE = "00112233445566778899aabbccddeeff"
KEY = X25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
PUBLIC = KEY.public_key().public_bytes_raw()


def made(head: JobHead, content: bytes = b"CLS\r\n") -> Lease:
    return lease(content, head, device=DEVICE, key=PUBLIC, random=os.urandom)


@given(content=st.binary(max_size=4096))
def test_what_was_sealed_opens_again(content: bytes) -> None:
    head = JobHead(
        job="ab" * 16,
        ticket="t",
        attempt=2,
        printer="p",
        language="zpl",
        expires=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert open_job(made(head, content), device=DEVICE, key=KEY) == content


def test_the_layout_is_frozen(head: JobHead, counting: Callable[[int], bytes]) -> None:
    sealed = seal_job(b"CLS\r\nPRINT 1\r\n", head, device=DEVICE, key=PUBLIC, random=counting)
    assert sealed.hex() == (
        "018f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e213828"
        "5fb51fa60977c4e4ba6c7a16758a7e6b36fa3063deae6e09fa5d2bf1173427"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"job": "f" * 32},
        {"ticket": "T7-0002"},
        {"attempt": 2},
        {"printer": "label-2"},
        {"language": "zpl"},
    ],
)
def test_a_job_whose_description_was_changed_does_not_open(head: JobHead, change: dict[str, Any]) -> None:
    with pytest.raises(SealedJobError):
        open_job(msgspec.structs.replace(made(head), **change), device=DEVICE, key=KEY)


def test_a_job_whose_life_was_prolonged_does_not_open(head: JobHead) -> None:
    longer = msgspec.structs.replace(made(head), expires=head.expires + timedelta(microseconds=1))
    with pytest.raises(SealedJobError):
        open_job(longer, device=DEVICE, key=KEY)


def test_another_devices_key_opens_nothing(head: JobHead) -> None:
    with pytest.raises(SealedJobError):
        open_job(made(head), device=DEVICE, key=X25519PrivateKey.generate())


def test_a_job_moved_to_another_device_id_does_not_open(head: JobHead) -> None:
    with pytest.raises(SealedJobError):
        open_job(made(head), device="f" * 32, key=KEY)


@pytest.mark.parametrize("cut", [0, 1, 32, 33, 48])
def test_a_cut_job_does_not_open(head: JobHead, cut: int) -> None:
    job = made(head)
    with pytest.raises(SealedJobError):
        open_job(msgspec.structs.replace(job, sealed=job.sealed[:cut]), device=DEVICE, key=KEY)


@given(where=st.integers(min_value=0, max_value=52), bit=st.integers(min_value=0, max_value=7))
def test_a_flipped_bit_opens_nothing(where: int, bit: int) -> None:
    head = JobHead(
        job="ab" * 16,
        ticket="t",
        attempt=1,
        printer="p",
        language="zpl",
        expires=datetime(2026, 1, 1, tzinfo=UTC),
    )
    job = made(head, b"abcd")
    sealed = bytearray(job.sealed)
    sealed[where] ^= 1 << bit
    if where == 32 and bit == 7:  # the bit of a coordinate that X25519 ignores; the derivation does not
        assert sealed[32] != job.sealed[32]
    with pytest.raises(SealedJobError):
        open_job(msgspec.structs.replace(job, sealed=bytes(sealed)), device=DEVICE, key=KEY)


@pytest.mark.parametrize("point", [bytes(32), (1).to_bytes(32, "little")])
def test_a_key_of_low_order_is_refused(head: JobHead, point: bytes) -> None:
    with pytest.raises(SealedJobError):
        seal_job(b"x", head, device=DEVICE, key=point, random=os.urandom)
    with pytest.raises(SealedJobError):
        open_job(
            msgspec.structs.replace(made(head), sealed=b"\x01" + point + bytes(20)), device=DEVICE, key=KEY
        )
