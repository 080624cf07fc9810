"""Uploads are encrypted as they arrive and never touch the disk in the clear."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import SpoolWriter, is_claimed, remove_spool, spool_chunks

# Pages that accept a file; anywhere else an upload is cut off and nothing of it is kept.
UPLOAD_PAGES = {
    "imports": Permission.IMPORT,
    "api:create_import": Permission.IMPORT,
    "register_list_take": Permission.ADMINISTER,
    "activity_logs": Permission.ADMINISTER,
    "leaving_show": Permission.ADMINISTER,
    "scan_file": Permission.PRINT,
    "leaks": Permission.SECOND,
    "leak_answers": Permission.SECOND,
    "print_pc_report": Permission.LEAD,
}
WAITING_AT = {
    "imports": "import", "api:create_import": "import", "inspection_photos": "import", "activity_logs": "foreign_log",
}  # fmt: skip
"""The kind each page's upload waits as; its key opens as no other kind (`keyd.files.WAITING`)."""


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """An encrypted upload in the spool. Only the extension of its name is kept.

    ``too_large`` is set if the upload exceeded the limit; nothing of it is kept then.
    """

    def __init__(self, *, kind: str, writer: SpoolWriter | None, size: int, too_large: bool) -> None:
        super().__init__(file=None, name=f"upload.{kind}", size=size)
        self.kind = kind
        self.writer = writer
        self.too_large = too_large


class EncryptingUploadHandler(FileUploadHandler):
    """Streams an upload of a signed-in person into an encrypted spool file.

    Memory holds one chunk in the clear at a time. Uploads of people who are not signed in are cut off.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: Any = None) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(request)
        self._writer: SpoolWriter | None = None
        self._seen = 0
        self._kind = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Start an encrypted spool file for the person's tenant."""
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        tenant: Tenant | None = getattr(user, "tenant", None) if user and user.is_authenticated else None
        match = getattr(self.request, "resolver_match", None)
        asked = UPLOAD_PAGES.get(match.view_name) if match else None
        if tenant is None or user is None or asked is None or not user.may(asked):
            self.request.__dict__["upload_refused"] = True
            raise StopUpload(connection_reset=True)
        self._kind = ending(self.file_name or "")
        self._seen = 0
        self._writer = SpoolWriter(tenant, WAITING_AT.get(match.view_name, "") if match else "")
        # Files that no view claims by the end of the request are removed (see UnclaimedUploadMiddleware).
        self.request.__dict__.setdefault("spooled", []).append(self._writer.name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Encrypt one chunk; beyond the limit the rest is read and discarded."""
        del start
        self._seen += len(raw_data)
        if self._seen > settings.UPLOAD_MAX_BYTES:
            self._abandon()
            return
        if self._writer is not None:
            self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        """Hand the sealed upload to the view."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.finish()
        return SealedUpload(kind=self._kind, writer=writer, size=file_size, too_large=writer is None)

    def upload_interrupted(self) -> None:
        """Remove the file of a broken connection."""
        self._abandon()

    def _abandon(self) -> None:
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None


def read_upload(user: User, upload: object, what: str, most: int) -> bytes | None:
    """Return the content of a small upload and remove it from the spool; None if there is none or it is too large.

    Args:
        user: who sent it.
        upload: the upload from the request.
        what: the kind of file (`keyd.files.SPOOLED`); opening it is recorded in the ledger first.
        most: maximum bytes.

    Raises:
        KeydError: the ledger does not write; nothing was read.
    """
    if not isinstance(upload, SealedUpload) or upload.writer is None:
        return None
    writer = upload.writer
    try:
        if writer.size > most:
            return None
        return b"".join(spool_chunks(context_of(user), what, writer.name, writer.wrapped_key))
    finally:
        remove_spool(writer.name)


def ending(name: str) -> str:
    """Return the lower-case extension of a file name, at most 8 letters or digits, without the dot."""
    tail = name.rpartition(".")[2].lower() if "." in name else ""
    return tail if tail.isalnum() and tail.isascii() and len(tail) <= 8 else ""  # noqa: PLR2004


class UnclaimedUploadMiddleware:
    """Removes uploads that nothing claimed: after a refused form, a failed check, or an error in a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Respond, then remove the spool files of this request that no row names."""
        try:
            return self.get_response(request)
        finally:
            for name in request.__dict__.get("spooled", []):
                if not is_claimed(name):
                    remove_spool(name)
