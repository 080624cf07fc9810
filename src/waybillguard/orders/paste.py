"""Read orders that were pasted as one piece of text: name, number and address in any order.

Promise: what is found is taken from the text and never made up; a row that lacks a part is refused by name;
what the text says besides stays as goods or remark.
"""

import re
from html import unescape

import msgspec

from waybillguard.orders.address import Address, parse_address
from waybillguard.orders.masks import mask_contact
from waybillguard.orders.masks_remark import is_errand
from waybillguard.orders.model import Lane, OrderRow, Reason, Sender, Status
from waybillguard.orders.names import (
    begins_with_surname,
    is_masked_address,
    is_organisation,
    looks_ciphertext,
    looks_masked,
)
from waybillguard.orders.paste_tidy import names_no_place, tidy
from waybillguard.orders.paste_words import (
    ADDRESS_WORD,
    BARE_LABEL,
    BREAK,
    GLUED_LABEL,
    GLUED_NAME,
    GOODS,
    HAN,
    HAN_NAME,
    LABEL,
    LATIN_NAME,
    LIMIT,
    LONG_LABEL,
    LONG_NICKNAME,
    MASKED_NUMBER,
    PARTLY_NUMBER,
    PLACE_END,
    RECEIVER,
    RECEIVES,
    SENDER,
    SHORT_PIECE,
    TITLE,
    WISH,
)
from waybillguard.orders.phones import PhoneReading, find_numbers, normalise_cell, read_phone

_DOT = re.compile(rf"(?<=[{HAN}])[.．•・‧](?=[{HAN}])")


class _Parts:
    """What has been found so far; text beside it waits in ``pieces`` in order of place."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.pieces: list[str] = []
        self.phone = PhoneReading(problem="no_phone")
        #: Index into ``pieces`` before which the number stood; names tend to stand beside numbers.
        self.at = 0

    def put(self, part: str, text: str) -> None:
        """Add text to a part."""
        text = text.strip(" \t\r\n,，;；。|、:：")
        if text:
            self.found[part] = f"{self.found[part]} {text}" if part in self.found else text


def parse_pasted(text: str) -> OrderRow:
    """Read one pasted order; the fields, reasons and lanes are those of ``orders read``.

    >>> row = parse_pasted("测试人 13800000000 浙江省金华市义乌市北苑街道机场路88号")
    >>> row.name, row.phone, row.district, row.detail, row.status.value
    ('测试人', '13800000000', '义乌市', '北苑街道机场路88号', 'ok')
    """
    text, sending = _without_sender(tidy(normalise_line(text[:LIMIT])))
    row = _parse(text)
    if not sending:
        return row
    other = _parse(sending)
    sender = Sender(
        other.name, other.phone, other.province, other.city, other.district, other.town, other.detail
    )
    return msgspec.structs.replace(row, sender=sender)


def _without_sender(text: str) -> tuple[str, str]:
    """Cut out what stands between the sender's label and the receiver's (or the end)."""
    sender = SENDER.search(text)
    if not sender or not RECEIVER.search(text):
        return text, ""
    receiver = RECEIVER.search(text, sender.end())
    end = receiver.start() if receiver else len(text)
    return f"{text[: sender.start()]}\n{text[end:]}".strip(), text[sender.end() : end]


def _parse(text: str) -> OrderRow:
    parts = _Parts()
    rest = _take_labels(text, parts)
    if "phone" in parts.found:
        parts.phone = read_phone(parts.found["phone"])
    rest = _take_number(rest, parts)
    _split(rest, parts)
    address = _take_address(parts)
    _take_name(parts)
    _take_goods(parts)
    return _row(parts, address)


def normalise_line(text: str) -> str:
    """Return the text with ASCII digits and signs and without invisible characters; line ends stay."""
    return "\n".join(normalise_cell(line) for line in re.split(r"[\r\n]+", unescape(text))).strip()


def _take_labels(text: str, parts: _Parts) -> str:
    """Move what stands behind labels into the parts; return the text without it."""
    hits = list(LABEL.finditer(text)) or list(BARE_LABEL.finditer(text))
    long = list(LONG_LABEL.finditer(text))
    hits = long if len(long) > max(1, len(hits)) else hits
    if not hits:
        return text
    rest = [text[: hits[0].start()]]
    for hit, following in zip(hits, [*hits[1:], None], strict=True):
        end = following.start() if following else len(text)
        value = text[hit.end() : end]
        part = next(name for name, word in hit.groupdict().items() if word)
        if (
            part in {"name", "phone", "quantity", "order_no", "waybill_no", "postcode", "region"}
            or "\n" in value.strip()
        ):
            # These end where the line ends; a name and a number at the first break.
            line, _, after = value.strip(" \t,，;；、").partition("\n")
            number = part in {"postcode", "order_no", "waybill_no"} and line[:1].isascii()
            if number or (part in {"name", "phone", "quantity"} and following is None):
                words = re.split(r"(?<=\S)[\s,，;；]+", line, maxsplit=1)
                if (
                    len(words) > 1
                    and not (part == "name" and LATIN_NAME.fullmatch(line))
                    and not (part == "phone" and not find_numbers(words[0]))
                ):
                    line, after = words[0], f"{words[1]}\n{after}"
            parts.put(part, line)
            rest.append(after)
        elif part in {"goods", "remark"} and find_numbers(value):
            # Name, number and address follow without labels.
            line, after = ([*BREAK.split(value.strip(), maxsplit=1), ""])[:2]
            parts.put(part, line)
            rest.append(after)
        else:
            parts.put(part, value)
    return "\n".join(piece for piece in rest if piece.strip())


def _take_number(text: str, parts: _Parts) -> str:
    """Cut the telephone numbers out of unlabelled text, leaving a break where they stood."""
    if parts.phone.problem != "no_phone":
        return text
    numbers = find_numbers(text)
    if numbers:
        reading: dict[str, str] = {}
        for _, _, number, extension, _ in numbers:
            reading.setdefault(number, extension)
        mobiles = [number for _, _, number, _, mobile in numbers if mobile]
        phone = mobiles[0] if mobiles else numbers[0][2]
        parts.phone = PhoneReading(phone, tuple(reading), reading[phone])
        for start, end, _, _, _ in reversed(numbers):
            text = f"{text[:start]}\n\u0001\n{text[end:]}"
        return text
    masked = MASKED_NUMBER.search(text)
    if masked:
        parts.phone = PhoneReading(masked[0], (), "", "masked_phone")
        return f"{text[: masked.start()]}\n\u0001\n{text[masked.end() :]}"
    for word in text.split():
        if looks_ciphertext(word):
            parts.phone = PhoneReading(word, (), "", "ciphertext")
            return text.replace(word, "\n\u0001\n", 1)
    odd = PARTLY_NUMBER.search(text)
    if odd:
        problem = read_phone(odd[0]).problem
        if problem not in {"", "no_phone"}:
            parts.phone = PhoneReading(problem=problem)
            return f"{text[: odd.start()]}\n\u0001\n{text[odd.end() :]}"
    return text


def _split(text: str, parts: _Parts) -> None:
    for piece in BREAK.split(text):
        piece = GLUED_LABEL.sub("", piece.strip(" -:：/、"))  # noqa: PLW2901
        if piece == "\u0001":
            parts.at = len(parts.pieces)
        elif piece:
            parts.pieces.append(piece)


def _has_region(piece: str) -> bool:
    address = parse_address(piece)
    return bool(address.province or address.city or address.district)


def _looks_address(piece: str) -> bool:
    return ADDRESS_WORD.search(piece) is not None or is_masked_address(piece)


def _take_address(parts: _Parts) -> Address:
    """Take the pieces that form the address out of the rest and parse them."""
    if "address" in parts.found or "region" in parts.found:
        region, rest = parts.found.get("region", ""), parts.found.get("address", "")
        text = f"{region} {rest}" if region[-1:].isascii() else region + rest
        return parse_address(_without_name(text, parts))
    pieces = parts.pieces
    regions = [
        i
        for i, piece in enumerate(pieces)
        if _has_region(_unglued(piece, parts, i)) and not _is_name(piece) and not is_organisation(piece)
    ]
    if (
        len(regions) > 1
        and len(pieces[regions[0]]) <= SHORT_PIECE
        and _contradict(pieces[regions[0]], pieces[regions[1]])
    ):
        del regions[0]  # somebody is called 海宁
    start = regions[0] if regions else -1
    if start < 0:
        start = next(
            (i for i, piece in enumerate(pieces) if _looks_address(piece) and not GOODS.search(piece)), -1
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
    return parse_address(_without_name(text, parts))


def _contradict(first: str, second: str) -> bool:
    """Say whether two pieces name different provinces."""
    one, other = parse_address(first).province, parse_address(second).province
    return bool(one and other) and one != other


def _continues(pieces: list[str], start: int, end: int, parts: _Parts) -> bool:  # noqa: PLR0911  a list of reasons
    """Say whether a piece goes on with the address that began at ``start``."""
    piece = pieces[end]
    if WISH.match(piece) or (is_errand(piece) and not _looks_address(piece)):
        return False
    before, after = (
        parse_address(" ".join(pieces[start:end])),
        parse_address(" ".join(pieces[start : end + 1])),
    )
    if (before.province, before.city, before.district) != (after.province, after.city, after.district):
        return True
    if "name" not in parts.found and _is_name(piece) and not any(_is_name(p) for p in pieces[:start]):
        return False
    if _has_region(piece) and not _is_name(piece):
        return True
    if "name" not in parts.found and _is_latin_name(piece) and end + 1 in {parts.at, len(pieces)}:
        return False
    if GOODS.search(piece) and not re.search(r"[0-9]+(?:号|室|栋|幢|单元|层|楼)", piece):
        return False
    if _looks_address(piece):
        return True
    return bool(re.fullmatch(r"(?=.*[0-9])[0-9A-Za-z#-]{1,8}|[A-Z]", piece)) or (
        end == start + 1 and not _is_name(piece) and len(piece) > SHORT_PIECE
    )


def _is_latin_name(piece: str) -> bool:
    return len(piece) > 2 and LATIN_NAME.fullmatch(RECEIVES.sub("", piece)) is not None  # noqa: PLR2004


def _unglued(piece: str, parts: _Parts, index: int) -> str:
    """A name that is glued to the front of a region (张三浙江省…) goes to the names."""
    if "name" in parts.found:
        return piece
    for size in (3, 2, 4):
        head, tail = piece[:size], piece[size:]
        if len(tail) > 4 and _is_name(head) and not _has_region(head):  # noqa: PLR2004
            address = parse_address(tail)
            if address.province and address.city and parse_address(piece).detail[:size] == head:
                parts.found["name"] = head
                parts.pieces[index] = tail
                return tail
    return piece


def _without_name(text: str, parts: _Parts) -> str:
    """Cut a name that is glued to the end of the address (…88号张三)."""
    if "name" in parts.found:
        return text
    received = RECEIVES.sub("", text)
    glued = GLUED_NAME.match(received)
    if (
        glued
        and _is_name(glued[2])
        and not any(_is_name(piece) for piece in parts.pieces)
        and not _named_beside(parts)
    ):
        parts.found["name"] = glued[2]
        return glued[1]
    return text


def _named_beside(parts: _Parts) -> bool:
    """Say whether a short piece that is no wish, no goods and no place stands beside the number: a nickname."""
    beside = parts.pieces[max(0, parts.at - 1) : parts.at + 1]
    return any(
        len(piece) <= LONG_NICKNAME
        and any(c.isalpha() for c in piece)
        and not (GOODS.search(piece) or WISH.match(piece) or is_errand(piece))
        for piece in beside
    )


def _is_province(piece: str) -> bool:
    """Say whether a piece is a province's name and nothing else: 江苏 is written more often than a Mr Jiang."""
    address = parse_address(piece)
    return (
        bool(address.province)
        and address.city in {"", address.province}
        and not (address.district or address.detail)
    )


def _is_name(piece: str) -> bool:
    """Say whether a piece is, by its shape, the name of a person."""
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


def _take_name(parts: _Parts) -> None:
    """Choose the name: by its shape, then by its place beside the number."""
    if "name" in parts.found:
        parts.found["name"] = RECEIVES.sub("", parts.found["name"]).strip() or parts.found["name"]
        return
    pieces = parts.pieces
    order = sorted(range(len(pieces)), key=lambda i: abs(i - parts.at + 0.5))
    tests = (
        _is_name,
        is_organisation,
        lambda piece: LATIN_NAME.fullmatch(RECEIVES.sub("", piece)) is not None and not GOODS.search(piece),
        lambda piece: (
            len(piece) <= LONG_NICKNAME
            and not GOODS.search(piece)
            and not WISH.match(piece)
            and not _looks_address(piece)
            and any(c.isalpha() for c in piece)
        ),
        lambda piece: len(piece) <= LONG_NICKNAME and piece is pieces[0] and parts.at == 1,
    )
    for test in tests:
        for index in order:
            if test(pieces[index]):
                piece = pieces.pop(index)
                if LATIN_NAME.fullmatch(piece):
                    while index > 0 and LATIN_NAME.fullmatch(pieces[index - 1]) and index != parts.at + 1:
                        index -= 1  # noqa: PLW2901
                        piece = f"{pieces.pop(index)} {piece}"
                        parts.at -= 1
                    while index < len(pieces) and LATIN_NAME.fullmatch(pieces[index]) and index != parts.at:
                        piece = f"{piece} {pieces.pop(index)}"
                parts.found["name"] = _DOT.sub("·", RECEIVES.sub("", piece)).lstrip("@＠#")
                return


def _take_goods(parts: _Parts) -> None:
    for piece in parts.pieces:
        parts.put("goods" if GOODS.search(piece) and not WISH.match(piece) else "remark", piece)


def _row(parts: _Parts, address: Address) -> OrderRow:
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
    """Status and reason of a row; a masked or encrypted field comes before one that is missing."""
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
