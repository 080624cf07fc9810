"""Daily drill (演练): a synthetic theft that tests detector, alert and message delivery.

Its events are in a separate store, so they never reach counts, ledger or pages. Detector, thresholds, alert and
channels are the real ones. All texts are marked as a drill.
"""

import logging
import random
import tempfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django_scopes import scope

from waybillguard.detect import Notes, roster_of
from waybillguard.events import AccessEvent, EventStore
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Alert, Drill, Message, Severity
from waybillguard.service.alerts.services import detect_in
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

ACCOUNT: Final = "drill"
TAKEN: Final = 60
"""Number of records in the synthetic theft. It must be detected before the last one."""
_HOUR: Final = 9
"""Earliest hour of the drill in the warehouse's time zone, so that the message arrives while people are awake."""
_QUIET_DAYS: Final = 10
_A_DAY: Final = 20


def drill_due(now: datetime) -> int:
    """Run today's drill in every warehouse that has had none; return how many were run."""
    made = 0
    for tenant in Tenant.objects.order_by("pk"):
        local = now.astimezone(ZoneInfo(tenant.time_zone))
        with scope(tenant=tenant):
            if (
                local.hour >= _HOUR
                and not Drill.objects.filter(tenant=tenant, day=day_number(now, tenant)).exists()
            ):
                run_drill(tenant, now)
                made += 1
    return made


def run_drill(tenant: Tenant, now: datetime) -> Drill:
    """Simulate a theft by an invented account; store whether it was detected, and send the result to all channels."""
    day = day_number(now, tenant)
    row, _ = Drill.objects.update_or_create(
        tenant=tenant,
        day=day,
        defaults={"at": now, "caught": False, "alert": None, "records": 0, "error": ""},
    )
    try:
        row.alert, row.records = _steal(tenant, now)
        row.caught = row.alert is not None and row.records < TAKEN
    except Exception as failed:  # noqa: BLE001 - a failed drill must be reported; only the type is stored
        row.error = type(failed).__name__
        logger.error("the drill of a warehouse failed: %s", row.error)  # noqa: TRY400 - a traceback may hold values
    row.save()
    zh, en = (
        ("【演练】模拟盗取已被发现，本条消息说明告警能送达，无需处理", "Drill: the synthetic theft was noticed. No action needed")
        if row.caught
        else ("【演练】模拟盗取没有被发现，真实的盗取也可能被漏掉，请查看", "Drill: the synthetic theft was not noticed; look now")
    )  # fmt: skip
    severity = Severity.LOW if row.caught else Severity.CRITICAL
    notify(tenant, f"drill:{day}", severity, zh, en, reverse("detectors"), now=now)
    return row


def is_delivered(row: Drill) -> bool:
    """Return whether a drill's message was delivered by at least one channel."""
    sent = Message.objects.filter(tenant=row.tenant, mark=f"drill:{row.day}", state=Message.State.SENT)
    return sent.exists()


def _steal(tenant: Tenant, now: datetime) -> tuple[Alert | None, int]:
    """Return the drill's alert, if one was raised, and the number of records taken before it."""
    stolen = list(_theft(tenant, now))
    notes = Notes()
    with tempfile.TemporaryDirectory() as folder:
        store = EventStore(Path(folder), zone=ZoneInfo(tenant.time_zone), memory="256MB", durable=False)
        store.append("drill", [*_quiet(tenant, now), *stolen])
        staff = roster_of(_roster(tenant), notes)
        found = [one for one in detect_in(store, tenant, staff, now, notes) if one.account == ACCOUNT]
    if not found:
        return None, TAKEN
    first = min(found, key=lambda one: one.raised_at)
    gone = sum(one.ts <= first.raised_at for one in stolen)
    Alert.objects.filter(tenant=tenant, drill=True).delete()
    alert = Alert.objects.create(
        tenant=tenant, drill=True, rule=first.rule, rules=list(first.rules), severity=first.severity, account=ACCOUNT,
        first_at=first.first_ts, last_at=first.last_ts, raised_at=first.raised_at, found_at=now, records=first.records,
        score=first.score, reason_zh=f"【演练】{first.reason_zh}"[:600], reason_en=f"Drill: {first.reason_en}"[:600],
        state=Alert.State.EXPLAINED, note="演练",
    )  # fmt: skip
    return alert, gone


def _roster(tenant: Tenant) -> list[dict[str, str | None]]:
    people = [(ACCOUNT, "service"), *((f"{ACCOUNT}-{n}", "service") for n in range(1, 4))]
    return [
        {"tenant": tenant.slug, "account": name, "role": role, "shift_start": "9", "shift_end": "18",
         "workstation": "", "employed_from": "", "employed_to": ""}
        for name, role in people
    ]  # fmt: skip


def _quiet(tenant: Tenant, now: datetime) -> Iterator[AccessEvent]:
    """Yield legitimate work of four invented accounts before today; nearly every look has a ticket."""
    dice = random.Random(day_number(now, tenant))  # noqa: S311 - invented data, deterministic per day
    for day in range(2, _QUIET_DAYS + 2):
        for number in range(4):
            account = f"{ACCOUNT}-{number}" if number else ACCOUNT
            for n in range(_A_DAY):
                ts = _clock(tenant, now, day, 9.2 + dice.random() * 8)
                yield _look(tenant, ts, account, f"drill-{day}-{number}-{n}", ticket=dice.random() > 1 / 30)


def _theft(tenant: Tenant, now: datetime) -> Iterator[AccessEvent]:
    """Yield unexplained looks of last night, a few seconds apart."""
    start = _clock(tenant, now, 1, 22.5)
    for n in range(TAKEN):
        yield _look(tenant, start + timedelta(seconds=5 * n), ACCOUNT, f"drill-{n}", ticket=False)


def _clock(tenant: Tenant, now: datetime, days_ago: int, hour: float) -> datetime:
    zone = ZoneInfo(tenant.time_zone)
    day = now.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), zone) + timedelta(hours=hour)


def _look(tenant: Tenant, ts: datetime, account: str, order: str, *, ticket: bool) -> AccessEvent:
    return AccessEvent(
        tenant=tenant.slug, ts=ts, action="reveal", account=account, workstation="DRILL", order_id=order,
        exposed=True, explained_by="ticket" if ticket else None,
    )  # fmt: skip
