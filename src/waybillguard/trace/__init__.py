"""Where a leak came from: the common node, then account, station and days, or an honest "not in our log".

Promise: a lead (重点线索) stands only past three guards that fail in different ways; what the data cannot tell
apart is said as a tie; sources outside the log are rivals from the start. A lead is not proof.
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
