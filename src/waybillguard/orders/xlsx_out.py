"""XLSX export: a workbook of one sheet (ECMA-376, transitional) in which every cell is text.

Long numbers keep their leading zeros and last digits. Text that looks like a formula is not evaluated, but is
escaped nevertheless, because the sheet may be saved as CSV. The output is streamed; rows are not kept in memory.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Final
from xml.sax.saxutils import escape

from waybillguard.orders.rows_cells import neutralise

MOST_CHARACTERS: Final = 32_767
"""Maximum number of characters in a cell (Excel specifications and limits)."""

_STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""Time stamp of every part, fixed so that equal rows give equal files."""

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<sheets><sheet name="orders" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Number format 49 is text, so later input into such a cell is text too. The second font is bold.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2">'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_SHEET_HEAD: Final = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="{columns}" width="18" customWidth="1" style="0"/></cols><sheetData>'
)
_FORBIDDEN: Final = dict.fromkeys(
    [*(code for code in range(0x20) if chr(code) not in "\t\n\r"), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF],
    " ",
)
"""Characters not allowed in XML 1.0; each is replaced by a space."""

_ESCAPE_LIKE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Escapes that spreadsheets decode to a character (ECMA-376, 22.4.2.4): ``_x003D_`` would become ``=``."""


class SafeXlsx:
    """Writes rows as a workbook; ``end`` must be called after the last.

    Args:
        write: called with the bytes, in order.
        columns: the header row.
    """

    def __init__(self, write: Callable[[bytes], object], columns: Sequence[str]) -> None:
        self._archive = zipfile.ZipFile(_Sink(write), "w", zipfile.ZIP_DEFLATED)
        for name, text in _PARTS.items():
            self._archive.writestr(_part(name), _HEAD + text)
        self._sheet: IO[bytes] = self._archive.open(_part("xl/worksheets/sheet1.xml"), "w")
        self._sheet.write((_HEAD + _SHEET_HEAD.replace("{columns}", str(len(columns)))).encode())
        self._write(columns, style=1)

    def row(self, values: Iterable[object]) -> None:
        """Write one row, every value as text; values that look like formulas are escaped."""
        self._write([neutralise(str(value)) for value in values], style=0)

    def end(self) -> None:
        """Write the end of the file, after the last row."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()

    def _write(self, texts: Sequence[str], style: int) -> None:
        cells = "".join(
            f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'
            for text in texts
        )
        self._sheet.write(f"<row>{cells}</row>".encode())


class _Sink(io.RawIOBase):
    """A write-only, non-seekable stream for writing a ZIP archive."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._take = write

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any bytes-like object
        self._take(piece)
        return len(piece)


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _STAMP)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _xml(text: str) -> str:
    return escape(_ESCAPE_LIKE.sub("_x005F_", text[:MOST_CHARACTERS].translate(_FORBIDDEN)))
