"""Renders a document as editable Word by python-docx, because authorities draft in their own systems."""

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from waybillguard.documents.legible import legible
from waybillguard.documents.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Signatures,
    Table,
)
from waybillguard.documents.pdf import picture_png

_FONT = "Noto Sans CJK SC"
_FONT_ZH = "微软雅黑"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_FACTS = (1, 4)
"""Relative widths of a fact's name and value."""
_LONGEST_PROPERTY = 255
"""Longest file property that python-docx accepts, in characters (ECMA-376)."""
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)


def to_word(document: Document) -> bytes:
    """Return the document as .docx; the same document gives the same bytes."""
    word = docx.Document()
    document = legible(document)
    _set_up(word, document)
    title = word.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(document.title)
    run.bold, run.font.size = True, Pt(18)
    if document.subtitle:
        word.add_paragraph(document.subtitle).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in document.blocks:
        _add(word, block, document.language)
    written = io.BytesIO()
    word.save(written)
    return _same_bytes(written.getvalue())


def _set_up(word: Word, document: Document) -> None:
    style = word.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT_ZH)
    section = word.sections[0]
    width, height = (Mm(297), Mm(210)) if document.landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    if document.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    section.footer.paragraphs[0].text = document.foot
    about = word.core_properties
    about.title, about.author, about.comments = document.title[:_LONGEST_PROPERTY], "Waybill Guard", ""
    about.created = about.modified = _EPOCH
    about.last_modified_by, about.revision = "", 1


def _add(  # noqa: C901 - one branch a kind of block
    word: Word, block: Block, language: str
) -> None:
    match block:
        case Heading():
            run = word.add_heading(level=block.level).add_run(block.text)
            run.font.color.rgb = RGBColor(0, 0, 0)
            run.font.name = _FONT
            run._element.rPr.rFonts.set(qn("w:eastAsia"), _FONT_ZH)  # noqa: SLF001 - python-docx has no setter
        case Paragraph():
            word.add_paragraph(block.text, style=None if block.tone == "plain" else "Intense Quote")
        case Bullets():
            for item in block.items:
                word.add_paragraph(item, style="List Number" if block.numbered else "List Bullet")
        case Facts():
            _table(word, (), block.pairs, _FACTS, bold_first=True)
        case Table():
            if block.caption:
                word.add_paragraph().add_run(block.caption).bold = True
            _table(word, block.header, block.rows, block.widths)
        case Picture():
            picture = io.BytesIO(picture_png(block.svg))
            word.add_picture(picture, width=_room(word) * block.width_percent // 100)
            word.add_paragraph(block.caption)
        case Signatures():
            sign, date = ("签名", "日期") if language == "zh" else ("Signature", "Date")
            for role in block.roles:
                line = word.add_paragraph(f"{role}　{sign}：________________　{date}：________________")
                line.paragraph_format.space_before, line.paragraph_format.keep_together = Pt(10), True


def _table(
    word: Word,
    header: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    widths: tuple[int, ...] = (),
    *,
    bold_first: bool = False,
) -> None:
    columns = len(header) or (len(rows[0]) if rows else 0)
    if not columns:
        return
    every = ([header] if header else []) + list(rows)
    table = word.add_table(rows=len(every), cols=columns, style="Table Grid")
    table.autofit = False
    shares = widths or (1,) * columns
    room = _room(word)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Emu(room * share // sum(shares))
    for line, values in zip(table.rows, every, strict=True):
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - python-docx has no setter
        for at, (cell, value) in enumerate(zip(line.cells, values, strict=True)):
            # Word uses the cell's width, LibreOffice the column's.
            cell.width = table.columns[at].width
            cell.paragraphs[0].paragraph_format.space_before = Pt(2)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            run = cell.paragraphs[0].add_run(value)
            run.font.size = Pt(9)
            run.bold = bool(values is header) or (bold_first and at == 0)
    if header:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the same
    word.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _room(word: Word) -> int:
    """Return the width between the margins, in EMU."""
    section = word.sections[0]
    return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)


def _same_bytes(content: bytes) -> bytes:
    """Write the archive again with fixed dates, because python-docx sets its members' dates to the current time."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, _ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
