"""Renders a document as PDF by typst: the description is passed as JSON to a fixed template with our own fonts."""

from functools import cache
from importlib.resources import files

import msgspec
import typst

from waybillguard.documents.faces import draws, fonts
from waybillguard.documents.legible import legible
from waybillguard.documents.model import Document


@cache
def _template() -> bytes:
    return files("waybillguard.documents").joinpath("document.typ").read_bytes()


def to_pdf(document: Document) -> bytes:
    """Return the document as PDF (A4, tagged); the same document gives the same bytes.

    Raises:
        ValueError: a picture is not valid SVG.
    """
    try:
        made = typst.compile(
            _template(),
            format="pdf",
            font_paths=fonts(),
            sys_inputs={"doc": msgspec.json.encode(legible(document, draws=draws)).decode()},
        )
    except typst.TypstError as error:
        raise ValueError("a picture of the document cannot be drawn") from error
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


def picture_png(svg: str, *, pixels_per_inch: float = 200.0) -> bytes:
    """Return a drawing as PNG, for formats without SVG; raises ValueError like :func:`to_pdf`."""
    source = b'#set page(width: 160mm, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    try:
        made = typst.compile(
            source,
            format="png",
            ppi=pixels_per_inch,
            font_paths=fonts(),
            sys_inputs={"svg": svg},
        )
    except typst.TypstError as error:
        raise ValueError("a picture of the document cannot be drawn") from error
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    return made
