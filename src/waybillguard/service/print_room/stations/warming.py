"""Warm up drawing before the first click: fonts, templates, and the characters that most labels need.

Opening the fonts takes a second of one core and 45 MB, half of it the fonts themselves. It runs in the background
as soon as a web process serves, so the first picture of a label needs no wait. Drawing every character for the
first time takes another second and a half. That runs when the first agent of a process asks for work, so a process
without stations spends nothing. After a restart of the service, agents ask within seconds.
"""

import gc
import threading
from collections.abc import Iterator
from functools import cache
from itertools import batched
from typing import Final

from waybillguard.label import goods
from waybillguard.label.check import check_pixels, require
from waybillguard.label.codes import REFERENCE_LENGTH
from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.label.png import to_png
from waybillguard.label.raster import draw
from waybillguard.orders.divisions import place_characters
from waybillguard.orders.names import single_surnames

DEFAULT: Final = (LabelSize.S76X130, 203)
one_at_a_time: Final = threading.Lock()
"""Held while one label is drawn, so that twenty concurrent stations are served in turn and none starves."""
_AN_ADDRESS: Final = 24
_DIGITS: Final = "0123456789"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def begin_pictures() -> threading.Thread:
    """Start warming up pictures on pages, once per process."""
    thread = threading.Thread(target=_warm_pictures, name="warming pictures", daemon=True)
    thread.start()
    return thread


@cache
def begin(size: LabelSize = DEFAULT[0], dpi: int = DEFAULT[1]) -> threading.Thread:
    """Start warming up a paper size and resolution, once per process."""
    thread = threading.Thread(target=_warm, args=(size, dpi), name="warming", daemon=True)
    thread.start()
    return thread


def _warm_pictures() -> None:
    with one_at_a_time:
        to_png(draw(next(samples()), *DEFAULT))


def _warm(size: LabelSize, dpi: int) -> None:
    for number, content in enumerate(samples()):
        with one_at_a_time:
            drawn = draw(content, size, dpi)
            if not number:
                require(drawn)
                check_pixels(drawn, quick=True)
    # Thousands of glyphs stay for good. Without this, a full collection over them would delay a request by tens of
    # milliseconds.
    gc.freeze()


def samples() -> Iterator[LabelContent]:
    """Yield invented labels with every character of places, surnames, goods classes and numbers.

    The first label passes its check; the others are never printed.
    """
    characters = dict.fromkeys(place_characters() + "街道路号幢室小区花园大厦村组单元楼栋仓站集散速运")
    names, classes = sorted(single_surnames()), sorted(goods.classes())
    for number, part in enumerate(batched(characters, _AN_ADDRESS)):
        text, digits = "".join(part), _DIGITS[number % 10 :] + _DIGITS[: number % 10]
        letters = _LETTERS[number % 26] * 2
        yield LabelContent(
            waybill_no=f"{letters}{digits}0000", sort_code=f"{digits[:3]}-{letters}{digits[3:5]}-{digits[5:7]}",
            hub=f"{text[:4]}集散" if number else "义乌集散", carrier="示例速运", name=f"{names[number % len(names)]}**",
            phone=f"*******{digits[:4]}", address=f"{text}****" if number else "浙江省金华市义乌市北苑街道****",
            goods_class=classes[number % len(classes)], reference="0" * (REFERENCE_LENGTH - 1) + letters[0],
            ticket=(digits + "ABCDEF")[number % 9 :][:8], station=f"站{digits[:2]}", printed_at=f"11-24 {digits[:2]}:{digits[2:4]}",
            attempt=1 + number % 3,
        )  # fmt: skip
