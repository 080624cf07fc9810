"""Alerts of a warehouse: run detection on its events, store alerts, record people's decisions."""

import hashlib
import logging
import tempfile
import time
from collections.abc import Sequence
from copy import copy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from waybillguard.detect import Alert as Found
from waybillguard.detect import (
    Change,
    DetectInputError,
    Inputs,
    Notes,
    Roster,
    Stations,
    changed,
    detect,
    roster_of,
)
from waybillguard.events import EventStore
from waybillguard.events.engines import DuckEngine
from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Alert, Detection, Explanation, Severity
from waybillguard.service.alerts.response import enter_in_case, keep_evidence, respond_automatically
from waybillguard.service.audit.held import HELD_STATIONS
from waybillguard.service.audit.store import event_store
from waybillguard.service.authorization.shifts.roster import roster_rows
from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import add_event, add_orders, close_case, open_case
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.lookups.guard import decoys_of, thresholds_of
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order

logger = logging.getLogger(__name__)

DAYS: Final = 35
"""Days of events that a detection reads: a month of history plus the days judged."""
_SAME: Final = timedelta(days=10)
"""Maximum gap between findings of one account and station that count as the same theft (detect.fusing)."""
_UID_DIGITS: Final = 32
LONGEST: Final = timedelta(days=366)
YUAN: Final = (3, 5)
"""Market price per record in yuan, from and to (judgments on file; law.md 0.3)."""


def due(tenant: Tenant) -> bool:
    """Return whether events arrived since the last detection, or that detection failed."""
    last = Detection.objects.filter(tenant=tenant).first()
    mark = _mark(tenant)
    return bool(mark) and (last is None or last.mark != mark or bool(last.error))


def run(tenant: Tenant, now: datetime) -> list[Alert]:
    """Run detection over the last weeks and store the findings; return new alerts.

    Safe to repeat: a known alert grows, and a person's decision about it is kept. A failure is stored and shown to
    people.
    """
    mark, begun = _mark(tenant), time.monotonic()
    notes = Notes()
    error = ""
    found: list[Found] = []
    try:
        found = _detect(tenant, now, notes)
    except Exception as failed:  # noqa: BLE001 - people must see that detection failed; only the type is stored
        error = type(failed).__name__
        logger.error("detection of a warehouse failed: %s", error)  # noqa: TRY400 - a traceback may hold values
    fresh = keep(tenant, found, now)
    judged = {
        "at": now, "mark": mark, "seconds": time.monotonic() - begun, "notes": notes.lines(), "error": error,
    }  # fmt: skip
    Detection.objects.update_or_create(
        tenant=tenant, defaults=judged if error else {**judged, "good_at": now}
    )
    return fresh


def mark_up_to_date(tenant: Tenant, now: datetime) -> None:
    """Record that all events were judged, so that a warehouse without new events counts as up to date."""
    Detection.objects.update_or_create(
        tenant=tenant, defaults={"good_at": now}, create_defaults={"at": now, "good_at": now, "mark": ""}
    )


def keep(tenant: Tenant, found: Sequence[Found], now: datetime) -> list[Alert]:
    """Store the findings of a detection; return new alerts."""
    fresh, touched, again = [], [], []
    for one in found:
        with transaction.atomic():
            known = _known(tenant, one)
            if known is None:
                fresh.append(_create(tenant, one, now))
            else:
                before = known.severity
                if _grow(known, one):
                    touched.append(known)
                    if _reopen_if_unexplained(known, now) or _has_become_critical(known, before):
                        again.append(known)
    for alert in fresh:
        if alert.state == Alert.State.OPEN:
            notify_alert(alert)
    for alert in again:
        notify_alert(alert, again=True)
    for alert in (*fresh, *touched):
        respond_automatically(alert, now)
    return fresh


def _detect(tenant: Tenant, now: datetime, notes: Notes) -> list[Found]:
    store = event_store(tenant)
    return detect_in(store, tenant, roster(tenant, notes), now, notes)


def detect_in(store: EventStore, tenant: Tenant, who: Roster, now: datetime, notes: Notes) -> list[Found]:
    """Run detection on a store, with the warehouse's decoys, thresholds and time zone.

    Raises:
        EventsError: the events cannot be read.
    """
    files = store.files(tenant.slug, first_day=day_number(now, tenant) - DAYS)
    if not files:
        return []
    held = tuple(one for told in HELD_STATIONS for one in told(tenant, now))
    inputs = Inputs(roster=who, decoys=decoys_of(tenant), stations=Stations(held), changes=changes_of(tenant))
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


def changes_of(tenant: Tenant) -> tuple[Change, ...]:
    """Return the owner's thresholds of detectors. Thresholds invalid in this release are ignored."""
    made = []
    for name, value in thresholds_of(tenant).items():
        detector, _, which = name.partition(".")
        change = Change(detector, **{which: value}) if which in {"rarity", "least"} else None
        try:
            changed([change] if change else [])
        except DetectInputError:
            continue
        if change is not None:
            made.append(change)
    return tuple(made)


def roster(tenant: Tenant, notes: Notes) -> Roster:
    """Return the roster: employments with the shifts of the policies in force."""
    return roster_of(list(roster_rows(tenant)), notes)


def _mark(tenant: Tenant) -> str:
    store = event_store(tenant)
    days = store.days(tenant.slug)[-DAYS:]
    text = " ".join(f"{day}:{store.mark(tenant.slug, day)}" for day in days)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest() if days else ""


def _known(tenant: Tenant, one: Found) -> Alert | None:
    return (
        Alert.objects.select_for_update(of=("self",))
        .select_related("tenant", "person", "case")
        .filter(
            tenant=tenant, drill=False, account=(one.account or "")[:80], workstation=(one.workstation or "")[:60],
            first_at__lte=one.last_ts + _SAME, last_at__gte=one.first_ts - _SAME,
        )
        .order_by("pk")
        .first()
    )  # fmt: skip


def _create(tenant: Tenant, one: Found, now: datetime) -> Alert:
    account = (one.account or "")[:80]
    explained = active_explanation(tenant, account, one.rule, one.severity, timezone.localdate(now))
    alert = Alert(
        tenant=tenant, account=account, workstation=(one.workstation or "")[:60], raised_at=one.raised_at,
        found_at=now, person=_person(tenant, account), note=explained.why if explained else "",
        state=Alert.State.EXPLAINED if explained else Alert.State.OPEN,
    )  # fmt: skip
    _fill(alert, one)
    alert.save()
    return alert


def _grow(known: Alert, one: Found) -> bool:
    """Add a finding to an alert; return whether anything was new."""
    if one.records <= known.records and one.last_ts <= known.last_at:
        return False
    _add(known, one)
    known.save()
    if known.case is not None:
        _to_case(known)
    return True


def _reopen_if_unexplained(alert: Alert, now: datetime) -> bool:
    """Reopen a grown alert whose explanation no longer applies; return whether it was reopened."""
    if alert.state != Alert.State.EXPLAINED:
        return False
    day = timezone.localdate(now)
    if active_explanation(alert.tenant, alert.account, alert.rule, alert.severity, day) is not None:
        return False
    alert.state = Alert.State.OPEN
    alert.save(update_fields=["state"])
    return True


def _has_become_critical(alert: Alert, before: str) -> bool:
    """Return whether an open alert has just become critical; its earlier message may be held for quiet hours."""
    return alert.state == Alert.State.OPEN and alert.severity == "critical" != before


def _fill(alert: Alert, one: Found) -> None:
    alert.rule, alert.rules, alert.severity = one.rule, list(one.rules), one.severity
    alert.first_at, alert.last_at = one.first_ts, one.last_ts
    alert.records, alert.score = one.records, one.score
    alert.reason_zh, alert.reason_en = one.reason_zh[:600], one.reason_en[:600]
    alert.evidence = msgspec.to_builtins(one.evidence)


def _add(known: Alert, one: Found) -> None:
    """Merge a finding into an alert without losing data, even if the finding holds less (a refused decoy request)."""
    had = copy(known)
    _fill(known, one)
    known.rules += [rule for rule in had.rules if rule not in known.rules]
    known.first_at, known.last_at = min(had.first_at, known.first_at), max(had.last_at, known.last_at)
    known.records, known.evidence = max(had.records, known.records), known.evidence or had.evidence
    known.severity = max(had.severity, known.severity, key=Severity.values.index)
    if had.rule == "decoy":  # keep the rule, because decoy alerts cannot be explained in advance
        known.rule, known.reason_zh, known.reason_en = had.rule, had.reason_zh, had.reason_en


def _person(tenant: Tenant, account: str) -> User | None:
    if not (account.startswith("u") and account[1:].isdigit()):
        return None
    return User.objects.filter(tenant=tenant, pk=int(account[1:])).first()


def active_explanation(
    tenant: Tenant, account: str, rule: str, severity: str, day: date
) -> Explanation | None:
    """Return the valid explanation for this account and rule. For a critical alert, only an owner's counts."""
    rows = Explanation.objects.filter(
        tenant=tenant, account=account, rule=rule, until__gte=day, ended_at=None
    )
    found = rows.select_related("made_by").first()
    hides = found is None or severity != "critical" or found.made_by.may(Permission.ADMINISTER)
    return found if hides else None


def notify_alert(alert: Alert, *, again: bool = False) -> None:
    """Notify every channel of an alert. ``again`` sends another message after it was reopened or became critical."""
    zh, en = _headline(alert)
    notify(
        alert.tenant,
        f"alert:{alert.pk}:{alert.last_at:%Y%m%dT%H%M%S}" if again else f"alert:{alert.pk}",
        alert.severity,
        f"{zh}，请立即核查",
        f"{en}: check now",
        reverse("alert", args=[alert.pk]),
    )


def _headline(alert: Alert) -> tuple[str, str]:
    if not alert.records:
        return "企图窃取收件信息，已当场拒绝", "Attempted theft, refused at once"
    return f"疑似窃取约 {alert.records} 条收件信息", f"Possible theft of about {alert.records} records"


def confirm(alert: Alert, who: User, now: datetime) -> Case:
    """Confirm an alert as theft: open a case with its timeline and the affected orders."""
    Alert.objects.filter(pk=alert.pk).update(
        state=Alert.State.CONFIRMED, handled_at=now, handled_by=who, note=""
    )
    case = open_case(
        alert.tenant,
        f"alert:{alert.pk}",
        Case.Kind.ALERT,
        *_headline(alert),
        by=who,
        at=now,
    )
    Alert.objects.filter(pk=alert.pk).update(case=case)
    alert.refresh_from_db()
    _to_case(alert)
    keep_evidence(alert, now)
    enter_in_case(alert, case)
    return case


def raise_decoy_alert(person: User, station: str, now: datetime) -> Alert:
    """Raise an alert immediately when a person requests a decoy. Later looks are added to it."""
    found = Found(
        rule="decoy", severity="critical", tenant=person.tenant.slug if person.tenant else "",
        account=f"u{person.pk}", workstation=station or None, first_ts=now, last_ts=now, raised_at=now, records=0,
        score=1.0, reason_zh="申请查看诱饵订单，已当场拒绝。没有顾客会问起它们。",
        reason_en="asked for a decoy order, which no customer asks about; it was refused at once.", evidence=(),
        rules=("decoy",),
    )  # fmt: skip
    assert person.tenant is not None
    keep(person.tenant, [found], now)
    return Alert.objects.filter(tenant=person.tenant, account=f"u{person.pk}", rule="decoy").latest("pk")


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


def is_about(alert: Alert, who: User) -> bool:
    """Return whether an alert is about this person, who therefore may not decide on it."""
    return who.pk == alert.person_id or alert.account == f"u{who.pk}"


def accepts_ahead(alert: Alert, who: User) -> bool:
    """Return whether a person may explain later alerts of this kind in advance: nobody decoys, only owners critical."""
    return alert.rule != "decoy" and (alert.severity != "critical" or who.may(Permission.ADMINISTER))


def explain(alert: Alert, who: User, why: str, until: date | None, now: datetime) -> None:
    """Accept an explanation for this alert and, until a date, for later ones of its kind. Replaces an earlier one.

    Raises:
        AlertError: an alert about the caller, no reason, a date that is past or over a year away, or a date for
            alerts that cannot be explained in advance (decoys; critical alerts by anybody but an owner).
    """
    why = why.strip()[:200]
    today = timezone.localdate(now)
    if is_about(alert, who):
        raise AlertError(
            zh="不能解释自己的告警，请由另一位负责人或主管处理。",
            en="You cannot explain an alert about yourself; another owner or supervisor deals with it.",
        )
    if until is not None and not accepts_ahead(alert, who):
        raise AlertError(
            zh="诱饵告警只能逐条解释；严重告警只有负责人能预先接受。请不填截止日期。",
            en="Alerts of decoys are explained one by one, and only owners accept critical ones in advance; leave the day empty.",
        )
    if not why:
        raise AlertError(
            zh="请写明原因，例如：每月 1 日对账",
            en="Say why, for example: accounts of every first of the month",
        )
    if until is not None and not today <= until <= today + LONGEST:
        raise AlertError(zh="截止日期须在今天起一年以内", en="The end must lie within a year from today")
    with transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(
            state=Alert.State.EXPLAINED, handled_at=now, handled_by=who, note=why
        )
        if until is not None:
            like: dict[str, Any] = {"tenant": alert.tenant, "account": alert.account, "rule": alert.rule}
            Explanation.objects.filter(**like, ended_at=None).update(ended_at=now)
            Explanation.objects.create(**like, why=why, until=until, made_by=who, made_at=now)
        if alert.case is not None:
            close_case(alert.case, who, why)
        note(alert.tenant, "alert_explained", actor=who, person=alert.person, now=now, alert=alert.pk)


def end_explanation(row: Explanation, now: datetime) -> None:
    """End an explanation now."""
    Explanation.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)
