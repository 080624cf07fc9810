"""Judge the photos of a label sample. Only the worker imports this module: the label reader is slow to load."""

import os
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F

from waybillguard.label.check.photo import TextReader, check_photo, ocr_reader
from waybillguard.service.inspections.models import LabelSample, SamplePhoto
from waybillguard.service.inspections.samples import UNREADABLE
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.tenancy.spool import remove_spool, spool_chunks


def check_photos(sample: LabelSample) -> None:
    """Judge every photo that is not judged yet. An unreadable photo does not stop the rest.

    Raises:
        OcrMissingError: the extra for reading photos is not installed.
        KeydError: the photos cannot be decrypted now; verdicts so far are kept.
    """
    read = ocr_reader()
    context = messages.Context(tenant=sample.tenant.slug, actor="inspections", purpose="inspection")
    waiting = SamplePhoto.objects.filter(tenant=sample.tenant, sample=sample).exclude(spool_name="")
    for photo in waiting.order_by("position"):
        line = _judge(photo, read, context)
        with transaction.atomic():
            SamplePhoto.objects.filter(pk=photo.pk, tenant=sample.tenant).update(
                line=line, spool_name="", wrapped_key=b""
            )
            LabelSample.objects.filter(pk=sample.pk, tenant=sample.tenant).update(done=F("done") + 1)
        remove_spool(photo.spool_name)


def _judge(photo: SamplePhoto, read: TextReader, context: messages.Context) -> dict[str, Any]:
    """Judge one photo in memory; it is never written to disk unencrypted."""
    handle = os.memfd_create("label")
    try:
        # keyd treats a label photo like an import: an upload that may contain contacts.
        for piece in spool_chunks(context, "import", photo.spool_name, bytes(photo.wrapped_key)):
            os.write(handle, piece)
        found: dict[str, Any] = msgspec.to_builtins(check_photo(Path(f"/proc/self/fd/{handle}"), read))
    except KeydError:
        raise
    except Exception:  # noqa: BLE001 - any decoder error means the photo is unreadable
        return dict(UNREADABLE)
    finally:
        os.close(handle)
    return {
        "verdict": found["verdict"],
        "layout": found.get("layout", ""),
        "fields": [
            {name: one.get(name, "") for name in ("field", "party", "verdict", "reason_zh")}
            for one in found["fields"]
        ],
        "codes": [{"format": one["format"], "text_class": one["text_class"]} for one in found["codes"]],
    }
