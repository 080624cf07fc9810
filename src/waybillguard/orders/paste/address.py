"""Find the address in a pasted order: the pieces that form it, and its end."""

import re

from waybillguard.orders.address import Address, parse_address
from waybillguard.orders.masks_remark import is_delivery_note
from waybillguard.orders.names import is_organisation
from waybillguard.orders.paste.names import unglued, without_name
from waybillguard.orders.paste.parts import Parts
from waybillguard.orders.paste.shapes import has_region, is_latin_name, is_name, looks_address
from waybillguard.orders.paste.words import GOODS, LATIN_NAME, SHORT_PIECE, WISH


def take_address(parts: Parts) -> Address:
    """Remove the pieces that form the address from the remaining text and parse them."""
    if "address" in parts.found or "region" in parts.found:
        region, rest = parts.found.get("region", ""), parts.found.get("address", "")
        text = f"{region} {rest}" if region[-1:].isascii() else region + rest
        return parse_address(without_name(text, parts))
    pieces = parts.pieces
    regions = [
        i
        for i, piece in enumerate(pieces)
        if has_region(unglued(piece, parts, i)) and not is_name(piece) and not is_organisation(piece)
    ]
    if (
        len(regions) > 1
        and len(pieces[regions[0]]) <= SHORT_PIECE
        and _contradict(pieces[regions[0]], pieces[regions[1]])
    ):
        del regions[0]  # a person's name that is also a region (海宁)
    start = regions[0] if regions else -1
    if start < 0:
        start = next(
            (i for i, piece in enumerate(pieces) if looks_address(piece) and not GOODS.search(piece)), -1
        )
    if start < 0:
        return Address()
    end = start + 1
    while (
        end < len(pieces)
        and end != (parts.at if parts.at > start else -1)
        and _continues(pieces, start, end, parts)
    ):
        end += 1
    text = " ".join(pieces[start:end])
    del pieces[start:end]
    if parts.at > start:
        parts.at = max(start, parts.at - (end - start))
    return parse_address(without_name(text, parts))


def _contradict(first: str, second: str) -> bool:
    """Return whether two pieces name different provinces."""
    one, other = parse_address(first).province, parse_address(second).province
    return bool(one and other) and one != other


def _continues(pieces: list[str], start: int, end: int, parts: Parts) -> bool:  # noqa: PLR0911  a list of reasons
    """Return whether a piece continues the address that began at ``start``."""
    piece = pieces[end]
    if WISH.match(piece) or (is_delivery_note(piece) and not looks_address(piece)):
        return False
    before, after = (
        parse_address(" ".join(pieces[start:end])),
        parse_address(" ".join(pieces[start : end + 1])),
    )
    if (before.province, before.city, before.district) != (after.province, after.city, after.district):
        return True
    if "name" not in parts.found and is_name(piece) and not any(is_name(p) for p in pieces[:start]):
        return False
    if has_region(piece) and not is_name(piece):
        return True
    if "name" not in parts.found and is_latin_name(piece):
        stop = parts.at if parts.at > end else len(pieces)
        if all(LATIN_NAME.fullmatch(later) for later in pieces[end:stop]):
            return False
    if GOODS.search(piece) and not re.search(r"[0-9]+(?:号|室|栋|幢|单元|层|楼)", piece):
        return False
    if looks_address(piece):
        return True
    return bool(re.fullmatch(r"(?=.*[0-9])[0-9A-Za-z#-]{1,8}|[A-Z]", piece)) or (
        end == start + 1
        and not is_name(piece)
        and len(piece) > SHORT_PIECE
        # The only piece between an address and a number is the name.
        and ("name" in parts.found or start > 0 or not end + 1 == parts.at == len(pieces))
    )
