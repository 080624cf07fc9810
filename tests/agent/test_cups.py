"""Labels through a real CUPS: printed once, refused where the queue leads to a file, gone from the spool."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from support.cups import CUPSD, LPADMIN, Cups
from support.missing import missing
from support.printer import Simulator

from waybillguard.agent.printers.ipp import IppPrinter
from waybillguard.agent.printers.model import Delivery, Standing
from waybillguard.agent.printers.raw import Patience

QUICK = Patience(connect=5, answer=2, piece=10, finish=12)
JOB = b"SIZE 76 mm,130 mm\r\nCLS\r\nBITMAP 0,0,76,1040,0," + bytes(76 * 1040) + b"\r\nPRINT 1,1\r\n"


@pytest.fixture(scope="module")
def cups() -> Iterator[Cups]:
    if not (CUPSD and LPADMIN):
        missing("CUPS", "apt install cups-daemon cups-client")
    with Cups() as running:
        yield running


def deliver(
    uri: str, begin: Callable[[], None] = lambda: None, *, patience: Patience = QUICK, serial: str = ""
) -> Delivery:
    return asyncio.run(IppPrinter(uri, patience=patience, serial=serial).deliver(JOB, "tspl", begin))


def standing(uri: str, **options: str) -> Standing:
    return asyncio.run(IppPrinter(uri, patience=QUICK, **options).standing())


def test_a_label_goes_through_the_queue_once_and_leaves_no_file(cups: Cups) -> None:
    begun: list[int] = []
    with Simulator(answers=False) as simulator:
        uri = cups.queue("label", f"socket://127.0.0.1:{simulator.port}")
        assert standing(uri).state == "ready"
        assert deliver(uri, lambda: begun.append(1)) == Delivery("sent")
        simulator.wait_for(1)
        assert (len(simulator.labels), simulator.faults, begun) == (1, [], [1])
    deadline = time.monotonic() + 5
    while cups.spooled() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cups.spooled() == []


def test_a_queue_that_writes_a_file_is_refused_before_a_byte_goes(cups: Cups) -> None:
    begun: list[int] = []
    uri = cups.queue("archive", "file:/dev/null")
    assert standing(uri) == Standing("refused", detail="file")
    assert deliver(uri, lambda: begun.append(1)) == Delivery("failed", "printer_refused")
    assert begun == []


def test_a_label_printer_that_understands_pdf_is_none_that_writes_it() -> None:
    found = {"printer-name": "label", "printer-device-id": "MFG:Brother;CMD:PDF,PWGRaster;MDL:QL-820NWB;"}
    printer = IppPrinter("ipp://127.0.0.1/label", serial="QL-820NWB")
    assert printer._judge({**found, "printer-state": 3}) == Standing("ready")
    assert printer._judge({"printer-device-id": "MFG:x;MDL:PDF Writer;"}) == Standing("refused", detail="pdf")


@pytest.mark.parametrize("device", ["socket://8.8.8.8:9100", "lpd://print.example.com/label"])
def test_a_queue_that_sends_labels_off_the_local_network_unencrypted_is_refused(
    cups: Cups, device: str
) -> None:
    uri = cups.queue("away", device)
    assert standing(uri) == Standing("refused", detail="away")
    assert deliver(uri) == Delivery("failed", "printer_refused")


@pytest.mark.parametrize("info", ["Microsoft Print to PDF", "Zebra (redirected 2)", "OneNote", "传真"])
def test_a_queue_described_as_a_virtual_printer_is_refused(cups: Cups, info: str) -> None:
    uri = cups.queue("shown", "socket://127.0.0.1:9", info=info)
    assert standing(uri).state == "refused"
    assert deliver(uri) == Delivery("failed", "printer_refused")


def test_a_queue_that_changed_into_a_file_is_refused_from_then_on(cups: Cups) -> None:
    with Simulator(answers=False) as simulator:
        uri = cups.queue("turncoat", f"socket://127.0.0.1:{simulator.port}")
        assert deliver(uri) == Delivery("sent")
        cups.queue("turncoat", "file:/dev/null")
        assert deliver(uri) == Delivery("failed", "printer_refused")


def test_a_stopped_queue_gets_nothing(cups: Cups) -> None:
    uri = cups.queue("stopped", "socket://127.0.0.1:9", accepts=False)
    assert standing(uri).state == "paused"
    assert deliver(uri) == Delivery("failed", "paused")


def test_another_printer_at_the_pinned_address_is_refused(cups: Cups) -> None:
    uri = cups.queue("pinned", "socket://127.0.0.1:9")
    assert standing(uri, serial="12345678-not-this-one") == Standing("refused", detail="serial")


def test_a_printer_that_is_off_leaves_the_job_uncertain_and_nothing_in_the_queue(cups: Cups) -> None:
    with Simulator(answers=False) as simulator:
        uri = cups.queue("off", f"socket://127.0.0.1:{simulator.port}")
        simulator.power_off()
        result = deliver(uri, patience=Patience(connect=5, answer=2, piece=10, finish=3))
        assert result.outcome == "uncertain"
        simulator.power_on()
        time.sleep(4)  # CUPS tries again every second
        assert simulator.labels == []


def test_nobody_there_is_offline() -> None:
    assert standing("ipp://127.0.0.1:9/printers/none").state == "offline"
    assert deliver("ipp://127.0.0.1:9/printers/none") == Delivery("failed", "printer_offline")


def test_an_unknown_queue_is_offline(cups: Cups) -> None:
    assert deliver(f"ipp://127.0.0.1:{cups.port}/printers/nowhere") == Delivery("failed", "printer_offline")


def test_a_secure_queue_is_believed_only_with_its_certificate(cups: Cups) -> None:
    import ssl

    with Simulator(answers=False) as simulator:
        plain = cups.queue("secure", f"socket://127.0.0.1:{simulator.port}")
        uri = plain.replace("ipp://127.0.0.1", "ipps://localhost")
        assert deliver(uri) == Delivery("failed", "printer_offline")
        pem = cups.root / "cups.pem"
        pem.write_text(ssl.get_server_certificate(("localhost", cups.port)))
        printer = IppPrinter(uri, authority=str(pem), patience=QUICK)
        result = asyncio.run(printer.deliver(JOB, "tspl", lambda: None))
    assert result == Delivery("sent")


def test_the_http_client_of_ipp_is_loaded_only_for_such_a_printer() -> None:
    code = (
        "import sys, json; import waybillguard.agent.loop, waybillguard.agent.printers.choose;"
        "print(json.dumps('aiohttp' in sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) is False
