"""The leaver: a live session, an open page, a CLI token, a device, his authenticator app and an unused link."""

import html
import re
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from support.devices import Keys
from support.first_start import FirstStart
from support.running import PASSWORD, Person, Running, submit

from waybillguard.agent.enrolcode import read_code
from waybillguard.agent.protocol import (
    ENROL,
    LEASE,
    Enrol,
    Enrolled,
    LeaseRequest,
    Message,
    PrinterInfo,
    decode,
    encode,
)
from waybillguard.agent.signing import ENROL_KEY_ID

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CLERK = {
    "username": "leaver", "display_name": "测试人乙", "role": "clerk", "identity_checked_on": "2026-01-05",
}  # fmt: skip
ORDERS = "订单编号,收货人,手机号码,收货地址\nLEAVER-ORDER-0001,测试人甲,19900001111,浙江省金华市义乌市机场路1号2幢301室\n".encode()
POLL = {"HX-Request": "true"}
SHOWN = ("LEAVER-ORDER-0001", "测**", "*******1111")


class Scene:
    """An owner, and a clerk who is about to be let go while everything of his is alive."""

    def __init__(self, service: Running, owner: Person, desk: httpx.Client, browser: httpx.Client) -> None:
        self.service = service
        self.owner, self.clerk = owner, Person("leaver")
        self.desk, self.browser = desk, browser
        owner.enter(desk)
        page = self.desk.get("/people/")
        page = self.owner.submit(self.desk, page, **CLERK)
        self.pk = self._pk()
        service.link = self._link(page)
        self.clerk.first_sign_in(service, self.browser)
        assert self.clerk.login(service).returncode == 0
        source = service.home / "orders.csv"
        source.write_bytes(ORDERS)
        assert service.cli("seal", str(source), "--data", str(service.data)).returncode == 0
        source.unlink()
        page = self._post(f"/people/{self.pk}/link/")
        self.unused = self._link(page)
        self.device = Keys()
        self._enrol()

    def _enrol(self) -> None:
        """Enrol a device that is his, by an owner's code."""
        page = self.owner.submit(
            self.desk, self.desk.get("/devices/"), station="打包台1", holder=str(self.pk)
        )
        code = re.search(r"agent enrol --server \S+ (WG1-[0-9A-Z-]+)", html.unescape(page.text))
        assert code, page.url
        asked = Enrol(
            secret=read_code(code[1]).secret, signing_key=self.device.signing_public,
            sealing_key=self.device.sealing_public, os="Debian 13",
            printers=[PrinterInfo(name="label-1", transport="raw", languages=["tspl"])],
        )  # fmt: skip
        answer = self.by_device(ENROL, asked, ENROL_KEY_ID)
        assert answer.status_code == 200, answer.text
        self.device.uid = decode(Enrolled, answer.content).device

    def by_device(self, path: str, message: Message, key_id: str = "") -> httpx.Response:
        """Send a message signed by his device."""
        body = encode(message)
        signed = self.device.headers(path, body, key_id=key_id, server=self.service.url)
        return self.browser.post(path, content=body, headers={**signed, "Content-Type": "application/json"})

    def device_gets_work(self) -> bool:
        """Tell whether the service answers his device's question for labels."""
        return self.by_device(LEASE, LeaseRequest(printers=["label-1"], wait_s=0)).status_code == 200

    @staticmethod
    def _link(page: httpx.Response) -> str:
        found = re.search(r"/setup/([\w-]+)/", page.text)
        assert found, page.url
        return found[1]

    def _pk(self) -> int:
        found = re.findall(r'href="/people/(\d+)/"', self.desk.get("/people/").text)
        return max(int(number) for number in found)

    def _post(self, path: str) -> httpx.Response:
        page = self.desk.get("/people/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        sent = self.desk.post(
            path, data={"csrfmiddlewaretoken": token[1]}, headers={"Referer": f"{self.service.url}/people/"}
        )
        asked = sent.url.path == "/account/confirm/code/"
        return submit(self.desk, sent, code=self.owner.code()) if asked else sent

    def let_go(self) -> httpx.Response:
        return self._post(f"/people/{self.pk}/deactivate/")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Scene]:
    service = Running(tmp_path_factory.mktemp("leaver"))
    owner = first_start.service(service)
    with service.http() as desk, service.http() as browser:
        try:
            yield Scene(service, owner, desk, browser)
        finally:
            service.stop()


def test_the_leaver_gets_nothing_after_being_let_go(scene: Scene) -> None:
    service, thief = scene.service, scene.browser
    before = thief.get("/orders/")
    assert all(text in before.text for text in SHOWN), "while employed he sees the masked order"
    assert sees_orders_by_token(scene), "while employed his CLI token works"
    assert scene.device_gets_work(), "while employed his device is answered"
    assert thief.get("/signed-in/", headers=POLL).status_code == 204, (
        "while employed his open page is answered"
    )
    asked = time.monotonic()
    done = scene.let_go()
    answered = time.monotonic()
    assert done.status_code == 200
    loot: list[str] = []
    for path in ("/orders/", "/", "/print/", "/imports/", "/account/security/"):
        page = thief.get(path)
        if page.url.path != "/login/" or any(text in page.text for text in SHOWN):
            shown = [text for text in SHOWN if text in page.text]
            loot.append(f"{path}: {page.status_code} at {page.url.path}, shown: {shown}")
    if scene.device_gets_work():
        loot.append("device")
    all_refused = time.monotonic() - answered
    if thief.get("/signed-in/", headers=POLL).status_code != 401:
        loot.append("open page")
    if sees_orders_by_token(scene):
        loot.append("CLI token")
    if thief.get(f"/setup/{scene.unused}/").status_code != 410:
        loot.append("unused link")
    with service.http() as again:
        page = submit(again, again.get("/login/"), login="leaver", password=PASSWORD)
        if page.url.path != "/login/":
            loot.append("password and app")
    sys.stdout.write(
        f"leaver: let go in {answered - asked:.3f} s, five pages and the device refused within {all_refused:.3f} s; "
        f"records obtained: {len(loot)}\n"
    )
    assert loot == []


def sees_orders_by_token(scene: Scene) -> bool:
    token_file = next((scene.service.home / "config").rglob("*.json"))
    found = re.search(r'"(?:token|secret)"\s*:\s*"([^"]+)"', token_file.read_text(encoding="utf-8"))
    assert found, "the shell keeps a token"
    answer = scene.browser.get("/api/v1/orders", headers={"authorization": f"Bearer {found[1]}"})
    return answer.status_code != 401


def test_the_leaving_audit_makes_itself(scene: Scene) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        page = scene.desk.get(f"/people/{scene.pk}/", headers={"accept-language": "en"}).text
        if "Being counted" not in page and "Looks of the last 30 days" in page:
            break
        time.sleep(0.5)
    assert "Looks of the last 30 days" in page
    assert "Being counted" not in page
    assert "Let go: all access ended" in page
