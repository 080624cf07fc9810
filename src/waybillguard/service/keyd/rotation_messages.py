"""What the worker may ask of keyd while keys rotate."""

import msgspec

from waybillguard.seal.reseal import ResealedOrders, StoredOrders
from waybillguard.service.keyd.messages import Context, IndexRoot, Request, WrappedEpoch


class NewIndexRoot(Request, frozen=True):
    """Begin a rotation: make the next index root. The ledger says so first, with the cipher suite.

    It takes an owner's code of the last five minutes. Answer: `NewRoot`.
    """

    context: Context
    generation: int
    suite: int = 1


class NewRoot(msgspec.Struct, frozen=True):
    """The root, wrapped, and the mandate under which the orders are sealed again."""

    wrapped: bytes
    grant: bytes

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "NewRoot()"


class Reseal(Request, frozen=True):
    """Seal a chunk of orders again under the newest root and day keys; no plaintext comes back.

    The context's grant is the mandate of its rotation. ``old_epochs`` opens them, ``new_epochs`` (one a day) seals them. Counted in the ledger as key work.
    """

    context: Context
    roots: list[IndexRoot]
    old_epochs: list[WrappedEpoch]
    new_epochs: list[WrappedEpoch]
    orders: StoredOrders


class EndRotation(Request, frozen=True):
    """Say in the ledger that a rotation is done, and what is destroyed with it."""

    context: Context
    generation: int
    orders: int
    unopened: int
    days: int


class RetireIndexRoot(Request, frozen=True):
    """Give what is left of an index root when it is destroyed: the root of its row tokens, wrapped."""

    context: Context
    root: IndexRoot


Resealed = ResealedOrders
"""The answer to `Reseal`: the chunk, in the order asked."""

AnyRotationRequest = NewIndexRoot | Reseal | EndRotation | RetireIndexRoot
