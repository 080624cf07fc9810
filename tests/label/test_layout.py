"""Layout: what may shrink, what may wrap, and what may never be hidden."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.label.errors import LabelContentError, LabelError, MissingGlyphError, TextTooLongError
from waybillguard.label.font import ASCENT, face
from waybillguard.label.layout import Layout, Run, lay, lay_static
from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.label.templates import plan

FORMATS = list(product(LabelSize, (203, 300)))
SMALL = (LabelSize.S76X130, 203)


def text_of(run: Run) -> str:
    return "".join(face(run.face).char_of(cell.gid) for cell in run.cells)


def whole_text(layout: Layout) -> str:
    return "\n".join(text_of(run) for run in layout.runs)


def in_zone(layout: Layout, name: str, size: LabelSize = LabelSize.S76X130, dpi: int = 203) -> list[Run]:
    """Runs whose middle lies in a field's zone."""
    box = plan(size, dpi).fields[name].box
    return [
        run
        for run in layout.runs
        if box.y <= run.y + round((ASCENT - 0.4) * run.size) <= box.y + box.height
        and box.x <= run.x + sum(cell.advance for cell in run.cells) // 2 <= box.x + box.width
    ]


@pytest.mark.parametrize(("size", "dpi"), FORMATS)
def test_every_field_of_an_ordinary_label_is_whole(content: LabelContent, size: LabelSize, dpi: int) -> None:
    text = whole_text(lay(content, plan(size, dpi)))
    joined = text.replace("\n", "")
    for value in (content.sort_code, content.hub, content.carrier, content.name, content.address):
        assert value in joined
    assert content.waybill_no in joined
    assert content.phone in joined
    assert "内件 服装" in joined
    assert f"票据 {content.ticket}  工位 {content.station}  {content.printed_at}  第1次" in joined
    assert "…" not in joined


@pytest.mark.parametrize(("size", "dpi"), FORMATS)
def test_even_on_a_full_label_numbers_sort_code_phone_and_trace_are_whole(
    long_content: LabelContent, size: LabelSize, dpi: int
) -> None:
    joined = whole_text(lay(long_content, plan(size, dpi))).replace("\n", "")
    for value in (long_content.sort_code, long_content.waybill_no, long_content.phone, "第3次", "样张"):
        assert value in joined
    assert f"票据 {long_content.ticket}  工位 {long_content.station}  {long_content.printed_at}" in joined


def test_the_sort_code_of_an_ordinary_label_stands_ten_millimetres_high(content: LabelContent) -> None:
    for size, dpi in FORMATS:
        tallest = max(run.size for run in lay(content, plan(size, dpi)).runs)
        assert tallest >= 10 * dpi / 25.4


def test_a_long_sort_code_breaks_between_its_segments(long_content: LabelContent) -> None:
    runs = in_zone(lay(long_content, plan(*SMALL)), "sort_code")
    assert [text_of(run) for run in runs if "-" in text_of(run)] == ["内蒙-呼伦贝尔-", "鄂温克-112"]


def test_a_sort_code_that_does_not_fit_refuses_the_label(make_content: Callable[..., LabelContent]) -> None:
    with pytest.raises(TextTooLongError) as caught:
        lay(make_content(sort_code="浙-义乌-" * 12), plan(*SMALL))
    assert "sort_code" in caught.value.zh
    assert "义乌" not in caught.value.zh


def test_the_last_four_digits_are_the_biggest_in_the_recipients_area(content: LabelContent) -> None:
    for size, dpi in FORMATS:
        runs = in_zone(lay(content, plan(size, dpi)), "phone", size, dpi)
        head, tail = sorted(runs, key=lambda run: run.size)
        assert (text_of(head), text_of(tail)) == ("*******", "5678")
        assert tail.size >= 2 * head.size * 0.95


@pytest.mark.parametrize(
    ("phone", "parts"),
    [
        ("0579-******34", {"0579-******", "34"}),
        ("0579-******34-***", {"0579-******34-***"}),
        ("*****", {"*****"}),
        ("+86 *******5678", {"+86 *******", "5678"}),
        ("12345678901-1234", {"12345678901-1234"}),
        ("010-******78", {"010-******", "78"}),
    ],
)
def test_every_shape_of_masked_phone_is_printed_whole(
    make_content: Callable[..., LabelContent], phone: str, parts: set[str]
) -> None:
    assert parts == {text_of(run) for run in in_zone(lay(make_content(phone=phone), plan(*SMALL)), "phone")}


def test_a_long_address_shrinks_before_it_wraps_away_and_ends_in_an_ellipsis_at_last(
    make_content: Callable[..., LabelContent],
) -> None:
    def sizes(address: str) -> set[int]:
        layout = lay(make_content(address=address), plan(*SMALL))
        return {run.size for run in in_zone(layout, "address")}

    short, longer = sizes("浙江省金华市义乌市示例路1号"), sizes("浙江省金华市义乌市示例路1号" * 4)
    assert max(longer) < max(short)
    layout = lay(make_content(address="浙江省金华市义乌市示例路1号" * 40), plan(*SMALL))
    assert text_of(in_zone(layout, "address")[-1]).endswith("…")


def test_a_number_a_word_or_a_mask_is_never_broken_across_lines(
    make_content: Callable[..., LabelContent],
) -> None:
    for filler in range(40):
        address = "示" * filler + "1288号A12-3幢****"
        lines = [text_of(run) for run in in_zone(lay(make_content(address=address), plan(*SMALL)), "address")]
        for whole in ("1288", "A12-3", "****"):
            assert sum(whole in line for line in lines) == 1, (filler, lines)


def test_no_line_starts_with_a_closing_mark(make_content: Callable[..., LabelContent]) -> None:
    for filler in range(8, 20):
        address = "示" * filler + "，" + "范" * 12
        lines = [text_of(run) for run in in_zone(lay(make_content(address=address), plan(*SMALL)), "address")]
        assert not any(line.startswith("，") for line in lines)


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("SX7200000000020", ["SX7", "2000", "0000", "0020"]),
        ("YT1234567890123456", ["YT", "1234", "5678", "9012", "3456"]),
        ("12345678", ["1234", "5678"]),
        ("ABCD12", ["ABCD12"]),
        ("ABCDEF", ["ABCDEF"]),
        ("12A34B567", ["12A34B567"]),
        ("SF-12345678", ["SF-12345678"]),
    ],
)
def test_the_number_under_the_bars_is_grouped_from_the_right(
    make_content: Callable[..., LabelContent], number: str, groups: list[str]
) -> None:
    runs = in_zone(lay(make_content(waybill_no=number), plan(*SMALL)), "waybill_no")
    assert sorted(runs, key=lambda run: run.x) == runs
    middle = [text_of(run) for run in lay(make_content(waybill_no=number), plan(*SMALL)).runs]
    assert middle[-len(groups) :] == groups


@pytest.mark.parametrize(
    "field", ["name", "address", "hub", "carrier", "remark", "ticket", "station", "sort_code"]
)
def test_a_character_without_a_glyph_refuses_the_label_and_alone_is_named(
    make_content: Callable[..., LabelContent], field: str
) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        lay(make_content(**{field: "测试😀人甲"}), plan(*SMALL))
    assert "😀" in caught.value.zh
    assert "测" not in caught.value.zh + caught.value.en


@pytest.mark.parametrize("field", ["sort_code", "name", "phone", "address"])
def test_an_empty_field_that_a_courier_needs_refuses_the_label(
    make_content: Callable[..., LabelContent], field: str
) -> None:
    with pytest.raises(LabelContentError) as caught:
        lay(make_content(**{field: "  "}), plan(*SMALL))
    assert field in caught.value.en


def test_a_goods_title_is_refused(make_content: Callable[..., LabelContent]) -> None:
    with pytest.raises(LabelContentError):
        lay(make_content(goods_class="女士加绒卫衣"), plan(*SMALL))


def test_a_first_print_has_no_attempt_tag_and_a_reprint_has(
    make_content: Callable[..., LabelContent],
) -> None:
    first, second = (lay(make_content(attempt=number), plan(*SMALL)) for number in (1, 2))
    assert whole_text(first).count("第1次") == 1  # in the trace line
    assert whole_text(second).count("第2次") == 2  # and as a tag at the top


def test_sample_is_said_only_on_samples_and_beside_the_sort_code(
    make_content: Callable[..., LabelContent],
) -> None:
    assert "样张" not in whole_text(lay(make_content(sample=False), plan(*SMALL)))
    (mark,) = (run for run in lay(make_content(sample=True), plan(*SMALL)).runs if text_of(run) == "样张")
    assert mark.size >= 7 * 203 / 25.4 * 0.98


def test_the_template_warns_of_the_swindle_in_the_polices_words() -> None:
    for size, dpi in FORMATS:
        text = whole_text(lay_static(plan(size, dpi)))
        assert "96110 来电请接听；已受骗立即拨 110" in text
        assert "丢件理赔、加微信退款、点链接都是诈骗" in text


def test_the_template_has_no_place_for_the_sender() -> None:
    assert "寄" not in whole_text(lay_static(plan(*SMALL)))


@pytest.mark.parametrize(("size", "dpi"), FORMATS)
def test_no_field_stands_on_a_black_part_of_the_template_or_off_the_paper(size: LabelSize, dpi: int) -> None:
    wanted = plan(size, dpi)
    black = [*wanted.rules, *(zone.box for _, zone in wanted.texts if zone.reverse)]
    for name, zone in wanted.fields.items():
        box = zone.box
        assert box.x >= 0, name
        assert box.x + box.width <= wanted.width, name
        assert box.y + box.height <= wanted.height, name
        for other in black:
            apart = (
                box.x + box.width <= other.x
                or other.x + other.width <= box.x
                or box.y + box.height <= other.y + 1
                or other.y + other.height - 1 <= box.y
            )
            assert apart, (name, box, other)


@pytest.mark.parametrize("dpi", [0, 200, 600])
def test_a_resolution_without_print_heads_is_refused(dpi: int) -> None:
    with pytest.raises(LabelError, check=has_code("unknown_label_format")):
        plan(LabelSize.S76X130, dpi)


NAMES = st.text(st.characters(codec="gb2312", categories=("Lo", "Nd")), min_size=1, max_size=60)


@given(name=NAMES, address=NAMES, hub=NAMES)
@settings(max_examples=40, deadline=None)
def test_no_text_ever_leaves_its_zone(
    make_content: Callable[..., LabelContent], name: str, address: str, hub: str
) -> None:
    wanted = plan(*SMALL)
    for run in lay(make_content(name=name, address=address, hub=hub), wanted).runs:
        assert run.x >= 0
        assert run.x + sum(cell.advance for cell in run.cells) <= wanted.width
