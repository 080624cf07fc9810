"""Garbage on the connection does not break a simulated printer: the next job is printed."""

import random

import pytest
from support.printer import Simulator
from support.wire import send

CPCL = [
    b"! 0 200 200 90 1\r\n", b"! U1 setvar\r\n", b"! UTILITIES\r\n", b"CG 1 1 0 0 ", b"CG ", b"EG 1 1 0 0 FF", b"B QR\r\n",
    b"BARCODE 128\r\n", b"BARCODE QR 1 1 U x\r\n", b"PW\r\n", b"PW -4\r\n", b"IN-INCHES\r\n", b"PRINT\r\n", b"FORM\r\n",
    b"\x1bh", b"\x1b", b"\x00\xff", b"\r\n", b"ENDQR\r\n", b"SPEED\r\n", b"! 0 200 200 9999999 1\r\n",
]  # fmt: skip
ESCPOS = [
    b"\x1b@", b"\x1dv0\x00\x01\x00\x02\x00", b"\x1dv0\x09", b"\x1dv", b"\x1d(L\x04\x000p0\x01", b"\x1d(L\x02\x0002", b"\x1d8",
    b"\x10\x04\x01", b"\x10\x14\x08", b"\x1bd\xff", b"\x1b3\xff", b"\x1ba\x63", b"\x1dL\xff\xff", b"\x1dW\x00\x00", b"\x1dk\x02",
    b"\x0c", b"\x1d\x0c", b"\x1dV\x00", b"text \xff", b"\n", b"\x1b\x00", b"\x1c(L\x02\x00\x43\x30", b"\x1b*\x00\x05\x00",
]  # fmt: skip
GOOD = {
    "cpcl": b"! 0 200 200 1 1\r\nPW 8\r\nCG 1 1 0 0 \xff\r\nFORM\r\nPRINT\r\n",
    "escpos": b"\x1b@\x1dv0\x00\x01\x00\x01\x00\xff\x1dV\x00",
}


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("language", ["cpcl", "escpos"])
def test_a_job_after_rubbish_comes_out(language: str, seed: int) -> None:
    choose = random.Random(seed)
    rubbish = b"".join(choose.choices(CPCL if language == "cpcl" else ESCPOS, k=25))
    with Simulator(speaks=language, head=576) as printer:  # type: ignore[arg-type]
        send(printer, rubbish)
        before = len(printer.labels)
        send(printer, GOOD[language])
        assert len(printer.labels) == before + 1
        assert printer.dots()[0, :8].all()
        assert printer.dots().sum() == 8
