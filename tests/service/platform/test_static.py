"""Static files: hashed URLs are cached for long, plain ones revalidated, compressed on request."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from waybillguard.service.platform import words
from waybillguard.service.platform.assets import address, assets
from waybillguard.service.platform.navigation import entries

SERVICE = Path(__file__).resolve().parents[3] / "src" / "waybillguard" / "service"


def test_a_hashed_address_is_kept_for_ever() -> None:
    response = Client().get(address("console.css"))
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/css")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_plain_address_is_checked_each_time() -> None:
    first = Client().get("/static/console.css")
    assert first["Cache-Control"] == "public, no-cache"
    again = Client().get("/static/console.css", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_an_old_hash_finds_nothing() -> None:
    assert Client().get("/static/000000000000/console.css").status_code == 404


def test_gzip_is_the_same_file() -> None:
    response = Client().get(address("vendor/tabler.css"), headers={"accept-encoding": "gzip, br"})
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == assets()["vendor/tabler.css"].content
    assert len(response.content) < len(assets()["vendor/tabler.css"].content) / 4


@pytest.mark.parametrize("path", ["../settings.py", "..%2f..%2fsettings.py", "vendor/", "", "/etc/passwd"])
def test_nothing_but_static_files_is_served(path: str) -> None:
    assert Client().get(f"/static/{path}").status_code == 404


def test_a_static_file_takes_no_form() -> None:
    assert Client().post(address("console.css")).status_code == 405


def test_every_icon_named_in_templates_and_code_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', assets()["vendor/icons.svg"].content.decode()))
    used: set[str] = set()
    for path in SERVICE.glob("*/templates/**/*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")))
    for table in (words.LANES, words.ORDER_STATES, words.BATCH_STATES, words.RUN_STATES, words.TICKET_STATES):
        used |= {word.icon for word in table.values()}
    used |= {entry.icon for entry in entries()}
    assert used - sprite == set()


def test_no_template_carries_inline_style_or_handler() -> None:
    found = []
    for path in SERVICE.glob("*/templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"""\son\w+=["']|\sstyle=|<style|javascript:|https?://(?!www\.w3\.org)""", text):
            found.append(path.name)
    assert found == []
