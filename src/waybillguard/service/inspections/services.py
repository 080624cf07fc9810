"""Public functions of inspections: start and run one, read its result, collect evidence, answer the owner."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from waybillguard.errors import WaybillGuardError
from waybillguard.inspect import Acceptance, Clock, Evidence, Organisation, catalogue, collect, inspect
from waybillguard.inspect import Inspection as Result
from waybillguard.inspect.catalogue import digest
from waybillguard.inspect.model import Fact
from waybillguard.inspect.owner import Answer, Watched, answer
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.cases.models import Case
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.documents import dated_evidence, documents_seen
from waybillguard.service.inspections.facts import OWN_SOURCES
from waybillguard.service.inspections.facts.ledger import witnessed_at
from waybillguard.service.inspections.models import Inspection, RegisterEntry, RiskAcceptance
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import overview

logger = logging.getLogger(__name__)

_SINCE: Final = timedelta(days=1)
_WATCHED_DAYS: Final = 30
BUSY: Final = (Inspection.State.WAITING, Inspection.State.RUNNING)


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """A fact source for one tenant and time. If the source fails, it yields no facts, so its controls cannot pass."""

    source: FactSource
    tenant: Tenant
    now: datetime

    @property
    def name(self) -> str:
        """Return the source's name."""
        return self.source.name

    def facts(self) -> Mapping[str, Fact]:
        """Return the source's facts; an empty mapping if it fails."""
        try:
            with transaction.atomic():
                return self.source.observe(self.tenant, self.now)
        except Exception as error:  # noqa: BLE001 - one source must not stop an inspection; the type alone is logged
            logger.warning("facts of %s are missing: %s", self.name, type(error).__name__)
            return {}


def start(user: User) -> Inspection:
    """Start an inspection of the user's warehouse, or return the one already running."""
    tenant = tenant_of(user)
    with transaction.atomic():
        going_on = Inspection.objects.filter(tenant=tenant, state__in=BUSY).order_by("-pk").first()
        if going_on is not None and going_on.started_at > timezone.now() - timedelta(hours=1):
            return going_on
        row = Inspection.objects.create(tenant=tenant, started_by=user, total=len(catalogue().controls))
        enqueue("inspections.tasks.run_inspection", row.pk)
    return row


def observe(tenant: Tenant, now: datetime) -> tuple[Evidence, ...]:
    """Return the current evidence: live facts of every application, then dated documents."""
    sources = [LiveFacts(one, tenant, now) for one in (*FACTS, *OWN_SOURCES)]
    clock = Clock(now=now)
    live = collect(sources, clock, since=now - _SINCE, source=tenant.slug)
    return (*live, *dated_evidence(tenant, now))


def judge_now(tenant: Tenant, now: datetime) -> Result:
    """Judge every control from live evidence. The clock is checked against the newest witnessed checkpoint."""
    acceptances = [
        Acceptance(one.control, f"u{one.accepted_by_id}", one.reason, one.measure, one.accepted_at, one.until)
        for one in RiskAcceptance.objects.filter(tenant=tenant).order_by("pk")
    ]
    return inspect(
        catalogue(),
        Organisation(tenant.name),
        observe(tenant, now),
        Clock(now=now, witnessed=_witnessed(tenant)),
        acceptances=acceptances,
        documents_seen=documents_seen(tenant),
    )


def carry_out(row: Inspection, now: datetime) -> None:
    """Judge all controls, write each verdict with its evidence hash to the ledger, and store the result.

    Raises:
        KeydError: the ledger cannot be written; no result is stored.
    """
    result = judge_now(row.tenant, now.astimezone(UTC))
    verdicts = []
    for done, verdict in enumerate(result.verdicts, start=1):
        receipt = journal.put(
            row.tenant, "account", f"u{row.started_by_id}", None,
            {
                "change": "inspection_verdict", "inspection": row.pk, "control": verdict.control,
                "version": verdict.control_version, "status": verdict.status.value,
                "verdict": digest(verdict), "evidence": verdict.evidence_sha256,
            },
        )  # fmt: skip
        verdicts.append(receipt.index)
        if done % 10 == 0:
            Inspection.objects.filter(pk=row.pk, tenant=row.tenant).update(done=done)
    counts: dict[str, int] = {}
    for verdict in result.verdicts:
        counts[verdict.status.value] = counts.get(verdict.status.value, 0) + 1
    Inspection.objects.filter(pk=row.pk, tenant=row.tenant).update(
        state=Inspection.State.DONE, finished_at=timezone.now(), done=len(verdicts), total=len(verdicts),
        counts=counts, result=msgspec.json.encode(result),
    )  # fmt: skip


def result_of(row: Inspection) -> Result:
    """Return the result of a finished inspection.

    Raises:
        ValueError: it is not finished.
    """
    if row.state != Inspection.State.DONE:
        raise ValueError("the inspection is not finished")
    return msgspec.json.decode(bytes(row.result), type=Result)


def latest(tenant: Tenant) -> Inspection | None:
    """Return the newest finished inspection."""
    return Inspection.objects.filter(tenant=tenant, state=Inspection.State.DONE).order_by("-pk").first()


def watched(tenant: Tenant, result: Result, now: datetime) -> Watched:
    """Return the facts of the last 30 days on the owner's question: did the data leak from this warehouse?

    A registered theft that was open during these days means "yes"; open cases are leads. ``days_old`` is the age of
    the inspection: an older one says nothing about today.
    """
    facts = {name: fact for piece in result.evidence for name, fact in piece.facts.items()}
    since = now - timedelta(days=_WATCHED_DAYS)
    incidents = RegisterEntry.objects.filter(tenant=tenant, kind=RegisterEntry.Kind.INCIDENT, theft=True)
    thefts = incidents.filter(Q(opened_at__gt=since) | Q(closed_at=None) | Q(closed_at__gt=since))
    lanes, zone = overview(tenant).lanes, ZoneInfo(tenant.time_zone)

    def count(name: str, otherwise: int) -> int:
        value = facts.get(name, otherwise)
        return value if isinstance(value, int) else otherwise

    return Watched(
        since=local_day(since, tenant),
        until=local_day(now, tenant),
        leaks=tuple(
            (one.opened_at.astimezone(zone), (one.closed_at or now).astimezone(zone)) for one in thefts
        ),
        leads=Case.objects.filter(tenant=tenant, state=Case.State.OPEN).count(),
        days_unrecorded=count("log_days_missing", 1),
        ledger_verified=facts.get("ledger_verified") is True,
        stations_unscanned=count("stations_unscanned", 1),
        remote_tools=count("remote_tools_found", 0),
        plaintext_orders=lanes.get("C", 0),
        no_stations=not count("stations", 0),
        days_old=max(0, (now - result.clock.now).days),
    )


def owner_answer(tenant: Tenant, result: Result, now: datetime) -> Answer:
    """Return the answer to the owner's question: did the data leak from this warehouse?"""
    return answer(watched(tenant, result, now))


def _witnessed(tenant: Tenant) -> datetime | None:
    try:
        return witnessed_at(keyd().call(LedgerState(tenant.slug), LedgerStateAnswer))
    except WaybillGuardError:
        return None
