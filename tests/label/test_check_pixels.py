"""The dots agree with what was recorded, and the sampler looks where it promised."""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from waybillguard.label.check import LabelRefusedError, Sampler, check_pixels
from waybillguard.label.check.pixels import pixel_problem
from waybillguard.label.model import CodeKind, Drawn, LabelSize

sys.path.insert(0, str(Path(__file__).parent))
from check_labels import drawn_label, with_text


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", LabelSize)
@pytest.mark.parametrize(
    "changes", [{}, {"sample": True}, {"attempt": 3}, {"phone": "0579-******34", "remark": ""}], ids=str
)
def test_the_dots_of_a_label_agree_with_its_records(
    size: LabelSize, dpi: int, changes: dict[str, object]
) -> None:
    check_pixels(drawn_label(size, dpi, **changes))


def without(drawn: Drawn, kind: CodeKind) -> Drawn:
    box = next(code for code in drawn.codes if code.kind is kind)
    bitmap = drawn.bitmap.copy()
    bitmap[box.y : box.y + box.height, box.x : box.x + box.width] = False
    return replace(drawn, bitmap=bitmap)


def renamed(drawn: Drawn, kind: CodeKind, text: str) -> Drawn:
    return replace(
        drawn, codes=tuple(replace(code, text=text) if code.kind is kind else code for code in drawn.codes)
    )


def ink_only(drawn: Drawn) -> Drawn:
    """Text on the bitmap whose glyph records were lost."""
    return replace(with_text(drawn, "13812345678", 250, 690), glyphs=drawn.glyphs)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda drawn: without(drawn, CodeKind.CODE128), "PIX-01"),
        (lambda drawn: without(drawn, CodeKind.QR), "PIX-01"),
        (lambda drawn: renamed(drawn, CodeKind.CODE128, "SX720000000021"), "PIX-02"),
        (lambda drawn: renamed(drawn, CodeKind.QR, "0" * 72), "PIX-02"),
        (lambda drawn: replace(drawn, codes=drawn.codes[:1]), "PIX-03"),
        (ink_only, "PIX-04"),
    ],
)
def test_dots_that_differ_from_the_records_are_refused(spoil: Callable[[Drawn], Drawn], rule: str) -> None:
    spoiled = spoil(drawn_label())
    reason = pixel_problem(spoiled)
    assert reason is not None
    assert reason.rule == rule
    with pytest.raises(LabelRefusedError):
        check_pixels(spoiled)


def test_three_dead_columns_of_the_head_are_noticed_or_harmless() -> None:
    drawn = drawn_label()
    bars = next(code for code in drawn.codes if code.kind is CodeKind.CODE128)
    bitmap = drawn.bitmap.copy()
    bitmap[:, bars.x + 20 : bars.x + 40] = False
    assert pixel_problem(replace(drawn, bitmap=bitmap)) is not None


def test_the_first_of_each_template_printer_and_batch_is_looked_at() -> None:
    sampler = Sampler(share=0.0, source=random.Random(7))
    keys = [(size, printer, batch) for size in "ab" for printer in "pq" for batch in "xy"]
    assert all(sampler.wants(*key) for key in keys)
    assert not any(sampler.wants(*key) for key in keys)


def test_after_the_first_one_in_a_hundred_is_looked_at() -> None:
    sampler = Sampler(source=random.Random(7))
    wanted = np.array([sampler.wants("a", "p", "x") for _ in range(20_000)])
    assert wanted[0]
    assert 150 <= wanted[1:].sum() <= 250
