"""The sealed reference on a label: 48 bytes as 72 base45 characters, which reveal nothing without the key.

AES-256-SIV (RFC 5297) over kind, uid and attempt. It is deterministic on purpose: no nonce can repeat, no usage
limit has to be counted, and an attempt that is printed again after a jam has the same code. Layout and reasons:
docs/formats.md.
"""

from collections.abc import Iterable
from enum import IntEnum
from struct import Struct
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from waybillguard.keys.errors import KeysError
from waybillguard.keys.primitives import KEY_SIZE, blake2b_derive, frame, require_size, require_u32
from waybillguard.seal import base45
from waybillguard.seal.errors import ForgedReferenceError

VERSION: Final = 1
REFERENCE_SIZE: Final = 48
REFERENCE_CHARACTERS: Final = 72
MAX_ATTEMPT: Final = 0xFFFF
_HEADER: Final = Struct(">BI")
_BODY: Final = Struct(">B16sH8x")
_SIV_KEY_SIZE: Final = 64
_KEPT_KEYS: Final = 64


class ReferenceKind(IntEnum):
    """The kind of object that the 16 bytes of a reference name."""

    TICKET = 1
    ORDER = 2
    WAYBILL = 3


class Reference(msgspec.Struct, frozen=True):
    """The content of a sealed reference: the uid of a ticket, order or waybill, and the print attempt."""

    kind: ReferenceKind
    uid: bytes
    attempt: int


class ReferenceKeys:
    """Seals and opens the references of one tenant.

    Args:
        root: 32 bytes, ``holder.derive(Purpose.REFERENCE)``.
        tenant: its stable name.
    """

    __slots__ = ("_ciphers", "_root", "tenant")

    def __init__(self, root: bytes, tenant: str) -> None:
        require_size(root, KEY_SIZE, "reference root")
        self._root = root
        self.tenant = tenant
        self._ciphers: dict[int, AESSIV] = {}

    def __repr__(self) -> str:
        """Show only the type."""
        return "ReferenceKeys(…)"

    def seal(
        self, uid: bytes, attempt: int, *, kind: ReferenceKind = ReferenceKind.TICKET, key_id: int = 0
    ) -> bytes:
        """Return the 48 bytes. ``key_id`` (u32, in the clear) selects the subkey, for example the month number.

        Raises:
            KeysError (key_use): the uid is not 16 bytes, or a number is out of range.
        """
        require_size(uid, 16, "uid")
        if not 0 <= attempt <= MAX_ATTEMPT:
            raise KeysError(
                code="key_use",
                zh=f"打印次数超出 0 至 {MAX_ATTEMPT}，未签发引用。请核对该订单的打印记录。",
                en=f"the attempt is outside 0 to {MAX_ATTEMPT}; no reference was made. Check its prints.",
            )
        header = self._header(key_id)
        return header + self._cipher(key_id).encrypt(_BODY.pack(kind, uid, attempt), [header])

    def seal_many(
        self,
        references: Iterable[tuple[bytes, int]],
        *,
        kind: ReferenceKind = ReferenceKind.TICKET,
        key_id: int = 0,
    ) -> list[str]:
        """Return the 72 characters of each (uid, attempt)."""
        sealed = [self.seal(uid, attempt, kind=kind, key_id=key_id) for uid, attempt in references]
        return base45.encode_many(b"".join(sealed), REFERENCE_SIZE)

    def open(self, sealed: bytes) -> Reference:
        """Open the 48 bytes.

        Raises:
            ForgedReferenceError: not made by this tenant's key, or altered.
        """
        if len(sealed) != REFERENCE_SIZE or sealed[0] != VERSION:
            raise _forged()
        header = sealed[: _HEADER.size]
        _, key_id = _HEADER.unpack(header)
        try:
            body = self._cipher(key_id).decrypt(sealed[_HEADER.size :], [header])
        except InvalidTag:
            raise _forged() from None
        kind, uid, attempt = _BODY.unpack(body)
        return Reference(ReferenceKind(kind), uid, attempt)

    def open_text(self, text: str) -> Reference:
        """Open the 72 characters from a scanner (a leading space may have been lost).

        Raises:
            ForgedReferenceError: not made by this tenant's key, altered, or not a reference.
        """
        try:
            sealed = base45.decode(text.rstrip("\r\n").rjust(REFERENCE_CHARACTERS))
        except ValueError:
            raise _forged() from None
        return self.open(sealed)

    @staticmethod
    def _header(key_id: int) -> bytes:
        require_u32(key_id, "reference key id")
        return _HEADER.pack(VERSION, key_id)

    def _cipher(self, key_id: int) -> AESSIV:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            if len(self._ciphers) >= _KEPT_KEYS:
                self._ciphers.clear()
            message = frame(self.tenant.encode(), key_id.to_bytes(4))
            key = blake2b_derive(self._root, message, person=b"reference-key", size=_SIV_KEY_SIZE)
            cipher = self._ciphers[key_id] = AESSIV(key)
        return cipher


def _forged() -> ForgedReferenceError:
    return ForgedReferenceError(
        zh="面单二维码不是本租户签发的密封引用，或已被改动。请勿据此放行；保留面单并核对运单号。",
        en="the code on the label is not a sealed reference of this tenant, or was altered. Do not act on "
        "it; keep the label and check the waybill number.",
    )
