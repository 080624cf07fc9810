"""TSPL jobs, read back as a printer reads them."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from waybillguard.label.codes import decode
from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.label.raster import draw
from waybillguard.label.tspl import to_tspl

JOB = re.compile(
    rb"SIZE (\d+) mm,(\d+) mm\r\nGAP (\d+) mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n"
    rb"BITMAP 0,0,(\d+),(\d+),0,"
)


def printed(job: bytes) -> tuple[tuple[int, int], NDArray[np.bool_], bytes]:
    """Return paper size, dots and what follows the first job."""
    head = JOB.match(job)
    assert head is not None
    across, down, _, width, height = (int(value) for value in head.groups())
    end = head.end() + width * height
    rows = np.frombuffer(job[head.end() : end], dtype=np.uint8).reshape(height, width)
    tail = b"\r\nPRINT 1,1\r\n"
    assert job[end : end + len(tail)] == tail
    return (across, down), np.unpackbits(~rows, axis=1).astype(np.bool_), job[end + len(tail) :]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_a_printer_burns_the_very_dots_that_were_drawn(
    content: LabelContent, size: LabelSize, dpi: int
) -> None:
    drawn = draw(content, size, dpi)
    paper, dots, rest = printed(to_tspl(drawn))
    assert paper == size.millimetres
    assert np.array_equal(dots, drawn.bitmap)
    assert rest == b""


def test_jobs_may_follow_each_other_in_one_file(content: LabelContent, long_content: LabelContent) -> None:
    first, second = draw(content, LabelSize.S76X130, 203), draw(long_content, LabelSize.S76X130, 203)
    _, dots, rest = printed(to_tspl(first) + to_tspl(second))
    assert np.array_equal(dots, first.bitmap)
    assert [box.text for box in decode(printed(rest)[1])] == [long_content.waybill_no, long_content.reference]


def test_the_gap_of_the_roll_can_be_said(content: LabelContent) -> None:
    assert b"GAP 3 mm,0 mm" in to_tspl(draw(content, LabelSize.S76X130, 203), gap_mm=3)
