"""The protocol over real sockets: printing by reference, refusals, lane A, faults."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from agent.shim.conftest import Notebook, Station, reference, task
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from waybillguard.agent.shim import Limits, Outcome, Pairings, ShimError, ShimServer

type Run = Callable[..., None]
CONSIGNEE = {
    "data": {"recipient": {"name": "测试甲", "mobile": "13800000000", "address": {"detail": "测试路1号"}}}
}
ENVELOPE = {
    "encryptedData": "AES:" + base64.b64encode(hashlib.shake_128(b"cipher").digest(120)).decode(),
    "templateURL": "http://template.invalid/1",
    "ver": "waybill_print",
}


def test_printers_are_listed_with_the_default_one(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            heard = await erp.ask("getPrinters")
        assert heard["requestID"] == "r1"
        assert heard["defaultPrinter"] == "Label 1"
        assert [p["status"] for p in heard["printers"]] == ["enable", "disable"]

    station(scene)


def test_orders_are_printed_by_reference_and_the_result_is_told(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            heard = await erp.ask("print", task=task(reference("A-1001"), reference("A-1002")))
            assert (heard["cmd"], heard["status"], heard["taskID"]) == ("print", "success", "T1")
            told = await erp.hear()
            assert told["cmd"] == "notifyPrintResult"
            assert told["taskStatus"] == "printed"
            assert [line["documentID"] for line in told["printStatus"]] == ["D1", "D2"]
            asked = await erp.ask("getTaskStatus", taskID=["T1", "T9"])
            assert [line["status"] for line in asked["printStatus"][0]["detailStatus"]] == ["success"] * 2
            assert asked["printStatus"][1] == {"taskID": "T9", "detailStatus": []}
        assert at.desk.taken[0][0] == [("D1", "A-1001"), ("D2", "A-1002")]

    station(scene)


def test_a_message_with_a_consignee_is_refused_recorded_and_answered_with_the_way(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            heard = await erp.ask("print", task=task(CONSIGNEE))
        assert heard["status"] == "failed"
        assert "orderNo" in heard["msg"]
        assert not any(
            word in json.dumps(heard, ensure_ascii=False) for word in ("测试甲", "13800000000", "测试路")
        )
        assert at.desk.taken == []
        assert at.desk.refusals == [("plaintext_refused", "erp")]

    station(scene)


def test_one_consignee_among_references_stops_the_whole_task(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            heard = await erp.ask("print", task=task(reference(), CONSIGNEE))
        assert heard["status"] == "failed"
        assert at.desk.taken == []

    station(scene)


@pytest.mark.parametrize(
    "printer", ["Microsoft Print to PDF", "Adobe PDF", "Fax", "OneNote", "TSC (重定向 2)"]
)
def test_printers_that_make_no_paper_are_refused(station: Run, printer: str) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            heard = await erp.ask("print", task=task(reference(), printer=printer))
        assert heard["status"] == "failed"
        assert at.desk.refusals == [("virtual_printer", "erp")]

    station(scene)


def test_a_preview_is_refused(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            heard = await erp.ask("print", task=task(reference(), preview=True, previewType="pdf"))
        assert heard["status"] == "failed"
        assert at.desk.refusals == [("preview", "erp")]

    station(scene)


def test_a_task_sent_again_prints_nothing_again(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            await erp.ask("print", task=task(reference()))
            await erp.hear()
            assert (await erp.ask("print", task=task(reference())))["status"] == "success"
            assert (await erp.hear())["taskStatus"] == "printed"
        async with at.erp() as again:
            assert (await again.ask("print", task=task(reference())))["status"] == "success"
        assert len(at.desk.taken) == 1

    station(scene)


def test_a_task_number_used_for_other_labels_is_refused(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            await erp.ask("print", task=task(reference("A-1001")))
            await erp.hear()
            heard = await erp.ask("print", task=task(reference("A-1002")))
        assert heard["status"] == "failed"
        assert len(at.desk.taken) == 1

    station(scene)


def test_what_the_desk_refuses_may_be_sent_again(station: Run) -> None:
    desk = Notebook(refuses=True)

    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            assert "no such order" in (await erp.ask("print", task=task(reference())))["msg"]
            desk.refuses = False
            assert (await erp.ask("print", task=task(reference())))["status"] == "success"

    station(scene, desk=desk)


def test_a_task_that_breaks_off_is_called_uncertain_and_never_printed(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            await erp.ask("print", task=task(reference()))
            told = await erp.hear()
        assert told["taskStatus"] == "failed"
        assert told["printStatus"][0]["detail"] == Outcome.UNCERTAIN
        assert "勿直接重发" in told["printStatus"][0]["msg"]

    station(scene, desk=Notebook(breaks=True))


def test_while_a_task_prints_others_are_answered(station: Run) -> None:
    async def scene(at: Station) -> None:
        at.desk.gate = asyncio.Event()
        async with at.erp() as erp:
            await erp.ask("print", task=task(reference()))
            asked = await erp.ask("getTaskStatus", taskID=["T1"])
            assert asked["printStatus"][0]["detailStatus"][0]["status"] == "pending"
            at.desk.gate.set()
            assert (await erp.hear())["taskStatus"] == "printed"

    station(scene)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "null",
        '{"cmd": 5}',
        '{"cmd": "eval"}',
        '{"cmd": "print"}',
        '{"cmd": "print", "task": {"taskID": "1", "documents": []}}',
        '{"cmd": "print", "task": {"taskID": "1", "documents": [{"documentID": "1"}]}}',
        '{"cmd": "print", "task": {"taskID": "1", "documents": [5]}}',
        '{"cmd": "getTaskStatus", "taskID": {"a": 1}}',
        "[" * 100_000,
    ],
)
def test_malformed_messages_get_an_answer_and_the_connection_lives_on(station: Run, frame: str) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            await erp.connection.send(frame)
            assert (await erp.hear())["status"] == "failed"
            assert (await erp.ask("getAgentInfo"))["status"] == "success"

    station(scene)


def test_another_print_client_is_refused_in_its_own_form(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            await erp.connection.send('{"orderType": "GET_Printers", "key": "k7", "parameters": {}}')
            heard = await erp.hear()
            assert (heard["orderType"], heard["key"], heard["success"]) == ("GET_Printers", "k7", "false")
            assert heard["message"]

    station(scene)


def test_a_task_number_stays_a_number(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            asked = task(reference("A-1001")) | {"taskID": 77}
            assert (await erp.ask("print", task=asked))["taskID"] == 77
            assert (await erp.hear())["taskID"] == 77
            assert (await erp.ask("getTaskStatus", taskID=[77]))["printStatus"][0]["taskID"] == 77

    station(scene)


def test_an_oversized_message_ends_its_own_connection_only(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as other, at.erp() as erp:
            await erp.connection.send("x" * 20_000)
            with pytest.raises(ConnectionClosed):
                await erp.hear()
            assert (await other.ask("getAgentInfo"))["status"] == "success"

    station(scene, limits=Limits(message=10_000))


def test_whoever_is_not_paired_is_turned_away(station: Run) -> None:
    async def scene(at: Station) -> None:
        for token, origin in (("", None), ("0" * 32, None), (None, "https://evil.invalid")):
            with pytest.raises(InvalidStatus):
                async with at.erp(token, origin):
                    pass
        async with at.erp(origin="https://erp.invalid") as erp:
            assert (await erp.ask("getAgentInfo"))["status"] == "success"

    station(scene, origin="https://erp.invalid")


def test_a_pairing_that_ended_opens_no_new_connection(station: Run) -> None:
    async def scene(at: Station) -> None:
        at.pairings.remove("erp")
        with pytest.raises(InvalidStatus):
            async with at.erp():
                pass

    station(scene)


def test_a_pairing_that_ends_prints_nothing_more_on_an_open_connection(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with at.erp() as erp:
            assert (await erp.ask("print", task=task(reference())))["status"] == "success"
            await erp.hear()
            at.pairings.remove("erp")
            at.pairings.add("erp", "", at="2026-11-25T00:00:00+00:00")  # paired anew: another token
            with pytest.raises(ConnectionClosed):
                await erp.ask("print", task=task(reference(), number="T2"))
        assert len(at.desk.taken) == 1

    station(scene)


def test_who_has_not_shaken_hands_holds_a_place_and_not_more(station: Run) -> None:
    async def scene(at: Station) -> None:
        port = int(at.address.rpartition(":")[2])
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        await asyncio.sleep(0.2)
        with pytest.raises(InvalidStatus, match="503"):
            async with at.erp():
                pass
        for _, writer in idle:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.2)
        async with at.erp() as erp:
            assert (await erp.ask("getPrinters"))["status"] == "success"

    station(scene, limits=Limits(connections=2))


def test_a_thousand_clients_are_served_and_the_next_is_turned_away(station: Run) -> None:
    async def scene(at: Station) -> None:
        async with asyncio.TaskGroup() as group:
            ready = asyncio.Semaphore(0)
            leave = asyncio.Event()

            async def client() -> None:
                async with at.erp() as erp:
                    assert (await erp.ask("getPrinters"))["status"] == "success"
                    ready.release()
                    await leave.wait()

            for _ in range(10):
                for _ in range(100):
                    group.create_task(client())
                for _ in range(100):
                    await ready.acquire()
            with pytest.raises(InvalidStatus):
                async with at.erp():
                    pass
            leave.set()

    station(scene)


def test_numbers_of_tasks_and_documents_come_back_as_they_came(station: Run) -> None:
    async def scene(at: Station) -> None:
        asked = task(reference(), number=0)
        asked["documents"][0]["documentID"] = 41
        async with at.erp() as erp:
            assert (await erp.ask("print", task=asked))["taskID"] == 0
            notice = await erp.hear()
            assert (notice["taskID"], notice["printStatus"][0]["documentID"]) == (0, 41)
            polled = (await erp.ask("getTaskStatus", taskID=[0]))["printStatus"][0]
            assert (polled["taskID"], polled["detailStatus"][0]["documentID"]) == (0, 41)

    station(scene)


def test_without_tls_only_loopback_is_served(tmp_path: object) -> None:
    async def scene() -> None:
        shim = ShimServer(Notebook(), Pairings(tmp_path / "p.json"))  # type: ignore[operator]
        with pytest.raises(ShimError, match="TLS"):
            await shim.start("0.0.0.0", 0)

    asyncio.run(scene())


class TestLaneA:
    """A platform's own component stands behind the shim."""

    default = "Label 9"

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        body = {"cmd": asked["cmd"], "requestID": asked["requestID"], "status": "success"}
        match asked["cmd"]:
            case "getPrinterList":
                default = {"name": self.default, "isDefault": True}
                return {**body, "printerList": [{"name": "Label 8", "isDefault": False}, default]}
            case "getPrinters":
                names = ["Fax", "Label 9", "Label 8", "Microsoft Print to PDF"]
                return {
                    **body,
                    "printers": [{"name": name} for name in names],
                    "defaultPrinter": self.default,
                }
            case "getPrinterConfig":
                size = {"width": 100, "height": 180}
                return {**body, "printer": {"name": asked["printer"], "paperSize": size}}
        return body

    def with_component(self, station: Run, scene: Callable[[Station, list[str]], object]) -> None:
        heard: list[str] = []

        async def component(connection: ServerConnection) -> None:
            async for frame in connection:
                asked = json.loads(frame)
                asked.setdefault("cmd", asked.get("command"))
                if asked["cmd"] not in {"getPrinters", "getPrinterList"}:
                    heard.append(str(frame))
                body = self._answer(asked)
                await connection.send(json.dumps(body))
                if asked["cmd"] == "print" and asked.get("task", {}).get("printer") == "Label 9":
                    said = [{"documentID": "D1", "status": "failed", "msg": "缺纸", "detail": "paper out"}]
                    notice = {
                        "cmd": "notifyPrintResult",
                        "taskID": asked["task"]["taskID"],
                        "printStatus": said,
                    }
                    await connection.send(json.dumps(notice))

        async def play(port_of: asyncio.Future[int], done: asyncio.Event) -> None:
            async with serve(component, "127.0.0.1", 0) as server:
                port_of.set_result(server.sockets[0].getsockname()[1])
                await done.wait()

        import threading

        loop = asyncio.new_event_loop()
        port_of: asyncio.Future[int] = loop.create_future()
        done = asyncio.Event()
        thread = threading.Thread(target=lambda: loop.run_until_complete(play(port_of, done)))
        thread.start()
        try:
            while not port_of.done():
                pass

            async def run(at: Station) -> None:
                await scene(at, heard)  # type: ignore[misc]

            station(run, upstream=f"ws://127.0.0.1:{port_of.result()}")
        finally:
            loop.call_soon_threadsafe(done.set)
            thread.join()
            loop.close()

    def test_ciphertext_goes_on_value_for_value_and_its_number_is_recorded(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            frame = json.dumps(
                {
                    "cmd": "print",
                    "requestID": "r7",
                    "version": "1.0",
                    "task": task(ENVELOPE, printer="Label 9"),
                },
                indent=3,
            )
            async with at.erp() as erp:
                await erp.connection.send(frame)
                assert (await erp.hear())["requestID"] == "r7"
            assert [json.loads(one) for one in heard] == [json.loads(frame)]
            assert all(isinstance(one, str) and ENVELOPE["encryptedData"] in one for one in heard)
            assert at.desk.handed_on == [("D1", "Label 9")]

        self.with_component(station, scene)

    @pytest.mark.parametrize("key", ["version", "ERPId", "command"])
    def test_a_consignee_beside_the_task_does_not_go_on(self, station: Run, key: str) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            async with at.erp() as erp:
                said = await erp.ask("print", task=task(ENVELOPE), **{key: "测试甲 13800000000"})
            assert (said["status"], heard, at.desk.handed_on) == ("failed", [], [])

        self.with_component(station, scene)

    @pytest.mark.parametrize("key", ["previewType", "notifyMode", "notifyType"])
    def test_a_consignee_in_how_to_print_does_not_go_on(self, station: Run, key: str) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            async with at.erp() as erp:
                for value in ("测试甲", ["print", "13800000000"], {"x": "测试路1号"}, "x " * 300):
                    said = await erp.ask("print", task=task(ENVELOPE, **{key: value}))
                    assert said["status"] == "failed"
            assert (heard, at.desk.handed_on) == ([], [])

        self.with_component(station, scene)

    def test_of_a_key_that_came_twice_only_what_was_judged_goes_on(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            body = json.dumps({"cmd": "print", "requestID": "r1", "task": task(ENVELOPE)})
            async with at.erp() as erp:
                await erp.connection.send('{"version": "13800000000", "version": "1.0", ' + body[1:])
                await erp.hear()
            assert [json.loads(one)["version"] for one in heard] == ["1.0"]
            assert "13800000000" not in heard[0]

        self.with_component(station, scene)

    def test_its_printers_are_listed_without_those_that_make_no_paper(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            async with at.erp() as erp:
                names = [p["name"] for p in (await erp.ask("getPrinters"))["printers"]]
            assert names == ["Label 1", "Label 2", "Label 9", "Label 8"]
            assert heard == []

        self.with_component(station, scene)

    def test_its_printer_stays_known_and_answers_for_itself(self, station: Run) -> None:
        async def scene(at: Station, _heard: list[str]) -> None:
            async with at.erp() as erp:
                config = await erp.ask("getPrinterConfig", printer="Label 9")
                assert (config["requestID"], config["printer"]["paperSize"]["width"]) == ("r1", 100)
                refused = await erp.ask("print", task=task(reference(), printer="Label 9"))
                assert (refused["status"], "平台打印组件" in refused["msg"]) == ("failed", True)
                unknown = await erp.ask("getPrinterConfig", printer="Label 10")
                assert "没有这台打印机" in unknown["msg"]
            assert at.desk.taken == []

        self.with_component(station, scene)

    def test_a_task_that_was_passed_on_polls_with_what_became_of_it(self, station: Run) -> None:
        async def scene(at: Station, _heard: list[str]) -> None:
            async with at.erp() as erp:
                await erp.ask("print", task=task(ENVELOPE, number=7, printer="Label 8"))
                polled = (await erp.ask("getTaskStatus", taskID=[7]))["printStatus"][0]
                assert polled["taskID"] == 7
                assert [(one["status"], one["detail"]) for one in polled["detailStatus"]] == [
                    ("pending", "passed_on")
                ]
                await erp.ask("print", task=task(ENVELOPE, number="T8", printer="Label 9"))
                assert (await erp.hear())["cmd"] == "notifyPrintResult"
                polled = (await erp.ask("getTaskStatus", taskID=["T8"]))["printStatus"][0]
                (line,) = polled["detailStatus"]
                assert (line["status"], line["msg"], line["printer"]) == ("failed", "缺纸", "Label 9")

        self.with_component(station, scene)

    def test_ciphertext_for_a_pdf_printer_never_reaches_it(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            async with at.erp() as erp:
                heard_back = await erp.ask("print", task=task(ENVELOPE, printer="Microsoft Print to PDF"))
            assert heard_back["status"] == "failed"
            assert heard == []

        self.with_component(station, scene)

    @pytest.mark.parametrize("default", ["Label 9", "", "Microsoft Print to PDF", "Label 10"])
    def test_without_a_printer_the_components_default_is_written_in_if_it_makes_paper(
        self, station: Run, default: str
    ) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            async with at.erp() as erp:
                said = await erp.ask("print", task=task(ENVELOPE))
            if default == "Label 9":
                assert [json.loads(one)["task"]["printer"] for one in heard] == ["Label 9"]
                assert at.desk.handed_on == [("D1", "Label 9")]
            else:
                assert (said["status"], heard, at.desk.handed_on) == ("failed", [], [])
                assert at.desk.refusals == [("virtual_printer", "erp")]

        self.default = default
        self.with_component(station, scene)

    def test_a_printer_that_the_component_does_not_list_gets_no_ciphertext(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            async with at.erp() as erp:
                for printer in ("Label 10", "label 9", "Fax"):
                    said = await erp.ask("print", task=task(ENVELOPE, printer=printer))
                    assert said["status"] == "failed"
            assert (heard, at.desk.handed_on) == ([], [])

        self.with_component(station, scene)

    @pytest.mark.parametrize("key", ["printer", "Printer"])
    def test_a_second_printer_beside_the_one_that_was_judged_does_not_go_on(
        self, station: Run, key: str
    ) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            asked = task(ENVELOPE, printer="Label 9")
            async with at.erp() as erp:
                assert (await erp.ask("print", task=asked, **{key: "Label 8"}))["status"] == "failed"
                said = await erp.ask("print", task=asked, **{key: {"name": "Label 8"}})
                assert said["status"] == "failed"
                asked["documents"][0][key] = "Microsoft Print to PDF"
                assert (await erp.ask("print", task=asked))["status"] == "failed"
            assert (heard, at.desk.handed_on) == ([], [])

        self.with_component(station, scene)

    def test_a_preview_is_refused_wherever_it_is_asked_for(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            asked = task(ENVELOPE, printer="Label 9")
            listed = [{"taskID": "W1", "printInfo": ENVELOPE["encryptedData"], "preview": True}]
            beside = {**asked, "documents": [{**asked["documents"][0], "preview": True}]}
            async with at.erp() as erp:
                for body in (
                    {"task": asked, "preview": True},
                    {"task": asked, "Preview": 1},
                    {"task": beside},
                    {"taskList": listed, "printer": "Label 9"},
                ):
                    assert (await erp.ask("print", **body))["status"] == "failed"
            assert heard == []
            assert {kind for kind, _ in at.desk.refusals} == {"preview"}

        self.with_component(station, scene)

    def test_a_wechat_request_goes_on_with_the_printer_written_in(self, station: Run) -> None:
        async def scene(at: Station, heard: list[str]) -> None:
            listed = [{"taskID": "W1", "printInfo": ENVELOPE["encryptedData"]}]
            async with at.erp() as erp:
                await erp.ask("print", taskList=listed, printer="")
                said = await erp.ask("print", taskList=listed, printer="", task={"printer": "Label 8"})
            assert said["status"] == "failed"
            assert [json.loads(one)["printer"] for one in heard] == ["Label 9"]

        self.with_component(station, scene)

    def test_without_a_component_the_answer_says_where_to_send_it(self, station: Run) -> None:
        async def scene(at: Station) -> None:
            async with at.erp() as erp:
                assert "平台" in (await erp.ask("print", task=task(ENVELOPE)))["msg"]

        station(scene)

    def test_a_component_that_is_off_is_named_and_nothing_is_recorded(self, station: Run) -> None:
        async def scene(at: Station) -> None:
            async with at.erp() as erp:
                assert (await erp.ask("print", task=task(ENVELOPE)))["status"] == "failed"
            assert at.desk.handed_on == []

        station(scene, upstream="ws://127.0.0.1:1")
