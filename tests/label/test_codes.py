"""Codes on labels decode to their text, also with a worn print head or a tilted camera."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from waybillguard.label.codes import code128_modules, decode, qr_modules
from waybillguard.label.errors import LabelContentError
from waybillguard.label.model import CodeKind, LabelContent, LabelSize
from waybillguard.label.raster import draw

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LABELS = 30


def pictures(
    make_content: Callable[..., LabelContent], seed: int
) -> list[tuple[LabelContent, NDArray[np.uint8]]]:
    """Labels with distinct numbers, as grey pictures."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(LABELS):
        content = make_content(
            waybill_no=f"SX{random.integers(10**14):014d}", reference="".join(random.choice(list(BASE45), 72))
        )
        drawn = draw(content, LabelSize.S76X130, 203)
        made.append((content, np.where(drawn.bitmap, np.uint8(0), np.uint8(255))))
    return made


def read(content: LabelContent, grey: NDArray[np.uint8]) -> tuple[bool, bool]:
    """Return whether Code128 and QR are read back correctly."""
    texts = {box.kind: box.text for box in decode(grey)}
    assert texts.get(CodeKind.CODE128, content.waybill_no) == content.waybill_no, "misread, not unread"
    assert texts.get(CodeKind.QR, content.reference) == content.reference, "misread, not unread"
    return CodeKind.CODE128 in texts, CodeKind.QR in texts


@given(st.from_regex(r"[0-9A-Z]{6,22}", fullmatch=True))
@settings(max_examples=60, deadline=None)
def test_any_waybill_number_reads_back(number: str) -> None:
    row = np.repeat(np.pad(code128_modules(number), 10), 3)
    (box,) = decode(np.tile(row, (60, 1)))
    assert (box.kind, box.text) == (CodeKind.CODE128, number)


@given(st.text(BASE45, min_size=72, max_size=72))
@settings(max_examples=60, deadline=None)
def test_any_reference_reads_back(reference: str) -> None:
    (box,) = decode(np.kron(np.pad(qr_modules(reference), 4), np.ones((6, 6), dtype=np.bool_)))
    assert (box.kind, box.text) == (CodeKind.QR, reference)


def test_a_reference_of_digits_alone_is_as_large_as_any_other() -> None:
    assert qr_modules("0" * 72).shape == qr_modules("Z" * 72).shape == (33, 33)


@pytest.mark.parametrize(
    "text", ["HTTPS://EXAMPLE.COM", "", "a" * 72, "0" * 71, "0" * 73, "张" * 72, "0" * 71 + "\n"]
)
def test_the_qr_code_takes_a_sealed_reference_and_nothing_else(text: str) -> None:
    with pytest.raises(LabelContentError):
        qr_modules(text)


@pytest.mark.parametrize(
    "text", ["", "12345", "1" * 31, "SX 123456", "SX123456^FS", "张1234567", "SX123456\n", "-123456"]
)
def test_the_bars_take_a_waybill_number_and_nothing_else(text: str) -> None:
    with pytest.raises(LabelContentError):
        code128_modules(text)


def test_an_error_about_a_code_does_not_quote_what_stood_in_it() -> None:
    with pytest.raises(LabelContentError) as caught:
        code128_modules("测试人甲 10000000000")
    assert "10000000000" not in caught.value.zh + caught.value.en + repr(caught.value)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_both_codes_read_where_the_label_says_they_stand(
    content: LabelContent, long_content: LabelContent, size: LabelSize, dpi: int
) -> None:
    for one in (content, long_content):
        drawn = draw(one, size, dpi)
        for said, found in zip(sorted(drawn.codes, key=lambda box: box.y), decode(drawn.bitmap), strict=True):
            assert (said.kind, said.text) == (found.kind, found.text)
            assert abs(said.x - found.x) <= 3
            assert abs(said.y - found.y) <= 3
            assert abs(said.width - found.width) <= 5


def test_quiet_zones_are_white(content: LabelContent, long_content: LabelContent) -> None:
    for one in (content, long_content):
        for size in LabelSize:
            for dpi in (203, 300):
                drawn = draw(one, size, dpi)
                for code in drawn.codes:
                    qr = code.kind is CodeKind.QR
                    quiet = code.width // 33 * 4 if qr else 20
                    above = quiet if qr else 0
                    area = drawn.bitmap[
                        code.y - above : code.y + code.height + above,
                        code.x - quiet : code.x + code.width + quiet,
                    ].copy()
                    area[above : above + code.height, quiet : quiet + code.width] = False
                    assert not area.any(), (size, dpi, code.kind)


def test_the_qr_code_is_about_25_millimetres_and_never_less(content: LabelContent) -> None:
    for size in LabelSize:
        for dpi, scale in ((203, 8.0), (300, 300 / 25.4)):
            (qr,) = (box for box in draw(content, size, dpi).codes if box.kind is CodeKind.QR)
            assert 24.5 <= qr.width / scale <= 34


def test_every_label_reads_after_blur(make_content: Callable[..., LabelContent]) -> None:
    for content, grey in pictures(make_content, 1):
        blurred = np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(1.2)))
        assert read(content, blurred) == (True, True)


def test_every_label_reads_from_a_picture_turned_by_three_degrees_and_blurred(
    make_content: Callable[..., LabelContent],
) -> None:
    for content, grey in pictures(make_content, 2):
        turned = Image.fromarray(grey).rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        assert read(content, np.asarray(turned.filter(ImageFilter.GaussianBlur(1)))) == (True, True)


def test_every_label_reads_on_its_side(make_content: Callable[..., LabelContent]) -> None:
    for content, grey in pictures(make_content, 3):
        assert read(content, np.ascontiguousarray(np.rot90(grey))) == (True, True)


def test_one_code_at_least_survives_three_dead_columns_of_the_print_head(
    make_content: Callable[..., LabelContent],
) -> None:
    random = np.random.default_rng(4)
    either = qr_alone = 0
    for content, grey in pictures(make_content, 4):
        grey[:, random.choice(np.arange(90, 570), 3, replace=False)] = 255
        bars, qr = read(content, grey)
        either += bars or qr
        qr_alone += qr
    assert either == LABELS
    assert qr_alone >= LABELS * 0.9


def test_a_scuffed_band_across_the_label_leaves_both_codes_readable(
    make_content: Callable[..., LabelContent],
) -> None:
    for content, grey in pictures(make_content, 5):
        for box in draw(content, LabelSize.S76X130, 203).codes:
            middle = box.y + box.height // 2
            grey[middle - 10 : middle + 10] = 255
        assert read(content, grey)[0]


def test_a_picture_without_codes_has_none() -> None:
    assert decode(np.zeros((200, 200), dtype=np.bool_)) == ()
