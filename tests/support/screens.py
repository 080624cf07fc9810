"""Visual regression tests: small grey reference images of pages, one file per page.

A cell of an image covers 16 × 16 pixels; only the first three screens of a page are stored. Small differences in
font rendering are ignored; elements that appear, disappear or move by a button's height are detected.
"""

import base64
import io
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from support.axe import DESK, PHONE

CELL: Final = 16
SCREENS: Final = 3
SIZES: Final = {"desk": DESK, "phone": PHONE}
LOOKS: Final = {size: view["width"] // CELL for size, view in SIZES.items()}
"""Columns of an image."""
VIEWS: Final = tuple((language, size) for language in ("zh", "en") for size in SIZES)
NEAR: Final = 28
"""Tolerated difference between two machines, in grey levels (of 255)."""
FEW: Final = 3
"""Tolerated number of different cells: fewer than the smallest button covers."""
_SHADES: Final = 32
_LIGHT: Final = 4
"""Exponent that increases the contrast of light shades, because a card and its background differ little."""
# Random content (fingerprints, codes, proofs, the test server's port) is replaced by characters of equal width.
_STEADY: Final = """() => {
  const chance = /\\b(?=[0-9a-f]*\\d)[0-9a-f]{8,}\\b|\\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){3,}[A-Z2-7 ]*|localhost:\\d+/g
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(chance, (found) => '0'.repeat(found.length))
  for (const one of document.querySelectorAll('input[readonly], textarea[readonly]')) one.value = one.value.replace(chance, (found) => '0'.repeat(found.length))
  document.activeElement?.blur()
}"""

_DRAWN: Final = """() => {
  for (const one of document.images) one.loading = 'eager'
  return Promise.all([document.fonts.ready, ...[...document.images].map((one) => one.decode().catch(() => null))])
    .then(() => new Promise((done) => requestAnimationFrame(done)))
}"""


def made_with(page: Page) -> dict[str, str]:
    """Return the browser and the fonts, which determine how pages are rendered."""
    fonts = {
        name: subprocess.run(["fc-match", name], capture_output=True, text=True, check=True).stdout.strip()
        for name in ("Noto Sans CJK SC", "sans-serif", "monospace")
    }
    browser = page.context.browser
    return {"chromium": browser.version if browser else "", **fonts}


def look(page: Page, size: str) -> np.ndarray:
    """Return the current page at a viewport size as rows × columns of grey, 1 to 255."""
    view = SIZES[size]
    page.set_viewport_size(view)  # type: ignore[arg-type]
    page.evaluate(_STEADY)
    page.evaluate(_DRAWN)
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), SCREENS * view["height"])
    clip = {"x": 0, "y": 0, "width": view["width"], "height": height, "scale": 1 / CELL}
    session = page.context.new_cdp_session(page)
    taken = session.send(
        "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
    )
    session.detach()
    grey = np.asarray(Image.open(io.BytesIO(base64.b64decode(taken["data"]))).convert("L")) / 255
    step = 256 // _SHADES
    shades: np.ndarray = (grey**_LIGHT * 255).astype(np.int16) // step * step + step // 2
    return shades[:, : LOOKS[size]]


def differing(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the cells of either image that match no nearby cell of the other."""
    rows, columns = max(len(old), len(new)), max(old.shape[1], new.shape[1])
    one, two = (
        np.pad(a, ((0, rows - len(a)), (0, columns - a.shape[1])), constant_values=0) for a in (old, new)
    )
    return _unlike(one, two) | _unlike(two, one)


def _unlike(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    edged = np.pad(two, 1, mode="edge")
    around = np.stack([
        edged[y : y + len(two), x : x + two.shape[1]] for y in range(3) for x in range(3)
    ])  # fmt: skip
    found: np.ndarray = (one < around.min(axis=0) - NEAR) | (one > around.max(axis=0) + NEAR)
    return found


def keep(path: Path, views: dict[tuple[str, str], np.ndarray]) -> None:
    """Write the images of one page side by side; unused area is black."""
    height = max(len(view) for view in views.values())
    parts = [
        np.pad(views[view], ((0, height - len(views[view])), (0, 1)), constant_values=0) for view in VIEWS
    ]
    Image.fromarray(np.hstack(parts).astype(np.uint8)).save(path, optimize=True)


def kept(path: Path) -> dict[tuple[str, str], np.ndarray]:
    """Return the images of one page."""
    sheet = np.asarray(Image.open(path).convert("L")).astype(np.int16)
    found, left = {}, 0
    for view in VIEWS:
        part = sheet[:, left : left + LOOKS[view[1]]]
        found[view] = part[part.any(axis=1)]
        left += LOOKS[view[1]] + 1
    return found


class Report:
    """A folder with full screenshots of changed pages, each beside its reference image, for review."""

    def __init__(self, folder: Path, here: dict[str, str], before: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        self._folder = folder
        self._other = {name: (before.get(name, ""), value) for name, value in here.items()}
        self.lines: list[str] = []

    def add(self, name: str, page: Page, old: np.ndarray | None, new: np.ndarray) -> None:
        """Save a full screenshot with differences in red, and the reference image to its left."""
        whole = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        if old is not None:
            marks = differing(old, new)
            red = Image.new("RGB", (CELL, CELL), "red")
            for y, x in np.argwhere(marks[: len(new)]):
                place = (int(x) * CELL, int(y) * CELL)
                whole.paste(
                    Image.blend(whole.crop((*place, place[0] + CELL, place[1] + CELL)), red, 0.4), place
                )
            before = Image.fromarray(old.astype(np.uint8)).resize((old.shape[1] * CELL, len(old) * CELL))
            both = Image.new("RGB", (before.width + whole.width + CELL, max(before.height, whole.height)))
            both.paste(before)
            both.paste(whole, (before.width + CELL, 0))
            whole = both
            self.lines.append(f"{name}: {int(marks.sum())} cells differ")
        else:
            self.lines.append(f"{name}: no picture is kept")
        whole.save(self._folder / f"{name}.png")

    def told(self) -> str:
        """Return the differences, and whether browser or fonts differ from those of the reference images."""
        other = [
            f"{name}: kept with {old}, here {new}" for name, (old, new) in self._other.items() if old != new
        ]
        index = "".join(
            f'<h2>{one.stem}</h2><img src="{one.name}">' for one in sorted(self._folder.glob("*.png"))
        )
        (self._folder / "index.html").write_text(
            f"<!doctype html><meta charset=utf-8>{index}", encoding="utf-8"
        )
        hint = f"look at {self._folder}/index.html; if it is meant: make screens"
        return "\n".join([*self.lines, hint, *other])
