"""The decoder of compressed prefetch files, with the published example and with invalid data."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.sensor.evidence.xpress import XpressError, decompress

# [MS-XCA] 3.2, LZ77+Huffman: the alphabet. Code lengths of the symbols, then the bit stream.
_LENGTHS = bytearray(256)
_LENGTHS[0x30:0x3E] = bytes.fromhex("5055555555555555555555454404")[:14]
_LENGTHS[0x80] = 0x04
_STREAM = bytes.fromhex("D8523ED794115BE9195FF9D67CDF8D0400000000")


def test_the_published_example_is_decoded() -> None:
    assert decompress(bytes(_LENGTHS) + _STREAM, 26) == b"abcdefghijklmnopqrstuvwxyz"


@given(st.binary(max_size=2000), st.integers(1, 5000))
def test_nonsense_raises_its_own_error_alone(data: bytes, size: int) -> None:
    with suppress(XpressError):
        assert len(decompress(data, size)) == size


def test_a_short_stream_is_an_error() -> None:
    with pytest.raises(XpressError):
        decompress(b"\0" * 100, 10)
