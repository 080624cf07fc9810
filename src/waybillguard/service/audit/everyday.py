"""Everyday work of the last days, from the table of events: who did what in which hour."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from waybillguard.events import EventsUnreadableError, connect, view_events
from waybillguard.service.audit.listing import MOST_WAITING, damaged_files
from waybillguard.service.audit.overview import pending
from waybillguard.service.audit.store import event_store
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant

ACTIONS: Final = ("import", "print", "reprint", "search", "view")
"""Everyday actions in the table of events; calls are recorded there as views explained by a call."""

MOST: Final = 2_000
_HOUR: Final = 3_600_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_GROUPED: Final = (
    "SELECT account, action, min(ts_us) FROM events WHERE tenant = $tenant AND day >= $first"
    " AND list_contains($actions, action) AND starts_with(account, 'u') AND coalesce(explained_by, '') <> 'call'"
    " GROUP BY account, action, ts_us // $hour ORDER BY 3 DESC LIMIT $most"
)


@dataclass(frozen=True, slots=True)
class Act:
    """A person (``u`` and the number of the account) did this in an hour; ``at`` is the first time, in UTC."""

    account: str
    action: str
    at: datetime


def everyday_acts(tenant: Tenant, now: datetime, days: int) -> list[Act]:
    """Return everyday work of the last days, newest first: one act per person, action and hour, at most ``MOST``.

    Files that cannot be read are skipped.
    """
    last = day_number(now, tenant)
    first = last - days
    files = event_store(tenant).files(tenant.slug, first_day=first, last_day=last)
    try:
        stored = _stored(tenant, files, first)
    except (EventsUnreadableError, duckdb.Error):
        bad = damaged_files(tenant, files)
        stored = _stored(tenant, [one for one in files if one not in bad], first)
    waiting = pending(tenant).filter(day__gte=first, action__in=ACTIONS, account__startswith="u")
    rows = waiting.exclude(explained_by="call").order_by("-ts").values_list("account", "action", "ts")
    hours: dict[tuple[str, str, int], int] = {}
    for account, action, ts in [*stored, *rows[:MOST_WAITING]]:
        key = (account, action, ts // _HOUR)
        hours[key] = min(ts, hours.get(key, ts))
    newest = sorted(hours.items(), key=lambda one: -one[1])[:MOST]
    return [Act(account, action, _EPOCH + timedelta(microseconds=ts)) for (account, action, _), ts in newest]


def _stored(tenant: Tenant, files: list[Path], first: int) -> list[tuple[str, str, int]]:
    if not files:
        return []
    with connect(memory="256MB", threads=1) as connection:
        view_events(connection, files, event_store(tenant).zone)
        values = {
            "tenant": tenant.slug,
            "first": first,
            "actions": list(ACTIONS),
            "hour": _HOUR,
            "most": MOST,
        }
        return connection.execute(_GROUPED, values).fetchall()
