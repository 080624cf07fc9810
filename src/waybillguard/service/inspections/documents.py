"""Document register (资料登记): store dated documents, query them, turn them into evidence."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from msgspec.structs import replace

from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.documents_register import document_kinds
from waybillguard.inspect.evidence import seal
from waybillguard.inspect.model import Evidence, Fact
from waybillguard.service.external_accounts.evidence import keep_evidence
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Merchant, User
from waybillguard.service.inspections.errors import InspectionError
from waybillguard.service.inspections.models import Document
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

_LEVELS_FILED = frozenset({"2", "3", "4"})


def add_document(
    user: User,
    kind: str,
    upload: object,
    *,
    effective_on: date,
    expires_on: date | None = None,
    values: Mapping[str, str | bool] | None = None,
    merchant: Merchant | None = None,
    title: str = "",
) -> Document:
    """Store a document. The file is encrypted and its hash is written to the ledger.

    The same file uploaded with another effective date or a later expiry date is stored but flagged
    (``Flag.UPLOADED_AGAIN``) and does not count as proof.

    Raises:
        InspectionError: the kind is unknown, the dates make no sense, or the merchant is missing.
        RegisterServiceError: no file, an empty one, or over 20 MB.
        KeydError: the ledger cannot be written; nothing was kept.
    """
    known = document_kinds().get(kind)
    tenant = tenant_of(user)
    if known is None:
        raise InspectionError(
            zh="没有这种资料。未保存。", en="there is no such kind of document. Nothing was saved."
        )
    if effective_on > local_day(timezone.now(), tenant):
        raise InspectionError(
            zh="生效日期在未来。请填写文件上的日期。未保存。",
            en="the effective date lies in the future. Type the date on the document. Nothing was saved.",
        )
    if expires_on is not None and expires_on <= effective_on:
        raise InspectionError(
            zh="到期日期应晚于生效日期。未保存。",
            en="the document must expire after its effective date. Nothing was saved.",
        )
    if known.merchant and merchant is None:
        raise InspectionError(zh="请选择商家。未保存。", en="choose the merchant. Nothing was saved.")
    sha256 = keep_evidence(tenant, upload)
    with transaction.atomic():
        same = Document.objects.filter(tenant=tenant, sha256=sha256)
        again = same.exclude(effective_on=effective_on, kind=kind).exists() or _holds_longer(same, expires_on)
        receipt = journal.put(
            tenant, "account", f"u{user.pk}", None,
            {"change": "inspection_document", "document": kind, "sha256": sha256, "effective": effective_on.isoformat()},
        )  # fmt: skip
        return Document.objects.create(
            tenant=tenant, kind=kind, title=title.strip()[:120], effective_on=effective_on, expires_on=expires_on,
            values=dict(values or {}), merchant=merchant, sha256=sha256, again=again, added_by=user,
            ledger_index=receipt.index,
        )  # fmt: skip


def _holds_longer(same: QuerySet[Document], expires_on: date | None) -> bool:
    """Return whether ``expires_on`` is later than the expiry date of an earlier upload, or None where that had one."""
    ended = same.exclude(expires_on=None)
    return (ended if expires_on is None else ended.filter(expires_on__lt=expires_on)).exists()


def withdraw(user: User, document: Document) -> None:
    """Withdraw a document, so that it no longer counts. Its row and file are kept."""
    del user
    Document.objects.filter(pk=document.pk, tenant=document.tenant, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )


def valid_documents(tenant: Tenant, kind: str, now: datetime) -> list[Document]:
    """Return the documents of a kind that count at ``now``, newest effective date first.

    Not counted: withdrawn, not effective yet, expired, older than ``valid_days``, or flagged as uploaded again.
    """
    today = local_day(now, tenant)
    oldest = today - timedelta(days=document_kinds()[kind].valid_days)
    return list(
        Document.objects.filter(
            Q(expires_on=None) | Q(expires_on__gt=today),
            tenant=tenant, kind=kind, withdrawn_at=None, again=False, effective_on__lte=today,
            effective_on__gte=oldest,
        ).order_by("-effective_on", "-pk")
    )  # fmt: skip


def newest_in_force(tenant: Tenant, kinds: Collection[str], now: datetime) -> dict[str, Document]:
    """Return the newest document in force for each kind, in one query."""
    today, known = local_day(now, tenant), document_kinds()
    rows = Document.objects.filter(
        Q(expires_on=None) | Q(expires_on__gt=today),
        tenant=tenant, kind__in=kinds, withdrawn_at=None, again=False, effective_on__lte=today,
    ).order_by("effective_on", "pk")  # fmt: skip
    return {
        row.kind: row
        for row in rows
        if row.effective_on >= today - timedelta(days=known[row.kind].valid_days)
    }


def documents_seen(tenant: Tenant) -> dict[str, datetime]:
    """Return the first effective date given for each uploaded file, by SHA-256."""
    seen: dict[str, datetime] = {}
    for document in Document.objects.filter(tenant=tenant).order_by("pk"):
        seen.setdefault(document.sha256, _midnight(document.effective_on, tenant))
    return seen


def dated_evidence(tenant: Tenant, now: datetime) -> list[Evidence]:
    """Return evidence for the controls proven by a dated document: the newest upload of each kind, of any age."""
    newest: dict[str, Document] = {}
    expires: dict[str, date] = {}
    for document in Document.objects.filter(tenant=tenant).order_by("pk"):
        if document.withdrawn_at is None:
            newest[document.kind] = document
        if document.expires_on is not None:
            known = expires.get(document.sha256, document.expires_on)
            expires[document.sha256] = min(known, document.expires_on)
    for document in newest.values():
        # If a file was uploaded twice, the earliest expiry date applies.
        document.expires_on = expires.get(document.sha256)
    controls = catalogue().by_id()
    made = []
    for kind in document_kinds().values():
        document_or_none = newest.get(kind.id)
        if kind.control and document_or_none is not None:
            facts = _facts(kind.id, newest)
            made.append(
                _evidence(tenant, document_or_none, controls[kind.control].version, kind.control, facts, now)
            )
        elif kind.control == "GOV-12" and (level := newest.get("mlps_level")):
            facts = {
                "system_level": str(level.values.get("level", "")),
                "filing_number_present": False,
                "filing_days": 0,
            }
            if facts["system_level"] in _LEVELS_FILED:
                facts["filing_days"] = (local_day(now, tenant) - level.effective_on).days
            made.append(_evidence(tenant, level, controls["GOV-12"].version, "GOV-12", facts, now))
    return made


def _facts(kind: str, newest: Mapping[str, Document]) -> dict[str, Fact]:
    document = newest[kind]
    if kind == "audit":
        return {"audits_in_period": 1}
    if kind == "mlps_level":
        return {"system_level": str(document.values.get("level", ""))}
    level = newest.get("mlps_level")
    facts: dict[str, Fact] = {"filing_number_present": bool(str(document.values.get("number", "")).strip())}
    if level is not None:
        facts["system_level"] = str(level.values.get("level", ""))
        facts["filing_days"] = max(0, (document.effective_on - level.effective_on).days)
    return facts


def _evidence(
    tenant: Tenant, document: Document, version: int, control: str, facts: dict[str, Fact], now: datetime
) -> Evidence:
    made = seal(
        Evidence(
            control=control, control_version=version, facts=facts, observed_from=document.added_at.astimezone(UTC),
            observed_to=document.added_at.astimezone(UTC), collected_at=now, source=tenant.slug,
            collector=f"u{document.added_by_id}", method="document",
            effective_at=_midnight(document.effective_on, tenant),
            expires_at=_midnight(document.expires_on, tenant) if document.expires_on else None,
            document_sha256=document.sha256,
        )
    )  # fmt: skip
    return made if document.ledger_index is None else replace(made, ledger_position=document.ledger_index)


def _midnight(day: date, tenant: Tenant) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(tenant.time_zone)).astimezone(UTC)
