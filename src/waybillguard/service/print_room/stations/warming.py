"""Gets drawing ready before the first click: fonts, templates, and the characters that most labels need.

Opening the fonts takes a second of one core and 45 MB, half of it the fonts themselves. It is spent in the background
as soon as a web process serves, so that the first picture of a label is there at once. Drawing every character for the
first time takes a second and a half more: that is spent when the first agent of a process asks for work, and a process
without stations spends nothing. A new start of the service is followed by its agents within seconds.
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
"""Held while one label is drawn: of twenty stations at once each is served in its turn, none is starved."""
_AN_ADDRESS: Final = 24
_DIGITS: Final = "0123456789"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def begin_pictures() -> threading.Thread:
    """Start getting ready for pictures on pages, once a process."""
    thread = threading.Thread(target=_warm_pictures, name="warming pictures", daemon=True)
    thread.start()
    return thread


@cache
def begin(size: LabelSize = DEFAULT[0], dpi: int = DEFAULT[1]) -> threading.Thread:
    """Start getting ready for a paper size and resolution, once a process."""
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
    # Thousands of glyphs stay for good: a full collection over them would make somebody wait tens of milliseconds.
    gc.freeze()


def samples() -> Iterator[LabelContent]:
    """Yield invented labels that hold every character of places, surnames, goods classes and numbers.

    The first passes the label's check; the others are never to be printed.
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
