"""A label sent to port 9100 is printed once, whatever the printer does."""

import asyncio
import contextlib
import dataclasses
import random
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from support.printer import Simulator

from waybillguard.agent.printers.model import Delivery
from waybillguard.agent.printers.raw import Patience, RawPrinter
from waybillguard.agent.printers.replies import zpl_standing
from waybillguard.agent.protocol import Language
from waybillguard.label import LabelContent, LabelSize, draw
from waybillguard.label.cpcl import to_cpcl
from waybillguard.label.escpos import to_escpos
from waybillguard.label.tspl import to_tspl
from waybillguard.label.zpl import to_zpl_full, to_zpl_hybrid, zpl_template

QUICK = Patience(connect=2, answer=0.3, piece=2, finish=1.0)
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
REFERENCE = "".join(random.Random(45).choices(BASE45, k=72))
LABEL = LabelContent(
    waybill_no="SX7200000000020", sort_code="浙-义乌-08", hub="义乌集散", carrier="示例速运", name="测**",
    phone="*******5678", address="浙江省金华市义乌市北苑街道示例路88号****", goods_class="服装",
    reference=REFERENCE, ticket="7F3AC91E", station="站07", printed_at="2026-11-24 13:05",
)  # fmt: skip


@pytest.fixture(scope="module")
def jobs() -> dict[str, tuple[bytes, Language]]:
    drawn = draw(LABEL, next(iter(LabelSize)), 203)
    hybrid = zpl_template(drawn.size, drawn.dpi) + to_zpl_hybrid(drawn)
    return {
        "tspl": (to_tspl(drawn), "tspl"), "full": (to_zpl_full(drawn), "zpl"), "hybrid": (hybrid, "zpl"),
        "cpcl": (to_cpcl(drawn), "cpcl"), "escpos": (to_escpos(drawn), "escpos"),
    }  # fmt: skip


def deliver(
    simulator: Simulator, job: tuple[bytes, Language], begin: Callable[[], None] = lambda: None
) -> Delivery:
    async def send() -> Delivery:
        printer = RawPrinter("127.0.0.1", simulator.port, job[1], patience=QUICK)
        try:
            return await printer.deliver(*job, begin)
        finally:
            await printer.close()

    return asyncio.run(send())


@pytest.mark.parametrize("form", ["tspl", "full", "hybrid", "cpcl", "escpos"])
def test_what_the_printer_draws_reads_back_as_what_was_asked(
    form: str, jobs: dict[str, tuple[bytes, Language]]
) -> None:
    with Simulator() as simulator:
        assert deliver(simulator, jobs[form]) == Delivery("sent")
        assert len(simulator.labels) == 1
        assert simulator.codes() == {"Code128": "SX7200000000020", "QRCode": REFERENCE}
        assert (simulator.faults, simulator.ignored, simulator.lost) == ([], [], 0)


@pytest.mark.parametrize("form", ["cpcl", "escpos"])
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_the_very_dots_that_were_checked_are_burnt(form: Language, size: LabelSize, dpi: int) -> None:
    drawn = draw(LABEL, size, dpi)
    job = to_cpcl(drawn) if form == "cpcl" else to_escpos(drawn)
    with Simulator(speaks=form, head=drawn.bitmap.shape[1], dpi=dpi, band_rows=255) as simulator:
        assert deliver(simulator, (job, form)) == Delivery("sent")
        assert np.array_equal(simulator.dots(0), drawn.bitmap)
        assert (simulator.faults, simulator.ignored, simulator.lost, simulator.scraps) == ([], [], 0, [])


@pytest.mark.parametrize("form", ["cpcl", "escpos"])
def test_a_slow_printer_is_waited_for(form: str, jobs: dict[str, tuple[bytes, Language]]) -> None:
    with Simulator(speed=0.5) as simulator:
        assert deliver(simulator, jobs[form]) == Delivery("sent")
        assert len(simulator.labels) == 1


def test_questions_within_a_picture_are_not_taken_for_ours() -> None:
    """The bytes of a picture may read as real-time questions, which an ESC/POS printer answers at once."""
    drawn = draw(LABEL, LabelSize.S76X130, 203)
    bitmap = drawn.bitmap.copy()
    bitmap[40:90, 8:32] = np.unpackbits(np.frombuffer(b"\x10\x04\x01", dtype=np.uint8)).astype(np.bool_)
    job = to_escpos(dataclasses.replace(drawn, bitmap=bitmap))
    assert b"\x10\x04\x01" in job
    with Simulator(speaks="escpos", speed=0.2) as simulator:
        assert [deliver(simulator, (job, "escpos")) for _ in range(3)] == [Delivery("sent")] * 3
        assert len(simulator.labels) == 3


def test_a_full_battery_is_not_asked_for(jobs: dict[str, tuple[bytes, Language]]) -> None:
    with Simulator(battery_low=True, was_reset=True) as simulator:
        assert deliver(simulator, jobs["cpcl"]) == Delivery("sent")


@pytest.mark.parametrize("trouble", ["cutter_stuck", "head_hot"])
def test_a_receipt_printer_in_trouble_is_sent_nothing(
    trouble: str, jobs: dict[str, tuple[bytes, Language]]
) -> None:
    with Simulator(speaks="escpos") as simulator:
        setattr(simulator, trouble, True)
        assert deliver(simulator, jobs["escpos"]) == Delivery("failed", "printer_error")
        assert simulator.labels == []


@pytest.mark.parametrize("form", ["tspl", "full", "cpcl", "escpos"])
def test_a_printer_without_paper_is_sent_nothing(form: str, jobs: dict[str, tuple[bytes, Language]]) -> None:
    begun: list[int] = []
    with Simulator(paper=0) as simulator:
        assert deliver(simulator, jobs[form], lambda: begun.append(1)) == Delivery("failed", "paper_out")
        simulator.load(10)
        assert (simulator.labels, begun) == ([], [])
        assert deliver(simulator, jobs[form]) == Delivery("sent")
        assert len(simulator.labels) == 1


@pytest.mark.parametrize("form", ["tspl", "full", "cpcl", "escpos"])
def test_paper_that_runs_out_under_a_label_leaves_it_with_the_printer(
    form: str, jobs: dict[str, tuple[bytes, Language]]
) -> None:
    with Simulator() as simulator:
        simulator.on_bytes = lambda taken: taken > 100 and setattr(simulator, "paper", 0)  # type: ignore[func-returns-value]
        assert deliver(simulator, jobs[form]) == Delivery("uncertain", "paper_out")
        simulator.on_bytes = None
        simulator.load(10)
        assert len(simulator.labels) == 1


def test_paper_that_is_put_in_again_in_time_makes_it_sent(jobs: dict[str, tuple[bytes, Language]]) -> None:
    import threading

    with Simulator() as simulator:
        simulator.on_bytes = lambda taken: taken > 100 and setattr(simulator, "paper", 0)  # type: ignore[func-returns-value]

        def refill() -> None:
            simulator.on_bytes = None
            simulator.load(10)

        timer = threading.Timer(0.5, refill)
        timer.start()
        assert deliver(simulator, jobs["tspl"]) == Delivery("sent")
        timer.join()
        assert len(simulator.labels) == 1


def test_an_open_head_stops_a_job_before_it_begins(jobs: dict[str, tuple[bytes, Language]]) -> None:
    with Simulator(head_open=True) as simulator:
        assert deliver(simulator, jobs["tspl"]) == Delivery("failed", "head_open")
        assert deliver(simulator, jobs["full"]) == Delivery("failed", "head_open")


def test_a_printer_that_is_off_is_sent_nothing(jobs: dict[str, tuple[bytes, Language]]) -> None:
    begun: list[int] = []
    with Simulator() as simulator:
        simulator.power_off()
        assert deliver(simulator, jobs["tspl"], lambda: begun.append(1)) == Delivery(
            "failed", "printer_offline"
        )
    assert begun == []


def test_a_printer_switched_off_in_mid_job_leaves_it_uncertain(
    jobs: dict[str, tuple[bytes, Language]],
) -> None:
    with Simulator(cut_after=20_000) as simulator:
        assert deliver(simulator, jobs["tspl"]) == Delivery("uncertain", "connection_lost")
        assert simulator.labels == []


@pytest.mark.parametrize("form", ["tspl", "full", "cpcl"])
def test_a_printer_that_falls_silent_behind_a_label_leaves_it_uncertain(
    form: str, jobs: dict[str, tuple[bytes, Language]]
) -> None:
    with Simulator() as simulator:

        def pull_the_cable() -> None:
            simulator.answers = False

        assert deliver(simulator, jobs[form], pull_the_cable) == Delivery("uncertain", "printer_offline")


@pytest.mark.parametrize("form", ["tspl", "full"])
def test_a_printer_that_answers_again_after_a_while_is_waited_for(
    form: str, jobs: dict[str, tuple[bytes, Language]]
) -> None:
    with Simulator() as simulator:

        def busy() -> None:
            simulator.answers = False
            threading.Timer(0.5, setattr, (simulator, "answers", True)).start()

        assert deliver(simulator, jobs[form], busy) == Delivery("sent")
        assert len(simulator.labels) == 1


def test_a_printer_that_never_answers_takes_every_byte(jobs: dict[str, tuple[bytes, Language]]) -> None:
    with Simulator(answers=False) as simulator:
        assert deliver(simulator, jobs["tspl"]) == Delivery("sent")
        simulator.wait_for(1)
        assert simulator.codes()["Code128"] == "SX7200000000020"


def test_a_language_the_printer_does_not_speak_is_not_sent(jobs: dict[str, tuple[bytes, Language]]) -> None:
    async def send() -> Delivery:
        with Simulator() as simulator:
            printer = RawPrinter("127.0.0.1", simulator.port, "zpl", patience=QUICK)
            return await printer.deliver(jobs["tspl"][0], "tspl", lambda: None)

    assert asyncio.run(send()) == Delivery("failed", "language")


def test_begin_comes_before_the_first_byte_of_the_job(jobs: dict[str, tuple[bytes, Language]]) -> None:
    seen: list[int] = []
    with Simulator() as simulator:
        deliver(simulator, jobs["tspl"], lambda: seen.append(simulator.received))
        assert seen == [len(b"\x1b!?")]


def test_many_labels_go_out_on_one_connection_in_order(jobs: dict[str, tuple[bytes, Language]]) -> None:
    async def send(simulator: Simulator) -> list[Delivery]:
        printer = RawPrinter("127.0.0.1", simulator.port, "tspl", patience=QUICK)
        try:
            return [await printer.deliver(*jobs["tspl"], lambda: None) for _ in range(20)]
        finally:
            await printer.close()

    with Simulator() as simulator:
        assert asyncio.run(send(simulator)) == [Delivery("sent")] * 20
        assert len(simulator.labels) == 20
        assert len(simulator._open) == 1


def test_an_answer_without_end_is_no_answer_and_holds_nothing_up() -> None:
    async def scene() -> str:
        async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                await _reader.read(64)
                for _ in range(64):
                    writer.write(b"\x02" * 4_096)
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        printer = RawPrinter("127.0.0.1", server.sockets[0].getsockname()[1], "zpl", patience=QUICK)
        try:
            return (await printer.standing()).state
        finally:
            await printer.close()
            server.close()

    begun = time.process_time()
    assert asyncio.run(scene()) == "unknown"
    assert time.process_time() - begun < 2


def test_an_answer_of_openings_alone_is_read_at_once() -> None:
    begun = time.process_time()
    assert zpl_standing(b"\x02" * 100_000) is None
    assert time.process_time() - begun < 1
