"""End of a contract: the orders it destroys are fixed in keyd at the moment it is agreed to.

The orders are split into parts. A part is named by the digest of its orders' uids and their number, and each part has
its own mandate. The holder of a mandate can destroy exactly the orders of that part and no others. The code confirms
the end and the maximum number of orders; the console shows which orders they are.
"""

from typing import TYPE_CHECKING

import msgspec

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.destroying import (
    CONTRACT_END,
    HOLDER,
    LASTS_S,
    require_role,
    unknown_job,
    write_allowed,
)
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.grants import Kind

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A part of the orders: its name (`destroying.part_of`) and the number of orders."""

    name: str
    orders: int


class AllowEnd(messages.Request, frozen=True):
    """Allow the orders of these parts to be destroyed; requires a code confirmed for at most ``most`` orders."""

    context: messages.Context
    number: str
    most: int
    parts: list[Part]


class AllowedEnd(msgspec.Struct, frozen=True):
    """One mandate per part, in the order of the request."""

    grants: list[bytes]

    def __repr__(self) -> str:
        """Hide the mandates."""
        return f"AllowedEnd({len(self.grants)})"


def round_up(orders: int) -> int:
    """Return the maximum number of orders a code is confirmed for. More orders may arrive before the code is entered.

    The number has two significant digits and is a multiple of 100.
    """
    step = int(10 ** max(2, len(str(orders)) - 2))
    return (orders // step + 1) * step


def allow_end(ops: "Operations", request: AllowEnd) -> AllowedEnd:
    """Create the mandates after recording them in the ledger.

    Raises:
        NotGrantedError: more orders than the code was confirmed for, or the person may not end contracts.
        StepUpNeededError: no code was confirmed for this end and number of orders.
    """
    context, orders = request.context, sum(part.orders for part in request.parts)
    if orders > request.most or any(part.orders < 1 for part in request.parts):
        raise unknown_job()
    require_role(ops.gate.session(context), {OWNER, "supervisor"})
    ops.gate.confirmed_session(request, context)
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
