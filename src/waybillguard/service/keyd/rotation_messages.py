"""Messages of the worker to keyd during a key rotation."""

import msgspec

from waybillguard.seal.reseal import ResealedOrders, StoredOrders
from waybillguard.service.keyd.messages import Context, IndexRoot, Request, WrappedEpoch


class NewIndexRoot(Request, frozen=True):
    """Begin a rotation: create the next index root, after recording it and its cipher suite in the ledger.

    Requires an owner's code of the last five minutes. Answer: `NewRoot`.
    """

    context: Context
    generation: int
    suite: int = 1


class NewRoot(msgspec.Struct, frozen=True):
    """The wrapped root, and the mandate for resealing the orders."""

    wrapped: bytes
    grant: bytes

    def __repr__(self) -> str:
        """Hide the mandate."""
        return "NewRoot()"


class Reseal(Request, frozen=True):
    """Reseal a chunk of orders under the newest root and day keys; no plaintext is returned.

    The context's grant is the mandate of the rotation. ``old_epochs`` open the orders, ``new_epochs`` (one per day)
    seal them. Recorded in the ledger as key work.
    """

    context: Context
    roots: list[IndexRoot]
    old_epochs: list[WrappedEpoch]
    new_epochs: list[WrappedEpoch]
    orders: StoredOrders


class EndRotation(Request, frozen=True):
    """Record in the ledger that a rotation is done and what it destroys."""

    context: Context
    generation: int
    orders: int
    unopened: int
    days: int


class RetireIndexRoot(Request, frozen=True):
    """Return the remaining part of a destroyed index root: the wrapped root of its row tokens."""

    context: Context
    root: IndexRoot


Resealed = ResealedOrders
"""The answer to `Reseal`: the chunk, in the order of the request."""

AnyRotationRequest = NewIndexRoot | Reseal | EndRotation | RetireIndexRoot
