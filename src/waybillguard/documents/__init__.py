"""Documents people carry: one description, rendered as PDF, Word or HTML, offline.

Promise: what is described is data, never markup, so no text from outside can change a document, nor turn round
how it reads (`legible`); the same description gives the same bytes. PDF is set by typst in the project's own fonts; Word by python-docx.
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
    """Return the document as .docx (`documents.word`), whose parts are loaded for the first one."""
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
