"""The contact group of an order and its encoding before sealing: schema, msgpack array, padding."""

from typing import Final, Self

import msgspec

from waybillguard.orders.model import OrderRow
from waybillguard.seal.errors import CannotSealError, cannot_open

CONTACT_SCHEMA: Final = 1
PAD_BLOCK: Final = 32
_PADS: Final = tuple(b"\x80" + bytes(PAD_BLOCK - 1 - used) for used in range(PAD_BLOCK))
_SCHEMA_BYTE: Final = bytes([CONTACT_SCHEMA])


class _Hidden(msgspec.Struct, frozen=True, array_like=True, gc=False):
    def __repr__(self) -> str:
        """Show only the type."""
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class SenderContact(_Hidden, frozen=True, array_like=True, gc=False):
    """The personal data of the sender."""

    name: str = ""
    phone: str = ""
    address: str = ""


class Contact(_Hidden, frozen=True, array_like=True, gc=False):
    """All fields of an order that identify or reach a person; sealed as one blob.

    ``detail`` is the address below the district; ``goods`` the title from the export (a label and a
    masked view show only its class). The order of fields is the byte format: add fields only at the end,
    with a new schema number.
    """

    name: str = ""
    phone: str = ""
    phones: tuple[str, ...] = ()
    extension: str = ""
    virtual_until: str = ""
    town: str = ""
    detail: str = ""
    remark: str = ""
    goods: str = ""
    sender: SenderContact | None = None

    @classmethod
    def from_row(cls, row: OrderRow) -> Self:
        """Take the contact fields of a row from ``orders read``."""
        sender = row.sender
        return cls(
            name=row.name,
            phone=row.phone,
            phones=row.phones,
            extension=row.extension,
            virtual_until=row.virtual_until,
            town=row.town,
            detail=row.detail,
            remark=row.remark,
            goods=row.goods,
            sender=None
            if sender is None
            else SenderContact(
                sender.name,
                sender.phone,
                f"{sender.province}{sender.city}{sender.district}{sender.town}{sender.detail}",
            ),
        )


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Contact).decode


def contact_bytes(contact: Contact) -> bytes:
    """Return the plaintext of the contact group, whose length is a multiple of 32 bytes.

    The padding (0x80, then zeros, ISO/IEC 7816-4) hides the lengths of name, address and remark, and
    usually whether there is a remark. Raises UnicodeEncodeError on a lone surrogate; that error quotes
    the field, so callers raise `unsealable` instead.
    """
    body = _encode(contact)
    return _SCHEMA_BYTE + body + _PADS[(len(body) + 1) % PAD_BLOCK]


def encode_contact(contact: Contact) -> bytes:
    """Return `contact_bytes` of a single contact.

    Raises:
        CannotSealError: a field holds a lone surrogate, which UTF-8 cannot encode.
    """
    try:
        return contact_bytes(contact)
    except UnicodeEncodeError:
        raise unsealable(-1) from None  # the original error quotes the field


def decode_contact(plaintext: bytes) -> Contact:
    """Undo `encode_contact`.

    Raises:
        CannotOpenError: not a contact of schema 1.
    """
    body = plaintext.rstrip(b"\0")
    if len(plaintext) % PAD_BLOCK or body[:1] != _SCHEMA_BYTE or body[-1:] != b"\x80":
        raise cannot_open()
    try:
        return _decode(memoryview(body)[1:-1])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise cannot_open() from None


def unsealable(position: int) -> CannotSealError:
    """Build the error for an order whose text is not valid Unicode."""
    where_zh = f"本批第 {position + 1} 行" if position >= 0 else "该订单"
    where_en = f"row {position + 1} of the batch" if position >= 0 else "the order"
    error = CannotSealError(
        zh=f"{where_zh}含有不完整的字符（半个代理对），无法密封。该批未写入；请改正该行或将其剔除后重试。",
        en=f"{where_en} holds half a character (an unpaired surrogate) and cannot be sealed. Nothing of the "
        "batch was sealed; correct or set aside that row and try again.",
    )
    error.position = position
    return error
