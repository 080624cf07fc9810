"""Lay open what a message wraps: JSON in text, percent signs, base64, hexadecimal, compression, markup, scripts.

Bounded in depth and size. Used to judge whether something carries a consignee, and to read one.
"""

import base64
import binascii
import contextlib
import html
import re
import unicodedata
import zlib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import msgspec

type Path = tuple[str, ...]

DEEPEST: Final = 24
LARGEST: Final = 1_048_576
"""Bytes that one packed text may unfold to."""
_ZERO_WIDTH: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUERY: Final = re.compile(r"[\w.\-\[\]]{1,60}=[^&\s]*(?:&[\w.\-\[\]]{1,60}=[^&\s]*)+")
_TAGGED: Final = re.compile(r"<([A-Za-z_][\w.\-]*)(?:\s[^<>]*)?>([^<>]*)</\1\s*>")
_TAG: Final = re.compile(r"<[^<>]{0,4000}>")
_SOURCE: Final = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_FIELD: Final = re.compile(r"\^FD(.*?)\^FS", re.DOTALL)
_SCRIPT: Final = re.compile(r"(?:^|[\r\n;.])\s*(?:TEXT|BLOCK|BARCODE|ADD_PRINT_\w+)\s*[ (]", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"([^"]*)"')
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\-\r\n]{8,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_HAN: Final = re.compile(r"[\u4e00-\u9fa5]")
#: Two characters: a prefix that platforms put before their ciphertext (``AES:``, ``MD:``).
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{1,9}:")
_LEAST_CLEAR: Final = 0.97


def leaves(value: Any, path: Path = (), depth: int = 0) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - any JSON
    """Yield every text of a value with the keys that lead to it, whatever it is wrapped in.

    A list of pairs (``{"name": "收件人", "value": "…"}``) counts as if the name were the key.
    """
    if depth > DEEPEST:
        yield path, "…"  # too deep to be looked at: nobody calls this clean
        return
    match value:
        case dict():
            pair = _pair(value)
            if pair is not None:
                yield from leaves(pair[1], (*path, pair[0]), depth + 1)
                return
            for key, item in value.items():
                yield from leaves(item, (*path, str(key)), depth + 1)
        case list():
            for item in value:
                yield from leaves(item, path, depth + 1)
        case str():
            yield from _text_leaves(value, path, depth)
        case bool() | None:
            return
        case int() | float():
            yield path, str(value)
        case _:
            yield path, "…"


def _text_leaves(text: str, path: Path, depth: int) -> Iterator[tuple[Path, str]]:
    text = tidy(text)
    if not text:
        return
    inner = unwrap(text)
    if inner is None:
        yield path, text
    else:
        yield from leaves(inner, path, depth + 1)


def tidy(text: str) -> str:
    """Return a text in one width and without characters that nobody sees."""
    return _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text)).strip()


def unwrap(text: str) -> Any:  # noqa: ANN401, PLR0911 - one way of wrapping each
    """Return what a text wraps, one layer down; None when it is what it is."""
    if text[:1] in '{["':
        with contextlib.suppress(msgspec.DecodeError, RecursionError):
            return msgspec.json.decode(text.encode("utf-8", "replace"))
    if "%" in text and (plain := unquote(text, errors="replace")) != text:
        return plain
    if "&" in text and "=" in text and _QUERY.fullmatch(text):
        return dict(parse_qsl(text, keep_blank_values=True))
    if "://" in text and "?" in text:
        address, _, query = text.partition("?")
        return [address, dict(parse_qsl(query, keep_blank_values=True))]
    if "&" in text and (plain := html.unescape(text)) != text:
        return plain
    if "^FD" in text:
        return "\n".join(_FIELD.findall(text))
    if "<" in text and _TAG.search(text):
        return _of_markup(text)
    if '"' in text and _SCRIPT.search(text):
        return "\n".join(_QUOTED.findall(text))
    packed = bytes_of(text)
    return None if packed is None else readable(packed)


def _of_markup(text: str) -> list[Any]:
    text = _CDATA.sub(r"\1", text)
    named = _TAGGED.findall(text)
    sources: list[Any] = _SOURCE.findall(text)
    tags = [tag.lower() for tag, _ in named]
    if named and len(set(tags)) == len(tags) and not set(tags) & {"td", "th", "div", "p", "span", "b", "li"}:
        return [*({tag: value} for tag, value in named), *sources]
    return [_TAG.sub("\n", text), *sources]


def bytes_of(text: str) -> bytes | None:
    """Return the bytes that a text of base64 or hexadecimal stands for, unpacked; None if it is neither."""
    text = _PREFIX.sub("", text, count=1)
    if _HEX.fullmatch(text) and not text.isdecimal():
        return _unpacked(bytes.fromhex(text))
    if not _BASE64.fullmatch(text):
        return None
    body = re.sub(r"\s", "", text).rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return None
    try:
        return _unpacked(base64.b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError):
        return None


def _unpacked(packed: bytes) -> bytes:
    if packed[:2] == b"\x1f\x8b" or (packed[:1] == b"\x78" and len(packed) > 6):  # noqa: PLR2004 - zlib's own head
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(packed, LARGEST)
    return packed


def readable(packed: bytes) -> str | None:
    """Return bytes as the text somebody can read, or None.

    UTF-8, UTF-16 with its mark, and the Chinese encodings; a short run of letters that only happens to decode
    counts as no text.
    """
    if packed[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        with contextlib.suppress(UnicodeDecodeError):
            return packed.decode("utf-16")
    for codec in ("utf-8", "gb18030"):
        try:
            text = packed.decode(codec)
        except UnicodeDecodeError:
            continue
        clear = sum(
            c.isprintable() and (c.isascii() or _HAN.match(c) is not None or c in "，。：；（）【】、")
            for c in text
        )
        clear += sum(c in "\r\n\t" for c in text)
        if text and clear >= _LEAST_CLEAR * len(text) and (codec == "utf-8" or len(packed) >= 16):  # noqa: PLR2004
            return text
    return None


_LABELS: Final = ("label", "key", "title", "field", "fieldname", "name")
_VALUES: Final = ("value", "val", "text", "content")


def _pair(item: dict[str, Any]) -> tuple[str, Any] | None:
    if len(item) not in {2, 3}:
        return None
    keys = {str(key).lower(): key for key in item}
    label = next((keys[word] for word in _LABELS if word in keys), None)
    value = next((keys[word] for word in _VALUES if word in keys), None)
    return (
        (item[label], item[value])
        if label is not None and value is not None and isinstance(item[label], str)
        else None
    )
