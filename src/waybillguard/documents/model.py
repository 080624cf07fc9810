"""What a document holds: a title, facts, and blocks in order."""

from typing import Literal

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading of level 1 or 2."""

    text: str
    level: Literal[1, 2] = 1


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A paragraph; ``tone`` sets off a note or a warning."""

    text: str
    tone: Literal["plain", "note", "warning"] = "plain"


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list; ``numbered`` counts from 1."""

    items: tuple[str, ...]
    numbered: bool = False


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Pairs of name and value, as at the head of an official form."""

    pairs: tuple[tuple[str, str], ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table; every row has as many cells as ``header``. ``widths`` are shares, equal when empty."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    caption: str = ""


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A drawing as SVG text, with what it shows in words."""

    svg: str
    caption: str
    width_percent: int = 100


class Signatures(msgspec.Struct, frozen=True, tag="signatures"):
    """Lines to be signed by hand, one for each role, each with a date."""

    roles: tuple[str, ...]


type Block = Heading | Paragraph | Bullets | Facts | Table | Picture | Signatures


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document.

    Attributes:
        title: what it is.
        subtitle: for whom or about what; may be empty.
        blocks: its contents in order.
        foot: a line at the foot of every page (number of the document, what it is not).
        language: ``zh`` or ``en``; sets hyphenation and the words of the frame.
        landscape: A4 lying, for wide tables.
    """

    title: str
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    foot: str = ""
    language: Literal["zh", "en"] = "zh"
    landscape: bool = False
