# ruff: noqa: INP001 - Sphinx runs this file, nobody imports it
"""The documentation: two trees of the same pages, ``zh`` and ``en`` (docs/adr/0008).

    sphinx-build -W -c docs docs/zh build/docs/zh
    sphinx-build -W -c docs -D language=en docs/en build/docs/en

A page that exists in one language alone, or whose headings, tables or code blocks differ from its twin's,
is a warning, and a warning fails the build.
"""

import re
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "面单卫士 Waybill Guard"
author = "The Waybill Guard authors"
copyright = "The Waybill Guard authors, Apache-2.0"  # noqa: A001 - the name Sphinx reads
language = "zh_CN"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Tables of Chinese terms hold words that no lexer knows; code blocks name their language or none.
highlight_language = "none"

html_theme = "furo"
html_title = "面单卫士 Waybill Guard"
html_show_sourcelink = False
html_copy_source = False

_HERE: Final = Path(__file__).parent
_LANGUAGES: Final = ("zh", "en")
# Both trees show the byte formats and the decisions by links to one copy; a link may wait for its file.
exclude_patterns = [link.name for link in (_HERE / "zh").glob("*.md") if not link.exists()]

_FENCE: Final = re.compile(r"^(`{3,}|:{3,})(\S*)")
_HEADING: Final = re.compile(r"^(#{1,6}) ")


def shape(text: str) -> list[str]:
    r"""Return what two translations of one page must share: heading levels, code fences, table rows.

    >>> shape("# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    ['#', 'row 3', 'row 3', 'row 3']
    """
    found: list[str] = []
    fence = ""
    for line in text.splitlines():
        opening = _FENCE.match(line)
        if fence:
            fence = "" if opening and opening[1] == fence else fence
        elif opening:
            fence = opening[1]
            found.append(f"fence {opening[2]}")
        elif heading := _HEADING.match(line):
            found.append(heading[1])
        elif line.startswith("|"):
            found.append(f"row {line.replace('\\|', '').count('|')}")
    return found


def compare_languages(_app: "Sphinx") -> None:
    """Warn of pages that lack a twin or differ from it in shape."""
    logger = logging.getLogger(__name__)
    zh, en = (
        {str(path.relative_to(folder)): path for path in folder.rglob("*.md") if not path.is_symlink()}
        for folder in (_HERE / tree for tree in _LANGUAGES)
    )
    for name in sorted(zh.keys() ^ en.keys()):
        logger.warning("%s exists in one language only", name)
    for name in sorted(zh.keys() & en.keys()):
        pairs = zip_longest(
            *(shape(pages[name].read_text("utf-8")) for pages in (zh, en)), fillvalue="nothing"
        )
        for number, (ours, theirs) in enumerate(pairs, 1):
            if ours != theirs:
                logger.warning("%s: element %d is %s in zh, %s in en", name, number, ours, theirs)
                break


def list_decisions(_app: "Sphinx") -> None:
    """Warn of a decision that the table of decisions does not name, in order."""
    kept = sorted(int(path.name[:4]) for path in (_HERE / "adr").glob("[0-9]*.md"))
    for tree in _LANGUAGES:
        table = (_HERE / tree / "decisions.md").read_text("utf-8")
        if [int(number) for number in re.findall(r"(?m)^\| (\d+) \|", table)] != kept:
            logging.getLogger(__name__).warning("%s/decisions.md does not list every decision in order", tree)


def setup(app: "Sphinx") -> None:
    """Compare the languages before anything is built."""
    app.connect("builder-inited", compare_languages)
    app.connect("builder-inited", list_decisions)
