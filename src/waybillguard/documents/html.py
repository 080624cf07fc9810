"""Renders a document as self-contained HTML: one file without scripts that prints as A4."""

from html import escape

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

_STYLE = """
body{font:16px/1.6 "Noto Sans SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2939}
h1{font-size:1.6rem;text-align:center}table{border-collapse:collapse;width:100%;margin:.75rem 0}
th,td{border:1px solid #98a2b3;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f2f4f7}
.note,.warning{border-left:4px solid #344054;background:#f9fafb;padding:.5rem .75rem}.warning{border-color:#b42318}
figure{margin:1rem 0}figure svg{max-width:100%;height:auto}footer{margin-top:2rem;color:#475467;font-size:.85rem}
@media print{body{margin:0;max-width:none}}
"""


def to_html(document: Document) -> str:
    """Return the document as one HTML page."""
    document = legible(document)
    language = "zh-Hans" if document.language == "zh" else "en"
    subtitle = f"<p>{escape(document.subtitle)}</p>" if document.subtitle else ""
    blocks = "\n".join(_block(block, document.language) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(document.title)}</h1>{subtitle}\n{blocks}\n</main>"
        f"<footer>{escape(document.foot)}</footer></body></html>\n"
    )


def _block(block: Block, language: str) -> str:  # noqa: PLR0911 - one return a kind of block
    match block:
        case Heading():
            return f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"
        case Paragraph():
            kind = "" if block.tone == "plain" else f' class="{block.tone}"'
            return f"<p{kind}>{escape(block.text)}</p>"
        case Bullets():
            tag = "ol" if block.numbered else "ul"
            return f"<{tag}>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + f"</{tag}>"
        case Facts():
            rows = "".join(
                f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
                for name, value in block.pairs
            )
            return f"<table>{rows}</table>"
        case Table():
            head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.header)
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
            )
            caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
            return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        case Picture():
            return f'<figure role="img" aria-label="{escape(block.caption)}">{block.svg}<figcaption>{escape(block.caption)}</figcaption></figure>'
        case Signatures():
            sign, date = ("签名", "日期") if language == "zh" else ("Signature", "Date")
            lines = "".join(
                f"<p>{escape(role)} {sign}：________________ {date}：________________</p>"
                for role in block.roles
            )
            return f"<section>{lines}</section>"
