"""Files of scans from verification, weighing or pick-up: read and confirmed, never stored."""

from datetime import datetime

from waybillguard.sandbox import SandboxError, ask
from waybillguard.service.audit.recording import refuse
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.print_room.models import ScanFile
from waybillguard.service.print_room.stations.errors import StationError
from waybillguard.service.print_room.stations.scan_child import MOST_BYTES, SECONDS, Answer
from waybillguard.service.print_room.stations.scans import PLACES, confirm_many
from waybillguard.service.tenancy.spool import remove_spool, spool_chunks
from waybillguard.service.vault.uploads import SealedUpload


def take_scan_file(user: User, upload: object, place: str, now: datetime) -> ScanFile:
    """Confirm the labels named in a file of scans. Sending the same file again changes nothing.

    Raises:
        NotAllowedError: the person's role may not print.
        StationError (scan): no file, too large, or no table of waybill numbers.
        KeydError: the ledger cannot be written; send the file again.
    """
    if not user.may(Permission.PRINT):
        raise refuse(user, "print")
    if not isinstance(upload, SealedUpload) or upload.writer is None or place not in PLACES:
        raise StationError(
            code="scan", zh="请选择扫描记录文件（CSV 或 XLSX）。", en="choose a file of scans (CSV or XLSX)."
        )
    tenant = tenant_of(user)
    writer = upload.writer
    try:
        if writer.size > MOST_BYTES:
            raise StationError(
                code="scan",
                zh="文件超过 16 MB，未读取。请按天导出。",
                en="the file is over 16 MB; export it day by day.",
            )
        found = _read(
            b"".join(spool_chunks(context_of(user, purpose="scan"), "scans", writer.name, writer.wrapped_key))
        )
    finally:
        remove_spool(writer.name)
    counted = confirm_many(user, found.numbers, now, place)
    return ScanFile.objects.create(
        tenant=tenant, created_by=user, created_at=now, sha256=writer.sha256, place=place,
        rows=len(found.numbers) + found.damaged, confirmed=counted.confirmed, known=counted.known,
        unknown=counted.unknown, damaged=found.damaged,
    )  # fmt: skip


def _read(content: bytes) -> Answer:
    unreadable = StationError(
        code="scan",
        zh="无法读取该文件，未确认任何面单。请另存为 CSV 或 XLSX，并保留“运单号”一列。",
        en="the file cannot be read; nothing was confirmed. Save it as CSV or XLSX with a waybill column.",
    )
    try:
        answer = ask(
            "waybillguard.service.print_room.stations.scan_child", content, Answer, seconds=SECONDS * 2
        )
    except SandboxError:
        raise unreadable from None
    if answer.en:
        raise StationError(code="scan", zh=answer.zh, en=answer.en)
    if not answer.numbers:
        raise unreadable
    return answer
