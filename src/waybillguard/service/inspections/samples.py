"""Label samples: photos are stored sealed, the worker judges each (`judging`), only hash and verdict are kept."""

from typing import Any, Final

import msgspec
from django.db import transaction

from waybillguard.inspect.label_sample import LabelSample as Sample
from waybillguard.inspect.label_sample import PhotoLine, SampledPhoto
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.errors import InspectionError
from waybillguard.service.inspections.models import LabelSample, SamplePhoto
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.vault.uploads import SealedUpload

MAX_PHOTOS: Final = 40
_MAX_BYTES: Final = 20 * 1024 * 1024
UNREADABLE: Final = {"verdict": "unreadable", "fields": [], "codes": [], "layout": ""}
"""Result stored for an unreadable photo."""


def take_photos(user: User, place: str, first: str, second: str, uploads: list[Any]) -> LabelSample:
    """Store the photos of a sample and queue them for the worker.

    Raises:
        InspectionError: no photos, too many, one too large, or both inspectors are the same person.
    """
    first, second = first.strip()[:60], second.strip()[:60]
    if not first or not second or first == second:
        raise InspectionError(
            zh="请填写两名不同的检查人。未保存。", en="name two different inspectors. Nothing was saved."
        )
    photos = [one for one in uploads if isinstance(one, SealedUpload) and one.writer is not None]
    if not photos or len(photos) > MAX_PHOTOS or len(photos) < len(uploads):
        raise InspectionError(
            zh=f"请选择 1 至 {MAX_PHOTOS} 张照片，每张不超过 20 MB。未保存。",
            en=f"choose 1 to {MAX_PHOTOS} photos of at most 20 MB each. Nothing was saved.",
        )
    if any((one.size or 0) > _MAX_BYTES for one in photos):
        raise InspectionError(zh="有照片超过 20 MB。未保存。", en="a photo is over 20 MB. Nothing was saved.")
    tenant = tenant_of(user)
    with transaction.atomic():
        sample = LabelSample.objects.create(
            tenant=tenant,
            created_by=user,
            place=place.strip()[:80],
            first=first,
            second=second,
            total=len(photos),
        )
        SamplePhoto.objects.bulk_create(
            SamplePhoto(
                tenant=tenant, sample=sample, position=at, sha256=writer.sha256.hex(), spool_name=writer.name,
                wrapped_key=bytes(writer.wrapped_key),
            )
            for at, writer in enumerate((one.writer for one in photos if one.writer is not None), start=1)
        )  # fmt: skip
        enqueue("inspections.tasks.check_sample", sample.pk)
    return sample


def sample_of(row: LabelSample) -> Sample:
    """Return a stored sample as a ``Sample``, the input of reports and facts."""
    photos = SamplePhoto.objects.filter(tenant=row.tenant, sample=row).order_by("position")
    return Sample(
        subject=row.tenant.name,
        place=row.place,
        taken_at=row.created_at,
        inspectors=(row.first, row.second),
        photos=tuple(
            SampledPhoto(photo.sha256, msgspec.convert(photo.line or UNREADABLE, PhotoLine))
            for photo in photos
        ),
    )
