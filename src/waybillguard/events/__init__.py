"""The table of access events and the small types shared between packages.

Each row is one decision, with the same columns for every reader (contracts: access events). A batch is written exactly
once even if its writer is killed, and a late event goes to its own day.
"""

from waybillguard.events.columns import Coded, Column, Columns, columns_of
from waybillguard.events.errors import EventsError, EventsUnreadableError, EventValueError
from waybillguard.events.reading import connect, event_files, view_events
from waybillguard.events.schema import (
    COLUMNS,
    SESSION_ACTIONS,
    AccessEvent,
    Action,
    ExplainedBy,
    day_and_window,
    day_of,
)
from waybillguard.events.shared import (
    Decoy,
    Fact,
    Finding,
    OrderState,
    RemoteSession,
    Restriction,
    Severity,
    VictimReport,
)
from waybillguard.events.store import CHINA, EventStore, Written

__all__ = [
    "CHINA",
    "COLUMNS",
    "SESSION_ACTIONS",
    "AccessEvent",
    "Action",
    "Coded",
    "Column",
    "Columns",
    "Decoy",
    "EventStore",
    "EventValueError",
    "EventsError",
    "EventsUnreadableError",
    "ExplainedBy",
    "Fact",
    "Finding",
    "OrderState",
    "RemoteSession",
    "Restriction",
    "Severity",
    "VictimReport",
    "Written",
    "columns_of",
    "connect",
    "day_and_window",
    "day_of",
    "event_files",
    "view_events",
]
