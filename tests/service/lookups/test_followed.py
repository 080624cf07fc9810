"""The code path of a look, from request to keyd and back: which files it passes, and how many."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from support.followed import Followed, followed, keyd_behind_socket, said_of
from support.in_force import any_hour

from waybillguard.service.authorization import principal
from waybillguard.service.identity.grant import grant_text
from waybillguard.service.platform.config import Config

pytestmark = pytest.mark.django_db(transaction=True)
DOCS = Path(__file__).parents[3] / "docs"
STATIONS, FILES, OWN_FILES, OWN_RETURNS = 14, 80, 39, 69
"""Maxima for a look: documented stations, files passed, files that a plain page does not pass, and returns into these.
Higher numbers make a look harder to follow: give the reason here, and update docs/*/rooms/index.md. Returns vary from
64 to the maximum, because keyd's thread is still reading when the web process already has its answer. Two returns are
into the rule for names, which runs before the keeper and before code that needs no keeper."""


@pytest.fixture(autouse=True)
def hours() -> Iterator[None]:
    """Make every hour part of the shift."""
    with any_hour():
        yield


@pytest.fixture
def written(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """keyd behind its socket, so that its own files are not traced."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(
        principal, "FRESH_S", 3_600.0
    )  # on a slow machine, the principal would be reloaded repeatedly
    settings.CONFIG = Config(tmp_path)
    with keyd_behind_socket(settings.CONFIG) as desk:
        yield SimpleNamespace(desk=desk, clear=lambda: None)


def stations(language: str) -> list[str]:
    """Return the files in the documentation's table; a name without a folder is in the folder of the one before."""
    page = (DOCS / language / "rooms" / "access.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in page.splitlines() if re.match(r"\| \d+ \|", line))
    found: list[str] = []
    for name in re.findall(r"`([\w/]+\.py)`", rows):
        folder = "" if "/" in name else found[-1].rpartition("/")[0] + "/"
        found.append(folder + name)
    return found


def look(browser: Client, order: Any) -> Followed:
    """Look at a phone number; return the code path of that request."""
    page = browser.get(reverse("reveal", args=[order.pk]), secure=True).content.decode()
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found, page
    asked = {"form": found[1], "group": "phone", "purpose": "delivery_problem"}
    with followed() as seen:
        answer = browser.post(reverse("reveal_show", args=[order.pk]), asked, secure=True)
    assert b'id="secret"' in answer.content
    return seen


def test_a_look_goes_through_the_files_that_the_documentation_names_in_this_order(
    scene: SimpleNamespace, confirmed: Callable[..., Client], settings: Any
) -> None:
    browser = confirmed(scene.service)
    grant = scene.written.desk.session("here", f"u{scene.service.pk}")
    browser.cookies[settings.GRANT_COOKIE_NAME] = grant_text(grant)
    look(browser, scene.orders[0])  # exclude work done once per day or process
    seen = look(browser, scene.orders[1])
    with followed() as page:
        browser.get(reverse("looks"), secure=True)
    sys.stdout.write(said_of("a look", seen, page))
    assert seen.leads_through(stations("en")), "\n".join(seen.files())
    assert len(stations("en")) <= STATIONS
    assert stations("zh") == stations("en")
    own = seen.without(page)
    assert len(seen.files()) <= FILES
    assert len(own.files()) <= OWN_FILES
    assert own.returns <= OWN_RETURNS
