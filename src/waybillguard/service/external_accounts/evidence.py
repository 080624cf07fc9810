"""Store screenshots that prove an account disabled: encrypted files named by hash, each key wrapped by keyd.

They are kept outside the spool, which deletes its files. The database holds only the hash.
"""

import re
from pathlib import Path

from django.conf import settings

from waybillguard.seal import SealedReader
from waybillguard.service.external_accounts.errors import RegisterServiceError
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.config import ensure_private_dir, write_private
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import remove_spool, spool_path
from waybillguard.service.vault.uploads import SealedUpload

MOST_BYTES = 20 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_TYPES = ((b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


def keep_evidence(tenant: Tenant, upload: object) -> str:
    """Move a sealed upload into the evidence store and return the SHA-256 of its plaintext, hex.

    Raises:
        RegisterServiceError: no file was chosen, it is empty, or it is over 20 MB.
    """
    if not isinstance(upload, SealedUpload) or upload.writer is None or not upload.writer.size:
        raise RegisterServiceError(
            zh="请选择截图或导出文件作为证明。未保存。",
            en="choose a picture or export as proof. Nothing was saved.",
        )
    writer = upload.writer
    if writer.size > MOST_BYTES:
        remove_spool(writer.name)
        raise RegisterServiceError(
            zh="证明文件超过 20 MB，未保存。请压缩截图后重试。",
            en="the proof is over 20 MB and was not saved. Make the picture smaller.",
        )
    digest = writer.sha256.hex()
    target = _path(tenant, digest)
    if target.exists():
        remove_spool(writer.name)
        return digest
    ensure_private_dir(target.parent)
    write_private(target.with_suffix(".key"), bytes(writer.wrapped_key))
    spool_path(writer.name).replace(target)
    return digest


def open_evidence(user: User, digest: str) -> tuple[bytes, str]:
    """Return the plaintext and media type of a proof in the user's tenant. The ledger entry is written first.

    Raises:
        RegisterServiceError: there is no such file.
    """
    path = _path(tenant_of(user), digest)
    if not _HASH.match(digest) or not path.exists():
        raise RegisterServiceError(zh="找不到证明文件。", en="the proof's file is not there.")
    wrapped = path.with_suffix(".key").read_bytes()
    request = messages.OpenDataKey(context_of(user, purpose="register"), wrapped, "proof")
    key = keyd().call(request, messages.DataKey).key
    with SealedReader(key, path.open("rb")) as reader:
        pieces = []
        while piece := reader.read(256 * 1024):
            pieces.append(piece)
    content = b"".join(pieces)
    kind = next((kind for start, kind in _TYPES if content.startswith(start)), "application/octet-stream")
    return content, kind


def _path(tenant: Tenant, digest: str) -> Path:
    return Path(settings.CONFIG.data_dir) / "evidence" / tenant.slug / digest
