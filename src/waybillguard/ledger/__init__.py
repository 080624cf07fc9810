"""The tamper-evident record of every look (每次查看的防篡改记录).

Promise: an acknowledged entry survives any crash of the process. Nobody, not even the owner, can change or remove
a witnessed entry without detection.
"""

from waybillguard.ledger.entry import Entry, EntryKind, FieldClass, Purpose
from waybillguard.ledger.errors import LedgerBusyError, LedgerError, LedgerStoppedError
from waybillguard.ledger.ledgerkeys import LedgerKeys
from waybillguard.ledger.local import LocalStorage
from waybillguard.ledger.log import Ledger, LedgerConfig, wall_clock
from waybillguard.ledger.receipt import Receipt

__all__ = [
    "Entry",
    "EntryKind",
    "FieldClass",
    "Ledger",
    "LedgerBusyError",
    "LedgerConfig",
    "LedgerError",
    "LedgerKeys",
    "LedgerStoppedError",
    "LocalStorage",
    "Purpose",
    "Receipt",
    "wall_clock",
]
