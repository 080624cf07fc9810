"""Simulated warehouses with known thefts, for the demo, the tests and the public benchmark (docs: rooms/simulate).

Promise: every person and warehouse in it is invented; equal parameters make equal worlds; the truth names every
theft, also what no event can show.
"""

from waybillguard.simulate.errors import BadWorldError, FolderTakenError, NotWrittenError, SimulateError
from waybillguard.simulate.exports import Export, demo_exports
from waybillguard.simulate.folder import Report, write_world
from waybillguard.simulate.memory import Made, make_world
from waybillguard.simulate.model import KINDS, UNSEEN, EventColumns, Parameters, Theft, Victim

__all__ = [
    "KINDS",
    "UNSEEN",
    "BadWorldError",
    "EventColumns",
    "Export",
    "FolderTakenError",
    "Made",
    "NotWrittenError",
    "Parameters",
    "Report",
    "SimulateError",
    "Theft",
    "Victim",
    "demo_exports",
    "make_world",
    "write_world",
]
