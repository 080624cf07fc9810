"""The font faces of PDFs, loaded once per process, and the characters that they cover."""

import lzma
import struct
import tempfile
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock

import typst

#: The font files are in the label package, which needs them for every print.
_FACES = ("label-regular.ttf.xz", "label-bold.ttf.xz")
_EACH_FACE = b'#set text(font: "Noto Sans SC label subset")\n\xe9\x9d\xa2*\xe9\x9d\xa2*'
_FULL_UNICODE = (3, 10)
_LOADING = Lock()


def fonts() -> typst.Fonts:
    """Return the fonts, fully loaded.

    typst takes paths and reads a face on first use, so loading uses every face once. One thread loads while the others
    wait; otherwise a thread could find the temporary folder deleted and set a document without Chinese characters.
    """
    return _faces()[0]


@cache
def draws(character: str) -> bool:
    """Return whether both faces have a glyph for this character."""
    _, firsts, lasts = _faces()
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


def _faces() -> tuple[typst.Fonts, list[int], list[int]]:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> tuple[typst.Fonts, list[int], list[int]]:
    with tempfile.TemporaryDirectory(prefix="waybillguard-fonts-") as folder:
        for name in _FACES:
            content = lzma.decompress(files("waybillguard").joinpath("label", "data", name).read_bytes())
            Path(folder, name.removesuffix(".xz")).write_bytes(content)
        found = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        typst.compile(_EACH_FACE, format="pdf", font_paths=found)
    return found, *_covered(content)


def _covered(font: bytes) -> tuple[list[int], list[int]]:
    """Return the first and last code points of a face's glyph ranges, which are the same for both faces.

    Source: OpenType specification, chapters "The OpenType font file" and "cmap", format 12.
    """
    (tables,) = struct.unpack_from(">H", font, 4)
    found = dict(struct.unpack_from(">4s4xI", font, 12 + 16 * number) for number in range(tables))
    start = found[b"cmap"]
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    offsets = {
        (platform, encoding): offset
        for platform, encoding, offset in (
            struct.unpack_from(">HHI", font, start + 4 + 8 * number) for number in range(subtables)
        )
    }
    at = start + offsets[_FULL_UNICODE]
    (count,) = struct.unpack_from(">I", font, at + 12)
    groups = list(struct.iter_unpack(">III", font[at + 16 : at + 16 + 12 * count]))
    return [first for first, _, _ in groups], [last for _, last, _ in groups]
