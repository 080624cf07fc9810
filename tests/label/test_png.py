"""PNG: the same dots and the right size on paper."""

import io

import numpy as np
import pytest
from PIL import Image

from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.label.png import to_png
from waybillguard.label.raster import draw


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_a_png_holds_the_very_dots_that_were_drawn(content: LabelContent, size: LabelSize, dpi: int) -> None:
    drawn = draw(content, size, dpi)
    with Image.open(io.BytesIO(to_png(drawn))) as picture:
        assert picture.mode == "1"
        assert np.array_equal(~np.asarray(picture), drawn.bitmap)


def test_a_png_prints_at_paper_size(content: LabelContent) -> None:
    with Image.open(io.BytesIO(to_png(draw(content, LabelSize.S76X130, 203)))) as picture:
        across, down = picture.info["dpi"]
        assert picture.width / across * 25.4 == pytest.approx(76, abs=0.1)
        assert picture.height / down * 25.4 == pytest.approx(130, abs=0.1)


def test_a_png_carries_nothing_beside_the_picture(content: LabelContent) -> None:
    data, at, kinds = to_png(draw(content, LabelSize.S76X130, 203)), 8, []
    while at < len(data):
        kinds.append(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    assert kinds == [b"IHDR", b"pHYs", b"IDAT", b"IEND"]
