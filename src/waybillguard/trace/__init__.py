"""Trace a leak to its source: a common node, then account, station and days, or "not in our log".

A source becomes a lead (重点线索) only after it passes three guards that fail in different ways. Sources that the data
cannot tell apart are reported as a tie. Sources outside the log compete from the start. A lead is not proof.
"""

from waybillguard.trace.answer import trace
from waybillguard.trace.errors import TraceError
from waybillguard.trace.roster import Shifts
from waybillguard.trace.structs import Answer, Node, NodesAnswer, Source
from waybillguard.trace.victims import VictimTable, read_victims, victims_of

__all__ = [
    "Answer",
    "Node",
    "NodesAnswer",
    "Shifts",
    "Source",
    "TraceError",
    "VictimTable",
    "read_victims",
    "trace",
    "victims_of",
]
