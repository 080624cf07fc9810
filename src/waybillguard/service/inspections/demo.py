"""Demo inspections: documents as a typical first inspection finds them, one label sample, one run."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections import documents
from waybillguard.service.inspections.models import Inspection, LabelSample, SamplePhoto
from waybillguard.service.inspections.tasks import run_inspection
from waybillguard.service.tenancy.spool import SpoolWriter
from waybillguard.service.vault.uploads import SealedUpload

_DOCUMENTS: Final[tuple[tuple[str, int, dict[str, str | bool]], ...]] = (
    ("policy_privacy", 100, {}),
    ("policy_labels", 100, {}),
    ("policy_accounts", 500, {}),
    ("officer", 20, {"published": True}),
    ("response_plan", 60, {}),
    ("mlps_level", 10, {"level": "2"}),
)
_FAILING: Final = 4
_PHOTOS: Final = 20


def fill(owner: User) -> None:
    """Fill the inspection pages of a new demo with invented data."""
    tenant, today = tenant_of(owner), timezone.localdate()
    with scope(tenant=tenant):
        for kind, age, values in _DOCUMENTS:
            content = f"演示资料：{kind}".encode()
            writer = SpoolWriter(tenant)
            writer.write(content)
            writer.finish()
            upload = SealedUpload(kind="txt", writer=writer, size=len(content), too_large=False)
            documents.add_document(
                owner, kind, upload, effective_on=today - timedelta(days=age), values=values
            )
        _sample(owner)
        with transaction.atomic():
            row = Inspection.objects.create(tenant=tenant, started_by=owner)
        run_inspection.call(row.pk)


def _sample(owner: User) -> None:
    tenant = tenant_of(owner)
    sample = LabelSample.objects.create(
        tenant=tenant, created_by=owner, place="演示打单间", first="检查员甲", second="检查员乙",
        state=LabelSample.State.DONE, total=_PHOTOS, done=_PHOTOS,
    )  # fmt: skip
    bad = {"field": "phone", "party": "receiver", "verdict": "fail", "reason_zh": "电话隐藏不足 6 位"}
    SamplePhoto.objects.bulk_create(
        SamplePhoto(
            tenant=tenant, sample=sample, position=at, sha256=sha256(f"demo {at}".encode()).hexdigest(),
            line={
                "verdict": "fail" if at <= _FAILING else "pass", "layout": "76x130",
                "codes": [{"format": "Code128", "text_class": "waybill"}],
                "fields": [bad] if at <= _FAILING else [],
            },
        )
        for at in range(1, _PHOTOS + 1)
    )  # fmt: skip
