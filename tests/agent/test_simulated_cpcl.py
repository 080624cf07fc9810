"""The simulated CPCL printer checks jobs against the manual of the language."""

import contextlib

import numpy as np
import pytest
from support.printer import Simulator
from support.wire import send, symbol

HEAD = b"! 0 200 200 240 1\r\nPAGE-WIDTH 320\r\n"
TAIL = b"GAP-SENSE\r\nFORM\r\nPRINT\r\n"
DOTS = symbol("WG-2026")
PACKED = np.packbits(DOTS, axis=1)


def binary(packed: bytes = PACKED.tobytes()) -> bytes:
    return HEAD + b"CG 40 240 0 0 " + packed + b"\r\n" + TAIL


def test_a_binary_graphic_comes_out_dot_for_dot() -> None:
    with Simulator() as printer:
        send(printer, binary())
        assert (printer.dots() == DOTS).all()
        assert printer.codes() == {"QRCode": "WG-2026"}
        assert printer.lost == 0
        assert (printer.faults, printer.ignored, printer.text_printed) == ([], [], "")


def test_a_hex_graphic_comes_out_the_same_in_either_case() -> None:
    with Simulator() as printer:
        hexed = PACKED.tobytes().hex().encode()
        send(
            printer,
            HEAD + b"EG 40 240 0 0 " + hexed.upper() + b"\r\n" + TAIL,
            HEAD + b"EG 40 240 0 0 " + hexed + b"\r\n" + TAIL,
        )
        assert (printer.dots(0) == DOTS).all()
        assert (printer.dots(1) == DOTS).all()


def test_binary_data_may_hold_anything_that_looks_like_a_command() -> None:
    wild = b"\r\nPRINT\r\n! 0 200 200 9 9\r\nABORT\r\n\x1bh\x10\x04\x01"
    packed = wild + bytes(40 * 240 - len(wild))
    with Simulator() as printer:
        assert send(printer, binary(packed)) == b""
        assert len(printer.labels) == 1
        assert np.packbits(printer.dots(), axis=1).tobytes() == packed


def test_a_job_may_come_byte_by_byte() -> None:
    job = binary()
    with Simulator() as printer:
        send(printer, *(job[at : at + 1] for at in range(120)), job[120:])
        assert (printer.dots() == DOTS).all()


def test_a_label_is_cut_to_its_height_and_its_page_width() -> None:
    square = b"\xff" * (40 * 240)
    with Simulator() as printer:
        send(printer, b"! 0 200 200 100 1\r\nPW 160\r\nCG 40 240 10 20 " + square + b"\r\nFORM\r\nPRINT\r\n")
        dots = printer.dots()
        assert dots.shape == (100, 160)
        assert dots[20:, 10:].all()
        assert not dots[:20].any()
        assert not dots[:, :10].any()
        assert printer.lost == 320 * 240 - 150 * 80


def test_no_page_width_goes_beyond_the_head() -> None:
    with Simulator(speaks="cpcl", head=200) as printer:
        send(printer, binary())
        assert (printer.dots() == DOTS[:, :200]).all()
        assert printer.dots().shape == (240, 200)
        assert printer.codes() == {"QRCode": "WG-2026"}


def test_offset_units_and_copies() -> None:
    with Simulator() as printer:
        send(
            printer,
            b"! 5 200 200 100 2\r\nIN-CENTIMETERS\r\nCG 1 1 1 0.5 \x80\r\nIN-DOTS\r\nCG 1 1 1 1 \x80\r\n"
            + TAIL,
        )
        assert len(printer.labels) == 2
        assert np.argwhere(printer.dots(1)).tolist() == [[1, 6], [40, 85]]


def test_bar_codes_of_the_printer_can_be_read() -> None:
    with Simulator() as printer:
        send(
            printer,
            b"! 0 200 200 400 1\r\n; drawn by the printer\r\nBARCODE 128 2 2 80 60 20 SX7200000000020\r\n"
            b"B QR 60 150 M 2 U 6\r\nMA,WG 1,2\r\nENDQR\r\n" + TAIL,
        )
        assert printer.codes() == {"Code128": "SX7200000000020", "QRCode": "WG 1,2"}
        assert printer.ignored == []


def test_settings_in_range_pass_and_others_are_told() -> None:
    with Simulator() as printer:
        send(
            printer,
            HEAD + b"SPEED 3\r\nTONE -20\r\nCONTRAST 2\r\nBAR-SENSE\r\nSPEED 9\r\nTWIRL 4\r\n" + TAIL,
        )
        assert printer.ignored == ["SPEED 9", "TWIRL 4"]
        assert len(printer.labels) == 1


def test_a_printer_that_wants_cr_lf_prints_nothing_of_a_job_with_line_feeds_alone() -> None:
    job = b"! 0 200 200 240 1\nFORM\nPRINT\n"
    with Simulator() as printer:
        send(printer, job)
        assert printer.labels == []
    with Simulator(line_end="ANY") as printer:
        send(printer, job)
        assert len(printer.labels) == 1


def test_the_line_end_can_be_set_as_the_manual_says() -> None:
    with Simulator() as printer:
        send(printer, b"! UTILITIES\r\nLT LF\r\nPRINT\r\n")
        send(printer, b"! 0 200 200 240 1\nFORM\nPRINT\n")
        assert len(printer.labels) == 1


def test_print_without_the_end_of_its_line_prints_nothing() -> None:
    with Simulator() as printer:
        send(printer, HEAD + b"FORM\r\nPRINT")
        assert printer.labels == []


@pytest.mark.parametrize("kept", [10, 60, 5000, len(binary()) - 7])
def test_a_job_broken_off_prints_nothing_and_the_next_one_is_whole(kept: int) -> None:
    with Simulator() as printer:
        send(printer, binary()[:kept])
        assert printer.labels == []
        send(printer, binary())
        assert len(printer.labels) == 1
        assert (printer.dots() == DOTS).all()


def test_too_few_bytes_of_a_graphic_swallow_what_follows() -> None:
    with Simulator() as printer:
        send(printer, binary(PACKED.tobytes()[:-30]))
        assert printer.labels == []


def test_two_jobs_in_a_row_are_two_labels() -> None:
    with Simulator() as printer:
        send(printer, binary() + binary(bytes(40 * 240)))
        assert (printer.dots(0) == DOTS).all()
        assert not printer.dots(1).any()


def test_an_aborted_label_is_not_printed() -> None:
    with Simulator() as printer:
        send(printer, HEAD + b"CG 40 240 0 0 " + PACKED.tobytes() + b"\r\nABORT\r\n" + binary())
        assert len(printer.labels) == 1


def test_garbage_on_a_line_of_its_own_is_printed_as_text_and_does_no_more_harm() -> None:
    with Simulator(speaks="cpcl") as printer:
        send(printer, b"^XA \xff\xfe garbage\r\n" + binary())
        assert "garbage" in printer.text_printed
        assert (printer.dots() == DOTS).all()


def test_garbage_without_an_end_of_line_hides_the_session_behind_it() -> None:
    with Simulator(speaks="cpcl") as printer:
        send(printer, b"garbage" + binary())
        assert printer.labels == []
        send(printer, b"garbage", b"\r\n" + binary())
        assert len(printer.labels) == 1


def test_print_without_form_is_told() -> None:
    with Simulator() as printer:
        send(printer, HEAD + b"PRINT\r\n")
        assert len(printer.labels) == 1
        assert printer.ignored == ["PRINT without FORM: the next label begins where this one ended"]


@pytest.mark.parametrize("header", [b"CG 40 240 0 0\r\n", b"CG 40 240 0\r\n", b"EG 1 1 0 0 zz"])
def test_a_graphic_with_a_wrong_head_is_a_fault(header: bytes) -> None:
    with Simulator() as printer:
        send(printer, HEAD + header + bytes(400))
        assert printer.labels == []
        assert len(printer.faults) == 1


@pytest.mark.parametrize(
    ("condition", "byte"),
    [
        ({"was_reset": False}, 0x00),
        ({}, 0x10),
        ({"paper": 0}, 0x12),
        ({"head_open": True}, 0x14),
        ({"battery_low": True}, 0x18),
        ({"paper": 0, "head_open": True, "was_reset": False}, 0x06),
        ({"printing": True, "was_reset": False}, 0x01),
    ],
)
def test_the_status_byte_tells_each_condition(condition: dict[str, bool], byte: int) -> None:
    with Simulator(**condition) as printer:  # type: ignore[arg-type]
        assert send(printer, b"\x1bh") == bytes([byte])


def test_the_reset_bit_stays_until_it_is_acknowledged_and_comes_back_with_the_power() -> None:
    with Simulator() as printer:
        assert send(printer, b"\x1bh\x1bN\x1bh") == b"\x10\x00"
        printer.power_off()
        printer.power_on()
        assert send(printer, b"\x1bh") == b"\x10"


def test_a_label_that_waits_for_paper_keeps_the_printer_busy() -> None:
    with Simulator(paper=0, was_reset=False) as printer:
        assert send(printer, binary() + b"\x1bh") == b"\x03"
        assert printer.labels == []
        printer.load(5)
        assert send(printer, b"\x1bh") == b"\x00"
        assert len(printer.labels) == 1


def test_a_question_is_answered_when_the_label_before_it_is_out() -> None:
    with Simulator(speed=0.2, was_reset=False) as printer:
        assert send(printer, binary() + b"\x1bh") == b"\x00"
        assert len(printer.labels) == 1


def test_a_question_inside_a_session_is_no_question() -> None:
    with Simulator() as printer:
        assert send(printer, HEAD + b"\x1bh" + TAIL) == b""


def test_a_printer_that_says_nothing_prints_all_the_same() -> None:
    with Simulator(answers=False) as printer:
        assert send(printer, b"\x1bh" + binary()) == b""
        assert len(printer.labels) == 1


def test_a_printer_switched_off_in_mid_job_prints_nothing() -> None:
    with Simulator(cut_after=3000) as printer:
        with contextlib.suppress(OSError):  # bytes it had not read yet reset the connection
            send(printer, binary())
        assert printer.labels == []
