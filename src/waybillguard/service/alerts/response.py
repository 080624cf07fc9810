"""Response to an alert: keep the evidence, restrict the person or station, undo the restriction.

In shift, reveals, exports and label files are stopped; printing continues. Outside the shift, the account is locked.
Critical alerts of the last 24 hours are answered automatically, all others by a button.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import QuerySet
from django.urls import reverse

from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Alert, KeptEvidence, Severity
from waybillguard.service.authorization.models import Restriction
from waybillguard.service.authorization.principal import current_principal
from waybillguard.service.authorization.restrictions import Kind, is_only_owner, lift, restrict
from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import add_event, add_evidence
from waybillguard.service.identity.models import User

RECENT: Final = timedelta(hours=24)
"""Maximum age of an alert answered automatically. Older ones are left to people, because they are not urgent."""


def keep_evidence(alert: Alert, now: datetime) -> KeptEvidence:
    """Store the alert's current evidence, once per content, and add its hash to the alert's case."""
    body = msgspec.json.encode(
        {
            "v": 1, "alert": alert.pk, "rule": alert.rule, "rules": alert.rules, "account": alert.account,
            "workstation": alert.workstation, "first": alert.first_at.isoformat(), "last": alert.last_at.isoformat(),
            "raised": alert.raised_at.isoformat(), "records": alert.records, "evidence": alert.evidence,
        },
        order="deterministic",
    )  # fmt: skip
    kept, _ = KeptEvidence.objects.get_or_create(
        tenant=alert.tenant, alert=alert, sha256=hashlib.sha256(body).hexdigest(),
        defaults={"at": now, "body": body},
    )  # fmt: skip
    if alert.case is not None:
        enter_in_case(alert, alert.case)
    return kept


def enter_in_case(alert: Alert, case: Case) -> None:
    """Attach an alert's stored evidence to a case, by hash."""
    for kept in KeptEvidence.objects.filter(tenant=alert.tenant, alert=alert).order_by("pk"):
        at = kept.at.astimezone(ZoneInfo(alert.tenant.time_zone))
        name = f"告警 {alert.pk} 的访问记录 {at:%Y-%m-%d %H:%M}"
        address = reverse("alert_evidence", args=[kept.pk])
        add_evidence(case, "alert", name, kept.sha256, size=len(kept.body), address=address)


def in_force(alert: Alert) -> QuerySet[Restriction]:
    """Return the restrictions in force that were set in response to this alert."""
    rows = Restriction.objects.filter(tenant=alert.tenant, source=_source(alert), lifted_at=None)
    return rows.select_related("person", "set_by", "tenant").order_by("pk")


def kind_for(person: User) -> Kind:
    """Return the restriction for the current time: ``no_plaintext`` in shift, ``locked`` outside."""
    return "no_plaintext" if current_principal(person).duty.facts.on else "locked"


def respond(alert: Alert, by: User | None, now: datetime) -> list[Restriction]:
    """Store the evidence, restrict the alert's person or else its station, and notify every channel.

    Args:
        alert: the alert to answer.
        by: the user who pressed the button; None for an automatic response.
        now: current time, aware.

    Raises:
        AlertError: the account belongs to another system and no station is known.
        RestrictionError: the person is the caller or the only owner.
    """
    if alert.person is None and not alert.workstation:
        raise AlertError(
            zh="这是外部系统的账号，请到该系统停用；本系统只能告警",
            en="The account belongs to another system: disable it there; here it can only be watched",
        )
    keep_evidence(alert, now)
    kind: Kind = kind_for(alert.person) if alert.person is not None else "no_plaintext"
    made = restrict(
        alert.tenant, kind, person=alert.person, station="" if alert.person is not None else alert.workstation, by=by,
        source=_source(alert), rule=alert.rule, now=now,
    )  # fmt: skip
    if made is None:
        return []
    Alert.objects.filter(pk=alert.pk).update(stopped_at=now)
    locked = made.kind == Restriction.Kind.LOCKED
    zh = "已锁定相关账号" if locked else "已暂停相关账号或工位的明文查看和导出，打印不受影响"
    en = "the account is locked" if locked else "plaintext and exports are stopped, labels keep printing"
    if alert.case is not None:
        add_event(alert.case, "stopped", zh, en, who=by, at=now)
    notify(
        alert.tenant, f"stopped:{made.pk}", Severity.CRITICAL, f"{zh}。请核实，误报可一键恢复",
        f"An alert was answered: {en}. Check it; a false alarm is undone by one button",
        reverse("alert", args=[alert.pk]), now=now,
    )  # fmt: skip
    return [made]


def respond_automatically(alert: Alert, now: datetime) -> list[Restriction]:
    """Respond automatically to a recent critical alert that is neither explained nor answered.

    The only owner is never restricted automatically, because nobody could lift the restriction.
    """
    if (
        alert.drill
        or alert.severity != Severity.CRITICAL
        or alert.state == Alert.State.EXPLAINED
        or alert.stopped_at is not None
        or alert.last_at < now - RECENT
        or (alert.person is None and not alert.workstation)
        or (alert.person is not None and (not alert.person.is_active or is_only_owner(alert.person)))
    ):
        return []
    return respond(alert, None, now)


def undo(alert: Alert, by: User, why: str, now: datetime) -> int:
    """Lift the restrictions of an alert; return how many. Each is written to the ledger first.

    Raises:
        RestrictionError: the caller's own restriction, or no reason is given.
        KeydError: the ledger does not answer; nothing was lifted.
    """
    done = lift(list(in_force(alert)), by, why, now)
    Alert.objects.filter(pk=alert.pk).update(stopped_at=None)
    if done and alert.case is not None:
        zh, en = f"已恢复访问：{why[:200]}", f"Access given back: {why[:200]}"
        add_event(alert.case, "resumed", zh, en, who=by, at=now)
    return done


def history(alert: Alert) -> Sequence[Any]:
    """Return the last 20 restrictions set in response to this alert, newest first."""
    rows = Restriction.objects.filter(tenant=alert.tenant, source=_source(alert))
    return list(rows.select_related("person", "set_by", "lifted_by").order_by("-pk")[:20])


def _source(alert: Alert) -> str:
    return f"alert:{alert.pk}"
