"""An ERP prints sealed orders by number: the real service, a real agent with its shim, a printer that draws."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.erp import by_reference, certificate, erp
from support.print_room import PrintRoom, own_shop, print_room, until
from support.running import free_port_pair
from websockets.exceptions import ConnectionClosed, InvalidStatus

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]

ORIGIN = "https://erp.example.invalid"
CLIENTS = 1000


class Shop:
    """The room with its shim, and the addresses of two ERPs: a program, and a web page."""

    def __init__(self, room: PrintRoom) -> None:
        self.room = room
        self.port = free_port_pair()
        self.loopback()
        self.address = room.pair("erp")
        self.page = room.pair("page", ORIGIN)

    def loopback(self) -> None:
        self.room.settings(more=f'[shim]\nlisten = "127.0.0.1:{self.port}"')

    def numbers(self, count: int) -> list[str]:
        found: list[str] = self.room.helper("numbers", str(count))
        return found

    def waybills(self, since: int = 0) -> list[str]:
        printer = self.room.simulator
        return [printer.codes(n)["Code128"] for n in range(since, len(printer.labels))]

    def printed(self) -> int:
        return len(self.room.simulator.labels)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with print_room(tmp_path_factory.mktemp("shim")) as room:
        room.seal(own_shop())
        made = Shop(room)
        room.enrol()
        yield made


def test_an_erp_sees_the_printer_prints_by_number_and_hears_what_became_of_it(shop: Shop) -> None:
    numbers = shop.numbers(3)
    with erp(shop.address) as one:
        seen = one.ask("getPrinters")
        assert (seen["defaultPrinter"], [p["name"] for p in seen["printers"]]) == ("label-1", ["label-1"])
        assert one.ask("getPrinterConfig", printer="label-1")["printer"]["paperSize"] == {
            "width": 76,
            "height": 130,
        }
        assert one.ask("print", task=by_reference("T-3", numbers))["status"] == "success"
        notice = one.notice("T-3")
        assert (notice["taskStatus"], [d["status"] for d in notice["printStatus"]]) == (
            "printed",
            ["success"] * 3,
        )
        (state,) = one.ask("getTaskStatus", taskID=["T-3"])["printStatus"]
        assert [line["status"] for line in state["detailStatus"]] == ["success"] * 3
    read = [shop.room.simulator.codes(n) for n in range(3)]
    assert len({code["Code128"] for code in read}) == len({code["QRCode"] for code in read}) == 3


def test_the_same_task_prints_nothing_again_also_after_the_agent_was_started_anew(shop: Shop) -> None:
    numbers, before = shop.numbers(2), shop.printed()
    task = by_reference("T-again", numbers)
    with erp(shop.address) as one:
        one.ask("print", task=task)
        one.notice("T-again")
    with erp(shop.address) as other:
        assert other.ask("print", task=task)["status"] == "success"
        assert other.notice("T-again")["taskStatus"] == "printed"
    shop.room.stop()
    shop.room.start()
    with erp(shop.address) as third:
        assert third.ask("print", task=task)["status"] == "success"
        assert third.notice("T-again")["taskStatus"] == "printed"
        assert "换新的 taskID" in third.ask("print", task=by_reference("T-again", shop.numbers(1)))["msg"]
    assert shop.printed() == before + 2


def test_plaintext_is_refused_and_recorded_and_the_answer_says_how_to_send_it(shop: Shop) -> None:
    before = shop.printed()
    cases = Path(__file__).parents[1] / "cases" / "shim" / "messages.jsonl"
    messages = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    plain = [m["message"] for m in messages if {e["kind"] for e in m["expect"]} == {"plaintext"}]
    with erp(shop.address) as one:
        for message in plain:
            one.send(message)
            answer = one.hear()
            assert answer["status"] == "failed"
            assert '{"data": {"orderNo": "订单号"}}' in answer["msg"], message

    def kept() -> bool:
        return len([n for n in shop.room.helper("notes") if n["code"] == "plaintext_refused"]) == len(plain)

    until(kept, lambda: shop.room.helper("notes")[-3:])
    noted: list[dict[str, Any]] = shop.room.helper("notes")
    assert {(n["erp"], n["document"], n["printer"]) for n in noted if n["code"] == "plaintext_refused"} == {
        ("erp", "", "")
    }
    assert shop.printed() == before


def test_whoever_is_not_paired_or_comes_from_another_page_is_turned_away(shop: Shop) -> None:
    elsewhere = [
        (shop.address, ORIGIN),
        (shop.page, "https://elsewhere.example.invalid"),
        (shop.page, ""),
        (shop.address[:-1], ""),
    ]
    for address, origin in elsewhere:
        with pytest.raises(InvalidStatus, match="403"), erp(address, origin=origin):
            pass
    with erp(shop.page, origin=ORIGIN) as page:
        assert page.ask("getPrinters")["status"] == "success"


def test_malformed_and_oversized_messages_hurt_nobody_else(shop: Shop) -> None:
    with erp(shop.address) as one, erp(shop.address) as other:
        for text in ("{", "[]", "null", '{"cmd": 1}', '{"cmd": "print"}', "\0", "[" * 100_000):
            one.send(text)
            assert one.hear()["status"] == "failed"
        one.send('{"cmd": "getPrinters", "x": "' + "y" * 2_000_000 + '"}')
        with pytest.raises(ConnectionClosed, match="1009"):
            one.hear()
        assert other.ask("getPrinters")["status"] == "success"


def test_a_thousand_clients_are_served_and_one_more_is_told_to_wait(shop: Shop) -> None:
    before, numbers = shop.printed(), shop.numbers(5)
    with ExitStack() as stack:
        clients = [stack.enter_context(erp(shop.address)) for _ in range(CLIENTS)]
        with pytest.raises(InvalidStatus, match="503"), erp(shop.address):
            pass
        for n, client in enumerate(clients):
            client.send({"cmd": "getPrinters", "requestID": f"r{n}"})
        assert [client.hear()["requestID"] for client in clients] == [f"r{n}" for n in range(CLIENTS)]
        # Two hundred of them send the same five tasks: each prints once.
        for n, client in enumerate(clients[:200]):
            client.send(
                {"cmd": "print", "requestID": "p", "task": by_reference(f"T-many-{n % 5}", [numbers[n % 5]])}
            )
        for n, client in enumerate(clients[:5]):
            assert client.notice(f"T-many-{n}")["taskStatus"] == "printed"
    with erp(shop.address) as after:
        assert after.ask("getPrinters")["status"] == "success"
    assert shop.printed() == before + 5


def test_an_agent_killed_in_mid_task_doubles_nothing_when_the_erp_sends_it_again(shop: Shop) -> None:
    before, task = shop.printed(), by_reference("T-killed", shop.numbers(6))
    shop.room.simulator.speed = 0.5
    with erp(shop.address) as one:
        answer = one.ask("print", task=task)
        assert answer["status"] == "success", answer["msg"]
        until(lambda: shop.printed() >= before + 2, shop.room.states)
        shop.room.kill()
    shop.room.simulator.speed = 0.0
    shop.room.start()
    with erp(shop.address) as again:
        assert again.ask("print", task=task)["status"] == "success"
        notice = again.notice("T-killed", 200)
    words = [line["detail"] for line in notice["printStatus"]]
    printed = shop.waybills(before)
    assert len(printed) == len(set(printed))
    # What the ERP hears as printed is printed; what it hears as failed is not; one may be uncertain.
    assert words.count("uncertain") <= 1
    assert words.count("printed") <= len(printed) <= words.count("printed") + words.count("uncertain")


def test_a_service_that_is_started_anew_in_mid_task_loses_and_doubles_nothing(shop: Shop) -> None:
    before, task = shop.printed(), by_reference("T-restart", shop.numbers(6))
    shop.room.simulator.speed = 0.5
    with erp(shop.address) as one:
        answer = one.ask("print", task=task)
        assert answer["status"] == "success", answer["msg"]
        until(lambda: shop.printed() >= before + 1, shop.printed)
        shop.room.service.kill()
        shop.room.service.stop()
        shop.room.service.start()
        notice = one.notice("T-restart", 200)
    shop.room.simulator.speed = 0.0
    assert [line["status"] for line in notice["printStatus"]] == ["success"] * 6
    printed = shop.waybills(before)
    assert len(printed) == len(set(printed)) == 6


def test_over_wss_the_same_is_served_to_other_computers(shop: Shop, tmp_path: Path) -> None:
    shown, kept = certificate(tmp_path)
    port, before = free_port_pair(), shop.printed()
    shop.room.stop()
    shop.room.settings(more=f'[shim]\nlisten = "localhost:{port}"\ncertificate = "{shown}"\nkey = "{kept}"')
    address = shop.room.pair("other-computer")
    assert address.startswith(f"wss://localhost:{port}/")
    shop.room.start()
    try:
        with erp(address, authority=shown) as one:
            assert one.ask("getPrinters")["defaultPrinter"] == "label-1"
            assert one.ask("print", task=by_reference("T-wss", shop.numbers(2)))["status"] == "success"
            notice = one.notice("T-wss")
        assert notice["taskStatus"] == "printed", str(notice["printStatus"])
        assert shop.printed() == before + 2
    finally:
        shop.room.stop()
        shop.loopback()
        shop.room.start()


def test_a_port_that_another_program_holds_is_waited_for(shop: Shop) -> None:
    shop.room.stop()
    with socket.create_server(("127.0.0.1", shop.port)):
        done = shop.room.service.cli("agent", "run", "--home", str(shop.room.home), "--key-store", "file")
        assert done.returncode == 3, "the unit starts it again, for the port may become free"
        assert f"cannot listen on 127.0.0.1:{shop.port}" in done.stderr
    shop.room.start()
    with erp(shop.address) as one:
        assert one.ask("getPrinters")["status"] == "success"
