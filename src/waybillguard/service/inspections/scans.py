"""Scans of print PCs that somebody uploads (``waybillguard sensor scan --json``), where no agent reports them."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from django.utils import timezone

from waybillguard.seal import SealedReader
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.errors import InspectionError
from waybillguard.service.inspections.models import StationScan
from waybillguard.service.keyd import messages
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import remove_spool, spool_path
from waybillguard.service.vault.uploads import SealedUpload

_MAX_BYTES: Final = 5_000_000
_SLACK: Final = timedelta(minutes=5)
_FIRM: Final = frozenset({"medium", "high", "critical"})


class _Finding(msgspec.Struct):
    """What is taken of a finding (contract: sensor)."""

    kind: str
    tool: str = ""
    severity: str = "low"


class _Scan(msgspec.Struct):
    """What is taken of a scan; ``scanned_at`` where the scan says it."""

    findings: tuple[_Finding, ...]
    scanned_at: datetime | None = None


def add_scan(user: User, station: str, upload: object) -> StationScan:
    """Take in the scan of one station.

    Raises:
        InspectionError: no file, not a scan, or dated in the future.
        KeydError: the ledger does not write; nothing was kept.
    """
    station = station.strip()[:60]
    if (
        not station
        or not isinstance(upload, SealedUpload)
        or upload.writer is None
        or (upload.size or 0) > _MAX_BYTES
    ):
        raise _refused("请填写工位并选择扫描结果文件", "type the station and choose the file of the scan")
    content = _read(user, upload)
    try:
        scan = msgspec.json.decode(content, type=_Scan)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _refused("文件不是扫描结果", "the file is not a scan") from None
    now = timezone.now()
    at = scan.scanned_at.astimezone(UTC) if scan.scanned_at and scan.scanned_at.tzinfo else now
    if at > now + _SLACK:
        raise _refused("扫描时间在未来，请核对电脑时钟", "the scan lies in the future; check the PC's clock")
    firm = [one for one in scan.findings if one.severity in _FIRM]
    ports = [one for one in firm if "port" in one.kind or "share" in one.kind]
    tools = [one for one in firm if one not in ports]
    digest = hashlib.sha256(content).hexdigest()
    detail: dict[str, Any] = {
        "change": "inspection_scan",
        "sha256": digest,
        "found": len(tools),
        "ports": len(ports),
    }
    journal.put(tenant_of(user), "account", f"u{user.pk}", None, detail)
    return StationScan.objects.create(
        tenant=tenant_of(user), station=station, scanned_at=at, added_by=user, sha256=digest,
        remote_tools=len(tools), open_ports=len(ports),
        tools=sorted({one.tool[:60] or one.kind[:60] for one in tools}),
    )  # fmt: skip


def settle(user: User, scan: StationScan, act: str, package: str = "") -> None:
    """Say what a finding is: an approved program, or an intrusion; note the hash of what was preserved.

    Raises:
        InspectionError: the hash is none, or ``act`` is none of the three.
    """
    if act not in {"approved", "intrusion", "preserved"}:
        raise _refused("没有这种判断", "there is no such judgement")
    rows = StationScan.objects.filter(pk=scan.pk, tenant=scan.tenant)
    detail: dict[str, str | int] = {"change": "inspection_scan_settled", "scan": scan.pk, "as": act}
    if act == "preserved":
        package = package.strip().lower()
        if len(package) != 64 or not set(package) <= set("0123456789abcdef"):  # noqa: PLR2004 - SHA-256, hex
            raise _refused("请填写保全包的 SHA-256（64 位）", "type the SHA-256 of the package (64 digits)")
        detail["package"] = package
    journal.put(scan.tenant, "account", f"u{user.pk}", None, detail)
    if act == "approved":
        rows.update(approved_by=user, confirmed_at=None)
    elif act == "intrusion":
        rows.update(approved_by=None, confirmed_at=timezone.now())
    elif act == "preserved":
        rows.update(package_sha256=package)


def _read(user: User, upload: SealedUpload) -> bytes:
    writer = upload.writer
    if writer is None:
        return b""
    request = messages.OpenDataKey(context_of(user, purpose="inspection"), bytes(writer.wrapped_key), "scan")
    key = keyd().call(request, messages.DataKey).key
    pieces = []
    with SealedReader(key, spool_path(writer.name).open("rb")) as reader:
        while piece := reader.read(256 * 1024):
            pieces.append(piece)
    remove_spool(writer.name)
    return b"".join(pieces)


def _refused(zh: str, en: str) -> InspectionError:
    return InspectionError(zh=f"{zh}。未保存。", en=f"{en}. Nothing was saved.")
