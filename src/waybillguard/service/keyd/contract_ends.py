"""The end of a contract: which orders it destroys is said once, when it is agreed to, and holds in keyd.

The orders are named in parts, each by the digest of their uids and their number. A mandate is for one part: who holds
it destroys just those orders, in as many goes as there are parts, and not one order more. The code is confirmed for
the end and for the most orders that it may reach; which those are the console says with it.
"""

from typing import TYPE_CHECKING

import msgspec

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.destroying import (
    CONTRACT_END,
    HOLDER,
    LASTS_S,
    no_such,
    refuse_others,
    write_allowed,
)
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.grants import Kind

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Some orders of an end: their name (`destroying.part_of`) and how many they are."""

    name: str
    orders: int


class AllowEnd(messages.Request, frozen=True):
    """Allow the end of a contract to destroy the orders of these parts; takes a code confirmed for ``most`` of them."""

    context: messages.Context
    number: str
    most: int
    parts: list[Part]


class AllowedEnd(msgspec.Struct, frozen=True):
    """A mandate for each part, in the order asked."""

    grants: list[bytes]

    def __repr__(self) -> str:
        """Show nothing of them."""
        return f"AllowedEnd({len(self.grants)})"


def round_up(orders: int) -> int:
    """Return the most orders that a code is asked for: some may still arrive between page, code and agreement.

    Two digits, and never finer than a hundred.
    """
    step = int(10 ** max(2, len(str(orders)) - 2))
    return (orders // step + 1) * step


def allow_end(ops: "Operations", request: AllowEnd) -> AllowedEnd:
    """Make the mandates, once that stands in the ledger.

    Raises:
        NotGrantedError: they are more orders than the code was confirmed for, or nobody who may do this asks.
        StepUpNeededError: no code was confirmed for this end and so many.
    """
    context, orders = request.context, sum(part.orders for part in request.parts)
    if orders > request.most or any(part.orders < 1 for part in request.parts):
        raise no_such()
    refuse_others(ops.gate.session(context), {OWNER, "supervisor"})
    ops.gate.bound(request, context)
    write_allowed(
        ops, context,
        {"change": "destruction_allowed", "job": CONTRACT_END, "number": request.number, "orders": orders},
    )  # fmt: skip
    return AllowedEnd([
        ops.grants.make(
            Kind.MANDATE, context.tenant, HOLDER, LASTS_S, limit=part.orders,
            action=messages.Job(CONTRACT_END, part.name, request.number).digest,
        )[1]
        for part in request.parts
    ])  # fmt: skip
