"""Seals uploads and spooled files as a chunked AEAD stream, so that they are never on the disk in the clear.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): 64 KiB chunks of AES-256-GCM, nonce =
prefix 7 ‖ counter 4 ‖ last flag 1. If a file was cut short, lengthened or its chunks swapped, it does not open
beyond that point. Every file has its own key and prefix, derived from the caller's key and a random salt.
"""

import io
import os
from collections.abc import Buffer, Iterable, Iterator
from struct import Struct
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waybillguard.keys.primitives import KEY_SIZE, TAG_SIZE, Random, frame, hkdf_sha256, require_size
from waybillguard.seal.errors import CannotOpenError

MAGIC: Final = b"WBGS"
VERSION: Final = 1
SUITE: Final = 1
CHUNK: Final = 64 * 1024
_SALT_SIZE: Final = 16
_PREFIX_SIZE: Final = 7
_HEADER: Final = Struct(f">4sBB{_SALT_SIZE}s")
STREAM_HEADER_SIZE: Final = _HEADER.size
_TAIL: Final = Struct(">IB")


class StreamSealer:
    """Seals a file piece by piece: `update` for each piece, then `finish` once.

    Args:
        key: 32 bytes, one per file or tenant.
        context: the context of the file (tenant, batch); opening needs the same.
        random: source of the file's salt.
    """

    __slots__ = ("_aad", "_buffer", "_cipher", "_counter", "_finished", "_header", "_prefix")

    def __init__(self, key: bytes, context: bytes = b"", *, random: Random = os.urandom) -> None:
        self._header = _HEADER.pack(MAGIC, VERSION, SUITE, random(_SALT_SIZE))
        self._cipher, self._prefix, self._aad = _derive(key, self._header, context)
        self._buffer = bytearray()
        self._counter = 0
        self._finished = False

    def __repr__(self) -> str:
        """Show only the type."""
        return "StreamSealer(…)"

    def update(self, data: Buffer) -> bytes:
        """Take a piece of any size and return the bytes that are ready to be written (possibly none)."""
        if self._finished:
            raise ValueError("the stream is finished")
        self._buffer += data
        out = [self._take_header()]
        # A full buffer is held back until more data comes, because the last chunk has a flag.
        while len(self._buffer) > CHUNK:
            out.append(self._chunk(bytes(self._buffer[:CHUNK]), last=False))
            del self._buffer[:CHUNK]
        return b"".join(out)

    def finish(self) -> bytes:
        """Return the last chunk; a file without it does not open completely."""
        if self._finished:
            raise ValueError("the stream is finished")
        self._finished = True
        out = self._take_header() + self._chunk(bytes(self._buffer), last=True)
        self._buffer.clear()
        return out

    def _take_header(self) -> bytes:
        header, self._header = self._header, b""
        return header

    def _chunk(self, plain: bytes, *, last: bool) -> bytes:
        nonce = self._prefix + _TAIL.pack(self._counter, last)
        self._counter += 1
        return self._cipher.encrypt(nonce, plain, self._aad)


def seal_stream(
    key: bytes, pieces: Iterable[bytes], context: bytes = b"", *, random: Random = os.urandom
) -> Iterator[bytes]:
    """Seal pieces of any size; yields the bytes to write, header first."""
    sealer = StreamSealer(key, context, random=random)
    for piece in pieces:
        ready = sealer.update(piece)
        if ready:
            yield ready
    yield sealer.finish()


def open_stream(key: bytes, source: BinaryIO, context: bytes = b"") -> Iterator[bytes]:
    """Yield the plaintext in chunks of 64 KiB, each verified before it is yielded.

    Chunks before a damaged one are genuine. The file is complete only if the iteration ends without an error.

    Raises:
        CannotOpenError (stream_damaged): cut short, reordered, altered, of another key or context.
    """
    header = _read_exactly(source, STREAM_HEADER_SIZE)
    if len(header) != STREAM_HEADER_SIZE:
        raise _damaged()
    magic, version, suite, _ = _HEADER.unpack(header)
    if (magic, version, suite) != (MAGIC, VERSION, SUITE):
        raise _damaged()
    cipher, prefix, aad = _derive(key, header, context)
    counter = 0
    chunk = _read_exactly(source, CHUNK + TAG_SIZE)
    while True:
        following = _read_exactly(source, CHUNK + TAG_SIZE)
        last = not following
        if len(chunk) < TAG_SIZE:
            raise _damaged()
        try:
            plain = cipher.decrypt(prefix + _TAIL.pack(counter, last), chunk, aad)
        except InvalidTag:
            raise _damaged() from None
        yield plain
        if last:
            return
        chunk = following
        counter += 1


class SealedReader(io.RawIOBase):
    """A file-like reader of a sealed file: sequential reads, every byte verified before it is returned.

    Wrap it in ``io.BufferedReader`` for small reads. Closing it closes the source.
    """

    def __init__(self, key: bytes, source: BinaryIO, context: bytes = b"") -> None:
        super().__init__()
        self._source = source
        self._chunks = open_stream(key, source, context)
        self._chunk = memoryview(b"")

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill the buffer with available data; 0 at the verified end of the file.

        Raises:
            CannotOpenError (stream_damaged): as `open_stream`.
        """
        while not self._chunk:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._chunk = memoryview(piece)
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._chunk))
        target[:size] = self._chunk[:size]
        self._chunk = self._chunk[size:]
        return size

    def close(self) -> None:
        """Drop the plaintext and close the source."""
        if not self.closed:
            self._chunk = memoryview(b"")
            self._chunks = iter(())
            self._source.close()
        super().close()


def _derive(key: bytes, header: bytes, context: bytes) -> tuple[AESGCM, bytes, bytes]:
    require_size(key, KEY_SIZE, "stream key")
    salt = header[-_SALT_SIZE:]
    secret = hkdf_sha256(key, b"waybillguard/stream/v1", salt=salt, size=KEY_SIZE + _PREFIX_SIZE)
    return AESGCM(secret[:KEY_SIZE]), secret[KEY_SIZE:], frame(header, context)


def _read_exactly(source: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = source.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _damaged() -> CannotOpenError:
    return CannotOpenError(
        code="stream_damaged",
        zh="加密文件不完整或被改动（截断、乱序、密钥不符）。其余内容不予采用；请重新上传原文件。",
        en="the sealed file is not whole or was altered (cut short, reordered, another key). The rest of it "
        "is not used; upload the original file again.",
    )
