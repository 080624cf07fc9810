"""Keys of spooled files: created here, and opened only after a ledger entry.

Each spooled file has its own key, and a workbook its password; both are stored wrapped in the database. As in
`operations`, the ledger is written first.
"""

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from waybillguard.keys.hierarchy import KeyHolder
from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

SERVICE_OWNED: Final = ":"
"""Prefix of owners that are not tenants: only `restore` opens a backup's key, with the passphrase."""
SPOOLED: Final = {
    "import": FieldClass.CONTACT,
    "label_file": FieldClass.MASKED,
    "masked_export": FieldClass.MASKED,
    "scans": FieldClass.WAYBILL_NO,
    "foreign_log": FieldClass.STAFF,
    "accounts": FieldClass.STAFF,
    "proof": FieldClass.STAFF,
    "inspection_photo": FieldClass.CONTACT,
    "victims": FieldClass.PHONE,
    "pc_scan": FieldClass.STAFF,
}
"""Kinds of spooled files, and their content."""

WAITING: Final = frozenset({"import", "foreign_log"})
"""Uploads that wait for the worker: their keys are bound to the kind and open under no other."""


def new_data_key(holder: KeyHolder, request: messages.NewDataKey) -> messages.DataKey:
    """Create a key for a spooled file."""
    key = secrets.token_bytes(32)
    return messages.DataKey(key, holder.wrap(key, spool_context(request.tenant, request.what)))


def open_data_key(ops: "Operations", holder: KeyHolder, request: messages.OpenDataKey) -> messages.DataKey:
    """Unwrap the key of a spooled file, after recording who opens which kind of file."""
    field = SPOOLED.get(request.what)
    if field is None:
        raise RequestRefusedError(zh="未知的文件种类", en="unknown kind of file")
    _write_opening(ops, request.context, request.what, request.wrapped, field)
    context = spool_context(request.context.tenant, request.what)
    return messages.DataKey(bytes(holder.unwrap(request.wrapped, context)), request.wrapped)


def wrap_text(holder: KeyHolder, request: messages.WrapText) -> messages.Wrapped:
    """Seal a workbook's password until the worker reads the workbook."""
    return messages.Wrapped(holder.wrap(request.text.encode(), text_context(request.tenant)))


def unwrap_text(ops: "Operations", holder: KeyHolder, request: messages.UnwrapText) -> messages.Text:
    """Open a workbook's password, after recording it in the ledger."""
    _write_opening(ops, request.context, "password", request.wrapped, FieldClass.OTHER)
    context = text_context(request.context.tenant)
    return messages.Text(bytes(holder.unwrap(request.wrapped, context)).decode())


def _write_opening(
    ops: "Operations", context: messages.Context, what: str, wrapped: bytes, field: FieldClass
) -> None:
    """Record which wrapped secret is about to be opened; secrets of the service itself (backups) are not recorded."""
    if context.tenant.startswith(SERVICE_OWNED):
        raise RequestRefusedError(
            zh="服务自身的密钥不在此打开", en="keys of the service itself are not opened here"
        )
    detail: dict[str, str | int] = {
        "change": "file_key_opened", "what": what, "key": hashlib.sha256(wrapped).hexdigest()[:32],
    }  # fmt: skip
    ops.write([ops.entry(context, EntryKind.KEY, field, detail=detail)])


def spool_context(tenant: str, what: str) -> bytes:
    """Return the context that binds the key of a spooled file."""
    kind = b"/waiting/" + what.encode() if what in WAITING else b""
    return b"spool/" + tenant.encode() + kind


def text_context(tenant: str) -> bytes:
    """Return the context that binds a workbook's password."""
    return b"text/" + tenant.encode()
