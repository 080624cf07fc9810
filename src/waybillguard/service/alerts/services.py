"""From the events of a warehouse to its alerts, and what people decide about them."""

import hashlib
import logging
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from waybillguard.detect import Alert as Found
from waybillguard.detect import Inputs, Notes, Roster, detect, roster_of
from waybillguard.events.engines import DuckEngine
from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Alert, Detection, Explanation
from waybillguard.service.audit.store import event_store
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.authorization.shifts.roster import roster_rows
from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import add_event, add_orders, close_case, open_case
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.services import end_sessions
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.raises import set_frozen
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order

logger = logging.getLogger(__name__)

DAYS: Final = 35
"""How far back a detection reads: a month of history and the days under it."""
_SAME: Final = timedelta(days=10)
"""An alert of the same account and station within so many days is the same theft (detect.fusing)."""
_UID_DIGITS: Final = 32
_LONGEST: Final = timedelta(days=366)
YUAN: Final = (3, 5)
"""Market price of a record, from and to (judgments on file; law.md 0.3)."""


def due(tenant: Tenant) -> bool:
    """Tell whether events came since the last detection."""
    last = Detection.objects.filter(tenant=tenant).first()
    mark = _mark(tenant)
    return bool(mark) and (last is None or last.mark != mark or bool(last.error))


def run(tenant: Tenant, now: datetime) -> list[Alert]:
    """Detect over the last weeks and keep what is found; returns alerts that are new.

    Safe to repeat: an alert that is known grows, and whatever a person decided about it stays. A failure is kept
    where people see it.
    """
    mark, begun = _mark(tenant), time.monotonic()
    notes = Notes()
    error = ""
    found: list[Found] = []
    try:
        found = _detect(tenant, now, notes)
    except Exception as failed:  # noqa: BLE001 - people must see that nothing watches; the type alone is kept
        error = type(failed).__name__
        logger.error("detection of a warehouse failed: %s", error)  # noqa: TRY400 - a traceback may hold values
    fresh = keep(tenant, found, now)
    Detection.objects.update_or_create(
        tenant=tenant,
        defaults={
            "at": now,
            "mark": mark,
            "seconds": time.monotonic() - begun,
            "notes": notes.lines(),
            "error": error,
        },
    )
    return fresh


def keep(tenant: Tenant, found: Sequence[Found], now: datetime) -> list[Alert]:
    """Write what a detection found; returns the alerts that are new."""
    fresh = []
    for one in found:
        with transaction.atomic():
            known = _known(tenant, one)
            if known is None:
                fresh.append(_create(tenant, one, now))
            else:
                _grow(known, one)
    for alert in fresh:
        if alert.state == Alert.State.OPEN:
            tell(alert)
    return fresh


def _detect(tenant: Tenant, now: datetime, notes: Notes) -> list[Found]:
    store = event_store(tenant)
    today = day_number(now, tenant)
    files = store.files(tenant.slug, first_day=today - DAYS)
    if not files:
        return []
    inputs = Inputs(roster=roster(tenant, notes))
    with (
        tempfile.TemporaryDirectory() as spill,
        DuckEngine(memory="256MB", threads=1, spill=Path(spill)) as engine,
    ):
        return detect(
            engine,
            files,
            inputs,
            notes,
            zone=ZoneInfo(tenant.time_zone),
            part=lambda day: store.files(tenant.slug, first_day=day, last_day=day),
        )


def roster(tenant: Tenant, notes: Notes) -> Roster:
    """Return who works when: employments, with the shifts of the policies in force."""
    return roster_of(list(roster_rows(tenant)), notes)


def _mark(tenant: Tenant) -> str:
    store = event_store(tenant)
    days = store.days(tenant.slug)[-DAYS:]
    text = " ".join(f"{day}:{store.mark(tenant.slug, day)}" for day in days)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest() if days else ""


def _known(tenant: Tenant, one: Found) -> Alert | None:
    return (
        Alert.objects.select_for_update()
        .filter(
            tenant=tenant, account=(one.account or "")[:80], workstation=(one.workstation or "")[:60],
            first_at__lte=one.last_ts + _SAME, last_at__gte=one.first_ts - _SAME,
        )
        .order_by("pk")
        .first()
    )  # fmt: skip


def _create(tenant: Tenant, one: Found, now: datetime) -> Alert:
    account = (one.account or "")[:80]
    explained = active_explanation(tenant, account, one.rule, timezone.localdate(now))
    alert = Alert(
        tenant=tenant, account=account, workstation=(one.workstation or "")[:60], raised_at=one.raised_at,
        found_at=now, person=_person(tenant, account), note=explained.why if explained else "",
        state=Alert.State.EXPLAINED if explained else Alert.State.OPEN,
    )  # fmt: skip
    _fill(alert, one)
    alert.save()
    return alert


def _grow(known: Alert, one: Found) -> None:
    if one.records >= known.records or one.last_ts > known.last_at:
        _fill(known, one, at_least=known.records)
        known.save()
        if known.case is not None:
            _to_case(known)


def _fill(alert: Alert, one: Found, *, at_least: int = 0) -> None:
    alert.rule, alert.rules, alert.severity = one.rule, list(one.rules), one.severity
    alert.first_at, alert.last_at = one.first_ts, one.last_ts
    alert.records, alert.score = max(one.records, at_least), one.score
    alert.reason_zh, alert.reason_en = one.reason_zh[:600], one.reason_en[:600]
    alert.evidence = msgspec.to_builtins(one.evidence)


def _person(tenant: Tenant, account: str) -> User | None:
    if not (account.startswith("u") and account[1:].isdigit()):
        return None
    return User.objects.filter(tenant=tenant, pk=int(account[1:])).first()


def active_explanation(tenant: Tenant, account: str, rule: str, day: date) -> Explanation | None:
    """Return what was accepted for this account and rule and still holds."""
    return Explanation.objects.filter(
        tenant=tenant, account=account, rule=rule, until__gte=day, ended_at=None
    ).first()


def tell(alert: Alert) -> None:
    """Have every channel of the warehouse told of an alert."""
    notify(
        alert.tenant,
        f"alert:{alert.pk}",
        alert.severity,
        f"疑似窃取：约 {alert.records} 条收件信息，请立即核查",
        f"Possible theft of about {alert.records} records: check now",
        reverse("alert", args=[alert.pk]),
    )


def confirm(alert: Alert, who: User, now: datetime) -> Case:
    """Take an alert for a theft: a case opens with its timeline and the orders concerned."""
    Alert.objects.filter(pk=alert.pk).update(
        state=Alert.State.CONFIRMED, handled_at=now, handled_by=who, note=""
    )
    case = open_case(
        alert.tenant,
        f"alert:{alert.pk}",
        Case.Kind.ALERT,
        f"疑似窃取 {alert.records} 条收件信息",
        f"Possible theft of {alert.records} records",
        by=who,
        at=now,
    )
    Alert.objects.filter(pk=alert.pk).update(case=case)
    alert.refresh_from_db()
    _to_case(alert)
    return case


def _to_case(alert: Alert) -> None:
    assert alert.case is not None
    address = reverse("alert", args=[alert.pk])
    add_event(
        alert.case, "alert", alert.reason_zh[:400], alert.reason_en[:400], address=address, at=alert.raised_at
    )
    numbers = {str(row["order_id"]) for row in alert.evidence if row.get("order_id")}
    uids = [bytes.fromhex(one) for one in numbers if _is_uid(one)]
    orders = Order.objects.filter(tenant=alert.tenant, uid__in=uids)
    add_orders(alert.case, orders.values_list("pk", flat=True), "looked_at")


def _is_uid(text: str) -> bool:
    return len(text) == _UID_DIGITS and all(one in "0123456789abcdef" for one in text)


def explain(alert: Alert, who: User, why: str, until: date | None, now: datetime) -> None:
    """Accept an explanation: for this alert, and until a day for its like.

    Raises:
        AlertError: no reason, or a day that is past or over a year away.
    """
    why = why.strip()[:200]
    today = timezone.localdate(now)
    if not why:
        raise AlertError(
            zh="请写明原因，例如：每月 1 日对账",
            en="Say why, for example: accounts of every first of the month",
        )
    if until is not None and not today <= until <= today + _LONGEST:
        raise AlertError(zh="截止日期须在今天起一年以内", en="The end must lie within a year from today")
    with transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(
            state=Alert.State.EXPLAINED, handled_at=now, handled_by=who, note=why
        )
        if until is not None:
            Explanation.objects.create(
                tenant=alert.tenant, account=alert.account, rule=alert.rule, why=why, until=until, made_by=who, made_at=now
            )  # fmt: skip
        if alert.case is not None:
            close_case(alert.case, who, why)
        note(alert.tenant, "alert_explained", actor=who, person=alert.person, now=now, alert=alert.pk)


def end_explanation(row: Explanation, now: datetime) -> None:
    """Have an explanation hold no longer."""
    Explanation.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)


def stop(principal: Principal, alert: Alert) -> None:
    """Stop an account's reveals and exports and end its sessions; labels keep printing from other accounts.

    Raises:
        AlertError: the account is none of ours.
        RevealDeniedError: the policies say no.
    """
    if alert.person is None:
        raise AlertError(
            zh="这是外部系统的账号，请到该系统停用；本系统只能告警",
            en="The account belongs to another system: disable it there; here it can only be watched",
        )
    set_frozen(principal, alert.person, frozen=True)
    end_sessions(alert.person)
    Alert.objects.filter(pk=alert.pk).update(stopped_at=principal.now)


def resume(principal: Principal, alert: Alert) -> None:
    """Give back what ``stop`` took; recorded in the ledger first.

    Raises:
        RevealDeniedError: it is one's own account, or the policies say no.
        KeydError: the ledger does not write, so nothing was given back.
    """
    if alert.person is not None:
        set_frozen(principal, alert.person, frozen=False)
    Alert.objects.filter(pk=alert.pk).update(stopped_at=None)


def picture(alert: Alert, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the evidence by hour, for the one picture: label, count and height in percent."""
    counts: dict[datetime, int] = {}
    for row in alert.evidence:
        moment = datetime.fromisoformat(row["ts"]).astimezone(zone).replace(minute=0, second=0, microsecond=0)
        counts[moment] = counts.get(moment, 0) + 1
    most = max(counts.values(), default=1)
    shown = sorted(counts)[-24:]
    return [
        {
            "when": when,
            "count": counts[when],
            "x": 4 + place * 40,
            "y": 90 - 80 * counts[when] / most,
            "h": 80 * counts[when] / most,
        }
        for place, when in enumerate(shown)
    ]
