"""The temp at a print station: guesses PINs, photographs a badge, uses a leaver's, keeps a session after the shift."""

import base64
import io
import re
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import pytest
from PIL import Image
from support.first_start import FirstStart
from support.running import Person, Running, submit
from thief.loot import Loot, Victim

from waybillguard.label.codes import decode

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

VICTIMS = [Victim(f"工位{n}某", f"1996666{n:04}", f"不存在路{n}号5幢{n}02室") for n in range(1, 11)]
HEAD = "订单编号,收货人,手机号码,收货地址\n"
PIN = "830417"
GUESSES = ["111111", "123456", "000000", "888888", "520131", *(f"{n:06}" for n in range(25))]
DEVICE = "__Host-waybillguard-device"
SESSION = "__Host-waybillguard-session"


class Scene:
    """An owner with ten orders, one enrolled station, three clerks with badges."""

    def __init__(self, service: Running, owner: Person, desk: httpx.Client, station: httpx.Client) -> None:
        self.service, self.desk, self.station = service, desk, station
        self.owner = owner
        owner.enter(desk)
        owner.confirm(desk)
        rows = [
            f"BADGE-{n:04},{v.name},{v.phone},浙江省金华市义乌市{v.detail}" for n, v in enumerate(VICTIMS)
        ]
        source = service.home / "orders.csv"
        source.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        sealed = service.cli("seal", str(source), "--data", str(service.data))
        assert sealed.returncode == 0, sealed.stderr
        source.unlink()
        page = submit(desk, desk.get("/devices/"), station="打包台1", kind="station", holder="")
        code = re.search(r'value="((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})"', page.text)
        assert code, page.url
        enrolled = submit(station, station.get("/station/"), code=code[1])
        assert enrolled.url.path == "/station/", enrolled.url
        self.temp, self.colleague, self.leaver = (
            self.clerk(name) for name in ("temp", "colleague", "leaver")
        )

    def clerk(self, name: str, role: str = "service") -> tuple[int, str]:
        """Employ somebody, issue a badge and have a PIN chosen; return the person's number and the badge's code.

        Customer service may see plaintext: here nothing but the badge stands in the way.
        """
        joined = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=20)
        self.owner.submit(
            self.desk, self.desk.get("/people/"), username=name, display_name=name, role=role,
            employed_from=str(joined), identity_checked_on=str(joined),
        )  # fmt: skip
        pk = max(int(n) for n in re.findall(r'href="/people/(\d+)/"', self.desk.get("/people/").text))
        page = self.post(f"/people/{pk}/badge/issue/", f"/people/{pk}/badge/")
        png = re.search(r'src="data:image/png;base64,([^"]+)"', page.text)
        start = re.search(r"<output[^>]*>(\d{6})<", page.text)
        assert png, page.url
        assert start, page.url
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(png[1]))).convert("L"))
        code = decode(picture)[0].text
        page = self.scan(code, start[1])
        page = submit(self.station, page, pin1=PIN, pin2=PIN)
        assert page.url.path == "/", page.url
        return pk, code

    def post(self, path: str, shown: str, **values: str) -> httpx.Response:
        """Send a form of the owner's; where the page asks to confirm first, do so and send it again."""
        for _ in range(2):
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.desk.get(shown).text)
            assert token, shown
            page = self.desk.post(
                path,
                data={"csrfmiddlewaretoken": token[1], **values},
                headers={"Referer": f"{self.service.url}{shown}"},
            )
            if page.url.path != "/account/confirm/code/":
                return page
            submit(self.desk, page, code=self.owner.code())
        return page

    def scan(self, code: str, pin: str, client: httpx.Client | None = None) -> httpx.Response:
        """Scan a badge and type a PIN, at the station unless said otherwise."""
        client = client or self.station
        page = client.get("/station/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        return client.post(
            "/station/", data={"csrfmiddlewaretoken": token[1], "badge": code, "pin": pin},
            headers={"Referer": f"{self.service.url}/station/"},
        )  # fmt: skip

    def sign_in(self, code: str) -> httpx.Response:
        """Sign in at the station; after guesses it is slowed down, for everybody alike, so wait and scan again."""
        page = self.scan(code, PIN)
        if page.status_code == 403 and "30" in page.text:
            time.sleep(31)
            page = self.scan(code, PIN)
        return page

    def stolen(self, *cookies: str) -> httpx.Client:
        """Another machine with some of the station's cookies."""
        thief = self.service.http()
        for name in cookies:
            value = self.station.cookies.get(name)
            assert value
            thief.cookies.set(name, value)
        return thief


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Scene]:
    service = Running(tmp_path_factory.mktemp("badge"))
    owner = first_start.service(service)
    with service.http() as desk, service.http() as station:
        try:
            yield Scene(service, owner, desk, station)
        finally:
            service.stop()


def sees_orders(client: httpx.Client) -> bool:
    return "BADGE-0001" in client.get("/orders/").text


def rummage(client: httpx.Client, loot: Loot) -> list[int]:
    """Ask for every record in every way that pages offer."""
    said = []
    for order in range(1, len(VICTIMS) + 1):
        for path in (f"/orders/{order}/", f"/orders/{order}/label.png", f"/orders/{order}/activity/"):
            loot.search(client.get(path).content, path)
        page = client.get(f"/orders/{order}/reveal/")
        loot.search(page.content, "reveal")
        if 'name="form"' in page.text:
            page = submit(client, page, group="phone", purpose="after_sales")
            loot.search(page.content, "reveal shown")
        said.append(page.status_code)
    for path in ("/", "/people/", "/devices/", "/policies/", "/ledger/", "/account/app/", "/account/tokens/"):
        loot.search(client.get(path).content, path)
    return said


def test_a_badge_session_sees_masked_orders_and_no_plaintext(scene: Scene) -> None:
    loot = Loot(VICTIMS)
    assert scene.sign_in(scene.temp[1]).url.path == "/"
    assert sees_orders(scene.station), "masked orders are his work"
    said = rummage(scene.station, loot)
    sys.stdout.write(f"temp by badge: {len(loot.found)} records obtained\n")
    assert set(said) == {403}
    assert not loot.found
    for path in ("/account/app/", "/account/passkeys/add/", "/account/password/", "/account/tokens/"):
        assert scene.station.get(path).status_code == 403, f"{path}: no second way in is made by a badge"


def test_a_supervisors_badge_opens_neither_the_record_of_looks_nor_anything_else_of_the_office(
    scene: Scene,
) -> None:
    loot = Loot(VICTIMS)
    _, code = scene.clerk("supervisor", "supervisor")
    assert scene.sign_in(code).url.path == "/"
    assert sees_orders(scene.station), "masked orders are the work at a station"
    said = rummage(scene.station, loot)
    sys.stdout.write(f"supervisor by badge: {len(loot.found)} records obtained\n")
    assert set(said) == {403}
    assert not loot.found
    for path in ("/ledger/", "/orders/1/looks/", "/exports/", "/print/stations/", "/people/"):
        assert scene.station.get(path).status_code == 403, path


def test_a_badge_and_its_pin_are_of_no_use_elsewhere(scene: Scene) -> None:
    loot = Loot(VICTIMS)
    with scene.service.http() as thief:
        answer = scene.scan(scene.temp[1], PIN, thief)
        rummage(thief, loot)
        assert answer.status_code == 403
        assert not sees_orders(thief)
    with scene.stolen(SESSION) as thief:
        assert not sees_orders(thief), "a session without its station is none"
    sys.stdout.write(f"temp with a badge elsewhere: {len(loot.found)} records obtained\n")
    assert not loot.found


def test_a_leavers_badge_and_open_session_are_dead_at_once(scene: Scene) -> None:
    pk, code = scene.leaver
    assert scene.sign_in(code).url.path == "/"
    assert sees_orders(scene.station)
    asked = time.monotonic()
    scene.post(f"/people/{pk}/deactivate/", f"/people/{pk}/")
    answered = time.monotonic()
    loot = Loot(VICTIMS)
    seen = sees_orders(scene.station)
    cut = time.monotonic() - answered
    rummage(scene.station, loot)
    sys.stdout.write(
        f"leaver by badge: let go in {answered - asked:.3f} s, refused {cut:.3f} s later; "
        f"{len(loot.found)} records obtained\n"
    )
    assert not seen
    assert not loot.found
    assert scene.sign_in(code).status_code == 403


def test_guessing_the_pin_of_a_photographed_badge_gets_nowhere(scene: Scene) -> None:
    got_in = [pin for pin in GUESSES if scene.scan(scene.colleague[1], pin).url.path == "/"]
    late = scene.scan(scene.colleague[1], PIN)
    sys.stdout.write(f"temp guesses {len(GUESSES)} PINs: {len(got_in)} sessions obtained\n")
    assert got_in == []
    assert late.status_code == 403, "by now even the right one must wait at this station"
    text = scene.desk.get("/badges/").text
    assert "打包台1" in text.partition('id="wrong"')[2], "the owner sees it"


def test_a_session_kept_after_the_shift_is_dead(scene: Scene) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert scene.sign_in(scene.temp[1]).url.path == "/", (
        "what slowed the station down is over before the clock runs"
    )
    ends = (datetime.now(zone) + timedelta(seconds=100)).replace(second=0, microsecond=0)
    page = scene.desk.get("/policies/edit/")
    page = submit(
        scene.desk, page, **{
            "shift0-name": "day", "shift0-start": f"{ends - timedelta(hours=3):%H:%M}", "shift0-end": f"{ends:%H:%M}",
            "shift0-weekdays": list("0123456"),
        },
    )  # fmt: skip
    draft = page.url.path
    assert re.fullmatch(r"/policies/\d+/", draft), page.url
    scene.post(f"{draft}try/", draft)
    scene.post(f"{draft}activate/", draft)
    assert scene.sign_in(scene.temp[1]).url.path == "/"
    assert sees_orders(scene.station)
    assert datetime.now(zone) < ends, "this machine is too slow for the scene"
    while datetime.now(zone) < ends:
        time.sleep(1)
    loot = Loot(VICTIMS)
    seen = sees_orders(scene.station)
    rummage(scene.station, loot)
    sys.stdout.write(f"temp after the shift: {len(loot.found)} records obtained\n")
    assert not seen
    assert not loot.found
