"""Renders one description of a document as PDF, Word or HTML, offline.

Promise: a description is data, never markup, so external text cannot change a document or reverse its reading
direction (`legible`). The same description gives the same bytes. PDF is made by typst with the project's own fonts,
Word by python-docx.
"""

from waybillguard.documents.html import to_html
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
from waybillguard.documents.pdf import to_pdf


def to_word(document: Document) -> bytes:
    """Return the document as .docx (`documents.word`); python-docx is imported on first use."""
    from waybillguard.documents import word  # noqa: PLC0415

    return word.to_word(document)


__all__ = [
    "Block",
    "Bullets",
    "Document",
    "Facts",
    "Heading",
    "Paragraph",
    "Picture",
    "Signatures",
    "Table",
    "to_html",
    "to_pdf",
    "to_word",
]
