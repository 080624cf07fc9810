"""Decoy tags: every order has one, and only the key reveals which orders are decoys (诱饵订单).

The tag is one AES-256 block of the 16-byte uid, under one of two keys: real or decoy. For messages of exactly one
block this is CBC-MAC, a pseudorandom function. A whole batch needs one call.
"""

from collections.abc import Sequence
from hmac import compare_digest
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from waybillguard.keys.primitives import KEY_SIZE, blake2b_derive, frame, require_size
from waybillguard.seal.errors import CannotOpenError

DECOY_TAG_SIZE: Final = 16
_UID_SIZE: Final = 16


class DecoyKey:
    """Makes and reads the decoy tags of one tenant.

    Args:
        root: 32 bytes, ``holder.derive(Purpose.DECOY)``.
        tenant: its stable name.
    """

    __slots__ = ("_decoy", "_real")

    def __init__(self, root: bytes, tenant: str) -> None:
        require_size(root, KEY_SIZE, "decoy root")
        self._real, self._decoy = (
            Cipher(
                AES(blake2b_derive(root, frame(tenant.encode(), flag), person=b"decoy-key")),
                ECB(),  # noqa: S305 - a block function over distinct single blocks, not encryption
            )
            for flag in (b"\x00", b"\x01")
        )

    def __repr__(self) -> str:
        """Show only the type."""
        return "DecoyKey(…)"

    def tag(self, order_uid: bytes, *, decoy: bool) -> bytes:
        """Return the 16-byte tag of an order.

        Raises:
            KeysError (key_use): a uid that is not 16 bytes.
        """
        require_size(order_uid, _UID_SIZE, "order uid")
        return (self._decoy if decoy else self._real).encryptor().update(order_uid)

    def tags(self, order_uids: Sequence[bytes], decoys: Sequence[bool]) -> list[bytes]:
        """Return the tag of each order; uids must be 16 bytes each (only the total length is checked)."""
        joined = b"".join(order_uids)
        require_size(joined, _UID_SIZE * len(order_uids), "order uids")
        real = self._real.encryptor().update(joined)
        tags = [real[at : at + DECOY_TAG_SIZE] for at in range(0, len(real), DECOY_TAG_SIZE)]
        for position, decoy in enumerate(decoys):
            if decoy:
                tags[position] = self.tag(order_uids[position], decoy=True)
        return tags

    def is_decoy(self, order_uid: bytes, tag: bytes) -> bool:
        """Return whether the order is a decoy.

        Raises:
            CannotOpenError (decoy_tag): the tag belongs to another order or key, or was altered.
        """
        decoy = compare_digest(tag, self.tag(order_uid, decoy=True))
        real = compare_digest(tag, self.tag(order_uid, decoy=False))
        if not decoy and not real:
            raise CannotOpenError(
                code="decoy_tag",
                zh="诱饵标记与订单不符：该行被改动或密钥不符。请从备份恢复该行，并核对密钥文件。",
                en="the decoy tag does not fit the order: the row was altered or the key is another. Restore "
                "the row from a backup and check the key file.",
            )
        return decoy
