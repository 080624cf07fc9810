"""Export files of contacts that only one named recipient can open, and in which missing parts are detected.

HPKE, RFC 9180, mode base: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Each part is a separate message. Its
``info`` includes the header, the number of the part and whether it is the last, so parts cannot be moved to another
file, dropped, repeated or reordered, and a file without its end is refused. ``cryptography`` generates the ephemeral
keys itself. Byte layout: docs/formats.md, "Export".

Mode base does not authenticate the sender: anyone with the public key can make such a file. The receipts in the
file, which the warehouse's ledger proves, show that it comes from the warehouse.
"""

import struct
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import IO, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from waybillguard.keys.primitives import frame
from waybillguard.seal.errors import CannotOpenError, SealError
from waybillguard.seal.exportkey import fingerprint

MAGIC: Final = b"WGXP"
VERSION: Final = 1
SUITE: Final = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM"
MOST_HEADER: Final = 4096
MOST_PART: Final = 8 * 1024 * 1024
MOST_PARTS: Final = 100_000
_INFO: Final = b"waybillguard export v1"
_HEAD: Final = struct.Struct(">4sBH")
_LENGTH: Final = struct.Struct(">I")
_DATA, _END = b"data", b"end"
_suite: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_encode = msgspec.json.Encoder().encode


class ExportHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The clear header of a file, without personal data.

    ``export`` is its number at the warehouse, ``made_at`` ISO 8601 with offset, ``to`` the fingerprint.
    """

    v: int = VERSION
    suite: str = SUITE
    warehouse: str
    export: int
    to: str
    made_at: str


class ExportRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order with its contact. ``receipt`` is the position of the access record in the warehouse's ledger."""

    order_no: str = ""
    waybill_no: str = ""
    shop: str = ""
    day: str = ""
    name: str = ""
    phone: str = ""
    extension: str = ""
    virtual_until: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""
    receipt: int = -1

    def __repr__(self) -> str:
        """Show only the type."""
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class ExportEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The last part: the expected content of the file. ``origin`` names the ledger of the receipts."""

    records: int
    parts: int
    origin: str = ""


def head_bytes(head: ExportHead) -> bytes:
    """Encode the header of a file."""
    body = msgspec.json.encode(head)
    return _HEAD.pack(MAGIC, VERSION, len(body)) + body


def read_head(data: bytes) -> ExportHead:
    """Read the header of a file, as ``head_bytes`` made it.

    Raises:
        CannotOpenError (export_damaged): not such a header, or a version that this program does not support.
    """
    start, body = data[: _HEAD.size], data[_HEAD.size :]
    if len(start) != _HEAD.size or start[: len(MAGIC)] != MAGIC:
        raise _damaged()
    if _HEAD.unpack(start)[1] != VERSION:
        raise CannotOpenError(
            code="export_damaged",
            zh="文件版本较新，本程序无法打开。请更新程序后再试。",
            en="the file is of a version that this program does not read; update it and try again.",
        )
    try:
        return msgspec.json.decode(body, type=ExportHead)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _damaged() from None


def seal_part(public: bytes, head: bytes, number: int, records: Sequence[ExportRecord]) -> bytes:
    """Seal part ``number`` (from 0) to the recipient.

    Args:
        public: the recipient's X25519 public key, 32 bytes.
        head: the file's header from ``head_bytes``.
        number: the number of the part.
        records: the records of the part.

    Raises:
        SealError (export_key): nothing can be sealed to this key.
    """
    return _framed(_seal(public, head, number, _DATA, _encode(records)))


def seal_end(public: bytes, head: bytes, end: ExportEnd) -> bytes:
    """Seal the last part.

    Raises:
        SealError (export_key): nothing can be sealed to this key.
    """
    return _framed(_seal(public, head, end.parts, _END, _encode(end)))


class ExportReader:
    """Opens a file part by part; only one part is in memory.

    The file is complete only if ``end`` is set, which happens when ``records`` is exhausted without an error.

    Raises:
        CannotOpenError (export_damaged): not such a file, altered, cut short, or with data after its end.
        SealError (export_key): it was sealed to another key.
    """

    def __init__(self, file: IO[bytes], key: X25519PrivateKey) -> None:
        self._file, self._key = file, key
        self.end: ExportEnd | None = None
        start = file.read(_HEAD.size)
        length = _HEAD.unpack(start)[2] if len(start) == _HEAD.size else 0
        self._head = start + file.read(min(length, MOST_HEADER))
        self.head = read_head(self._head)
        mine = fingerprint(key.public_key().public_bytes_raw())
        if self.head.to != mine:
            raise SealError(
                code="export_key",
                zh=f"此文件密封给另一把钥匙。文件指纹 {self.head.to[:60]!a}，您的指纹 {mine}。",
                en=f"the file is sealed to another key. Its fingerprint: {self.head.to[:60]!a}; yours: {mine}.",
            )

    def records(self) -> Iterator[ExportRecord]:
        """Yield every record; raises if the file is incomplete."""
        seen = 0
        for number in range(MOST_PARTS):
            sealed = self._part()
            content = _open(self._key, self._head, number, _DATA, sealed)
            if content is None:
                self.end = self._ended(number, seen, sealed)
                return
            try:
                found = msgspec.json.decode(content, type=list[ExportRecord])
            except msgspec.MsgspecError:
                raise _damaged() from None
            seen += len(found)
            yield from found
        raise _damaged()

    def _part(self) -> bytes:
        head = self._file.read(_LENGTH.size)
        if len(head) != _LENGTH.size:
            raise _damaged()
        (length,) = _LENGTH.unpack(head)
        if length > MOST_PART:
            raise _damaged()
        sealed = self._file.read(length)
        if len(sealed) != length:
            raise _damaged()
        return sealed

    def _ended(self, number: int, seen: int, sealed: bytes) -> ExportEnd:
        content = _open(self._key, self._head, number, _END, sealed)
        if content is None or self._file.read(1):
            raise _damaged()
        try:
            end = msgspec.json.decode(content, type=ExportEnd)
        except msgspec.MsgspecError:
            raise _damaged() from None
        if (end.parts, end.records) != (number, seen):
            raise _damaged()
        return end


def _seal(public: bytes, head: bytes, number: int, kind: bytes, content: bytes) -> bytes:
    try:
        key = X25519PublicKey.from_public_bytes(public)
        return _suite.encrypt(content, key, info=_info(head, number, kind))
    except ValueError:
        raise SealError(
            code="export_key",
            zh="收件方公钥不可用，未密封任何内容。请重新登记收件方。",
            en="nothing can be sealed to this recipient's key; nothing was. Register the recipient anew.",
        ) from None


def _open(key: X25519PrivateKey, head: bytes, number: int, kind: bytes, sealed: bytes) -> bytes | None:
    try:
        return _suite.decrypt(sealed, key, info=_info(head, number, kind))
    except (InvalidTag, ValueError):
        return None


def _info(head: bytes, number: int, kind: bytes) -> bytes:
    return frame(_INFO, sha256(head).digest(), number.to_bytes(8), kind)


def _framed(sealed: bytes) -> bytes:
    return _LENGTH.pack(len(sealed)) + sealed


def _damaged() -> CannotOpenError:
    return CannotOpenError(
        code="export_damaged",
        zh="文件不完整或已被改动，请勿使用其中任何内容。请向仓库重新索取。",
        en="the file is incomplete or was altered; use nothing of it. Ask the warehouse for it again.",
    )
