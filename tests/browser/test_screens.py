# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""Every page looks as it did: in both languages, on a desk and on a phone, at one moment and by one chance.

While a page is open its layout is judged in each view, and axe judges it in Chinese on a phone and in English at a desk.

Each page stands alone: what the walk over all addresses makes for it is undone after it, so that a page which is
added changes no picture of another. ``make screens`` keeps new pictures; whole screenshots of what differs lie in
``build/screens``.
"""

import hashlib
import itertools
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import time_machine
from browser.test_accessibility import FULLER
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page
from support.axe import LAYOUT, in_every_document, violations
from support.screens import FEW, LOOKS, SIZES, VIEWS, Report, differing, keep, kept, look, made_with

from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.lookups import views_orders
from waybillguard.service.platform.config import Config

HERE = Path(__file__).parent
PICTURES = HERE / "screens"
BUILD = HERE.parents[1] / "build" / "screens"
RENEW = os.environ.get("WAYBILLGUARD_SCREENS") == "renew"
MOMENT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
"""A Tuesday afternoon in Yiwu: within everybody's shift."""
OPEN = ("trust", "scam_check", "scam_paid", "ledger_verify")
PLAIN = ("/ledger/verify/",)
"""One page for all languages, with fonts of the system and file fields that each build of a browser draws in its own way."""
_ALIKE = """() => {
  document.body.style.fontFamily = '"Noto Sans CJK SC"'
  for (const one of document.querySelectorAll('input[type=file]')) one.style.display = 'none'
}"""
JUDGED = {("zh", "phone"), ("en", "desk")}
"""Views that axe judges."""
OF_THE_MACHINE = {"protections"}
"""Says what this machine's disk and kernel are like."""


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Iterator[Callable[[], None]]:
    """One moment that stays, no key process; nothing remembered and the same random numbers whenever this is called."""
    count = [itertools.count()]

    def draw(length: int) -> bytes:
        return hashlib.shake_256(str(next(count[0])).encode()).digest(length)

    def again() -> None:
        cache.clear()
        count[0] = itertools.count()

    def no_keyd(*_: Any) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    settings.CONFIG = Config(tmp_path / "data")
    monkeypatch.setattr(KeydClient, "call", no_keyd)
    monkeypatch.setattr(os, "urandom", draw)
    monkeypatch.setattr(random, "_urandom", draw)
    with time_machine.travel(MOMENT, tick=False):
        yield again


@pytest.fixture
def still(
    chance: Callable[[], None], django_db_reset_sequences: None, warehouse: SimpleNamespace
) -> SimpleNamespace:
    """The invented warehouse at that moment, its rows numbered from 1."""
    return warehouse


@pytest.fixture
def tab(page: Page) -> Page:
    """A tab that moves nothing and notes the parts that came."""
    page.set_default_timeout(240_000)  # a busy machine is slow, not wrong
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(
        "document.addEventListener('htmx:after:swap', (come) => (window.settled ??= new Set()).add(come.target))"
    )
    return page


def _open(page: Page, address: str) -> None:
    """Open a page and wait until the parts that it fetches by itself are there."""
    page.goto(address)
    page.wait_for_function(
        "() => (window.settled?.size ?? 0) >= document.querySelectorAll('[hx-trigger^=load]').length"
    )


def _views(
    page: Page, context: BrowserContext, server: str, path: str, wrong: list[str], *, judged: bool
) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Yield each view of a page: the page stands in the tab meanwhile. What is wrong with it is added to a list."""
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        context.add_cookies([{"name": "django_language", "value": code, "url": server}])
        _open(page, server + path)
        assert page.locator("html").get_attribute("lang") == code or path in PLAIN
        if path in PLAIN:
            page.evaluate(_ALIKE)
        for size in ("desk", "phone"):
            page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
            found = page.evaluate(LAYOUT)
            if folded := size == "phone" and page.locator("#filters").count() > 0:
                new = look(page, size)
                _open(page, server + path)  # a phone that opens the page folds its filters
                found += page.evaluate(LAYOUT)
            if judged and (language, size) in JUDGED:
                found += violations(page)
            wrong += [f"{path} {language} {size} {what}" for what in found]
            yield (language, size), new if folded else look(page, size)


@pytest.mark.timeout(3600)
def test_every_page_looks_as_it_did(
    still: SimpleNamespace,
    chance: Callable[[], None],
    tab: Page,
    context: BrowserContext,
    sign_in: Callable[..., None],
    axe: str,
    complaints: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_every_document(tab, axe)
    walk = run_path(str(HERE.parent / "service" / "web" / "test_walk.py"))
    sign_in(still.owner, stepped_up=True)
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    client.force_login(still.owner)
    here, before = made_with(tab), PICTURES / "made-with.json"
    known = json.loads(before.read_text(encoding="utf-8")) if before.exists() else {}
    report = Report(BUILD, here, known)
    seen, wrong = set(), []
    for name, place in walk["PAGES"].items():
        picture = PICTURES / f"{name}.png"
        if place.method != "get" or (place.asks == "open" and name not in OPEN) or name in OF_THE_MACHINE:
            continue
        with walk["undone"](), monkeypatch.context() as looks:
            chance()
            path = reverse(name, kwargs={**place.extra, **(place.ids(still) if place.ids else {})})
            answer = client.get(path)
            if answer.status_code != 200 or answer.streaming or b"<h1" not in answer.content:
                continue
            seen.add(name)
            # An order's page lists the looks at it: its own picture of the label may come before or after the list.
            looks.setattr(views_orders, "record", lambda *_, **__: None)
            old = kept(picture) if picture.exists() else {}
            views = {}
            judged = name not in FULLER and path not in PLAIN
            for view, new in _views(tab, context, still.server, path, wrong, judged=judged):
                views[view] = new
                if (differing(old[view], new).sum() > FEW) if view in old else not RENEW:
                    report.add("-".join((name, *view)), tab, old.get(view), new)
            tab.goto("about:blank")
            wrong += [f"{path} {what}" for what in complaints]
            complaints.clear()
        if RENEW:
            keep(picture, views)
    if RENEW:
        for stale in {one.stem for one in PICTURES.glob("*.png")} - seen:
            (PICTURES / f"{stale}.png").unlink()
        before.write_text(json.dumps(here, indent=1) + "\n", encoding="utf-8")
    told = report.told()
    assert {one.stem for one in PICTURES.glob("*.png")} == seen, "a page came or went: make screens"
    assert RENEW or not report.lines, told
    assert wrong == [], "\n".join(wrong)


BREAKS = {
    "a button is gone": "document.querySelector('.wg-head-actions .btn').style.visibility = 'hidden'",
    "the console's stylesheet is gone": "document.querySelector('link[href*=console]').disabled = true",
    "a card has no frame": "document.querySelector('main .card').style.cssText = 'background: none; border: 0; box-shadow: none'",
    "a table overflows": "document.querySelector('.wg-table').style.minWidth = '2600px'",
    "the heading cannot be read": "document.querySelector('h1').style.color = '#f3f5f4'",
    "a card slides over what is above": "document.querySelector('main .card').style.marginTop = '-3rem'",
    "the menu is gone": "document.querySelector('.wg-rail').style.display = 'none'",
}
OTHER_DIGITS = """() => {
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(/[1-9]/g, (digit) => 10 - digit)
  document.querySelector('main').style.transform = 'translate(1px, 1px)'
}"""


def test_what_breaks_a_page_is_noticed_another_time_of_day_is_not(
    still: SimpleNamespace, tab: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(still.owner, "zh-hans")
    _open(tab, f"{still.server}/people/")
    whole = look(tab, "desk")
    tab.evaluate(OTHER_DIGITS)
    assert differing(whole, look(tab, "desk")).sum() <= FEW
    for what, breaks in BREAKS.items():
        _open(tab, f"{still.server}/people/")
        assert differing(whole, look(tab, "desk")).sum() == 0, "the same page gives the same picture"
        tab.evaluate(breaks)
        assert differing(whole, look(tab, "desk")).sum() > FEW, what


def test_pictures_of_a_page_are_kept_as_they_were(tmp_path: Path) -> None:
    views = {
        view: np.full((5 + place, LOOKS[view[1]]), 40 * (place + 1), dtype=np.int16)
        for place, view in enumerate(VIEWS)
    }
    keep(tmp_path / "one.png", views)
    again = kept(tmp_path / "one.png")
    assert all((again[view] == views[view]).all() for view in VIEWS)
