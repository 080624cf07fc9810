"""Parse the contact in a data row: name, number and address, or the reason to hold the row for review.

Checks are made in this order: formula, swapped columns, masked or encrypted, number, name, address, divisions.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from waybillguard.orders.address import Address, parse_address
from waybillguard.orders.address_columns import separate_divisions
from waybillguard.orders.model import Reason, Status
from waybillguard.orders.names import is_masked_address, looks_ciphertext, looks_masked
from waybillguard.orders.paste import parse_pasted
from waybillguard.orders.paste.tidy import names_no_place, without_extension
from waybillguard.orders.phones import read_phone
from waybillguard.orders.rows_cells import clean, is_formula
from waybillguard.orders.rows_plan import ContactPlan

_SUSPECT = frozenset("=+-@＝＋－＠ \t\r\n\0\u3000\ufeff'`‘’")
_NUMBER_CELL = re.compile(r"[+(（]?[\d()（）\s*-]{6,}\d(?:\s*转\s*\d+)?")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_ADDRESS_CELL = re.compile(
    r".{2,8}?(?:省|自治区|特别行政区|市).{1,12}?(?:区|县|市|镇|乡|街道|路|街|道|村|号).*"
    r"|.{2,}?(?:路|街|道|巷|村|弄)\s*\d+\s*号.*",
    re.DOTALL,
)
_PHONE_REASONS = {
    "no_phone": Reason.NO_PHONE,
    "bad_phone": Reason.BAD_PHONE,
    "phone_precision_lost": Reason.PHONE_PRECISION_LOST,
}
_SHORT_STEM = 2
_SHORT_MORE = 3
"""A second address part of up to this length (5, 701) may occur in the first part by chance."""


class Contact(NamedTuple):
    """The consignee of one row, as the fields of an order; ``problem`` is a reason or empty."""

    name: str = ""
    phone: str = ""
    phones: tuple[str, ...] = ()
    extension: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""
    problem: str = ""
    remark: str = ""


def has_formula(cells: Sequence[str], columns: tuple[int, ...]) -> bool:
    """Return whether a spreadsheet would read one of these cells as a formula."""
    for column in columns:
        cell = cells[column]
        if cell and cell[0] in _SUSPECT and is_formula(cell):
            return True
    return False


def first_text(cells: Sequence[str], columns: tuple[int, ...]) -> str:
    """Return the first non-empty one of these cells, cleaned."""
    for column in columns:
        text = clean(cells[column])
        if text:
            return text
    return ""


def read_contact(cells: Sequence[str], plan: ContactPlan) -> Contact:
    """Read the contact of one party from its columns."""
    name = first_text(cells, plan.name) or first_text(cells, plan.company)
    numbers = [text for column in plan.phone if (text := clean(cells[column]))]
    address = first_text(cells, plan.address)
    for column in plan.address_more:
        more = clean(cells[column])
        if more and not address.endswith(more) and (len(more) <= _SHORT_MORE or more not in address):
            address = f"{address} {more}" if address else more
    joined = first_text(cells, plan.contact)
    if joined and not (name and numbers and address):
        return _joined((name, *numbers, joined), address, cells, plan)
    if name and address and not numbers and _number_inside(name):
        return _joined((name,), address, cells, plan)
    return _separate(name, numbers, address, cells, plan)


def _number_inside(name: str) -> bool:
    return len(name) > 8 and bool(_HAN.search(name)) and bool(read_phone(name).phones)  # noqa: PLR2004


def _joined(parts: tuple[str, ...], address: str, cells: Sequence[str], plan: ContactPlan) -> Contact:
    """Read a cell that holds two or three of name, number and address, together with the other cells."""
    region = "".join(first_text(cells, at) for at in (plan.province, plan.city, plan.district, plan.town))
    region += first_text(cells, plan.region)
    whole = " ".join(part for part in (*parts, region + address) if part)
    row = parse_pasted(whole)
    return Contact(
        name=row.name,
        phone=row.phone,
        phones=row.phones,
        extension=row.extension,
        province=row.province,
        city=row.city,
        district=row.district,
        town=row.town,
        detail=row.detail,
        problem=row.reason if row.status != Status.OK else "",
        remark=row.remark,
    )


def _separate(
    name: str, numbers: list[str], address: str, cells: Sequence[str], plan: ContactPlan
) -> Contact:
    reading = read_phone(*numbers) if numbers else read_phone("")
    extension = reading.extension or first_text(cells, plan.extension)
    name, address = without_extension(name, extension), without_extension(address, extension)
    place, hidden = _place(address, cells, plan)
    masked = _masked_reason(name, reading.problem, hidden)
    problem: str = ""
    if _swapped(name, numbers, reading.problem, address):
        problem = Reason.SWAPPED_COLUMNS
    elif masked:
        problem = masked
    elif reading.problem:
        problem = _PHONE_REASONS.get(reading.problem, Reason.BAD_PHONE)
    elif not name:
        problem = Reason.NO_NAME
    elif not place.detail or names_no_place(place.detail):
        problem = Reason.NO_ADDRESS
    elif place.conflict:
        problem = Reason.DIVISION_CONFLICT
    phone = reading.phone
    if problem and not phone and numbers:
        phone = numbers[0]
    return Contact(
        name,
        phone,
        reading.phones,
        extension,
        place.province,
        place.city,
        place.district,
        place.town,
        place.detail,
        problem,
    )


def _place(address: str, cells: Sequence[str], plan: ContactPlan) -> tuple[Address, str]:
    """Return the address, and the reason if it is kept unchanged (masked or ciphertext)."""
    province = first_text(cells, plan.province)
    city = first_text(cells, plan.city)
    district = first_text(cells, plan.district)
    town = first_text(cells, plan.town)
    region = first_text(cells, plan.region)
    if not (address or region or province or city or district or town):
        return Address(), ""
    text = region + address if region and not address.startswith(region) else address
    split = bool(province or city or district or town)
    if looks_ciphertext(address):
        return _as_given((province, city, district), town, text), Reason.CIPHERTEXT
    if is_masked_address(f"{province}{city}{district}{town}{text}" if split else text):
        kept = _as_given((province, city, district), town, text) if split else _written(text)
        return kept, Reason.MASKED_ADDRESS
    if not split:
        return parse_address(text), ""
    return parse_address(text, province=province, city=city, district=district, town=town), ""


def _as_given(levels: tuple[str, str, str], town: str, text: str) -> Address:
    """Keep the region columns unchanged; text that names no division is moved to the rest, which is masked."""
    kept, stray = separate_divisions(levels)
    return Address(*kept, town, f"{text} {stray}".strip() if stray else text)


def _written(text: str) -> Address:
    """Split a masked address by the levels written in it, without adding levels."""
    parsed = parse_address(text, successors=False)
    if parsed.conflict or not parsed.detail or not text.endswith(parsed.detail):
        return Address(detail=text)
    levels = (parsed.province, parsed.city, parsed.district)
    head = text[: len(text) - len(parsed.detail)]
    province, city, district = (level if level and _is_written(level, head) else "" for level in levels)
    return Address(province, city, district, parsed.town, parsed.detail)


def _is_written(level: str, text: str) -> bool:
    return level in text or (len(level) > _SHORT_STEM and level[:_SHORT_STEM] in text)


def _masked_reason(name: str, phone_problem: str, hidden: str) -> str:
    reason: str = hidden
    if looks_masked(name):
        reason = Reason.MASKED_NAME
    elif looks_ciphertext(name) or phone_problem == "ciphertext":
        reason = Reason.CIPHERTEXT
    elif phone_problem == "masked_phone":
        reason = Reason.MASKED_PHONE
    return reason


def _swapped(name: str, numbers: list[str], phone_problem: str, address: str) -> bool:
    """Return whether columns are swapped: a number in the name column, or an address in the number column."""
    if name and _NUMBER_CELL.fullmatch(name):
        return True
    if name and _ADDRESS_CELL.fullmatch(name) and not _ADDRESS_CELL.fullmatch(address):
        return True
    if not phone_problem:
        return False
    if address and _NUMBER_CELL.fullmatch(address):
        return True
    return any(_ADDRESS_CELL.fullmatch(number) for number in numbers)
