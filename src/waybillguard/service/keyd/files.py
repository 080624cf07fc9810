"""Keys of what waits in files: made here, and opened on record.

Each spooled file has a key of its own, and a workbook its password; both lie wrapped in the database. The rule of
`operations` holds here too: the ledger first.
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
"""Owners of keys that are no tenant's begin so: a backup's own is opened by `restore` alone, with the passphrase."""
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
"""Kinds of spooled files, and what is in them."""

WAITING: Final = frozenset({"import", "foreign_log"})
"""Uploads that wait for the worker: their keys are bound to the kind, so that they open under no other name."""


def new_data_key(holder: KeyHolder, request: messages.NewDataKey) -> messages.DataKey:
    """Make a key for a spooled file."""
    key = secrets.token_bytes(32)
    return messages.DataKey(key, holder.wrap(key, spool_context(request.tenant, request.what)))


def open_data_key(ops: "Operations", holder: KeyHolder, request: messages.OpenDataKey) -> messages.DataKey:
    """Unwrap the key of a spooled file, once it stands in the ledger who opens what kind of file."""
    field = SPOOLED.get(request.what)
    if field is None:
        raise RequestRefusedError(zh="未知的文件种类", en="unknown kind of file")
    _write_opening(ops, request.context, request.what, request.wrapped, field)
    context = spool_context(request.context.tenant, request.what)
    return messages.DataKey(bytes(holder.unwrap(request.wrapped, context)), request.wrapped)


def wrap_text(holder: KeyHolder, request: messages.WrapText) -> messages.Wrapped:
    """Seal a workbook's password until the worker reads the book."""
    return messages.Wrapped(holder.wrap(request.text.encode(), text_context(request.tenant)))


def unwrap_text(ops: "Operations", holder: KeyHolder, request: messages.UnwrapText) -> messages.Text:
    """Open a workbook's password, once that stands in the ledger."""
    _write_opening(ops, request.context, "password", request.wrapped, FieldClass.OTHER)
    context = text_context(request.context.tenant)
    return messages.Text(bytes(holder.unwrap(request.wrapped, context)).decode())


def _write_opening(
    ops: "Operations", context: messages.Context, what: str, wrapped: bytes, field: FieldClass
) -> None:
    """Write which wrapped secret is about to be opened; those of the service itself (backups) never are."""
    if context.tenant.startswith(SERVICE_OWNED):
        raise RequestRefusedError(
            zh="服务自身的密钥不在此打开", en="keys of the service itself are not opened here"
        )
    detail: dict[str, str | int] = {
        "change": "file_key_opened", "what": what, "key": hashlib.sha256(wrapped).hexdigest()[:32],
    }  # fmt: skip
    ops.write([ops.entry(context, EntryKind.KEY, field, detail=detail)])


def spool_context(tenant: str, what: str) -> bytes:
    """Return what the key of a spooled file is bound to."""
    kind = b"/waiting/" + what.encode() if what in WAITING else b""
    return b"spool/" + tenant.encode() + kind


def text_context(tenant: str) -> bytes:
    """Return what a workbook's password is bound to."""
    return b"text/" + tenant.encode()
