"""The description of a document: a title and blocks in order."""

from typing import Literal

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading of level 1 or 2."""

    text: str
    level: Literal[1, 2] = 1


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A paragraph; ``tone`` marks it as a note or a warning."""

    text: str
    tone: Literal["plain", "note", "warning"] = "plain"


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list; ``numbered`` counts from 1."""

    items: tuple[str, ...]
    numbered: bool = False


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Pairs of name and value, as at the top of an official form."""

    pairs: tuple[tuple[str, str], ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table; every row has as many cells as ``header``. ``widths`` are proportions; if empty, all are equal."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    caption: str = ""


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A drawing as SVG text, with a description in words."""

    svg: str
    caption: str
    width_percent: int = 100


class Signatures(msgspec.Struct, frozen=True, tag="signatures"):
    """Lines for handwritten signatures, one for each role, each with a date."""

    roles: tuple[str, ...]


type Block = Heading | Paragraph | Bullets | Facts | Table | Picture | Signatures


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document.

    Attributes:
        title: the title.
        subtitle: the recipient or the subject; may be empty.
        blocks: its contents in order.
        foot: a line at the foot of every page (number of the document, disclaimer).
        language: ``zh`` or ``en``; sets hyphenation and the fixed words.
        landscape: A4 in landscape, for wide tables.
    """

    title: str
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    foot: str = ""
    language: Literal["zh", "en"] = "zh"
    landscape: bool = False
