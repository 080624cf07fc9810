"""The temp: pages through orders, searches, asks to see one record after another, exports, calls the API."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from support.first_start import FirstStart
from support.running import PASSWORD, Person, Running, submit
from thief.loot import Loot, Victim

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

VICTIMS = [Victim(f"临时{n}某", f"1995555{n:04}", f"不存在路{n}号3幢{n}01室") for n in range(1, 31)]
QUOTA = 4
"""Looks a day that the owner allows the temp's role in this scene; all other limits lie above it."""
HEAD = "订单编号,收货人,手机号码,收货地址\n"
API = (
    ("GET", "/api/v1/orders", None),
    ("POST", "/api/v1/orders/search", {"kind": "phone", "value": VICTIMS[20].phone}),
    ("POST", "/api/v1/orders/masked", {"ids": list(range(1, 31))}),
    ("GET", "/api/v1/orders/1/looks", None),
    ("POST", "/api/v1/label-runs", {"all": True, "file_kind": "pdf", "size": "76x130", "dpi": 203}),
    ("GET", "/api/v1/leakage", None),
)
PAGES = ("/", "/orders/", "/print/", "/imports/", "/ledger/", "/people/", "/looks/", "/orders/1/looks.jsonl")


class Scene:
    """An owner with thirty orders, and a temp of customer service who is in his first weeks."""

    def __init__(self, service: Running, owner: Person, desk: httpx.Client, browser: httpx.Client) -> None:
        self.service, self.desk, self.browser = service, desk, browser
        self.owner, self.temp = owner, Person("temp")
        owner.enter(desk)
        rows = [f"TEMP-{n:04},{v.name},{v.phone},浙江省金华市义乌市{v.detail}" for n, v in enumerate(VICTIMS)]
        source = service.home / "orders.csv"
        source.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        sealed = service.cli("seal", str(source), "--data", str(service.data))
        assert sealed.returncode == 0, sealed.stderr
        source.unlink()
        today = self.now().date()
        page = self.owner.submit(
            desk, desk.get("/people/"), username="temp", display_name="测试人丙", role="service", temp="on",
            agency="测试劳务", employed_from=str(today - timedelta(days=20)), employed_to=str(today + timedelta(days=20)),
            identity_checked_on=str(today - timedelta(days=20)),
        )  # fmt: skip
        link = re.search(r"/setup/([\w-]+)/", page.text)
        assert link, page.text
        service.link = link[1]
        self.temp.first_sign_in(service, browser)

    @staticmethod
    def now() -> datetime:
        return datetime.now(ZoneInfo("Asia/Shanghai"))

    def rules(self, *, plaintext: bool, in_shift: bool) -> None:
        """Have the owner put a policy in force: may temps see plaintext, and is it their shift just now?"""
        now = self.now()
        start = now - timedelta(hours=2) if in_shift else now + timedelta(hours=2)
        page = self.desk.get("/policies/edit/")
        page = submit(
            self.desk, page, temps_reveal=["on"] if plaintext else [], **{
                "shift0-name": "day", "shift0-start": f"{start:%H:%M}", "shift0-end": f"{start + timedelta(hours=5):%H:%M}",
                "shift0-weekdays": list("0123456"),
                "service-hour": "90", "service-shift": "90", "service-device_day": "90", "service-persons_30d": "90",
                "service-least": str(QUOTA), "service-most": str(QUOTA),
            },
        )  # fmt: skip
        assert re.fullmatch(r"/policies/\d+/", page.url.path), page.url
        self.confirm(self.desk, self.owner)
        draft = page.url.path
        for step in ("try", "activate"):
            page = self.desk.get(draft)
            done = self.desk.post(
                f"{draft}{step}/", data={"csrfmiddlewaretoken": token_of(page)},
                headers={"Referer": str(page.url)},
            )  # fmt: skip
        assert done.url.path == "/policies/", done.url

    def confirm(self, client: httpx.Client, who: Person) -> None:
        """Step up within the session, as the page asks for it."""
        page = client.get("/account/confirm/code/?next=/looks/")
        if page.url.path == "/account/confirm/code/":
            page = submit(client, page, code=who.code())
        assert page.url.path == "/looks/", page.url

    def look(self, order: int, purpose: str = "after_sales") -> httpx.Response:
        page = self.browser.get(f"/orders/{order}/reveal/")
        if page.url.path != f"/orders/{order}/reveal/":
            self.confirm(self.browser, self.temp)
            page = self.browser.get(f"/orders/{order}/reveal/")
        assert page.url.path == f"/orders/{order}/reveal/", page.url
        return submit(self.browser, page, group="phone", purpose=purpose)


def token_of(page: httpx.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found, page.url
    return found[1]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Scene]:
    service = Running(tmp_path_factory.mktemp("temp"))
    owner = first_start.service(service)
    with service.http() as desk, service.http() as browser:
        try:
            yield Scene(service, owner, desk, browser)
        finally:
            service.stop()


def walk(scene: Scene, loot: Loot) -> list[str]:
    """Ask for every record; return what was said with each, receipts of shown ones as ``#n``."""
    said: list[str] = []
    for order in range(1, len(VICTIMS) + 1):
        answer = scene.look(order)
        before = len(loot.found)
        loot.search(answer.content, f"order {order}")
        receipt = re.search(r">#(\d+)<", answer.text)
        said.append(
            f"#{receipt[1]}" if receipt and len(loot.found) == before + 1 else str(answer.status_code)
        )
    return said


def test_a_temp_who_may_not_see_plaintext_gets_nothing(scene: Scene) -> None:
    scene.rules(plaintext=False, in_shift=True)
    loot = Loot(VICTIMS)
    said = walk(scene, loot)
    sys.stdout.write(f"temp without plaintext: {len(loot.found)} records obtained\n")
    assert set(said) == {"403"}
    assert not loot.found


def test_outside_the_shift_he_gets_nothing(scene: Scene) -> None:
    scene.rules(plaintext=True, in_shift=False)
    loot = Loot(VICTIMS)
    said = walk(scene, loot)
    sys.stdout.write(f"temp outside the shift: {len(loot.found)} records obtained\n")
    assert set(said) == {"403"}
    assert not loot.found


def test_in_shift_he_gets_his_quota_and_not_one_more_each_with_a_receipt(scene: Scene) -> None:
    scene.rules(plaintext=True, in_shift=True)
    loot = Loot(VICTIMS)
    said = walk(scene, loot)
    receipts = [one for one in said if one.startswith("#")]
    sys.stdout.write(f"temp in shift: {len(loot.found)} records obtained, {len(receipts)} receipts\n")
    assert len(loot.found) == QUOTA
    assert len(set(receipts)) == QUOTA
    assert said == receipts + ["403"] * (len(VICTIMS) - QUOTA)
    staff = max(int(pk) for pk in re.findall(r'href="/people/(\d+)/"', scene.desk.get("/people/").text))
    record = scene.desk.get(f"/looks/people/{staff}/").text
    assert all(f">{receipt}<" in record for receipt in receipts), "the company sees every one of them"


def test_paging_searching_printing_exporting_and_the_api_give_nothing(scene: Scene) -> None:
    loot = Loot(VICTIMS)
    browser = scene.browser
    for path in PAGES:
        loot.search(browser.get(path).content, path)
    for number in range(1, len(VICTIMS) + 1):
        for path in (f"/orders/{number}/", f"/orders/{number}/label.png"):
            loot.search(browser.get(path).content, path)
    page = browser.get("/orders/")
    for victim in VICTIMS[:10]:
        data = {"csrfmiddlewaretoken": token_of(page), "kind": "last4", "value": victim.phone[-4:]}
        answer = browser.post("/orders/search/", data=data, headers={"Referer": str(page.url)})
        loot.search(answer.content.replace(victim.phone[-4:].encode(), b""), "search")
    login = scene.service.cli(
        "login", "--user", "temp", "--code", scene.temp.code(), "--password-stdin", "--data",
        str(scene.service.data), stdin=PASSWORD + "\n",
    )  # fmt: skip
    assert login.returncode == 0, login.stderr
    stored = json.loads(next((scene.service.home / "config").rglob("tokens/*.json")).read_text())
    headers = {"authorization": f"Bearer {stored['token']}"}
    statuses = []
    for verb, path, body in API:
        answer = browser.request(verb, path, json=body, headers=headers)
        statuses.append(answer.status_code)
        loot.search(answer.content, path)
    sys.stdout.write(f"temp by paging, search, label, API: {len(loot.found)} records obtained, {statuses}\n")
    assert 200 in statuses, "masked orders are his to see"
    assert not loot.found
