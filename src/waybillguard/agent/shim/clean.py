"""Checks whether a value is free of personal data, and whether supposed ciphertext is really opaque."""

import math
import re
from typing import Any, Final

from waybillguard.agent.shim.unfold import UNREADABLE, As, bytes_of, pieces, readable, tidy, unpack
from waybillguard.orders import parse_address
from waybillguard.orders.names import is_masked_address, looks_masked
from waybillguard.orders.personal_text import tells_of_person
from waybillguard.orders.phones import find_numbers

SHORTEST_CIPHERTEXT: Final = 32
LONGEST_WORDS: Final = 2_000
_MOBILE: Final = re.compile(r"(?:\+?86-?|0086)?1[3-9][0-9]{9}")
_IDENTITY: Final = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
#: An order, waybill or product number: letters and digits without spaces.
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{2,79}")
_PIECE: Final = re.compile(r"[\s,，、;；:：/|()（）【】\[\]*×+]+")
#: The same, for the characters around texts in markup or a printer's language.
_SIGNS: Final = re.compile(r"""[\s,，、;；:：/|()（）【】\[\]{}<>"'=&?!#%^~$\\*×+]+""")
_FORMATS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"PK\x03\x04", b"RIFF", b"II*\0", b"MM\0*",
                   b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\xd0\xcf\x11\xe0", b"^XA", b"SIZE")  # fmt: skip
_FEWEST_VALUES: Final = 0.7
_PERSONAL: Final = re.compile(
    r"收[件货貨]|客户|买家|姓名|手机|电话|電話|地址|recip|receiv|consignee|buyer_?name|mobile|phone|(?:^|_)tel|addr|contact|rcv|sjr|shouhuo",
    re.IGNORECASE,
)
#: The form of a name on a parcel, with or without a surname: 某某 收.
_ADDRESSED: Final = re.compile(r"[\u4e00-\u9fff·]{2,6}\s*(?:收|亲收|签收|亲启)(?=$|[\s,;!。])")
_WORDY: Final = re.compile(r"remark|memo|message|备注|留言|note", re.IGNORECASE)


def is_number(value: object) -> bool:
    """Return whether a value is an order, waybill or ticket number, and not a telephone or identity number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    text = str(value)
    return bool(_CODE.fullmatch(text)) and not _MOBILE.fullmatch(text) and not _IDENTITY.fullmatch(text)


def is_opaque(text: object) -> bool:
    """Return whether a text is ciphertext: base64 or hexadecimal of bytes without readable content.

    Readable text in any encoding, compressed text, pictures and documents are not ciphertext.
    """
    if not isinstance(text, str) or not text.isascii() or len(text) < SHORTEST_CIPHERTEXT:
        return False
    packed, whole = unpack(text) or (b"", False)
    if not whole or packed.startswith(_FORMATS) or readable(packed) is not None:
        return False
    # Ciphertext has nearly as many distinct byte values as random data; written text has few. The limit is five
    # standard deviations below, so ciphertext is refused once in millions (occupancy: Feller, vol. 1, IV.2).
    load = len(packed) / 256
    expected = 256 * (1 - (255 / 256) ** len(packed))
    deviation = math.sqrt(256 * math.exp(-load) * (1 - (1 + load) * math.exp(-load)))
    return len(set(packed)) >= max(_FEWEST_VALUES * expected, expected - 5 * deviation)


def is_clean(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether a value contains no name, contact or address of a person; unrecognised content is not clean."""
    return all(_is_clean_piece(how, path, text) for how, path, text in pieces(value))


def _is_clean_piece(how: As, path: tuple[str, ...], text: str) -> bool:
    match how:
        case "key":
            return len(text) <= 80 and not find_numbers(tidy(text)) and not _finds_somebody(text)  # noqa: PLR2004
        case "raw":
            return not find_numbers(text)
        case "around":
            return _is_clean_around(text)
        case "text":
            return _clean_text(text, path)


def _is_clean_around(text: str) -> bool:
    """Return whether the text around other texts is clean, ignoring page addresses, picture sizes and colours."""
    if text == UNREADABLE or len(text) > LONGEST_WORDS or find_numbers(text) or _ADDRESSED.search(text):
        return False
    rest = " ".join(piece for piece in _SIGNS.split(text) if piece and not is_number(piece))
    return not tells_of_person(rest) and not _finds_somebody(text)


def _finds_somebody(text: str) -> bool:
    """Return whether a text contains an address precise enough to find a door."""
    if text.isascii():
        return False
    found = parse_address(text)
    return bool(found.district or (found.city and found.detail)) and not is_masked_address(text)


def _clean_text(text: str, path: tuple[str, ...]) -> bool:
    key = "/".join(path)
    if text in {UNREADABLE, ""} or len(text) > LONGEST_WORDS:
        return text == ""
    if "://" in text or text.startswith("data:") or find_numbers(text) or _ADDRESSED.search(text):
        return False
    if _PERSONAL.search(key) and not _WORDY.search(key):
        return looks_masked(text) or is_masked_address(text) or is_number(text)
    if len(text) >= SHORTEST_CIPHERTEXT and bytes_of(text) is not None and not is_number(text):
        return False  # compressed bytes where text is expected
    rest = " ".join(piece for piece in _PIECE.split(text) if piece and not is_number(piece))
    return not tells_of_person(rest) and not _finds_somebody(text)
