"""Writes labels as a PDF with one page per label; each page holds the raster that was checked.

Each page is written as it is added and then released, so memory holds one label, and 24 bytes of offsets per page,
whatever the length of the run. (reportlab keeps the whole document until it is saved.) The PDF contains
no text objects, so it holds nothing that the check did not see. Source: ISO 32000-1, 7.5 and 8.9.
"""

import zlib
from array import array
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from waybillguard.label.bits import packed
from waybillguard.label.model import Drawn
from waybillguard.label.templates import DOTS_PER_MM

_POINTS_PER_MM: Final = 72 / 25.4
_CATALOG, _PAGES, _FIRST_FREE = 1, 2, 3
_LEVEL: Final = 1  # level 6 saves a seventh of the bytes and takes three times as long


class PdfWriter:
    """Write labels as pages to ``write``, a function that takes bytes.

    >>> chunks: list[bytes] = []
    >>> with PdfWriter(chunks.append) as pdf:
    ...     pass
    >>> b"".join(chunks)[:8]
    b'%PDF-1.4'
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write_bytes = write
        self._position = 0
        self._offsets = array("Q", [0, 0, 0])  # by object number; 0 is the head of the free list
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the document, unless the block failed: an incomplete run leaves no readable file."""
        if kind is None:
            self.close()

    def add(self, drawn: Drawn) -> None:
        """Append one label as a page of exactly its paper size."""
        width_mm, height_mm = drawn.size.millimetres
        # Truncated, not rounded: a page slightly too wide renders with one column more than the raster has.
        page_width, page_height = (
            int(length * _POINTS_PER_MM * 1000) / 1000 for length in (width_mm, height_mm)
        )
        scale = _POINTS_PER_MM / DOTS_PER_MM[drawn.dpi]
        height, width = drawn.bitmap.shape
        # The raster is aligned to the top left corner and may end up to seven dots before the right edge.
        across, down = min(width * scale, page_width), min(height * scale, page_height)
        place = f"q {across:.3f} 0 0 {down:.3f} 0 {page_height - down:.3f} cm /L Do Q".encode("ascii")
        data = zlib.compress(packed(drawn.bitmap), _LEVEL)
        image = self._object(
            f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
            f"/BitsPerComponent 1/Decode[1 0]/Filter/FlateDecode/Length {len(data)}>>",
            data,
        )
        content = self._object(f"<</Length {len(place)}>>", place)
        self._object(
            f"<</Type/Page/Parent {_PAGES} 0 R/MediaBox[0 0 {page_width:.3f} {page_height:.3f}]"
            f"/Resources<</XObject<</L {image} 0 R>>>>/Contents {content} 0 R>>"
        )

    def close(self) -> None:
        """Write the page list and the cross-reference table. Nothing can be added afterwards."""
        count = (len(self._offsets) - _FIRST_FREE) // 3
        self._mark(_CATALOG)
        self._write(f"{_CATALOG} 0 obj\n<</Type/Catalog/Pages {_PAGES} 0 R>>\nendobj\n".encode("ascii"))
        self._mark(_PAGES)
        self._write(f"{_PAGES} 0 obj\n<</Type/Pages/Count {count}/Kids[".encode("ascii"))
        for page in range(count):
            self._write(b"%d 0 R " % (_FIRST_FREE + 3 * page + 2))
        self._write(b"]>>\nendobj\n")
        start = self._position
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        trailer = f"trailer\n<</Size {len(self._offsets)}/Root {_CATALOG} 0 R>>\nstartxref\n{start}\n%%EOF\n"
        self._write(trailer.encode("ascii"))

    def _object(self, dictionary: str, stream: bytes | None = None) -> int:
        number = len(self._offsets)
        self._offsets.append(self._position)
        head = f"{number} 0 obj\n{dictionary}\n".encode("ascii")
        if stream is None:
            self._write(head + b"endobj\n")
        else:
            self._write(b"".join((head, b"stream\n", stream, b"\nendstream\nendobj\n")))
        return number

    def _mark(self, number: int) -> None:
        self._offsets[number] = self._position

    def _write(self, data: bytes) -> None:
        self._write_bytes(data)
        self._position += len(data)
