"""Events of invented people for the events tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from waybillguard.events import AccessEvent

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # nine in the morning in China


def looks(count: int, *, step: timedelta = timedelta(minutes=7), **fields: Any) -> list[AccessEvent]:
    """Return ``count`` views of distinct orders, seven minutes apart."""
    base = {"tenant": "yuyao", "action": "view", "account": "kf01", "workstation": "s1"} | fields
    start = base.pop("start", MONDAY)
    return [
        AccessEvent(**{"ts": start + n * step, "order_id": f"o-{n}", "event_id": f"e-{n}"} | base)
        for n in range(count)
    ]
