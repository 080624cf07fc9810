"""Read orders that were pasted as one piece of text: name, number and address in any order.

Promise: values are taken from the text and never invented. A row with a missing part is refused with a reason. The
remaining text is kept as goods or remark.
"""

import re
from html import unescape

import msgspec

from waybillguard.orders.address import Address, parse_address
from waybillguard.orders.masks import mask_contact
from waybillguard.orders.model import Lane, OrderRow, Reason, Sender, Status
from waybillguard.orders.names import is_masked_address, looks_ciphertext, looks_masked
from waybillguard.orders.paste.address import take_address
from waybillguard.orders.paste.names import take_name
from waybillguard.orders.paste.parts import Parts, split_pieces, take_labels, take_number
from waybillguard.orders.paste.shapes import is_name
from waybillguard.orders.paste.tidy import names_no_place, tidy
from waybillguard.orders.paste.words import BREAK, GLUED_LABEL, GOODS, LABEL, LIMIT, RECEIVER, SENDER, WISH
from waybillguard.orders.phones import PhoneReading, find_numbers, normalise_cell, read_phone


def parse_pasted(text: str) -> OrderRow:
    """Read one pasted order; the fields, reasons and lanes are those of ``orders read``.

    >>> row = parse_pasted("测试人 13800000000 浙江省金华市义乌市北苑街道机场路88号")
    >>> row.name, row.phone, row.district, row.detail, row.status.value
    ('测试人', '13800000000', '义乌市', '北苑街道机场路88号', 'ok')
    """
    text, sending = _without_sender(tidy(normalise_line(text[:LIMIT])))
    row = _parse(text)
    if row.status == Status.OK and _holds_several(text):
        row = msgspec.structs.replace(row, status=Status.REJECT, reason=Reason.SEVERAL_ORDERS, lane="")
    if not sending:
        return row
    other = _parse(sending)
    sender = Sender(
        other.name, other.phone, other.province, other.city, other.district, other.town, other.detail
    )
    return msgspec.structs.replace(row, sender=sender)


def _without_sender(text: str) -> tuple[str, str]:
    """Remove the text between the sender's label and the receiver's label (or the end)."""
    sender = SENDER.search(text)
    if not sender or not RECEIVER.search(text):
        return text, ""
    receiver = RECEIVER.search(text, sender.end())
    end = receiver.start() if receiver else len(text)
    return f"{text[: sender.start()]}\n{text[end:]}".strip(), text[sender.end() : end]


def _holds_several(text: str) -> bool:
    """Return whether the text has more than one number, and several whole addresses or a name beside each number."""
    numbers = find_numbers(text)
    if len({number for _, _, number, _, _ in numbers}) < 2:  # noqa: PLR2004
        return False
    if _names_beside(text, numbers) > 1:
        return True
    for start, end, _, _, _ in reversed(numbers):
        text = f"{text[:start]}\n{text[end:]}"
    found = [parse_address(piece) for piece in BREAK.split(text)]
    whole = {(a.city, a.district, a.detail) for a in found if a.city and re.search(r"[0-9]", a.detail)}
    return len(whole) > 1


def _names_beside(text: str, numbers: list[tuple[int, int, str, str, bool]]) -> int:
    """Count the different names directly before or after a number."""
    names: set[str] = set()
    bounds = [0, *(at for start, end, *_ in numbers for at in (start, end)), len(text)]
    for before, start, end, after in zip(bounds[::2], bounds[1::2], bounds[2::2], bounds[3::2], strict=False):
        left, right = _pieces(text[before:start]), _pieces(text[end:after])
        names.update(piece for piece in (*left[-1:], *right[:1]) if is_name(piece))
    return len(names)


def _pieces(text: str) -> list[str]:
    pieces = (
        GLUED_LABEL.sub("", piece.strip(" -:：/、()（）")) for piece in BREAK.split(LABEL.sub("\n", text))
    )
    return [piece for piece in pieces if piece]


def _parse(text: str) -> OrderRow:
    parts = Parts()
    rest = take_labels(text, parts)
    if "phone" in parts.found:
        parts.phone = read_phone(parts.found["phone"])
    rest = take_number(rest, parts)
    split_pieces(rest, parts)
    address = take_address(parts)
    take_name(parts)
    _take_goods(parts)
    return _row(parts, address)


def normalise_line(text: str) -> str:
    """Normalise digits and signs to ASCII and remove invisible characters; line ends are kept."""
    return "\n".join(normalise_cell(line) for line in re.split(r"[\r\n]+", unescape(text))).strip()


def _take_goods(parts: Parts) -> None:
    for piece in parts.pieces:
        parts.put("goods" if GOODS.search(piece) and not WISH.match(piece) else "remark", piece)


def _row(parts: Parts, address: Address) -> OrderRow:
    found, phone = parts.found, parts.phone
    name = found.get("name", "")
    status, reason = _judge(name, phone, address)
    row = OrderRow(
        status=status,
        reason=reason,
        lane=Lane.PLATFORM_CIPHERTEXT
        if status == Status.ALREADY_MASKED
        else Lane.OURS
        if status == Status.OK
        else "",
        order_no=found.get("order_no", ""),
        waybill_no=found.get("waybill_no", ""),
        name=name,
        phone=phone.phone,
        phones=phone.phones,
        extension=phone.extension,
        province=address.province,
        city=address.city,
        district=address.district,
        town=address.town,
        detail=address.detail,
        goods=found.get("goods", ""),
        quantity=found.get("quantity", ""),
        remark=found.get("remark", ""),
    )
    return msgspec.structs.replace(
        row, masked=mask_contact(name, phone.phone, phone.extension, address, row.remark)
    )


def _judge(  # noqa: PLR0911  a list of reasons
    name: str, phone: PhoneReading, address: Address
) -> tuple[Status, str]:
    """Return status and reason of a row; masked or encrypted fields take precedence over missing ones."""
    if looks_masked(name):
        return Status.ALREADY_MASKED, Reason.MASKED_NAME
    if phone.problem == "masked_phone":
        return Status.ALREADY_MASKED, Reason.MASKED_PHONE
    if is_masked_address(address.detail):
        return Status.ALREADY_MASKED, Reason.MASKED_ADDRESS
    if phone.problem == "ciphertext" or looks_ciphertext(name) or looks_ciphertext(address.detail):
        return Status.ALREADY_MASKED, Reason.CIPHERTEXT
    if phone.problem:
        return Status.REJECT, Reason(phone.problem)
    if not name:
        return Status.REJECT, Reason.NO_NAME
    if not (address.detail or address.district or address.city or address.province) or (
        not address.province and names_no_place(address.detail)
    ):
        return Status.REJECT, Reason.NO_ADDRESS
    if address.conflict:
        return Status.REJECT, Reason.DIVISION_CONFLICT
    return Status.OK, ""
