"""Classifies and judges the text of a bar code or QR code: waybill number, opaque token, link, or personal data."""

import base64
import binascii
import contextlib
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.names import SURNAME
from waybillguard.label.check.phones import whole_number_in
from waybillguard.label.check.values import Reason, Standard
from waybillguard.label.model import CodeKind
from waybillguard.on_demand import pattern_on_use


class CodeClass(StrEnum):
    """The class of a code's text."""

    WAYBILL = "waybill"
    TOKEN = "token"  # noqa: S105 - a class of text, no secret
    URL = "url"
    PERSONAL = "personal"


PERSONAL: Final = Reason(
    "COD-01", "码里有可读或可还原的个人信息", "the code carries personal data, plain or reversible"
)
LINK: Final = Reason("COD-02", "码里有订单链接", "the code carries a link to the order")
NOT_OURS: Final = Reason(
    "COD-03",
    "条码只许放运单号，二维码只许放密封编号",
    "the bar code holds a waybill number only, the QR code a sealed reference only",
)
MISSING: Final = Reason("COD-04", "条码与二维码应各有一个", "there must be one bar code and one QR code")

_BASE45: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE45_VALUE: Final = {character: value for value, character in enumerate(_BASE45)}
_REFERENCE: Final = pattern_on_use(rf"[{re.escape(_BASE45)}]{{72}}")
_WAYBILL: Final = pattern_on_use(
    r"[A-Z]{0,6}\d[0-9A-Z]{4,22}(?:(?:-\d{1,3}){1,3}-?)?|[A-Z]{2,6}[0-9A-Z]{6,22}", re.ASCII
)
_ALL_DIGITS: Final = pattern_on_use(r"\d{8,22}", re.ASCII)
_NUMBER_WITHIN: Final = pattern_on_use(
    r"(?<![0-9A-Za-z])(?:[A-Z]{1,6}\d{9,22}|(?=[0-9A-Za-z]*\d[A-Za-z]+\d)[0-9A-Za-z]+)(?![0-9A-Za-z])",
    re.ASCII,
)
"""A waybill number, or digits among letters, which is never a phone."""
_PHONE: Final = pattern_on_use(r"(?:\+?86)?1[3-9]\d{9}|0\d{2,3}-\d{7,8}|[48]00-?\d{3}-?\d{4}", re.ASCII)
_MOBILE: Final = pattern_on_use(r"1[3-9]\d{9}", re.ASCII)
_SCHEME: Final = pattern_on_use(r"[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:", re.IGNORECASE)
_HOST: Final = pattern_on_use(
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:cn|com|net|org|top|vip|cc|io|me|app|link|ltd|shop|xyz)(?:[/?:#]|$)",
    re.IGNORECASE,
)
_CARD: Final = pattern_on_use(r"^(?:MECARD|BEGIN:VCARD|tel:|sms(?:to)?:|BIZCARD)", re.IGNORECASE)
_PERSONAL_KEY: Final = pattern_on_use(
    r"(?:name|phone|mobile|tel|addr(?:ess)?|receiver|consignee)[\"']?\s*[=:]", re.IGNORECASE
)
_ORDER_LINK: Final = pattern_on_use(r"\d{6,}|[?&][^=]{1,20}=[^&]{6,}|[/=][0-9A-Za-z_-]{16,}")
_ACCOUNT_LINK: Final = pattern_on_use(
    r"^(?:https?://)?(?:weixin\.qq\.com/[a-z]/|u\.wechat\.com/|mp\.weixin\.qq\.com/a/)[\w~-]+$"
)
"""The account of a shop or carrier, which is the same on all its labels."""
_READABLE_BYTES: Final = pattern_on_use(rb"[0-9]{7,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){3,}")
_HAN: Final = pattern_on_use(f"[{HAN}]{{2,}}")
_HAN_SIGN: Final = pattern_on_use(f"[{HAN}]")
_MANY_HAN: Final = 6
"""Random bytes may decode as GB 18030, and hexadecimal or base45 is far more often a token than a text."""
_PRINTABLE: Final = 0.9
_LONGEST: Final = 4_000
_LEVEL_ONE: Final = pattern_on_use(rb"[\xb0-\xd7][\xa1-\xfe]")
"""Common characters: GB 2312, rows 16 to 55."""
_COMMON: Final = 0.75
"""Share of the characters of a text that are common ones."""


def classify_code(text: str) -> CodeClass:
    """Classify the text of a code. Text that can be decoded into something readable counts as personal.

    >>> classify_code("773012345678901").value, classify_code("https://example.com/a").value
    ('waybill', 'url')
    """
    if _REFERENCE.fullmatch(text) and (sealed := _base45(text)) is not None:
        return CodeClass.PERSONAL if _READABLE_BYTES.search(sealed) else CodeClass.TOKEN
    text = text.strip()
    folded = fold(text)
    if _PHONE.fullmatch(folded) or _CARD.match(folded):
        return CodeClass.PERSONAL
    link = bool(_SCHEME.match(folded) or _HOST.match(folded))
    if (
        not link
        and (_WAYBILL.fullmatch(folded) or _ALL_DIGITS.fullmatch(folded))
        and not _hexadecimal_text(text)
    ):
        return CodeClass.WAYBILL
    if _readable_person(folded if not link else unquote(folded)) or (not link and _reversible(text)):
        return CodeClass.PERSONAL
    return CodeClass.URL if link else CodeClass.TOKEN


def judge_code(kind: CodeKind | None, text: str, standard: Standard) -> Reason | None:
    """Return the rule that a code breaks; None if it passes.

    The standard allows a waybill number, an opaque token, or a link that does not lead to an order. Our own labels
    carry only a waybill number as Code128 and 72 base45 characters as QR.
    """
    found = classify_code(text)
    if found is CodeClass.PERSONAL:
        return PERSONAL
    if found is CodeClass.URL and (
        standard is Standard.PRINT or (_ORDER_LINK.search(text) and _ACCOUNT_LINK.search(text) is None)
    ):
        return LINK
    if standard is Standard.MIN:
        return None
    if kind is CodeKind.CODE128:
        return None if found is CodeClass.WAYBILL else NOT_OURS
    return None if _REFERENCE.fullmatch(text) else NOT_OURS


def _readable_person(text: str) -> bool:
    bare = _NUMBER_WITHIN.sub(" ", text)
    return bool(whole_number_in(bare) is not None or _HAN.search(text) or _PERSONAL_KEY.search(text))


def _reversible(text: str) -> bool:
    """Return whether decoding the text with a common encoding gives readable text."""
    candidates: list[tuple[bytes, int]] = []
    compact = text[:_LONGEST]
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2}){6,}", compact):
        candidates.append((bytes.fromhex(compact), _MANY_HAN))
    elif re.fullmatch(r"(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_-]{12,}={0,2}", compact):
        padded = compact.rstrip("=").replace("-", "+").replace("_", "/")
        with contextlib.suppress(binascii.Error):
            candidates.append((base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True), 2))
    if (raw := _base45(compact)) is not None:
        candidates.append((raw, _MANY_HAN))
    return any(_readable(raw, least) for raw, least in candidates)


def _readable(raw: bytes, least: int) -> bool:
    """Return whether bytes are readable text; ``least`` is how many GB 18030 Chinese characters rule out chance."""
    if _READABLE_BYTES.search(raw):
        return True
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if (
            len(text) > _PRINTABLE
            and sum(c.isprintable() for c in text) / len(text) > _PRINTABLE
            and _readable_person(text)
        ):
            told = whole_number_in(text) is not None or len(_HAN_SIGN.findall(text)) >= least
            return encoding == "utf-8" or (told and text.isprintable() and _is_common(text))
    return False


def _is_common(text: str) -> bool:
    """Return whether most of a text is ASCII, surnames or level one of GB 2312; random bytes decode to rarer signs."""
    common = [
        sign
        for sign in text
        if sign.isascii() or sign in SURNAME or _LEVEL_ONE.fullmatch(sign.encode("gb18030"))
    ]
    return len(common) >= _COMMON * len(text)


def _hexadecimal_text(text: str) -> bool:
    return len(text) % 2 == 0 and re.fullmatch(r"[0-9A-Fa-f]{24,}", text) is not None


def _base45(text: str) -> bytes | None:
    """Decode base45 (RFC 9285); None if the text is not base45."""
    if len(text) % 3 == 1:
        return None
    try:
        values = [_BASE45_VALUE[character] for character in text]
    except KeyError:
        return None
    out = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        if len(group) == 3:  # noqa: PLR2004 - three characters are two bytes
            number = group[0] + 45 * group[1] + 2025 * group[2]
            if number > 0xFFFF:  # noqa: PLR2004 - sixteen bits
                return None
            out += number.to_bytes(2)
        else:
            number = group[0] + 45 * group[1]
            if number > 0xFF:  # noqa: PLR2004 - eight bits
                return None
            out.append(number)
    return bytes(out)


def is_numbers_own(text: str, phones: Iterable[str]) -> bool:
    """Return whether a bar code's number that looks like a mobile number differs from every phone shown on the label.

    Some waybill numbers have eleven digits. Without a phone to compare, the number counts as a phone.
    """
    shown = [tight(fold(phone)) for phone in phones]
    ends = [(re.match(r"\d*", phone), re.search(r"\d*$", phone)) for phone in shown if "*" in phone]
    return (
        _MOBILE.fullmatch(text) is not None
        and bool(ends)
        and not any(
            text.startswith(head[0]) and text.endswith(tail[0]) for head, tail in ends if head and tail
        )
        and not any(text in phone for phone in shown if "*" not in phone and phone != text)
    )
