"""The order-access logs that JD, Kuaishou and Taobao ask for, made of access events.

Promise: a platform learns who looked at, printed or handed on which of its own orders, when and from where, and nothing
of a consignee: records are made of the table of events and of order numbers alone. What a platform does not publish is not
made up; such an event is left, with the reason. Sources stand beside every field in ``data/platform_logs/*.csv``.
"""

from waybillguard.events.platformlogs.records import Left, LogRecord, LogShop, records_of
from waybillguard.events.platformlogs.shapes import LogCall, call_of, calls, code_platforms, log_platforms
from waybillguard.events.platformlogs.texts import csv_text, jsonl_text

__all__ = [
    "Left",
    "LogCall",
    "LogRecord",
    "LogShop",
    "call_of",
    "calls",
    "code_platforms",
    "csv_text",
    "jsonl_text",
    "log_platforms",
    "records_of",
]
