"""The print-component shim: ERPs that speak the platforms' local print protocol print by reference.

Promise: a message that carries a consignee is never printed and never kept; the answer says how to send the
order instead. A platform's encrypted payload is never opened and never altered. Nobody prints whom the
warehouse has not paired; no task is printed twice because it was sent twice.
"""

from typing import TYPE_CHECKING

from waybillguard.on_demand import on_demand

if TYPE_CHECKING:
    from waybillguard.agent.shim.desk import Desk, DocumentResult, Outcome, PrinterInfo
    from waybillguard.agent.shim.errors import DeskRefusedError, ShimError
    from waybillguard.agent.shim.pairing import Pairing, Pairings
    from waybillguard.agent.shim.server import Limits, ShimServer

# The child that reads one message needs no server.
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
