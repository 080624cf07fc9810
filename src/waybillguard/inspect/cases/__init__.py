"""The joint case of several authorities (联合办案), from clue to return visit, as immutable values.

State and deadlines are computed from the events only. A task is closed only by somebody else's re-test after the
warehouse reported it as done. Each actor sees only what its duty requires. The service does storage, sign-in and
sending.
"""

from waybillguard.inspect.cases.clocks import Deadline, deadlines, due_date, overdue
from waybillguard.inspect.cases.custody import hand_over, whole
from waybillguard.inspect.cases.documents import (
    duty_table,
    evidence_pack,
    rectification_report,
    return_visit_record,
    town_table,
)
from waybillguard.inspect.cases.model import Actor, Attachment, Case, Event, Reference, State, Step, Task
from waybillguard.inspect.cases.sharing import (
    CriminalCase,
    Group,
    View,
    alike,
    assign_down,
    refer_up,
    view_for,
)
from waybillguard.inspect.cases.states import actors, advance, replay, state_of, states
from waybillguard.inspect.cases.tasks import open_tasks, report_step, retest, tasks_from
from waybillguard.inspect.cases.town import (
    GapRow,
    ItemTested,
    Judged,
    Summary,
    Visit,
    WarehouseRow,
    gap_table,
    inspected_already,
    ranking,
    summary,
    with_tests,
)

__all__ = [
    "Actor",
    "Attachment",
    "Case",
    "CriminalCase",
    "Deadline",
    "Event",
    "GapRow",
    "Group",
    "ItemTested",
    "Judged",
    "Reference",
    "State",
    "Step",
    "Summary",
    "Task",
    "View",
    "Visit",
    "WarehouseRow",
    "actors",
    "advance",
    "alike",
    "assign_down",
    "deadlines",
    "due_date",
    "duty_table",
    "evidence_pack",
    "gap_table",
    "hand_over",
    "inspected_already",
    "open_tasks",
    "overdue",
    "ranking",
    "rectification_report",
    "refer_up",
    "replay",
    "report_step",
    "retest",
    "return_visit_record",
    "state_of",
    "states",
    "summary",
    "tasks_from",
    "town_table",
    "view_for",
    "whole",
    "with_tests",
]  # fmt: skip
