"""Documents people carry: one description, rendered as PDF, Word or HTML, offline.

Promise: what is described is data, never markup, so no text from outside can change a document; the same
description gives the same bytes. PDF is set by typst in the project's own fonts; Word by python-docx.
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
from waybillguard.documents.word import to_word

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
