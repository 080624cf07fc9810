"""Documents, drills, incidents, requests and alarms (GOV-01, GOV-03, SEC-05, DET-02, INC-01 to INC-05, RGT-01)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from waybillguard.inspect.documents_register import document_kinds
from waybillguard.inspect.incident import LARGE_PERSONS, NOTICE_ITEMS
from waybillguard.inspect.model import Fact
from waybillguard.service.inspections.documents import valid_documents
from waybillguard.service.inspections.models import RegisterEntry
from waybillguard.service.lookups.models import LookAlarm
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

_HOUR: Final = timedelta(hours=1)
_FOUR_HOURS: Final = timedelta(hours=4)
_MONTH: Final = timedelta(days=30)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on documents and registers. A document that expired counts as missing."""
    entries = list(RegisterEntry.objects.filter(tenant=tenant).order_by("pk"))
    return {
        **_documents(tenant, now),
        **_incidents(entries, now),
        **_requests(entries, now),
        **_alarms(tenant, now),
    }


def _documents(tenant: Tenant, now: datetime) -> dict[str, Fact]:
    today = local_day(now, tenant)
    policies = {
        kind.id: valid_documents(tenant, kind.id, now)
        for kind in document_kinds().values()
        if kind.group == "policy"
    }
    ages = [(today - found[0].effective_on).days for found in policies.values() if found]
    officer = valid_documents(tenant, "officer", now)
    facts: dict[str, Fact] = {
        "policies_missing": sum(1 for found in policies.values() if not found),
        "policy_review_days": max(ages, default=0),
        "officer_named": bool(officer),
        "officer_published": bool(officer and officer[0].values.get("published")),
        "response_plan": bool(policies["response_plan"]),
    }
    for kind, name in (("response_drill", "response_drill_days"), ("restore_drill", "restore_drill_days")):
        found = valid_documents(tenant, kind, now)
        if found:
            facts[name] = (today - found[0].effective_on).days
            if kind == "restore_drill":
                facts["backups_encrypted"] = bool(found[0].values.get("encrypted"))
    return facts


def _incidents(entries: list[RegisterEntry], now: datetime) -> dict[str, Fact]:
    incidents = [one for one in entries if one.kind == RegisterEntry.Kind.INCIDENT]
    large = [one for one in incidents if (one.persons_high or 0) >= LARGE_PERSONS]
    wanted = {name for name, _ in NOTICE_ITEMS}
    return {
        "incidents": len(incidents),
        "incidents_without_authority_notice": _without(incidents, "authority"),
        "incidents_without_person_notice": sum(not _persons_told(one) for one in incidents),
        "notices_incomplete": sum(
            1
            for one in incidents
            if "persons" in one.steps
            and not one.steps["persons"].get("exempt")
            and not wanted <= set(one.steps["persons"].get("items", ()))
        ),
        "persons_affected_high": max((one.persons_high or 0 for one in incidents), default=0),
        "graded_minutes": max((_minutes(one, "bound", now) for one in large), default=0.0),
        "large_incidents_late": sum(_late(one, "report_4h", _FOUR_HOURS, now) for one in large),
        "summaries_late": sum(_summary_late(one, now) for one in large),
        "incidents_without_postal_report": _without(incidents, "postal"),
        "thefts_found": sum(1 for one in incidents if one.theft),
        "thefts_unreported": _without([one for one in incidents if one.theft], "police"),
    }


def _requests(entries: list[RegisterEntry], now: datetime) -> dict[str, Fact]:
    requests = [one for one in entries if one.kind == RegisterEntry.Kind.REQUEST]
    return {
        "requests_overdue": sum(
            1 for one in requests if one.due_at is not None and (_finished_at(one) or now) > one.due_at
        ),
        "refusals_without_reason": sum(1 for one in requests if "refused" in one.steps and not one.reason),
    }


def _alarms(tenant: Tenant, now: datetime) -> dict[str, Fact]:
    late = LookAlarm.objects.filter(tenant=tenant, severity="critical", seen_at=None, at__lt=now - _HOUR)
    return {"critical_alerts_late": late.count()}


def _without(entries: list[RegisterEntry], step: str) -> int:
    return sum(1 for one in entries if step not in one.steps)


def _persons_told(entry: RegisterEntry) -> bool:
    """Return whether the persons were notified, or exempted for a signed reason."""
    step = entry.steps.get("persons")
    return step is not None and not (step.get("exempt") and not step.get("receipt"))


def _finished_at(entry: RegisterEntry) -> datetime | None:
    """Return when a request was answered or refused. Closing it without either is no answer."""
    return _done_at(entry, "answered") or _done_at(entry, "refused")


def _done_at(entry: RegisterEntry, step: str) -> datetime | None:
    found = entry.steps.get(step)
    return datetime.fromisoformat(found["at"]) if found else None


def _minutes(entry: RegisterEntry, step: str, now: datetime) -> float:
    return max(0.0, round(((_done_at(entry, step) or now) - entry.opened_at).total_seconds() / 60, 1))


def _late(entry: RegisterEntry, step: str, within: timedelta, now: datetime) -> bool:
    return (_done_at(entry, step) or now) - entry.opened_at > within


def _summary_late(entry: RegisterEntry, now: datetime) -> bool:
    """Return whether the summary is late: 30 days after the handling ended (国家网络安全事件报告管理办法 第八条)."""
    done = _done_at(entry, "summary_30d") or now
    return entry.closed_at is not None and done - entry.closed_at > _MONTH
