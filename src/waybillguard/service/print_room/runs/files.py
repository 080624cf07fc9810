"""Write label files: add checked labels one by one to one file of the chosen form.

A PDF has one page per label, a ZIP one PNG per label. Files in printer languages need no earlier file (hybrid ZPL
stores its template first).
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from waybillguard.label.cpcl import to_cpcl
from waybillguard.label.escpos import to_escpos
from waybillguard.label.model import Drawn, LabelSize
from waybillguard.label.pdf import PdfWriter
from waybillguard.label.png import to_png
from waybillguard.label.tspl import to_tspl
from waybillguard.label.zpl import to_zpl_full, to_zpl_hybrid, zpl_template
from waybillguard.service.tenancy.spool import SpoolWriter

type AddLabel = Callable[[Drawn], None]


class _Unseekable:
    """Hides everything but ``write`` and ``flush``, so that ``zipfile`` writes as a stream."""

    def __init__(self, writer: SpoolWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> int:
        return self._writer.write(bytes(data))

    def flush(self) -> None:
        """Do nothing: there is no buffer."""


@contextmanager
def open_label_file(kind: str, writer: SpoolWriter, size: LabelSize, dpi: int) -> Iterator[AddLabel]:
    """Yield a function that adds a label to the file; leaving the block completes the file.

    ``kind`` is pdf, png, zpl, zpl-full, tspl, cpcl or escpos.
    """
    match kind:
        case "pdf":
            with PdfWriter(writer.write) as pages:
                yield pages.add
        case "png":
            with zipfile.ZipFile(cast("IO[bytes]", _Unseekable(writer)), "w", zipfile.ZIP_STORED) as pictures:
                numbers = iter(range(1, 10**9))
                yield lambda drawn: pictures.writestr(f"{next(numbers):06d}.png", to_png(drawn))
        case "zpl":
            writer.write(zpl_template(size, dpi))
            yield lambda drawn: _write(writer, to_zpl_hybrid(drawn))
        case "zpl-full":
            yield lambda drawn: _write(writer, to_zpl_full(drawn))
        case "tspl":
            yield lambda drawn: _write(writer, to_tspl(drawn))
        case "cpcl":
            yield lambda drawn: _write(writer, to_cpcl(drawn))
        case "escpos":
            yield lambda drawn: _write(writer, to_escpos(drawn))
        case _:
            raise ValueError(kind)


def _write(writer: SpoolWriter, data: bytes) -> None:
    writer.write(data)
