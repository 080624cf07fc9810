"""Find the name in a pasted order: by its shape, then by its position beside the number."""

from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.address import parse_address
from waybillguard.orders.masks_remark import is_delivery_note
from waybillguard.orders.names import is_organisation
from waybillguard.orders.paste.parts import Parts
from waybillguard.orders.paste.shapes import has_region, is_name, looks_address
from waybillguard.orders.paste.words import GLUED_NAME, GOODS, HAN, LATIN_NAME, LONG_NICKNAME, RECEIVES, WISH

_ROLE = pattern_on_use(rf"^(?:客户|买家|顾客)(?=[{HAN}]{{2,4}}$)")
_DOT = pattern_on_use(rf"(?<=[{HAN}])[.．•・‧](?=[{HAN}])")


def unglued(piece: str, parts: Parts, index: int) -> str:
    """Split off a name that is joined to the start of an address (张三浙江省…)."""
    if "name" in parts.found:
        return piece
    for size in (3, 2, 4):
        head, tail = piece[:size], piece[size:]
        if len(tail) > 4 and is_name(head) and not has_region(head):  # noqa: PLR2004
            address = parse_address(tail)
            if address.province and address.city and parse_address(piece).detail[:size] == head:
                parts.found["name"] = head
                parts.pieces[index] = tail
                return tail
    return piece


def without_name(text: str, parts: Parts) -> str:
    """Split off a name that is joined to the end of an address (…88号张三)."""
    if "name" in parts.found:
        return text
    received = RECEIVES.sub("", text)
    glued = GLUED_NAME.match(received)
    if (
        glued
        and is_name(glued[2])
        and not any(is_name(piece) for piece in parts.pieces)
        and not _named_beside(parts)
    ):
        parts.found["name"] = glued[2]
        return glued[1]
    return text


def _named_beside(parts: Parts) -> bool:
    """Return whether a piece is a nickname: short, beside the number, and not a wish, goods or a place."""
    beside = parts.pieces[max(0, parts.at - 1) : parts.at + 1]
    return any(
        len(piece) <= LONG_NICKNAME
        and any(c.isalpha() for c in piece)
        and not (GOODS.search(piece) or WISH.match(piece) or is_delivery_note(piece))
        for piece in beside
    )


def take_name(parts: Parts) -> None:
    """Choose the name: by its shape, then by its position beside the number."""
    if "name" in parts.found:
        parts.found["name"] = RECEIVES.sub("", parts.found["name"]).strip() or parts.found["name"]
        return
    pieces = parts.pieces
    order = sorted(range(len(pieces)), key=lambda i: abs(i - parts.at + 0.5))
    tests = (
        is_name,
        is_organisation,
        lambda piece: LATIN_NAME.fullmatch(RECEIVES.sub("", piece)) is not None and not GOODS.search(piece),
        lambda piece: (
            len(piece) <= LONG_NICKNAME
            and not GOODS.search(piece)
            and not WISH.match(piece)
            and not looks_address(piece)
            and any(c.isalpha() for c in piece)
        ),
        lambda piece: len(piece) <= LONG_NICKNAME and piece is pieces[0] and parts.at == 1,
    )
    for test in tests:
        for index in order:
            if test(pieces[index]):
                piece = pieces.pop(index)
                if LATIN_NAME.fullmatch(piece):
                    before_number = parts.at - index - 1
                    while index > 0 and LATIN_NAME.fullmatch(pieces[index - 1]) and index != parts.at:
                        index -= 1  # noqa: PLW2901
                        piece = f"{pieces.pop(index)} {piece}"
                        parts.at -= 1
                    while index < len(pieces) and LATIN_NAME.fullmatch(pieces[index]) and before_number:
                        piece = f"{piece} {pieces.pop(index)}"
                        before_number -= 1
                parts.found["name"] = _DOT.sub("·", RECEIVES.sub("", _ROLE.sub("", piece))).lstrip("@＠#")
                return
