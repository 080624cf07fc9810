"""Thieves around exports and merchants: who approves himself, who approves after leaving, who walks foreign ids."""

import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from support.first_start import FirstStart
from support.running import Person, Running, submit
from thief.loot import Loot, Victim
from thief.test_temp import token_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

VICTIMS = [Victim(f"导出{n}某", f"1997777{n:04}", f"不存在路{n}号5幢{n}02室") for n in range(1, 13)]
SHOPS = ("甲的店", "乙的店")
HEAD = "订单编号,店铺,收货人,手机号码,收货地址\n"


class Scene:
    """An owner with orders of two merchants, a second owner, a temp, and a person of each merchant."""

    def __init__(self, service: Running, owner: Person) -> None:
        self.service = service
        self.clients: dict[str, httpx.Client] = {}
        self.people: dict[str, Person] = {}
        self.people["owner"], self.clients["owner"] = owner, service.http()
        desk = self.clients["owner"]
        owner.enter(desk)
        rows = [
            f"EXP-{n:04},{SHOPS[n % 2]},{v.name},{v.phone},浙江省金华市义乌市{v.detail}"
            for n, v in enumerate(VICTIMS)
        ]
        source = service.home / "orders.csv"
        source.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        sealed = service.cli("seal", str(source), "--data", str(service.data))
        assert sealed.returncode == 0, sealed.stderr
        source.unlink()
        self.add("second", "owner")
        self.add("temp", "service", temp="on", agency="测试劳务")
        for number, shop in enumerate(SHOPS):
            pk = self.add(f"merchant{number}", "merchant")
            made = submit(desk, desk.get("/merchants/"), name=f"商家{number}")
            assert re.fullmatch(r"/merchants/\d+/", made.url.path), made.url
            self.people["owner"].submit(
                desk, made, shop=shop, person=str(pk)
            )  # gives a shop: a code of its own

    def enter(self, name: str) -> httpx.Client:
        client = self.clients[name] = self.service.http()
        person = self.people[name] = Person(name)
        person.first_sign_in(self.service, client)
        return client

    def add(self, name: str, role: str, **more: str) -> int:
        desk = self.clients["owner"]
        today = self.today()
        page = self.people["owner"].submit(
            desk, desk.get("/people/"), username=name, display_name=name, role=role,
            employed_from=str(today - timedelta(days=20)), employed_to=str(today + timedelta(days=20)),
            identity_checked_on=str(today - timedelta(days=20)), **more,
        )  # fmt: skip
        link = re.search(r"/setup/([\w-]+)/", page.text)
        assert link, page.text
        self.service.link = link[1]
        self.enter(name)
        return max(int(pk) for pk in re.findall(r'href="/people/(\d+)/"', desk.get("/people/").text))

    @staticmethod
    def today() -> date:
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()

    def post(self, client: httpx.Client, path: str, **data: str) -> httpx.Response:
        """Post a form from a page that this person may open, as a browser would."""
        page = client.get("/looks/")
        return client.post(
            path, data={"csrfmiddlewaretoken": token_of(page), **data}, headers={"Referer": str(page.url)}
        )

    def confirm(self, name: str) -> None:
        client = self.clients[name]
        page = client.get("/account/confirm/code/?next=/looks/")
        if page.url.path == "/account/confirm/code/":
            page = submit(client, page, code=self.people[name].code())
        assert page.url.path == "/looks/", page.url

    def asked(self, name: str, ids: list[int]) -> httpx.Response:
        chosen = ",".join(str(pk) for pk in ids)
        return self.post(
            self.clients[name], "/exports/ask/", ids=chosen, form="masked", purpose="after_sales"
        )


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Scene]:
    service = Running(tmp_path_factory.mktemp("exports"))
    owner = first_start.service(service)
    made = None
    try:
        made = Scene(service, owner)
        yield made
    finally:
        for client in made.clients.values() if made else ():
            client.close()
        service.stop()


ORDERS = list(range(1, len(VICTIMS) + 1))


def test_a_temp_asks_for_no_export_and_a_borrowed_session_does_not_approve_itself(scene: Scene) -> None:
    loot = Loot(VICTIMS)
    temp = scene.clients["temp"]
    said = [scene.asked("temp", ORDERS).status_code]
    said += [temp.get(path).status_code for path in ("/exports/", "/exports/1/", "/exports/recipients/")]
    assert set(said) == {403}
    scene.confirm(
        "owner"
    )  # the owner has just confirmed and walks away from his desk: the session is borrowed
    page = scene.asked("owner", ORDERS)
    assert re.fullmatch(r"/exports/\d+/", page.url.path), page.text[-2000:]
    number = page.url.path.split("/")[2]
    answer = scene.post(scene.clients["owner"], f"/exports/{number}/decide/", agree="1")
    assert "需要第二人同意，且不能是本人" in answer.text
    for response in (page, answer, scene.post(scene.clients["owner"], f"/exports/{number}/file/")):
        loot.search(response.content, "export")
    said = [
        scene.post(temp, f"/exports/{number}/{what}/", agree="1").status_code for what in ("decide", "file")
    ]
    sys.stdout.write(f"temp and borrowed session around an export: {len(loot.found)} records obtained\n")
    assert set(said) == {403}
    assert not loot.found


def test_an_approver_who_has_left_approves_nothing(scene: Scene) -> None:
    loot = Loot(VICTIMS)
    scene.confirm("owner")
    scene.confirm("second")
    page = scene.asked("owner", ORDERS)
    number = page.url.path.split("/")[2]
    leaver = scene.clients["second"]
    form = token_of(leaver.get(f"/exports/{number}/"))
    staff = scene.clients["owner"].get("/people/").text
    pks = [int(pk) for pk in re.findall(r'href="/people/(\d+)/"[^>]*>[^<]*second', staff)]
    assert pks, "the second owner stands on the page of people"
    scene.post(scene.clients["owner"], f"/people/{pks[0]}/deactivate/")
    answer = leaver.post(
        f"/exports/{number}/decide/",
        data={"csrfmiddlewaretoken": form, "agree": "1"},
        headers={"Referer": f"{scene.service.url}/exports/{number}/"},
    )
    loot.search(answer.content, "decide")
    assert answer.url.path == "/login/"
    shown = scene.clients["owner"].get(f"/exports/{number}/")
    assert f"/exports/{number}/file/" not in shown.text
    sys.stdout.write(f"approver who has left: {len(loot.found)} records obtained\n")
    assert not loot.found


def test_a_merchant_walks_the_ids_of_another_and_finds_none(scene: Scene) -> None:
    loot = Loot(VICTIMS)
    thief = scene.clients["merchant0"]
    own, foreign = set(), set()
    for number in ORDERS:
        for path in (f"/orders/{number}/", f"/orders/{number}/label.png", f"/orders/{number}/reveal/"):
            answer = thief.get(path)
            loot.search(answer.content, path)
            if answer.status_code == 200 and path == f"/orders/{number}/":
                (own if SHOPS[0] in answer.text else foreign).add(number)
    page = thief.get("/orders/")
    for shop in ("", SHOPS[1]):
        answer = thief.get("/orders/", params={"shop": shop})
        loot.search(answer.content, "list")
        assert SHOPS[1] not in re.sub(r'value="[^"]*"', "", answer.text)
    for victim in VICTIMS:
        data = {"csrfmiddlewaretoken": token_of(page), "kind": "phone", "value": victim.phone}
        found = thief.post("/orders/search/", data=data, headers={"Referer": str(page.url)})
        loot.search(found.content.replace(victim.phone.encode(), b""), "search")
        assert SHOPS[1] not in found.text
    sys.stdout.write(
        f"merchant A over ids of B: {len(foreign)} foreign orders seen, {len(loot.found)} records\n"
    )
    assert len(own) == len(VICTIMS) // 2
    assert not foreign
    assert not loot.found
