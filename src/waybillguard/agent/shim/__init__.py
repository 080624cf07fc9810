"""The print-component shim: ERPs that speak the platforms' local print protocol print by reference.

Promise: a message that carries a consignee is never printed and never kept; the answer says how to send the
order instead. A platform's encrypted payload is never opened and never altered. Nobody prints whom the
warehouse has not paired; no task is printed twice because it was sent twice.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from waybillguard.agent.shim.desk import Desk, DocumentResult, Outcome, PrinterInfo
    from waybillguard.agent.shim.errors import DeskRefusedError, ShimError
    from waybillguard.agent.shim.pairing import Pairing, Pairings
    from waybillguard.agent.shim.server import Limits, ShimServer

_HOMES = {
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
}


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for: the child that reads one message needs no server."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


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
