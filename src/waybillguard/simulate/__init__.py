"""Simulated warehouses with known thefts, for the demo, the tests and the public benchmark (docs: rooms/simulate).

Every person and warehouse is invented. Equal parameters make equal worlds. The truth file names every theft, including
those that leave no event.
"""

from waybillguard.simulate.errors import NotWrittenError, SimulateError
from waybillguard.simulate.exports import Export, demo_exports
from waybillguard.simulate.folder import Report, write_world
from waybillguard.simulate.memory import Made, make_world
from waybillguard.simulate.model import KINDS, UNSEEN, EventColumns, Parameters, Theft, Victim

__all__ = [
    "KINDS",
    "UNSEEN",
    "EventColumns",
    "Export",
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
