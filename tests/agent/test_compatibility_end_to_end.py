"""An ERP that can only send consignees: sealed in a child, printed masked, counted as a gap."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from support.erp import certificate, erp
from support.print_room import PrintRoom, own_shop, print_room, until
from support.running import free_port_pair
from websockets.exceptions import ConnectionClosed, InvalidStatus

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "shim" / "messages.jsonl")
    .read_text("utf-8")
    .splitlines()
]


class Shop:
    """The room on a box whose agent has a second address, for ERPs in compatibility mode."""

    def __init__(self, room: PrintRoom) -> None:
        self.room, self.port = room, free_port_pair()
        self.settings()
        self.address = room.pair("old-erp", "", "--compatibility")

    def settings(self, host: str = "127.0.0.1", more: str = "") -> None:
        shim = f'[shim]\nlisten = "127.0.0.1:{self.port + 1}"\ncompatibility = "{host}:{self.port}"\n{more}'
        self.room.settings(more=shim)

    def printed(self) -> int:
        return len(self.room.simulator.labels)

    def gap(self) -> list[int]:
        found: list[int] = self.room.helper("gap")
        return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with print_room(tmp_path_factory.mktemp("compatible")) as room:
        room.seal(own_shop())
        made = Shop(room)
        room.enrol()
        room.states()  # chooses the simulated carrier
        yield made


def consignee(number: int, **more: Any) -> dict[str, Any]:
    data = {
        "receiver": {
            "name": "测试" + chr(0x4E00 + number),
            "mobile": f"1990000{number:04}",
            "address": f"浙江省金华市义乌市北苑街道机场路{number}号2幢301室",
        },
        "orderNo": f"PLAIN-{number:05}",
        "goods": "袜子",
    }
    return {"data": data | more}


def plain(task: str, *contents: dict[str, Any]) -> dict[str, Any]:
    listed = [{"documentID": f"D{n}", "contents": [part]} for n, part in enumerate(contents, 1)]
    return {"taskID": task, "printer": "", "preview": False, "documents": listed}


def test_only_an_owner_lets_an_erp_in_and_off_means_off_at_once(shop: Shop) -> None:
    before, gap = shop.printed(), shop.gap()
    address = shop.room.pair("new-erp", "", "--compatibility")
    with erp(address) as one:
        assert one.ask("getPrinters")["defaultPrinter"] == "label-1"
        refused = one.ask("print", task=plain("T-before", consignee(1)))
        assert (refused["status"], "orderNo" in refused["msg"]) == ("failed", True)
        page = shop.room.let_in("new-erp")
        assert "new-erp" in page.text
        assert one.ask("print", task=plain("T-on", consignee(1)))["status"] == "success"
        assert one.notice("T-on")["taskStatus"] == "printed"
        off = re.search(
            r'action="(/devices/compatibility/\d+/off/)"[^>]*>(?:(?!</form>).)*new-erp', page.text, re.DOTALL
        )
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert off
        assert token
        shop.room.browser.post(
            off[1], data={"csrfmiddlewaretoken": token[1]}, headers={"Referer": f"{shop.room.service.url}/"}
        )
        assert one.ask("print", task=plain("T-off", consignee(5)))["status"] == "failed"
    code = shop.room.simulator.codes(-1)
    assert len(code["QRCode"]) == 72
    assert shop.printed() == before + 1
    assert shop.gap() == [gap[0], gap[1] + 1, gap[2]]


def test_the_same_task_prints_nothing_again_and_seals_nothing_again(shop: Shop) -> None:
    shop.room.let_in("old-erp")
    with erp(shop.address) as one:
        one.ask("print", task=plain("T-twice", consignee(2)))
        one.notice("T-twice")
        before, gap = shop.printed(), shop.gap()
        assert one.ask("print", task=plain("T-twice", consignee(2)))["status"] == "success"
        assert one.notice("T-twice")["taskStatus"] == "printed"
    shop.room.stop()
    shop.room.start()
    with erp(shop.address) as other:
        assert other.ask("print", task=plain("T-twice", consignee(2)))["status"] == "success"
        assert other.notice("T-twice")["taskStatus"] == "printed"
    assert (shop.printed(), shop.gap()) == (before, gap)


def test_refused_rows_are_named_by_document_and_reason_and_the_rest_prints(shop: Shop) -> None:
    shop.room.let_in("old-erp")
    before = shop.printed()
    no_phone = {"data": {"receiver": {"name": "测试丙", "address": "浙江省金华市义乌市机场路3号"}}}
    starred = {
        "data": {
            "receiver": {"name": "测**", "mobile": "199****0003", "address": "浙江省金华市义乌市机场路3号"}
        }
    }
    with erp(shop.address) as one:
        answer = one.ask("print", task=plain("T-mixed", consignee(3), no_phone, starred, consignee(4)))
        assert answer["status"] == "success", answer["msg"]
        notice = one.notice("T-mixed")
    lines = {line["documentID"]: line for line in notice["printStatus"]}
    assert [lines[f"D{n}"]["status"] for n in (1, 2, 3, 4)] == ["success", "failed", "failed", "success"]
    assert "电话" in lines["D2"]["msg"]
    assert "星号" in lines["D3"]["msg"]
    assert "测试丙" not in json.dumps(notice, ensure_ascii=False)
    assert shop.printed() == before + 2


def test_every_frozen_message_with_a_whole_consignee_prints_one_masked_label(shop: Shop) -> None:
    """Whatever an ERP calls its fields and however it wraps them."""
    shop.room.let_in("old-erp")
    # A waybill number without a sort code makes no label; those messages are for the shapes of others.
    whole = [
        case for case in CASES if all(e.get("person") for e in case["expect"]) and case["platform"] == "erp"
    ]
    # All have one frame around one document: the first is sent as it stands, the documents of the others in one task,
    # because each message costs a process. `shim/test_cases.py` judges every one of them as it stands.
    (frame, _), *others = [(case["message"], case["message"]["task"]["documents"]) for case in whole]
    assert all(
        (message.keys(), message["task"].keys()) == (frame.keys(), frame["task"].keys())
        for message, _ in others
    )
    parts = [{**part, "documentID": f"D{n}"} for n, (_, (part,)) in enumerate(others, 1)]
    before = shop.printed()
    with erp(shop.address) as one:
        one.send(frame)
        answer = one.hear()
        assert answer["status"] == "success", answer["msg"]
        assert one.notice(frame["task"]["taskID"])["taskStatus"] == "printed"
        answer = one.ask("print", task={**frame["task"], "taskID": "T-whole", "documents": parts})
        assert answer["status"] == "success", answer["msg"]
        states = {line["documentID"]: line["status"] for line in one.notice("T-whole")["printStatus"]}
    ids = {f"D{n}": case["id"] for n, case in enumerate(whole[1:], 1)}
    assert {ids[n]: status for n, status in states.items()} == dict.fromkeys(ids.values(), "success")
    assert shop.printed() == before + len(whole)


def test_nobody_unpaired_gets_in_and_broken_frames_end_their_own_connection_alone(shop: Shop) -> None:
    shop.room.let_in("old-erp")
    for address, origin in ((shop.address, "https://elsewhere.example.invalid"), (shop.address[:-1], "")):
        with pytest.raises(InvalidStatus, match="403"), erp(address, origin=origin):
            pass
    with erp(shop.address) as one, erp(shop.address) as other:
        for text in ("{", "[]", '{"cmd": "print"}', '{"cmd": "getPrinters", "13857120031": 1}'):
            one.send(text)
            assert one.hear()["status"] in {"failed", "success"}
        with pytest.raises(ConnectionClosed):  # told as 1009, or cut while this side is still sending
            one.ask("getPrinters", x="y" * 2_000_000)
        other.connection.ping().wait(10)
        fragments = json.dumps({"cmd": "getPrinters", "requestID": "in parts"})
        other.connection.send([fragments[:7], fragments[7:9], fragments[9:]])
        assert other.hear()["requestID"] == "in parts"


def test_over_wss_a_whole_task_from_another_computer_prints(shop: Shop, tmp_path: Path) -> None:
    shop.room.let_in("old-erp")
    shown, kept = certificate(tmp_path)
    before = shop.printed()
    shop.room.stop()
    try:
        shop.settings("localhost", f'certificate = "{shown}"\nkey = "{kept}"')
        shop.room.start()
        address = shop.address.replace("ws://127.0.0.1", "wss://localhost")
        with erp(address, authority=shown) as one:
            some = [consignee(n) for n in range(100, 120)]
            assert one.ask("print", task=plain("T-wss", *some))["status"] == "success"
            assert one.notice("T-wss")["taskStatus"] == "printed"
    finally:
        shop.room.stop()
        shop.settings()
        shop.room.start()
    assert shop.printed() == before + 20
    assert len({shop.room.simulator.codes(n)["Code128"] for n in range(before, before + 20)}) == 20


def test_the_service_keeps_only_what_is_sealed_and_the_console_shows_the_gap(shop: Shop) -> None:
    shop.room.let_in("old-erp")
    with erp(shop.address) as one:
        one.ask("print", task=plain("T-kept", consignee(77, remark="请放门口")))
        one.notice("T-kept")
    until(lambda: shop.gap()[1] > 0, shop.gap)
    for path in ("/", "/lanes/", "/devices/compatibility/"):
        assert "1990000" not in shop.room.browser.get(path).text
    assert "old-erp" in shop.room.browser.get("/lanes/").text
    for folder in (shop.room.service.data, shop.room.home):
        for file in folder.rglob("*"):
            if file.is_file():
                assert b"19900000077" not in file.read_bytes(), file.name


def test_on_a_print_station_the_mode_is_refused_with_the_reason(shop: Shop) -> None:
    shop.room.stop()
    try:
        shop.settings()
        toml = shop.room.home / "agent.toml"
        toml.write_text('host_class = "station"\n' + toml.read_text("utf-8"), "utf-8")
        done = shop.room.service.cli("agent", "run", "--home", str(shop.room.home), "--key-store", "file")
        assert done.returncode == 2
        assert "compatibility mode does not run on a print station" in done.stderr
    finally:
        shop.settings()
        shop.room.start()


def test_an_agent_that_stops_ends_the_connections_and_leaves_no_child(shop: Shop) -> None:
    with erp(shop.address) as one, erp(shop.address):
        assert one.ask("getPrinters")["status"] == "success"
        assert shop.room.agent is not None
        children = psutil.Process(shop.room.agent.pid).children()
        assert shop.room.stop() == 0
        with pytest.raises(ConnectionClosed):
            one.hear()
        until(lambda: not any(child.is_running() for child in children))
    shop.room.start()
