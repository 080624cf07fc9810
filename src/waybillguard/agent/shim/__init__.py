"""The print-component shim: lets ERPs that use the platforms' local print protocol print by reference.

Promise: a message that contains a consignee is never printed and never stored; the answer says how to send the
order instead. A platform's encrypted payload is never opened and never altered. Only ERPs that the warehouse has
paired can print. A task that is sent twice is printed once.
"""

from typing import TYPE_CHECKING

from waybillguard.on_demand import on_demand

if TYPE_CHECKING:
    from waybillguard.agent.shim.desk import Desk, DocumentResult, Outcome, PrinterInfo
    from waybillguard.agent.shim.errors import DeskRefusedError, ShimError
    from waybillguard.agent.shim.pairing import Pairing, Pairings
    from waybillguard.agent.shim.server import Limits, ShimServer

# Loaded on demand: the child process that reads one message needs no server.
__getattr__ = on_demand(
    __name__,
    {
        "Desk": "desk",
        "DeskRefusedError": "errors",
        "DocumentResult": "desk",
        "Limits": "server",
        "Outcome": "desk",
        "Pairing": "pairing",
        "Pairings": "pairing",
        "PrinterInfo": "desk",
        "ShimError": "errors",
        "ShimServer": "server",
    },
)


__all__ = [
    "Desk",
    "DeskRefusedError",
    "DocumentResult",
    "Limits",
    "Outcome",
    "Pairing",
    "Pairings",
    "PrinterInfo",
    "ShimError",
    "ShimServer",
]
