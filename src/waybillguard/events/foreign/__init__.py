"""Operation logs of systems that are not ours, read into the table of access events.

Promise: columns and words are suggested, a person decides, the decision is remembered by the look of the file; a
damaged row never stops the rest and is never dropped silently; what is personal in a free text is not kept.
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
