"""Sealed files are complete or refused."""

import io
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys.errors import KeysError
from waybillguard.seal import CannotOpenError, SealedReader, StreamSealer, open_stream, seal_stream
from waybillguard.seal.upload import CHUNK, STREAM_HEADER_SIZE

KEY = bytes(range(32))
SEALED_CHUNK = CHUNK + 16
PLAIN = bytes(range(256)) * 1024 + b"tail"  # four whole chunks and a short one
SEALED = b"".join(seal_stream(KEY, [PLAIN], b"w1"))


def opened(sealed: bytes, key: bytes = KEY, context: bytes = b"w1") -> bytes:
    return b"".join(open_stream(key, io.BytesIO(sealed), context))


def chunks_of(sealed: bytes) -> tuple[bytes, list[bytes]]:
    header, rest = sealed[:STREAM_HEADER_SIZE], sealed[STREAM_HEADER_SIZE:]
    return header, [rest[at : at + SEALED_CHUNK] for at in range(0, len(rest), SEALED_CHUNK)]


class Dribble(io.RawIOBase):
    """A source that gives at most 1,000 bytes a call, as sockets and pipes do."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(min(size, 1000))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_a_file_of_any_size_around_the_chunk_comes_back(size: int) -> None:
    plain = bytes(size)
    sealed = b"".join(seal_stream(KEY, [plain], b"w1"))
    assert opened(sealed) == plain
    assert len(sealed) == STREAM_HEADER_SIZE + size + 16 * max(1, -(-size // CHUNK))


@given(pieces=st.lists(st.integers(0, 90_000), max_size=6))
def test_the_pieces_it_came_in_do_not_matter(pieces: list[int]) -> None:
    def random(size: int) -> bytes:
        return bytes(size)

    plain = PLAIN[: sum(pieces)]
    cut, at = [], 0
    for size in pieces:
        cut.append(plain[at : at + size])
        at += size
    assert b"".join(seal_stream(KEY, cut, random=random)) == b"".join(
        seal_stream(KEY, [plain], random=random)
    )


@given(bit=st.integers(0, 8 * (STREAM_HEADER_SIZE + 40) - 1))
def test_a_flipped_bit_in_header_or_first_chunk_gives_nothing_out(bit: int) -> None:
    flipped = bytearray(SEALED)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        next(open_stream(KEY, io.BytesIO(flipped), b"w1"))


@given(at=st.integers(0, len(SEALED) - 1))
def test_a_flipped_byte_anywhere_is_noticed_and_what_came_before_is_genuine(at: int) -> None:
    flipped = bytearray(SEALED)
    flipped[at] ^= 0x80
    out: list[bytes] = []
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        out.extend(open_stream(KEY, io.BytesIO(flipped), b"w1"))
    assert PLAIN.startswith(b"".join(out))
    assert sum(map(len, out)) <= at


@given(size=st.integers(0, len(SEALED) - 1))
def test_a_file_cut_short_anywhere_is_noticed(size: int) -> None:
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        opened(SEALED[:size])


@pytest.mark.parametrize("count", range(5))
def test_a_file_cut_at_a_chunk_is_noticed(count: int) -> None:
    header, chunks = chunks_of(SEALED)
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        opened(header + b"".join(chunks[:count]))


def test_swapped_repeated_dropped_and_appended_chunks_are_noticed() -> None:
    header, (a, b, c, d, last) = chunks_of(SEALED)
    for order in ([b, a, c, d, last], [a, a, b, c, d, last], [a, c, d, last], [a, b, c, d, last, last]):
        with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
            opened(header + b"".join(order))


def test_a_chunk_of_another_file_under_the_same_key_is_noticed() -> None:
    header, chunks = chunks_of(SEALED)
    _, others = chunks_of(b"".join(seal_stream(KEY, [PLAIN], b"w1")))
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        opened(header + b"".join([others[0], *chunks[1:]]))


@given(extra=st.binary(min_size=1, max_size=64))
def test_something_behind_the_end_is_noticed(extra: bytes) -> None:
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        opened(SEALED + extra)


def test_another_key_or_context_gives_nothing_out() -> None:
    for key, context in ((bytes(32), b"w1"), (KEY, b"w2"), (KEY, b"")):
        with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
            opened(SEALED, key, context)


@given(noise=st.binary(max_size=100))
def test_random_bytes_are_refused(noise: bytes) -> None:
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        opened(noise)


def test_a_source_that_gives_little_at_a_time_is_read_whole() -> None:
    source = cast("BinaryIO", Dribble(SEALED))
    assert b"".join(open_stream(KEY, source, b"w1")) == PLAIN


def test_the_reader_reads_like_a_file() -> None:
    with io.BufferedReader(SealedReader(KEY, io.BytesIO(SEALED), b"w1")) as reader:
        assert reader.read(10) == PLAIN[:10]
        assert reader.read(CHUNK) == PLAIN[10 : 10 + CHUNK]
        assert reader.read() == PLAIN[10 + CHUNK :]
        assert reader.read() == b""


def test_the_reader_raises_where_the_file_is_cut() -> None:
    reader = SealedReader(KEY, io.BytesIO(SEALED[:-1]), b"w1")
    with pytest.raises(CannotOpenError, check=has_code("stream_damaged")):
        reader.readall()


def test_closing_the_reader_closes_the_source() -> None:
    source = io.BytesIO(SEALED)
    SealedReader(KEY, source, b"w1").close()
    assert source.closed


def test_no_chunk_is_held_back_longer_than_the_next_byte() -> None:
    sealer = StreamSealer(KEY)
    assert len(sealer.update(bytes(CHUNK))) == STREAM_HEADER_SIZE
    assert len(sealer.update(b"x")) == SEALED_CHUNK


def test_a_finished_stream_takes_nothing_more() -> None:
    sealer = StreamSealer(KEY)
    sealer.finish()
    with pytest.raises(ValueError, match="finished"):
        sealer.update(b"x")
    with pytest.raises(ValueError, match="finished"):
        sealer.finish()


def test_a_key_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(KeysError, check=has_code("key_use")):
        StreamSealer(b"short")


def test_a_sealer_shows_nothing() -> None:
    assert repr(StreamSealer(KEY)) == "StreamSealer(…)"


def test_two_files_of_the_same_content_share_no_chunk() -> None:
    ours, theirs = (chunks_of(b"".join(seal_stream(KEY, [PLAIN])))[1] for _ in range(2))
    assert not set(ours) & set(theirs)
