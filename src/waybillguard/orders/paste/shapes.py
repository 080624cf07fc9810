"""Classify a piece of pasted text by its shape: a region, an address, a person's name."""

import re

from waybillguard.orders.address import parse_address
from waybillguard.orders.names import begins_with_surname, is_masked_address
from waybillguard.orders.paste.words import (
    ADDRESS_WORD,
    HAN,
    HAN_NAME,
    LATIN_NAME,
    PLACE_END,
    RECEIVES,
    TITLE,
    WISH,
)


def has_region(piece: str) -> bool:
    """Return whether a piece names a province, city or district."""
    address = parse_address(piece)
    return bool(address.province or address.city or address.district)


def looks_address(piece: str) -> bool:
    """Return whether a piece contains a word or number that is typical of addresses."""
    return ADDRESS_WORD.search(piece) is not None or is_masked_address(piece)


def is_latin_name(piece: str) -> bool:
    """Return whether a piece may be a name in Latin letters; one or two letters denote a building."""
    return len(piece) > 2 and LATIN_NAME.fullmatch(RECEIVES.sub("", piece)) is not None  # noqa: PLR2004


def _is_province(piece: str) -> bool:
    """Return whether a piece is only a province's name: 江苏 is far more often the province than a person."""
    address = parse_address(piece)
    return (
        bool(address.province)
        and address.city in {"", address.province}
        and not (address.district or address.detail)
    )


def is_name(piece: str) -> bool:
    """Return whether a piece has the shape of a person's name."""
    whole, piece = piece, RECEIVES.sub("", piece)
    if piece.startswith("谢谢") or _is_province(piece):
        return False
    if TITLE.search(piece) and 2 <= len(piece) <= 5 and begins_with_surname(piece):  # noqa: PLR2004
        return True
    if "*" in piece:
        return re.fullmatch(rf"[{HAN}A-Za-z]{{0,2}}[*]{{1,4}}[{HAN}]{{0,2}}", piece) is not None
    if not HAN_NAME.fullmatch(piece):
        return False
    if "·" in piece or "•" in piece:
        return True
    return (
        begins_with_surname(piece)
        and not WISH.match(piece)
        and (piece[-1] not in PLACE_END or piece != whole)
    )
