"""Build an order from a data row: contact, sender, lane, and whether it must be held for review.

Masked or encrypted values are kept unchanged. An untrusted row is refused with a reason; its fields are kept for
the person who reviews it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from waybillguard.orders.address import Address
from waybillguard.orders.headers import library, platform_key
from waybillguard.orders.masks import mask_contact
from waybillguard.orders.model import Lane, Masked, OrderRow, Reason, Sender, Status
from waybillguard.orders.reader_records import Record
from waybillguard.orders.rows_cells import clean, clean_free, clean_number, lost_digits
from waybillguard.orders.rows_contact import Contact, first_text, has_formula, read_contact
from waybillguard.orders.rows_dates import iso_time
from waybillguard.orders.rows_plan import Columns, Plan, plan_of

if TYPE_CHECKING:
    from waybillguard.orders.headers_layout import Layout

_MASKED = frozenset({Reason.MASKED_NAME, Reason.MASKED_PHONE, Reason.MASKED_ADDRESS, Reason.CIPHERTEXT})
_REMARK_JOINT = "；"
_KEPT_REMARKS = 256
_NOWHERE = Address()


class RowBuilder:
    """Builds orders from the records of one file. Use one instance per file.

    Args:
        file: the file name stored in the rows; also the weakest indication of the platform.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._layout: Layout | None = None
        self._plan = plan_of(None)
        self._sender_cells: list[str] = []
        self._sender: Sender | None = None
        self._remarks: dict[str, str] = {}
        self._platforms: dict[tuple[str, str, str, str], tuple[str, bool]] = {}

    def build(self, record: Record) -> OrderRow:
        """Return the order of a record."""
        if record.layout is not self._layout:
            self._layout = record.layout
            self._plan = plan_of(record.layout)
            self._sender_cells, self._sender = [], None
        plan, cells = self._plan, record.cells
        contact = read_contact(cells, plan.consignee)
        problem = record.problem
        if not problem and has_formula(cells, plan.contact_columns):
            problem = Reason.FORMULA_IN_FIELD
        reason = problem or contact.problem
        shop = first_text(cells, plan.shop)
        platform, encrypted = self._platform(first_text(cells, plan.platform), shop, record.sheet)
        status, lane = _judge(reason, encrypted=encrypted)
        remark = _join(cells, plan.remark) or contact.remark
        return OrderRow(
            file=self._file,
            sheet=record.sheet,
            row=record.number,
            status=status,
            reason=reason,
            lane=lane,
            order_no=_number(cells, plan.order_no),
            waybill_no=_number(cells, plan.waybill_no),
            carrier=first_text(cells, plan.carrier),
            sort_code=first_text(cells, plan.sort_code),
            shop=shop,
            platform=platform,
            created_at=_time(cells, plan.created_at),
            name=contact.name,
            phone=contact.phone,
            phones=contact.phones,
            extension=contact.extension,
            virtual_until=_time(cells, plan.virtual_until),
            province=contact.province,
            city=contact.city,
            district=contact.district,
            town=contact.town,
            detail=contact.detail,
            goods=_free(cells, plan.goods),
            quantity=_number(cells, plan.quantity),
            remark=remark,
            sender=self._read_sender(cells, plan) if plan.sender_columns else None,
            masked=self._masks(contact, remark),
        )

    def _read_sender(self, cells: Sequence[str], plan: Plan) -> Sender | None:
        """Read the sender; the last one is cached, because the rows of a shop mostly share it."""
        own = [cells[column] for column in plan.sender_columns]
        if own != self._sender_cells:
            self._sender_cells = own
            self._sender = _sender(cells, plan) if any(map(clean, own)) else None
        return self._sender

    def _masks(self, contact: Contact, remark: str) -> Masked:
        """Mask a contact; masked remarks are cached, because most rows share the same few."""
        address = Address(contact.province, contact.city, contact.district, contact.town, contact.detail)
        shown = mask_contact(contact.name, contact.phone, contact.extension, address)
        if not remark:
            return shown
        scrubbed = self._remarks.get(remark)
        if scrubbed is None:
            scrubbed = mask_contact("", "", "", _NOWHERE, remark).remark
            if len(self._remarks) < _KEPT_REMARKS:
                self._remarks[remark] = scrubbed
        return Masked(shown.name, shown.phone, shown.address, scrubbed)

    def _platform(self, text: str, shop: str, sheet: str) -> tuple[str, bool]:
        """Return the platform's name and whether it issues encrypted waybills.

        The row's platform column has priority, then the shop's name, the titles of the table, the sheet and the file.
        """
        key = (text, shop, sheet, self._plan.header_platform)
        known = self._platforms.get(key)
        if known is None:
            known = self._platforms[key] = _find_platform(*key, self._file)
        return known


def _find_platform(text: str, shop: str, sheet: str, header: str, file: str) -> tuple[str, bool]:
    platforms = library().platforms
    own = platform_key(text)
    if own:
        return text, platforms[own].encrypted
    if platforms[header].kind != "platform" if header else True:
        header = ""
    for found in (header, platform_key(shop), platform_key(sheet), platform_key(file)):
        if found and platforms[found].kind == "platform":
            return (text if text and not header else platforms[found].title), platforms[found].encrypted
    return text, False


def _judge(reason: str, *, encrypted: bool) -> tuple[Status, str]:
    if not reason:
        return Status.OK, Lane.PLAINTEXT if encrypted else Lane.OURS
    if reason in _MASKED:
        return Status.ALREADY_MASKED, Lane.PLATFORM_CIPHERTEXT
    return Status.REJECT, ""


def _sender(cells: Sequence[str], plan: Plan) -> Sender:
    contact = read_contact(cells, plan.sender)
    return Sender(
        contact.name,
        contact.phone,
        contact.province,
        contact.city,
        contact.district,
        contact.town,
        contact.detail,
    )


def _number(cells: Sequence[str], columns: Columns) -> str:
    for column in columns:
        text = clean_number(cells[column])
        if text and not lost_digits(text):
            return text
    return ""


def _free(cells: Sequence[str], columns: Columns) -> str:
    for column in columns:
        text = clean_free(cells[column])
        if text:
            return text
    return ""


def _join(cells: Sequence[str], columns: Columns) -> str:
    texts = [text for column in columns if (text := clean_free(cells[column]))]
    return texts[0] if len(texts) == 1 else _REMARK_JOINT.join(dict.fromkeys(texts))


def _time(cells: Sequence[str], columns: Columns) -> str:
    for column in columns:
        text = iso_time(clean(cells[column]))
        if text:
            return text
    return ""
