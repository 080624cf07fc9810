"""Internal policies (内部管理制度): all staff read the version in force, and each reading is recorded."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from waybillguard.inspect.documents_register import document_kinds
from waybillguard.service.external_accounts.evidence import open_evidence
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Role, User
from waybillguard.service.inspections.documents import newest_in_force
from waybillguard.service.inspections.errors import InspectionError
from waybillguard.service.inspections.models import Document, PolicyRead
from waybillguard.service.tenancy.models import Tenant

_STAFF = (Role.OWNER, Role.SUPERVISOR, Role.CLERK, Role.SERVICE)
_ENDINGS = ((b"%PDF", "pdf"), (b"\x89PNG\r\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"PK\x03\x04", "docx"))


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy in force and when the person read it (None: not read yet)."""

    document: Document
    title_zh: str
    title_en: str
    read_at: datetime | None


def policies_for(user: User, now: datetime) -> list[Policy]:
    """Return the policies in force, unread first; an empty list for users who are not staff."""
    if user.role not in _STAFF:
        return []
    tenant = tenant_of(user)
    read = dict(PolicyRead.objects.filter(tenant=tenant, person=user).values_list("document_id", "at"))
    kinds = {kind.id: kind for kind in document_kinds().values() if kind.group == "policy"}
    newest = newest_in_force(tenant, kinds, now)
    found = [
        Policy(newest[name], kind.zh, kind.en, read.get(newest[name].pk))
        for name, kind in kinds.items()
        if name in newest
    ]
    return sorted(found, key=lambda one: one.read_at is not None)


def acknowledge(user: User, document: Document, now: datetime) -> None:
    """Record that a user read a policy in force. Idempotent.

    Raises:
        InspectionError: the document is no longer in force, or is not a policy.
        KeydError: the ledger cannot be written; nothing was recorded.
    """
    policy = next((one for one in policies_for(user, now) if one.document.pk == document.pk), None)
    if policy is None:
        raise InspectionError(
            zh="该版本已不是现行制度，请阅读新版本。未记录。",
            en="this version is not in force any more; read the new one. Nothing was recorded.",
        )
    if policy.read_at is not None:
        return
    tenant = tenant_of(user)
    with transaction.atomic():
        detail: dict[str, str | int] = {
            "change": "policy_read", "document": document.kind, "sha256": document.sha256,
        }  # fmt: skip
        receipt = journal.put(tenant, "account", f"u{user.pk}", None, detail)
        PolicyRead.objects.create(
            tenant=tenant, document=document, person=user, at=now, ledger_index=receipt.index
        )


def readers(tenant: Tenant) -> tuple[dict[int, int], int]:
    """Return how many active staff read each document, by its id, and the number of active staff."""
    staff = User.objects.filter(tenant=tenant, is_active=True, role__in=_STAFF)
    rows = PolicyRead.objects.filter(tenant=tenant, person__in=staff).values("document")
    return {row["document"]: row["n"] for row in rows.annotate(n=Count("pk"))}, staff.count()


def file_of(user: User, document: Document) -> tuple[bytes, str]:
    """Return a document's file and file extension. The ledger records the access first.

    Raises:
        RegisterServiceError: the file is missing.
    """
    content, _kind = open_evidence(user, document.sha256)
    return content, next((ending for start, ending in _ENDINGS if content.startswith(start)), "bin")
