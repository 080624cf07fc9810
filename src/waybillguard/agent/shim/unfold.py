"""Decodes nested content of a message: JSON in text, percent signs, base64, hexadecimal, compression, markup, scripts.

Depth and size are bounded. `leaves` returns the texts of fields and may drop the text around them. `pieces` drops
nothing and is used to decide whether a message is clean.
"""

import base64
import binascii
import contextlib
import html
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote

import msgspec

type Path = tuple[str, ...]
type As = Literal["text", "around", "key", "raw"]
"""How a piece is judged: as a text; as content around texts (attributes, printer commands, labels); as a key; only
for numbers."""

DEEPEST: Final = 24
LARGEST: Final = 1_048_576
"""Size limit of one decompressed text, in bytes."""
LONGEST_JUDGED: Final = 65_536
"""Longest text that is decoded and judged, in characters; a longer one is unreadable unless it is compressed bytes."""
UNREADABLE: Final = "\ufffd"
"""Stands for content that cannot be decoded; it never counts as clean."""
_ZERO_WIDTH: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUERY: Final = re.compile(r"[\w.\-\[\]]{1,60}=[^&\s]*(?:&[\w.\-\[\]]{1,60}=[^&\s]*)+")
_TAGGED: Final = re.compile(r"<([A-Za-z_][\w.\-]*)(?:\s[^<>]*)?>([^<>]*)</\1\s*>")
_TAG: Final = re.compile(r"<[^<>]{0,4000}>")
_SOURCE: Final = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([\w:.\-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_SCRIPT: Final = re.compile(
    r"(?:^|[\r\n;.])[^\S\r\n]*(?:TEXT|BLOCK|BARCODE|ADD_PRINT_\w+)\s*[ (]", re.IGNORECASE
)
_QUOTED: Final = re.compile(r'"([^"]*)"')
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\-\r\n]{8,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_HAN: Final = re.compile(r"[\u4e00-\u9fa5]")
#: At least two characters: a prefix that platforms put before their ciphertext (``AES:``, ``MD:``).
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{1,9}:")
_LEAST_CLEAR: Final = 0.97


def leaves(value: Any, path: Path = (), depth: int = 0) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - any JSON
    """Yield every text of a value with the keys that lead to it, decoding nested content.

    A list of pairs (``{"name": "收件人", "value": "…"}``) counts as if the name were the key.
    """
    if depth > DEEPEST:
        yield path, UNREADABLE  # too deep to be decoded
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
            yield path, UNREADABLE


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
    """Return a text in half-width form and without invisible characters."""
    return _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text)).strip()


def unwrap(text: str) -> Any:  # noqa: ANN401, PLR0911 - one way of wrapping each
    """Decode one layer of a text; None if it is not encoded."""
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
    if "&" in text and (plain := _without_entities(text)) != text:
        return plain
    if "^FD" in text:
        return "\n".join(_between(text, "^FD", "^FS")[0])
    if "<" in text and _TAG.search(text):
        return _of_markup(text)
    if '"' in text and _SCRIPT.search(text):
        return "\n".join(_QUOTED.findall(text))
    packed = bytes_of(text)
    return None if packed is None else readable(packed)


def _of_markup(text: str) -> list[Any]:
    text = _without_cdata(text)
    named = _named(text)
    sources: list[Any] = _SOURCE.findall(text)
    if named:
        return [*({tag: value} for tag, value in named), *sources]
    return [_TAG.sub("\n", text), *sources]


def _named(text: str) -> list[tuple[str, str]]:
    """Return the elements as fields if their names are distinct."""
    named = _TAGGED.findall(text)
    tags = [tag.lower() for tag, _ in named]
    fields = len(set(tags)) == len(tags) and not set(tags) & {"td", "th", "div", "p", "span", "b", "li"}
    return named if fields else []


def _without_entities(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a character reference with thousands of digits
        return UNREADABLE


def _between(text: str, opening: str, closing: str) -> tuple[list[str], list[str]]:
    """Return the texts between two delimiters, and the texts around them."""
    inside, around, place = [], [], 0
    while (start := text.find(opening, place)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        around.append(text[place:start])
        inside.append(text[start + len(opening) : end])
        place = end + len(closing)
    return inside, [*around, text[place:]]


def _without_cdata(text: str) -> str:
    inside, around = _between(text, "<![CDATA[", "]]>")
    return "".join(a + i for a, i in zip(around, [*inside, ""], strict=True))


def bytes_of(text: str) -> bytes | None:
    """Return the decoded and decompressed bytes of a base64 or hexadecimal text; None if it is neither."""
    found = unpack(text)
    return None if found is None else found[0]


def unpack(text: str) -> tuple[bytes, bool] | None:
    """Return the bytes like `bytes_of`, and whether they are all that the text contains.

    They are not if data follows the compressed bytes, or these end early or are too many.
    """
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


def _unpacked(packed: bytes) -> tuple[bytes, bool]:
    is_gzip = packed[:2] == b"\x1f\x8b"
    if not is_gzip and not (packed[:1] == b"\x78" and len(packed) > 6):  # noqa: PLR2004 - zlib's own head
        return packed, True
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        found = unpacking.decompress(packed, LARGEST)
    except zlib.error:
        return packed, True
    if unpacking.eof:
        return found, not unpacking.unused_data
    # One ciphertext in thousands begins like zlib data; the decompressed bytes are then not text.
    if not is_gzip and not any(readable(found[: len(found) - cut]) for cut in range(4)):
        return packed, True
    return found, False


def readable(packed: bytes) -> str | None:
    """Return bytes as readable text, or None.

    Tries UTF-8, UTF-16 with a byte order mark, and the Chinese encodings. A short run of letters that decodes by chance
    does not count as text.
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
    keys = _pair_keys(item)
    return None if keys is None else (item[keys[0]], item[keys[1]])


def _pair_keys(item: dict[str, Any]) -> tuple[str, str] | None:
    if len(item) not in {2, 3}:
        return None
    keys = {str(key).lower(): key for key in item}
    label = next((keys[word] for word in _LABELS if word in keys), None)
    value = next((keys[word] for word in _VALUES if word in keys), None)
    if label is None or value is None or not isinstance(item[label], str):
        return None
    return label, value


def pieces(value: Any, path: Path = (), depth: int = 0, how: As = "text") -> Iterator[tuple[As, Path, str]]:  # noqa: ANN401
    """Yield all content of a value, decoded: also keys, labels, and the text around other texts."""
    if depth > DEEPEST:
        yield "text", path, UNREADABLE
        return
    match value:
        case dict():
            yield from _pieces_of_object(value, path, depth, how)
        case list():
            for item in value:
                yield from pieces(item, path, depth + 1, how)
        case str():
            yield from _pieces_of_text(value, path, depth, how)
        case bool() | None:
            return
        case int() | float():
            yield how, path, str(value)
        case _:
            yield "text", path, UNREADABLE


def _pieces_of_object(
    value: dict[Any, Any], path: Path, depth: int, how: As
) -> Iterator[tuple[As, Path, str]]:
    label, valued = _pair_keys(value) or (None, None)
    for key, item in value.items():
        yield "key", path, _joined(str(key))
        if label is not None and key == label:
            yield from pieces(item, path, depth + 1, "around")
        else:
            step = value[label] if label is not None and key == valued else str(key)
            yield from pieces(item, (*path, step), depth + 1, how)


def _pieces_of_text(text: str, path: Path, depth: int, how: As) -> Iterator[tuple[As, Path, str]]:
    text = tidy(_joined(text))
    if not text:
        return
    if len(text) > LONGEST_JUDGED and unpack(text) is None:
        yield "text", path, UNREADABLE
        return
    laid_open = _decode_layer(text)
    if laid_open is None:
        yield how, path, text
        return
    for part_how, step, part in laid_open:
        if part_how == "raw":
            yield "raw", path, part
        else:
            inner: As = "around" if "around" in {how, part_how} else part_how
            yield from pieces(part, (*path, step) if step else path, depth + 1, inner)


def _joined(text: str) -> str:
    """Return a text with joined surrogate pairs: JSON may encode a character as two surrogates, or hold a lone one."""
    return (
        text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )


type _Parts = list[tuple[As, str, Any]]


def _decode_layer(text: str) -> _Parts | None:  # noqa: C901, PLR0911 - one way of wrapping each
    """Decode one layer of a text into all its parts, each with the way to judge it and its key."""
    if text[:1] in '{["':
        with contextlib.suppress(ValueError, RecursionError):
            return [("text", "", json.loads(text, object_pairs_hook=_unique_keys))]
    if "%" in text and (plain := _without_percent(text)) != text:
        return [("text", "", plain)]
    if "&" in text and "=" in text and _QUERY.fullmatch(text):
        return [("text", "", {key: item}) for key, item in parse_qsl(text, keep_blank_values=True)]
    if "://" in text and "?" in text:
        address, _, query = text.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        return [("text", "", address), *(("text", "", {key: item}) for key, item in pairs)]
    if "&" in text and (plain := _without_entities(text)) != text:
        return [("text", "", plain)]
    if "\\u" in text and (plain := _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)) != text:
        return [("text", "", plain)]
    if "^FD" in text:
        inside, around = _between(text, "^FD", "^FS")
        return _apart("\n".join(inside), around)
    if "<" in text and _TAG.search(text):
        return _parts_of_markup(text)
    if '"' in text and _SCRIPT.search(text):
        return _apart("\n".join(_QUOTED.findall(text)), _QUOTED.split(text)[::2])
    unpacked = unpack(text)
    if unpacked is None:
        return None
    if not unpacked[1]:
        return [("text", "", UNREADABLE)]
    plain_text = readable(unpacked[0])
    return None if plain_text is None else [("text", "", plain_text), ("raw", "", text)]


def _apart(inside: str, around: list[str]) -> _Parts:
    return [("text", "", inside), *(("around", "", part) for part in dict.fromkeys(around))]


def _parts_of_markup(text: str) -> _Parts:
    text = _without_cdata(text)
    parts: _Parts = []
    for tag in dict.fromkeys(_TAG.findall(text)):
        inside = tag[1:-1]
        for name, *values in _ATTRIBUTE.findall(inside):
            parts.append(("text" if name.lower() in {"src", "href"} else "around", name, "".join(values)))
        rest = _ATTRIBUTE.sub(" ", inside).strip(" /")
        if not (rest.isascii() and rest.isalpha() and len(rest) <= 20):  # noqa: PLR2004 - longer than any tag
            parts.append(("around", "", rest))
    named = _named(text)
    if named:
        parts += [("text", "", {tag: value}) for tag, value in named]
        text = _TAGGED.sub("\n", text)
    return [*parts, ("text", "", _TAG.sub("\n", text))]


def _without_percent(text: str) -> str:
    plain = unquote(text, errors="replace")
    if "\ufffd" in plain and "\ufffd" not in text:
        chinese = unquote(text, encoding="gb18030", errors="replace")
        return plain if "\ufffd" in chinese else chinese
    return plain


def _unique_keys(pairs: list[tuple[str, Any]]) -> Any:  # noqa: ANN401 - any JSON
    """Return an object; one with duplicate keys is unreadable, because readers may use either value."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else UNREADABLE
