"""Check console pages for accessibility and layout problems, at desktop and phone sizes."""

from pathlib import Path
from typing import Any
from weakref import WeakSet

from playwright.sync_api import Page, ViewportSize

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
BOTH = (("zh-hans", PHONE), ("en", DESK))
"""Languages and sizes in which pages are judged."""
_prepared: WeakSet[Page] = WeakSet()
LAYOUT = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(result => result.violations)",
        RULES,
    )
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def in_every_document(page: Page, axe: str) -> None:
    """Have the tab load axe with each document from now on: half a megabyte is sent to it once, and compiled once."""
    if page not in _prepared:
        page.add_init_script(axe)
        _prepared.add(page)


def check(page: Page, axe: str, addresses: list[str]) -> list[str]:
    """Open each page and return its problems.

    Checks WCAG 2.2 AA with axe-core at the tab's size, and the layout (``layout.js``) at desktop and phone sizes.
    """
    wrong: list[str] = []
    in_every_document(page, axe)
    here = page.viewport_size
    other = DESK if here == PHONE else PHONE
    for address in addresses:
        page.goto(address)
        wrong += [f"{address} {v}" for v in violations(page)]
        wrong += [f"{address} {v}" for v in page.evaluate(LAYOUT)]
        page.set_viewport_size(other)
        wrong += [f"{address} at {other['width']} {v}" for v in page.evaluate(LAYOUT)]
        page.set_viewport_size(here)
    return wrong
