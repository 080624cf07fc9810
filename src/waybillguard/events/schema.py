"""The table of access events: its columns, their types, and the allowed values.

One row is one decision (contracts: access events). It adds columns to the contract: ``event_id``, the writer's own id
of the decision, which tells a repeated report from two decisions; and ``person_token`` with
``person_token_previous``, which the contract names in its text.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

WINDOWS_A_DAY: Final = 144
"""Ten-minute windows of a day: ``w10`` runs from 0 to 143."""
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside this range mean a wrong clock."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_QUARTER: Final = 900_000_000
_DAY: Final = 86_400_000_000
_WINDOW: Final = 600_000_000


class Action(StrEnum):
    """The action decided upon; ``print``, ``reprint`` and ``view`` show masked data unless ``exposed`` is set."""

    IMPORT = "import"
    PRINT = "print"
    REPRINT = "reprint"
    SEARCH = "search"
    VIEW = "view"
    REVEAL = "reveal"
    EXPORT = "export"
    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGOUT = "logout"


SESSION_ACTIONS: Final = frozenset({Action.LOGIN, Action.LOGIN_FAILED, Action.LOGOUT})
"""Session actions, which show no order."""
NO_LOOKS: Final = SESSION_ACTIONS | {Action.IMPORT}
"""Every other allowed action on an order is a look (查看) at it."""

SCANNED: Final = "scan"
"""Our purpose code for scanning a label on leaving the warehouse."""
SCAN_PURPOSES: Final = (
    SCANNED,
    "outbound",
    "扫描",
    "扫描出库",
    "出库扫描",
    "出库",
    "验货出库",
    "称重",
    "揽收",
)
"""Purposes of a masked view that mean scanning a label on leaving the warehouse: ours, and those of other systems."""


class ExplainedBy(StrEnum):
    """The work that explains a look."""

    PRINT_JOB = "print_job"
    TICKET = "ticket"
    CALL = "call"
    RETURN = "return"
    PICK_LIST = "pick_list"


COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tenant": "VARCHAR",
        "ts": "TIMESTAMP WITH TIME ZONE",
        "day": "INTEGER",
        "w10": "INTEGER",
        "account": "VARCHAR",
        "workstation": "VARCHAR",
        "ip": "VARCHAR",
        "session": "VARCHAR",
        "action": "VARCHAR",
        "order_id": "VARCHAR",
        "purpose": "VARCHAR",
        "exposed": "BOOLEAN",
        "allowed": "BOOLEAN",
        "person": "VARCHAR",
        "device": "VARCHAR",
        "explained_by": "VARCHAR",
        "explained_ref": "VARCHAR",
        "category": "VARCHAR",
        "order_created_at": "TIMESTAMP WITH TIME ZONE",
        "decoy": "BOOLEAN",
        "event_id": "VARCHAR",
        "person_token": "BLOB",
        "person_token_previous": "BLOB",
    }
)
"""Columns, in order, and DuckDB types of every file this package writes."""
REQUIRED: Final = ("tenant", "ts", "action")
"""Required columns of a table of events; all others may be absent and are then derived or null."""
DERIVED: Final = ("day", "w10")
TIMES: Final = ("ts", "order_created_at")
FLAGS: Final[Mapping[str, bool | None]] = MappingProxyType({"exposed": False, "allowed": True, "decoy": None})
"""Boolean columns and what a missing value means."""
TOKENS: Final = ("person_token", "person_token_previous")


class AccessEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One decision; fields are the columns of the contract, ``None`` if absent.

    Attributes:
        ts: aware, with microseconds.
        day, w10: derived from ``ts`` and the tenant's time zone if None.
        category: goods class (物品类别), in the warehouse's own words.
        event_id: the writer's own id of this decision, unique in the tenant.
        person_token: keyed hash of the consignee's phone under the year's key, 16 bytes.
        person_token_previous: the same under the previous year's key, in the first thirty days of a year.
    """

    tenant: str
    ts: datetime
    action: str
    day: int | None = None
    w10: int | None = None
    account: str | None = None
    workstation: str | None = None
    ip: str | None = None
    session: str | None = None
    order_id: str | None = None
    purpose: str | None = None
    exposed: bool = False
    allowed: bool = True
    person: str | None = None
    device: str | None = None
    explained_by: str | None = None
    explained_ref: str | None = None
    category: str | None = None
    order_created_at: datetime | None = None
    decoy: bool | None = None
    event_id: str | None = None
    person_token: bytes | None = None
    person_token_previous: bytes | None = None

    def __repr__(self) -> str:
        """Show only the type: who looked at what is personal data of the clerk."""
        return "AccessEvent(…)"


def micros(moment: datetime) -> int:
    """Return the exact microseconds since 1970-01-01 UTC of an aware time.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - _EPOCH) // _MICRO


def moment(micro: int) -> datetime:
    """Return the UTC time for microseconds since 1970-01-01."""
    return _EPOCH + timedelta(microseconds=micro)


def day_and_window(ts: NDArray[np.int64], zone: tzinfo) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return ``day`` (days since 1970-01-01) and ``w10`` (0–143) of UTC microseconds in a time zone.

    The zone is queried once per quarter hour in the data: no zone has changed within one since 1972.

    >>> from zoneinfo import ZoneInfo
    >>> day, w10 = day_and_window(np.array([0, 57_600_000_000]), ZoneInfo("Asia/Shanghai"))
    >>> day.tolist(), w10.tolist()
    ([0, 1], [48, 0])
    """
    quarters, where = np.unique(ts // _QUARTER, return_inverse=True)
    offsets = np.fromiter(
        (
            (moment(int(one) * _QUARTER).astimezone(zone).utcoffset() or timedelta()) // _MICRO
            for one in quarters
        ),
        dtype=np.int64,
        count=len(quarters),
    )
    local = ts + offsets[where.reshape(-1)] if len(ts) else ts
    return (local // _DAY).astype(np.int32), (local % _DAY // _WINDOW).astype(np.int32)


def date_of(day: int) -> date:
    """Return the date of a day number.

    >>> date_of(0)
    datetime.date(1970, 1, 1)
    """
    return date(1970, 1, 1) + timedelta(days=day)


def day_of(when: datetime, zone: tzinfo) -> int:
    """Return ``day`` of one aware time.

    >>> from zoneinfo import ZoneInfo
    >>> day_of(datetime(1970, 1, 1, 23, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    1
    """
    return int(day_and_window(np.array([micros(when)], dtype=np.int64), zone)[0][0])
