"""The event store of this installation, and the conversion of outbox rows for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from waybillguard.events import EventStore, day_of
from waybillguard.events.columns import Column
from waybillguard.events.schema import EARLIEST, LATEST, day_and_window
from waybillguard.service.audit.recording import FIELDS
from waybillguard.service.tenancy.models import Tenant

FIRST_DAY: Final = day_of(EARLIEST, ZoneInfo("UTC")) + 1
LAST_DAY: Final = day_of(LATEST, ZoneInfo("UTC")) - 1
"""Days outside mean a wrong clock: such events stay in the outbox and are listed on the page."""

ROW: Final = ("id", *FIELDS)
"""Columns of an outbox row for Parquet."""

_PLACE: Final = {name: place for place, name in enumerate(ROW)}
_TEXTS: Final = (
    "account", "workstation", "ip", "session", "action", "order_id", "purpose", "person", "device", "explained_by",
    "explained_ref", "category",
)  # fmt: skip


def events_folder() -> Path:
    """Return the folder of this installation's events."""
    return Path(settings.CONFIG.data_dir) / "events"


def event_store(tenant: Tenant) -> EventStore:
    """Return the store, in the tenant's time zone."""
    return EventStore(events_folder(), zone=ZoneInfo(tenant.time_zone), memory="256MB")


def columns_of_rows(tenant: Tenant, rows: Sequence[tuple[Any, ...]]) -> dict[str, Column]:
    """Return outbox rows (values in the order of ``ROW``) as columns for the store."""
    by_name = dict(zip(ROW, zip(*rows, strict=True), strict=True))
    ts = np.array(by_name["ts"], dtype=np.int64)
    columns: dict[str, Column] = {
        "tenant": tenant.slug,
        "ts": ts,
        # The day stays as recorded: if a tenant changes its time zone, no event moves.
        "day": np.array(by_name["day"], dtype=np.int32),
        "w10": day_and_window(ts, ZoneInfo(tenant.time_zone))[1],
        "exposed": np.array(by_name["exposed"], dtype=np.bool_),
        "allowed": np.array(by_name["allowed"], dtype=np.bool_),
        "decoy": _optional(by_name["decoy"], np.bool_),
        "order_created_at": _optional(by_name["order_created_at"], np.int64),
        "event_id": _objects([f"o{key}" for key in by_name["id"]]),
        "person_token": _objects([bytes.fromhex(text) or None for text in by_name["person_token"]]),
    }
    for name in _TEXTS:
        columns[name] = _objects([value or None for value in by_name[name]])
    return columns


def column_index(name: str) -> int:
    """Return the index of a column in a row."""
    return _PLACE[name]


def _objects(values: Sequence[object]) -> NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _optional(values: Sequence[Any], kind: Any) -> NDArray[Any]:  # noqa: ANN401 - a NumPy type
    missing = [value is None for value in values]
    return np.ma.array(np.array([value or 0 for value in values], dtype=kind), mask=missing)
