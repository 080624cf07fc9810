"""Split a pasted order into labelled parts, numbers, and the remaining pieces of text."""

import re

from waybillguard.orders.names import looks_ciphertext
from waybillguard.orders.paste.shapes import is_name
from waybillguard.orders.paste.words import (
    BARE_LABEL,
    BREAK,
    GLUED_LABEL,
    LABEL,
    LATIN_NAME,
    LONG_LABEL,
    MASKED_NUMBER,
    PARTLY_NUMBER,
    THREE_LABELS,
)
from waybillguard.orders.phones import PhoneReading, find_numbers, read_phone


class Parts:
    """The parts found so far; ``pieces`` holds the remaining text in order."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.pieces: list[str] = []
        self.phone = PhoneReading(problem="no_phone")
        #: Index into ``pieces`` of the number's position; names are usually beside numbers.
        self.at = 0

    def put(self, part: str, text: str) -> None:
        """Add text to a part."""
        text = text.strip(" \t\r\n,，;；。|、:：")
        if text:
            self.found[part] = f"{self.found[part]} {text}" if part in self.found else text


def take_labels(text: str, parts: Parts) -> str:
    """Move labelled values into the parts; return the text without them."""
    hits = list(LABEL.finditer(text)) or list(BARE_LABEL.finditer(text))
    long = list(LONG_LABEL.finditer(text))
    hits = long if len(long) > max(1, len(hits)) else hits
    three = list(THREE_LABELS.finditer(text))
    hits = three if len({hit.lastgroup for hit in three}) == len(three) > max(2, len(hits)) else hits
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
            # These values end at the end of the line; a name or a number ends at the first break.
            line, _, after = value.strip(" \t,，;；、").partition("\n")
            if part == "name" and (numbers := find_numbers(line)):
                start = numbers[0][0]
                line, after = line[:start].rstrip(" (（[【,，/"), f"{line[start:]}\n{after}"
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
            # Name, number and address follow without further labels.
            line, after = ([*BREAK.split(value.strip(), maxsplit=1), ""])[:2]
            parts.put(part, line)
            rest.append(after)
        else:
            parts.put(part, value)
    return "\n".join(piece for piece in rest if piece.strip())


def take_number(text: str, parts: Parts) -> str:
    """Remove the telephone numbers from unlabelled text, replacing each by a break."""
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


def split_pieces(text: str, parts: Parts) -> None:
    """Add the pieces between breaks to ``parts``, and record the position of the number."""
    for piece in BREAK.split(text):
        piece = GLUED_LABEL.sub("", piece.strip(" -:：/、"))  # noqa: PLW2901
        if piece == "\u0001":
            parts.at = len(parts.pieces)
        elif piece:
            said, sign, rest = piece.partition(":")
            if sign and is_name(rest) and not find_numbers(said):  # 帮忙登记：张三
                parts.pieces.append(said)
                piece = rest  # noqa: PLW2901
            parts.pieces.append(piece)
