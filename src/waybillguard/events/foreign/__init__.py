"""Operation logs of other systems, read into the table of access events.

Columns and words are suggested, a person decides, and the decision is reused for files with the same titles. A damaged
row never stops the others and is never dropped silently. Personal data in free text is not kept.
"""

from waybillguard.events.foreign.applying import Applied, Refused, RefusedRow, apply
from waybillguard.events.foreign.mapping import IGNORE, LogMapping, Suggestion, suggest
from waybillguard.events.foreign.tables import ForeignLog, read_log
from waybillguard.events.foreign.work import LogAnswer, LogRequest, answer, import_log

__all__ = [
    "IGNORE",
    "Applied",
    "ForeignLog",
    "LogAnswer",
    "LogMapping",
    "LogRequest",
    "Refused",
    "RefusedRow",
    "Suggestion",
    "answer",
    "apply",
    "import_log",
    "read_log",
    "suggest",
]
