"""The simulated ESC/POS printer checks jobs against the manuals of the language."""

import contextlib

import numpy as np
import pytest
from support.escpos import ONE_BYTE_BAND, Settings
from support.printer import Simulator
from support.wire import send, symbol

RESET = b"\x1b@"
GS_FF = b"\x1d\x0c"
CUT = b"\x1dV\x00"
DOTS = symbol("WG-2026", 576)


def band(dots: np.ndarray, mode: int = 0) -> bytes:
    rows, width = dots.shape
    return (
        b"\x1dv0" + bytes([mode, width // 8 % 256, width // 8 // 256, rows % 256, rows // 256]) + packed(dots)
    )


def packed(dots: np.ndarray) -> bytes:
    return np.packbits(dots, axis=1).tobytes()


def bands(dots: np.ndarray, rows: int) -> bytes:
    return b"".join(band(dots[top : top + rows]) for top in range(0, len(dots), rows))


JOB = RESET + bands(DOTS, 100) + GS_FF


@pytest.mark.parametrize("end", [GS_FF, b"\x0c", CUT, b"\x1dVB\x00", b"\x1dV1"])
def test_bands_join_into_one_page_that_reads_back(end: bytes) -> None:
    with Simulator(head=576) as printer:
        send(printer, RESET + bands(DOTS, 100) + end)
        assert (printer.dots() == DOTS).all()
        assert printer.codes() == {"QRCode": "WG-2026"}
        assert (len(printer.labels), printer.faults, printer.ignored) == (1, [], [])


def test_a_job_may_come_byte_by_byte() -> None:
    with Simulator(head=576) as printer:
        send(printer, *(JOB[at : at + 1] for at in range(60)), JOB[60:])
        assert (printer.dots() == DOTS).all()


@pytest.mark.parametrize(("mode", "across", "down"), [(0, 1, 1), (1, 2, 1), (2, 1, 2), (51, 2, 2)])
def test_the_mode_doubles_width_and_height(mode: int, across: int, down: int) -> None:
    small = DOTS[:, :256]
    with Simulator(head=576) as printer:
        send(printer, RESET + band(small, mode) + GS_FF)
        want = small.repeat(across, axis=1).repeat(down, axis=0)
        assert (printer.dots()[:, : want.shape[1]] == want).all()
        assert not printer.dots()[:, want.shape[1] :].any()
        assert printer.dots().shape == (240 * down, 576)


@pytest.mark.parametrize("head", [576, 832])
def test_dots_beyond_the_head_are_cut_and_no_row_is_lost(head: int) -> None:
    wide = np.ones((30, 1000 // 8 * 8), dtype=np.bool_)
    with Simulator(head=head) as printer:
        send(printer, RESET + band(wide) + band(DOTS[:, :320]) + GS_FF)
        assert printer.dots().shape == (270, head)
        assert printer.dots()[:30].all()
        assert (printer.dots()[30:, :320] == DOTS[:, :320]).all()
        assert printer.lost == 30 * (1000 - head)


def test_firmware_that_reads_one_byte_of_the_height_prints_the_rest_as_text() -> None:
    tall = np.zeros((300, 576), dtype=np.bool_)
    tall[:, ::7] = True
    with Simulator(head=576, band_rows=ONE_BYTE_BAND) as printer:
        send(printer, RESET + band(tall) + GS_FF)
        assert (printer.dots()[:44] == tall[:44]).all()
        assert printer.text_printed
        assert printer.ignored[0] == "GS v 0 of 300 rows, 255 at most"
    with Simulator(head=576, band_rows=ONE_BYTE_BAND) as printer:
        send(printer, RESET + bands(tall, 255) + GS_FF)
        assert (printer.dots() == tall).all()
        assert printer.text_printed == ""


def test_graphics_are_stored_and_printed() -> None:
    def stored(data: bytes) -> bytes:
        body = b"0p0\x01\x011" + (576).to_bytes(2, "little") + (240).to_bytes(2, "little") + data
        return b"\x1d(L" + len(body).to_bytes(2, "little") + body

    with Simulator(head=576) as printer:
        send(printer, RESET + stored(packed(DOTS)) + b"\x1d(L\x02\x0002" + GS_FF)
        assert (printer.dots() == DOTS).all()
        body = stored(packed(DOTS))[5:]
        send(printer, RESET + b"\x1d8L" + len(body).to_bytes(4, "little") + body + b"\x1d(L\x02\x0002" + CUT)
        assert (printer.dots(1) == DOTS).all()


def test_feeds_move_the_paper() -> None:
    line = np.ones((1, 576), dtype=np.bool_)
    with Simulator(head=576) as printer:
        send(
            printer,
            RESET + band(line) + b"\x1bd\x02" + band(line) + b"\x1bJ\x07" + band(line) + b"\x1b3\x0a\n" + CUT,
        )
        assert np.flatnonzero(printer.dots()[:, 0]).tolist() == [0, 61, 69]
        assert len(printer.dots()) == 80


def test_a_bit_image_is_passed_over_with_all_its_bytes() -> None:
    columns = b"\nA\nB" * 25  # would be lines of text
    with Simulator(head=576) as printer:
        send(printer, RESET + b"\x1b*\x21\x64\x00" + columns * 3 + b"\x1b*\x00\x64\x00" + columns + JOB)
        assert printer.ignored == ["ESC *", "ESC *"]
        assert (printer.dots() == DOTS).all()


def test_commands_without_dots_take_their_values_with_them() -> None:
    with Simulator(head=576) as printer:
        settings = b"\x1b!\x0c\x1bp\x00\x0c\x0c\x1bD\x08\x0c\x00\x1dP\xcb\xcb\x1d(k\x03\x001C\x03\x1b \x0c\x1dk\x04AB\x00"
        send(printer, RESET + settings + JOB)
        assert (printer.dots() == DOTS).all()
        assert printer.text_printed == ""


def test_what_another_program_set_stays_until_the_printer_is_reset() -> None:
    left_behind = Settings(align=2, left=16, area=400, line=99)
    with Simulator(head=576, settings=left_behind) as printer:
        send(printer, b"\x1dv0\x00\x01\x00\x01\x00\xff" + GS_FF)
        assert np.flatnonzero(printer.dots()[0]).tolist() == list(range(16 + 400 - 8, 16 + 400))
        send(printer, JOB)
        assert (printer.dots() == DOTS).all()


def test_a_label_longer_than_the_paper_runs_onto_the_next_one() -> None:
    with Simulator(head=576, label_rows=240) as printer:
        send(printer, JOB)
        assert len(printer.labels) == 1
        send(printer, RESET + bands(DOTS, 100) + b"\x1bd\x02" + GS_FF)
        assert [len(printer.dots(index)) for index in range(3)] == [240, 240, 60]


def test_a_form_feed_at_the_top_of_a_label() -> None:
    with Simulator(head=576) as printer:
        send(printer, RESET + GS_FF + JOB + GS_FF)
        assert (len(printer.labels), printer.ignored) == (1, [])
        send(printer, RESET + b"\x0c")
        assert (len(printer.labels), printer.ignored) == (1, ["form feed of a blank label"])


def test_a_continuous_roll_knows_no_form_feed() -> None:
    with Simulator(head=576, label_paper=False) as printer:
        send(printer, RESET + bands(DOTS, 100) + GS_FF)
        assert printer.labels == []
        assert len(printer.scraps) == 1
        send(printer, RESET + bands(DOTS, 100) + CUT)
        assert (printer.dots() == DOTS).all()


@pytest.mark.parametrize("kept", [1, 5, 4000, len(JOB) - 2])
def test_a_job_broken_off_is_no_label_and_the_next_one_is_whole(kept: int) -> None:
    with Simulator(head=576) as printer:
        send(printer, JOB[:kept])
        assert printer.labels == []
        send(printer, JOB)
        assert len(printer.labels) == 1
        assert (printer.dots() == DOTS).all()


def test_rows_of_a_job_broken_off_are_on_paper_all_the_same() -> None:
    with Simulator(head=576) as printer:
        send(printer, (RESET + bands(DOTS, 100))[:-1])
        assert [scrap.size for scrap in printer.scraps] == [(576, 200)]


def test_two_jobs_in_a_row_are_two_labels() -> None:
    with Simulator(head=576) as printer:
        send(printer, JOB + RESET + bands(~DOTS, 50) + GS_FF)
        assert (printer.dots(0) == DOTS).all()
        assert (printer.dots(1) == ~DOTS).all()


def test_garbage_in_an_unfinished_line_goes_with_the_reset() -> None:
    with Simulator(speaks="escpos", head=576) as printer:
        send(printer, b"^XA garbage" + JOB)
        assert (printer.dots() == DOTS).all()


def test_garbage_before_a_job_without_a_reset_keeps_its_first_band_off_the_paper() -> None:
    with Simulator(speaks="escpos", head=576) as printer:
        send(printer, b"garbage" + bands(DOTS, 100) + GS_FF)
        assert "GS v 0 in a line that holds text" in printer.ignored
        assert printer.dots().shape == (24, 576)


def test_garbage_with_a_line_feed_is_printed_above_the_label() -> None:
    with Simulator(speaks="escpos", head=576) as printer:
        send(printer, b"garbage\n" + JOB)
        assert printer.text_printed == "garbage"
        assert (printer.dots()[30:] == DOTS).all()
        assert printer.dots()[:20].any()


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        ({}, "16 12 12 12"),
        ({"drawer_pin": False}, "12 12 12 12"),
        ({"paper": 0}, "1e 32 12 7e"),
        ({"head_open": True}, "1e 16 12 12"),
        ({"near_end": True}, "16 12 12 1e"),
        ({"cutter_stuck": True}, "1e 52 1a 12"),
        ({"head_hot": True}, "1e 52 52 12"),
        ({"paper": 0, "head_open": True}, "1e 36 12 7e"),
    ],
)
def test_the_four_status_bytes_tell_each_condition(condition: dict[str, bool], answers: str) -> None:
    with Simulator(**condition) as printer:  # type: ignore[arg-type]
        asked = b"".join(b"\x10\x04" + bytes([kind]) for kind in (1, 2, 3, 4))
        assert send(printer, asked) == bytes.fromhex(answers)
        assert printer.text_printed == ""


def test_a_question_in_the_middle_of_a_band_is_answered_and_stays_data() -> None:
    rows = np.unpackbits(
        np.frombuffer(b"\x10\x04\x01\x10\x04\x04" * 12, dtype=np.uint8).reshape(1, -1), axis=1
    )
    with Simulator(head=576) as printer:
        job = RESET + band(rows) + GS_FF
        assert send(printer, job[:12], job[12:]) == b"\x16\x12" * 12
        assert (printer.dots() == rows).all()


@pytest.mark.parametrize("cut", [1, 2])
def test_a_question_in_two_pieces_is_answered_once(cut: int) -> None:
    with Simulator(speaks="escpos") as printer:
        question = b"\x10\x04\x04"
        assert send(printer, question[:cut], question[cut:], b"\x10", b"\x04", b"\x01") == b"\x12\x16"


def test_a_slow_printer_answers_in_real_time_while_it_prints() -> None:
    with Simulator(head=576, speed=1.5) as printer:
        assert send(printer, JOB, b"\x10\x04\x01") == b"\x16"
        assert printer.labels == []
        printer.wait_for(1)
        assert (printer.dots() == DOTS).all()


def test_what_is_asked_in_its_turn_is_answered_when_the_label_is_out() -> None:
    process = b"\x1d(H\x06\x0000AB12"
    with Simulator(head=576) as printer:
        assert send(printer, JOB + b"\x1dr\x01" + process) == b"\x00\x37\x22AB12\x00"
        printer.paper = 0
        assert send(printer, JOB + b"\x1dr\x01" + process + b"\x10\x04\x04") == b"\x7e"
        assert len(printer.labels) == 1
        printer.load(3)
        assert len(printer.labels) == 2


def test_a_printer_that_says_nothing_prints_all_the_same() -> None:
    with Simulator(head=576, answers=False) as printer:
        assert send(printer, b"\x10\x04\x01" + JOB) == b""
        assert len(printer.labels) == 1


@pytest.mark.parametrize("job", [b"\x1bL", b"\x1da\xff"])
def test_page_mode_and_automatic_status_are_refused_loudly(job: bytes) -> None:
    with Simulator() as printer:
        send(printer, RESET + job)
        assert len(printer.faults) == 1


def test_a_printer_switched_off_in_mid_job_prints_nothing() -> None:
    with Simulator(head=576, cut_after=9000) as printer:
        with contextlib.suppress(OSError):  # bytes it had not read yet reset the connection
            send(printer, JOB)
        assert printer.labels == []
