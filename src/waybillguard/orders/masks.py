"""Mask names, telephone numbers and addresses for screens and labels.

Promise: GB/T 41833-2022 with our own stricter rules (reference: the masking table's column ``default``): a
name shows its surname, a mobile its last four digits, an address ends at the building. Unusual input shows less;
input that is not understood is never returned unmasked.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.address import Address, parse_address
from waybillguard.orders.masks_detail import HIDDEN, split_detail, street_end, without_names
from waybillguard.orders.masks_remark import mask_remark
from waybillguard.orders.model import Masked
from waybillguard.orders.names import compound_surnames, is_masked_address, is_organisation, looks_ciphertext
from waybillguard.orders.phones import find_numbers, normalise_cell

__all__ = [
    "Level",
    "mask_address",
    "mask_contact",
    "mask_field",
    "mask_name",
    "mask_phone",
    "mask_remark",
    "mask_rows",
]

_NOTHING = "***********"
_TOLL = "**********"
_MOBILE = pattern_on_use(r"1[3-9][0-9]{9}", re.ASCII)
_ANY_MOBILE = pattern_on_use(r"1[0-9]{10}", re.ASCII)
_LANDLINE = pattern_on_use(r"(0[0-9]{2,3})-?([0-9]{7,8})", re.ASCII)
_TOLL_FREE = pattern_on_use(r"[48]00-?[0-9]{3}-?[0-9]{4}", re.ASCII)
_SHORT = pattern_on_use(r"[0-9]{3,6}", re.ASCII)
_ABROAD = pattern_on_use(r"\+(?!86 )([0-9]{1,3}) ([0-9]{5,13})", re.ASCII)
_CHINA = pattern_on_use(r"\s*[(（]?(?:\+|00)?\s*86[)）]?[-\s]*(?=1[3-9])")
_STARRED = pattern_on_use(r"[0-9]{0,4}[*＊•×xX]{4,}([0-9]{1,4})")
_SHOWN_FIRST = pattern_on_use(r"[A-Za-zÀ-ɏЀ-ӿ\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U000323af]")
_CONTACT_PART = pattern_on_use(
    r"^(.*?)([\s,，、/|;；:：（(【\[-]+)([^\s,，、/|;；:：（(【\[）)】\]-]+)([）)】\]]?)$"
)


class Level(StrEnum):
    """Masking level: ``default``, or ``strict`` (stops at the street, as Zhejiang's rules suggest)."""

    DEFAULT = "default"
    STRICT = "strict"


def mask_name(name: str, *, organisation: bool = False, level: Level = Level.DEFAULT) -> str:
    """Show the surname (both characters of a compound surname) and two stars, regardless of length.

    The name of an organisation is shown only if ``organisation`` is set and the name ends like one; a contact person
    after it is masked.

    >>> mask_name("王芳"), mask_name("欧阳娜娜"), mask_name("李"), mask_name("John Smith")
    ('王**', '欧阳**', '**', 'J**')
    """
    del level  # names are masked the same way at every level
    name = name.strip()
    if organisation:
        if is_organisation(name):
            return name
        parts = _CONTACT_PART.match(name)
        if parts and is_organisation(parts[1]):
            return f"{parts[1]}{parts[2]}{mask_name(parts[3])}{parts[4]}"
    if len(name) < 2:  # noqa: PLR2004
        return "**" if name else ""
    if name[:2] in compound_surnames() and len(name) > 2:  # noqa: PLR2004
        return name[:2] + "**"
    if not _SHOWN_FIRST.match(name) or looks_ciphertext(name):
        return "**"
    return name[0] + "**"


def mask_phone(  # noqa: PLR0911  one return per row of the masking table
    phone: str, *, extension: str = "", organisation: bool = False, attested_virtual: bool = False
) -> str:
    """Show the last four digits of a mobile; of a landline, the area code and all but six digits.

    A virtual number is shown unmasked only if the platform attests it (``attested_virtual``; the caller checks its
    expiry). 400, 800 and short numbers are shown only for an organisation.

    >>> mask_phone("13812345678"), mask_phone("0579-85551234", extension="802"), mask_phone("+852 91234567")
    ('*******5678', '0579-******34-***', '+852 ******67')
    """
    if not phone.strip():
        return ""
    if attested_virtual and _ANY_MOBILE.fullmatch(phone):
        return f"{phone}-{extension}" if extension else phone
    tail = "-***" if extension else ""
    shown = _mask_number(phone, organisation=organisation)
    if shown:
        return shown + tail
    text = normalise_cell(phone)
    starred = _STARRED.fullmatch(text)
    if starred:
        return "*" * max(7, 11 - len(starred[1])) + starred[1] + tail
    if "*" in text or looks_ciphertext(phone):
        return _NOTHING
    prefix = "+86 " if _CHINA.match(text) else ""
    masked = []
    for _, _, number, ext, _ in find_numbers(text):
        one = _mask_number(number, organisation=organisation) or _NOTHING
        masked.append((prefix if number.isdigit() else "") + one + ("-***" if ext else ""))
    if masked:
        return "/".join(masked) + tail
    return _mask_number(text, organisation=organisation) or _NOTHING


def _mask_number(number: str, *, organisation: bool) -> str:
    """Mask a number in one of the forms that :mod:`waybillguard.orders.phones` returns; '' for others."""
    if len(number) == 11 and number.isdigit():  # noqa: PLR2004
        return "*******" + number[-4:] if _ANY_MOBILE.fullmatch(number) else ""
    landline = _LANDLINE.fullmatch(number)
    if landline:
        return f"{landline[1]}-******{landline[2][6:]}"
    abroad = _ABROAD.fullmatch(number)
    if abroad:
        hidden = max(6, len(abroad[2]) - 2)
        return f"+{abroad[1]} {'*' * hidden}{abroad[2][hidden:]}"
    if _TOLL_FREE.fullmatch(number):
        return number if organisation else _TOLL
    if _SHORT.fullmatch(number):
        return number if organisation else "*" * len(number)
    return ""


def mask_address(address: Address, *, name: str = "", level: Level = Level.DEFAULT) -> str:
    """Show region, street, road, estate and building; replace unit, floor, room and household by one block.

    Text that the grammar does not understand is hidden too, and so are the consignee's ``name`` and other named
    recipients. ``strict`` stops at the street or town.

    >>> from waybillguard.orders.address import parse_address
    >>> mask_address(parse_address("浙江省金华市义乌市北苑街道机场路88号福田小区3幢2单元501室"))
    '浙江省金华市义乌市北苑街道机场路88号福田小区3幢****'
    """
    province, city, district, detail = address.province, address.city, address.district, address.detail
    region = province + (city if city not in (province, district) else "") + district
    if (name and name in detail) or "收" in detail or "启" in detail:
        detail = without_names(detail, name)
        if not detail:
            return region
    if level == Level.STRICT:
        end = street_end(detail, address.town)
        return region + detail[:end] + (HIDDEN if end < len(detail) else "")
    if "*" in detail and is_masked_address(detail):
        detail = detail[: detail.index("*") + 1]
    end, rest = split_detail(detail)
    return region + detail[:end] + rest


def mask_contact(
    name: str,
    phone: str,
    extension: str,
    address: Address,
    remark: str = "",
    *,
    organisation: bool = False,
    attested_virtual: bool = False,
    level: Level = Level.DEFAULT,
) -> Masked:
    """Mask the contact fields of one order together."""
    return Masked(
        mask_name(name, organisation=organisation),
        mask_phone(phone, extension=extension, organisation=organisation, attested_virtual=attested_virtual),
        mask_address(address, name=name, level=level),
        mask_remark(remark) if remark else "",
    )


def mask_field(field: str, text: str, *, level: Level = Level.DEFAULT) -> dict[str, str]:
    """Mask one field given as text (command ``orders mask``): ``name``, ``phone``, ``address`` or ``remark``.

    Returns ``masked`` and, for an address, also ``province``, ``city``, ``district`` and ``town``.

    Raises:
        ValueError: ``field`` is none of the four.
    """
    if field == "name":
        return {"masked": mask_name(text)}
    if field == "phone":
        return {"masked": mask_phone(text)}
    if field == "remark":
        return {"masked": mask_remark(text)}
    if field == "address":
        address = parse_address(text)
        return {
            "masked": mask_address(address, level=level),
            "province": address.province,
            "city": address.city,
            "district": address.district,
            "town": address.town,
        }
    raise ValueError("field must be name, phone, address or remark")


def mask_rows(
    names: Iterable[str], phones: Iterable[str], addresses: Sequence[Address]
) -> list[tuple[str, str, str]]:
    """Mask many contacts faster, with the same results (persons, numbers without extension, level ``default``)."""
    compounds = compound_surnames()
    mobile, first, split = _MOBILE.fullmatch, _SHOWN_FIRST.match, split_detail
    masked = []
    for name, phone, address in zip(names, phones, addresses, strict=True):
        if 1 < len(name) < 5 and name[:2] not in compounds and first(name):  # noqa: PLR2004
            shown_name = name[0] + "**"
        else:
            shown_name = mask_name(name)
        shown_phone = "*******" + phone[7:] if mobile(phone) else mask_phone(phone)
        city, detail = address.city, address.detail
        if (
            not detail
            or "*" in detail
            or "收" in detail
            or "启" in detail
            or name in detail
            or city in (address.province, address.district)
        ):
            shown_address = mask_address(address, name=name)
        else:
            end, rest = split(detail)
            shown_address = f"{address.province}{city}{address.district}{detail[:end]}{rest}"
        masked.append((shown_name, shown_phone, shown_address))
    return masked
