"""Order-access logs that JD, Kuaishou and Taobao require, made from access events.

A platform receives who looked at, printed or passed on which of its own orders, when and from where, and no consignee
data: records are made only from the table of events and order numbers. Codes that a platform does not publish are not
invented; such an event is skipped, with the reason. ``data/platform_logs/*.csv`` gives the source of every field.
"""

from waybillguard.events.platformlogs.records import LogRecord, LogShop, SkippedEvent, records_of
from waybillguard.events.platformlogs.shapes import LogCall, call_of, calls, code_platforms, log_platforms
from waybillguard.events.platformlogs.texts import csv_text, jsonl_text

__all__ = [
    "LogCall",
    "LogRecord",
    "LogShop",
    "SkippedEvent",
    "call_of",
    "calls",
    "code_platforms",
    "csv_text",
    "jsonl_text",
    "log_platforms",
    "records_of",
]
