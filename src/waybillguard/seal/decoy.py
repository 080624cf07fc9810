"""The decoy tag: every order has one, and only the key tells which orders are decoys (诱饵订单)."""

from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from waybillguard.keys.primitives import KEY_SIZE, blake2b_derive, frame, require_size
from waybillguard.seal.errors import DecoyTagError

DECOY_TAG_SIZE: Final = 16
_UID_SIZE: Final = 16
REAL: Final = b"\x00"
DECOY: Final = b"\x01"


class DecoyKey:
    """Makes and reads the decoy tags of one tenant.

    Args:
        root: 32 bytes, ``holder.derive(Purpose.DECOY)``.
        tenant: its stable name.
    """

    __slots__ = ("state",)

    def __init__(self, root: bytes, tenant: str) -> None:
        require_size(root, KEY_SIZE, "decoy root")
        key = blake2b_derive(root, frame(tenant.encode()), person=b"decoy-key")
        self.state = blake2b(digest_size=DECOY_TAG_SIZE, key=key, person=b"decoy-tag")

    def __repr__(self) -> str:
        """Show the type alone."""
        return "DecoyKey(…)"

    def tag(self, order_uid: bytes, *, decoy: bool) -> bytes:
        """Give the 16-byte tag: a keyed hash of uid ‖ flag."""
        require_size(order_uid, _UID_SIZE, "order uid")
        state = self.state.copy()
        state.update(order_uid + (DECOY if decoy else REAL))
        return state.digest()

    def is_decoy(self, order_uid: bytes, tag: bytes) -> bool:
        """Tell whether the order is a decoy.

        Raises:
            DecoyTagError: the tag is of another order, another key, or altered.
        """
        decoy = compare_digest(tag, self.tag(order_uid, decoy=True))
        real = compare_digest(tag, self.tag(order_uid, decoy=False))
        if not decoy and not real:
            raise DecoyTagError(
                zh="诱饵标记与订单不符: 该行被改动或密钥不符。请从备份恢复该行, 并核对密钥文件。",
                en="the decoy tag does not fit the order: the row was altered or the key is another. Restore "
                "the row from a backup and check the key file.",
            )
        return decoy
