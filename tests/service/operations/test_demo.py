"""``make demo`` as a visitor: every page shows data, and the printer prints a label."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image
from support.running import Person, Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def demo(tmp_path: Path) -> Running:
    return Running(tmp_path, demo=True)


def test_the_demo_shows_its_rooms_and_prints_a_wave(demo: Running) -> None:
    try:
        demo.start()
        *_, last = re.findall(r"https?://\S+", demo.output)
        assert last == f"{demo.url}/"
        with demo.http() as browser:
            Person("owner").first_sign_in(demo, browser)
            register = browser.get("/register/").text
            assert "yanshi:kefu02" in register
            assert "郑小帆" in browser.get("/register/leavers/1/").text, "a leaver is waiting to be closed"
            assert "临时客服小孙" in browser.get("/alerts/guard/").text, "the guard has stopped somebody"
            assert "义乌打单电脑" in browser.get("/print-pcs/").text
            assert "没有登记任何打单电脑" not in browser.get("/inspections/").text, (
                "the inspection knows the print PCs"
            )
            printed = demo.data / "demo-station" / "printed"
            page = _until(lambda: _with_printer(browser, "/print/waves/1/"))
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            printer = re.search(r'name="printer".*?<option value="(\d+)"', page, re.DOTALL)
            assert token
            assert printer
            asked = {"csrfmiddlewaretoken": token[1], "printer": printer[1], "what": "new"}
            address = f"{demo.url}/print/waves/1/print/"
            assert browser.post(address, data=asked, headers={"Referer": demo.url}).status_code == 200
            pictures = _until(lambda: _all_of(printed, 24))
        codes = {one.format for one in zxingcpp.read_barcodes(Image.open(pictures[0]))}
        assert {zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode} <= codes
    finally:
        demo.stop()
    assert "leaked" not in demo.output, "it ends without a word of its libraries"
    assert "[WARNING]" not in demo.output, "and begins without one"
    again = Running(demo.home, demo=True, port=demo.port)
    try:
        again.start()
        assert not again.link, "the owner has a password now"
        log = again.data / "demo-station" / "agent.log"
        assert _until(lambda: log.read_text().count("demo=ready") == 2 or None), "enrolled once, runs again"
    finally:
        again.stop()


def _with_printer(browser: httpx.Client, address: str) -> str | None:
    page = browser.get(address).text
    return page if 'name="printer"' in page else None


def _all_of(folder: Path, many: int) -> list[Path] | None:
    found = sorted(folder.glob("*.png"))
    return found if len(found) == many else None


def _until[Found](look: Callable[[], Found | None], seconds: float = 60.0) -> Found:
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return found
