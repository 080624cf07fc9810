"""Photos of drawn and synthetic labels: the OCR results and the verdicts on them."""

import base64
import io
import lzma
import random
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from waybillguard.label.check import TextLine
from waybillguard.label.check.codes import CodeClass, classify_code, judge_code
from waybillguard.label.check.ink import ink_of, loose_ink
from waybillguard.label.check.photo import _LINEAR, PhotoVerdict, Reading, TextReader, check_photo, ocr_reader
from waybillguard.label.check.values import Standard
from waybillguard.label.model import Drawn, LabelSize

sys.path.insert(0, str(Path(__file__).parent))
from check_labels import drawn_label

FONT = lzma.decompress(files("waybillguard.label").joinpath("data", "label-bold.ttf.xz").read_bytes())
ADDRESS = "浙江省金华市义乌市北苑街道机场路88号福田小区3幢****"


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return ocr_reader()


def as_picture(drawn: Drawn) -> Image.Image:
    return Image.fromarray(np.where(drawn.bitmap, np.uint8(15), np.uint8(240)))


def photographed(
    label: Image.Image, *, degrees: float = 0.0, blur: float = 0.0, noise: int = 0, lean: float = 0.0
) -> Image.Image:
    """A label on a grey table: leaning, turned, out of focus, grainy."""
    table = Image.new("L", (label.width + 240, label.height + 240), 130)
    table.paste(label, (120, 120))
    if lean:
        shift = lean * table.width
        quad = (0, 0, 0, table.height, table.width, table.height - shift, table.width, shift)
        table = table.transform(
            table.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=130
        )
    if degrees:
        table = table.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=130)
    if blur:
        table = table.filter(ImageFilter.GaussianBlur(blur))
    if noise:
        grain = np.random.default_rng(5).normal(0, noise, (table.height, table.width))
        table = Image.fromarray(np.clip(np.asarray(table) + grain, 0, 255).astype(np.uint8))
    return table


def other_label(
    lines: list[tuple[str, int, int, int]], waybill: str, size: tuple[int, int] = (800, 1440)
) -> Image.Image:
    """A label of another layout, drawn with Pillow: text, x, y, type size."""
    label = Image.new("L", size, 245)
    pen = ImageDraw.Draw(label)
    for text, x, y, dots in lines:
        pen.text((x, y), text, font=ImageFont.truetype(io.BytesIO(FONT), dots), fill=10)
    bars = zxingcpp.create_barcode(waybill, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    label.paste(Image.fromarray(np.asarray(bars)).resize((bars.shape[1], 120)), (60, 240))
    return label


def courier_label(
    name: str, phone: str, address: list[str], sender: list[str], waybill: str = "773012345678901"
) -> Image.Image:
    lines = [
        ("示例快递", 30, 20, 56), ("330 B06-12", 30, 100, 100), (waybill, 180, 380, 40),
        (f"收件人：{name} {phone}", 30, 460, 44), *((text, 30, 525 + 56 * i, 40) for i, text in enumerate(address)),
        (f"寄件人：{sender[0]}", 30, 720, 36), (sender[1], 30, 770, 34), ("内件：日用品 2件", 30, 860, 36),
        ("打印时间 2026-11-24 13:05", 30, 1360, 28),
    ]  # fmt: skip
    return label_with(lines, waybill)


def label_with(lines: list[tuple[str, int, int, int]], waybill: str) -> Image.Image:
    return other_label(lines, waybill)


def said(verdict: PhotoVerdict, party: str = "receiver") -> dict[str, str]:
    return {field.field: field.verdict for field in verdict.fields if field.party == party}


def judged(picture: Image.Image, tmp_path: Path, reader: TextReader) -> PhotoVerdict:
    path = tmp_path / "photo.png"
    picture.save(path)
    return check_photo(path, reader)


@pytest.mark.slow
@pytest.mark.parametrize("size", LabelSize)
def test_our_own_label_is_read_back_and_passes(size: LabelSize, tmp_path: Path, reader: TextReader) -> None:
    verdict = judged(as_picture(drawn_label(size)), tmp_path, reader)
    assert verdict.verdict == "pass"
    assert {code.text_class for code in verdict.codes} == {"waybill", "token"}
    address = next(field for field in verdict.fields if field.field == "address")
    assert address.text.startswith("浙江省金华市义乌市北苑街道机场路88号福田小区3幢")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "138****5678"}, "phone"),
        ({"name": "王小明"}, "name"),
        ({"address": ADDRESS.replace("****", "2单元501室")}, "address"),
    ],
    ids=["phone", "name", "address"],
)
def test_a_leak_on_a_photo_fails_in_its_field_only(
    changes: dict[str, object], field: str, tmp_path: Path, reader: TextReader
) -> None:
    picture = photographed(as_picture(drawn_label(LabelSize.S76X130, 300, **changes)), degrees=3, blur=0.8)
    verdict = judged(picture, tmp_path, reader)
    assert verdict.verdict == "fail"
    assert {f.field for f in verdict.fields if f.verdict == "fail"} == {field}


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoilt",
    [{"degrees": 90}, {"degrees": -5, "blur": 1.0}, {"lean": 0.02, "noise": 12}],
    ids=["on its side", "turned and blurred", "leaning and grainy"],
)
def test_the_usual_mask_of_other_couriers_fails(
    spoilt: dict[str, Any], tmp_path: Path, reader: TextReader
) -> None:
    label = courier_label(
        "王*明",
        "138****5678",
        ["浙江省金华市义乌市北苑街道", "机场路88号福田小区3幢****"],
        ["示例云仓", "浙江省义乌市城北路1号"],
    )
    verdict = judged(photographed(label, **spoilt), tmp_path, reader)
    assert verdict.verdict == "fail"
    assert said(verdict) | {"goods": "pass", "code": "pass"} == {
        "name": "pass", "phone": "fail", "address": "pass", "goods": "pass", "code": "pass"
    }  # fmt: skip
    phone = next(field for field in verdict.fields if field.field == "phone" and field.party == "receiver")
    assert phone.text == "###****####"


@pytest.mark.slow
def test_of_two_labels_in_a_picture_each_is_listed_and_the_worst_counts(
    tmp_path: Path, reader: TextReader
) -> None:
    address = ["浙江省金华市义乌市北苑街道", "机场路88号福田小区3幢****"]
    sender = ["示例云仓", "浙江省义乌市城北路1号"]
    good = courier_label("王**", "138******78", address, sender)
    bad = courier_label("李小龙", "138******90", address, sender, waybill="773012345678902")
    both = Image.new("L", (1660, 1440), 130)
    both.paste(good, (0, 0))
    both.paste(bad, (860, 0))
    verdict = judged(both, tmp_path, reader)
    assert verdict.verdict == "fail"
    assert [(f.label, f.field) for f in verdict.fields if f.verdict == "fail"] == [(2, "name")]
    assert {f.field for f in verdict.fields if f.label == 1} >= {"name", "phone", "address"}


@pytest.mark.slow
def test_a_picture_without_a_label_is_unreadable(tmp_path: Path, reader: TextReader) -> None:
    verdict = judged(Image.new("L", (900, 700), 180), tmp_path, reader)
    assert (verdict.verdict, verdict.fields, verdict.codes) == ("unreadable", [], [])


def nothing(_picture: object) -> Reading:
    return Reading([])


def test_a_broken_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    assert check_photo(path, nothing).verdict == "unreadable"


def scripted(*lines: tuple[str, int, int]) -> TextReader:
    def read(_picture: object) -> Reading:
        return Reading([TextLine(text, x, y, 40, width=30 * len(text)) for text, x, y in lines])

    return read


def blank(tmp_path: Path) -> Path:
    path = tmp_path / "blank.png"
    Image.new("L", (1600, 1600), 200).save(path)
    return path


def test_a_label_whose_consignee_was_not_read_does_not_pass(tmp_path: Path) -> None:
    read = scripted(("寄件人：王**", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 20, 160))
    assert check_photo(blank(tmp_path), read).verdict == "unreadable"


def test_a_sticker_without_an_address_passes_unless_it_is_cut_off(tmp_path: Path) -> None:
    whole = scripted(("收件人：王** 138******78", 60, 100))
    cut = scripted(("收件人：王** 138******78", 60, 1595))
    assert check_photo(blank(tmp_path), whole).verdict == "pass"
    assert check_photo(blank(tmp_path), cut).verdict == "unreadable"


@pytest.mark.parametrize(
    ("expiry", "verdict"), [("有效期至2026-12-31", "pass"), ("有效期至2026-11-01", "fail"), ("", "fail")]
)
def test_a_virtual_number_is_judged_against_the_printed_date(
    expiry: str, verdict: str, tmp_path: Path
) -> None:
    read = scripted(
        ("收件人：王**", 20, 100),
        (f"虚拟号17012345678-1234{expiry}", 20, 160),
        ("浙江省金华市义乌市机场路88号3幢****", 20, 220),
        ("打印时间 2026-11-24 13:05", 20, 900),
    )
    assert check_photo(blank(tmp_path), read).verdict == verdict


def test_a_tag_in_two_languages_is_no_name(tmp_path: Path) -> None:
    read = scripted(
        ("FROM 发件", 20, 100), ("K. T*****", 300, 100), ("+44 ******19", 640, 100),
        ("TO 收件", 20, 260), ("Emily W*****", 300, 260), ("1*******5*6", 300, 320),
        ("武汉市洪山区珞南街道珞喻路1037号3幢****", 300, 380),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert verdict.verdict == "pass"
    assert {(f.party, f.field) for f in verdict.fields if f.field == "name"} == {
        ("sender", "name"),
        ("receiver", "name"),
    }


def test_an_organisation_beside_its_phone_opens_the_senders_block(tmp_path: Path) -> None:
    read = scripted(
        ("收", 20, 100), ("王**", 120, 100), ("138******78", 400, 100),
        ("浙江省金华市义乌市机场路88号福田大厦A座11层", 120, 160),
        ("寄", 20, 220), ("义乌市示例织造有限公司", 120, 220), ("400-000-0000", 520, 220),
        ("浙江省金华市义乌市工业区B栋", 120, 280),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert verdict.verdict == "pass"
    assert said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


def test_an_organisation_before_its_400_number_opens_its_block_beside_a_tag_out_of_level(
    tmp_path: Path,
) -> None:
    read = scripted(
        ("收", 20, 100), ("王**", 120, 100), ("138******78", 400, 100),
        ("浙江省金华市义乌市机场路88号福田大厦A座11层", 120, 160),
        ("义乌市示例织造有限公司", 120, 205), ("400-000-0000", 520, 205), ("寄", 20, 240),
        ("浙江省金华市义乌市工业区B栋", 120, 250),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


def test_a_whole_name_behind_a_tag_fails_though_no_phone_was_read(tmp_path: Path) -> None:
    read = scripted(
        ("TO 收件", 20, 100), ("Jane Mary-Doe", 260, 100),
        ("广州市番禺区小谷围街道外环西路230号3幢****", 300, 240), ("内件：书", 20, 800),
    )  # fmt: skip
    assert said(check_photo(blank(tmp_path), read))["name"] == "fail"


@pytest.mark.parametrize(
    "company", ["义乌示例器材有限公司", "蓝鸟(广州)有限公司", "义乌示例精密实验器材制造有限公司"]
)
@pytest.mark.parametrize(("person", "verdict"), [(" 李小明", "fail"), (" 李**", "pass"), ("", "pass")])
def test_a_person_behind_a_company_is_judged(company: str, person: str, verdict: str, tmp_path: Path) -> None:
    read = scripted(
        (f"收件人：{company}{person}", 20, 100), ("400-000-0000", 200, 160),
        ("浙江省金华市义乌市机场路88号", 200, 220),
    )  # fmt: skip
    assert said(check_photo(blank(tmp_path), read))["name"] == verdict


@pytest.mark.slow
@pytest.mark.parametrize(("person", "verdict"), [(" 陶立新", "fail"), (" 陶**", "pass"), ("", "pass")])
def test_a_person_behind_a_company_is_read_apart_from_it_under_a_ruling(
    person: str, verdict: str, tmp_path: Path, reader: TextReader
) -> None:
    label = label_with(
        [
            (f"收件方 南京示例实验器材有限公司{person}", 30, 460, 36), ("400-000-0000", 30, 515, 40),
            ("江苏省南京市江宁区秣陵街道机场路19号", 30, 570, 36), ("内件：样品盒", 30, 860, 36),
        ],
        "773012345678901",
    )  # fmt: skip
    ImageDraw.Draw(label).line([(0, 466), (800, 440)], fill=10, width=3)
    assert said(judged(photographed(label, degrees=-3), tmp_path, reader))["name"] == verdict


def test_a_numbered_store_is_no_person(tmp_path: Path) -> None:
    read = scripted(
        ("寄件方 冷库一号", 20, 100), ("95000", 400, 100), ("浙江省金华市义乌市机场路88号", 20, 160),
        ("收件方 王** 138******78", 20, 260), ("浙江省金华市义乌市机场路99号3幢****", 20, 320),
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == "pass"


def test_a_heading_may_say_how_to_fill_in_the_form(tmp_path: Path) -> None:
    read = scripted(
        ("寄件人信息（请用力填写）", 20, 100), ("王小明", 60, 160), ("138******78", 360, 160),
        ("浙江省金华市义乌市机场路88号3幢****", 60, 220),
        ("收件人信息（请用力填写）", 20, 400), ("李**", 60, 460), ("139******90", 360, 460),
        ("江苏省苏州市昆山市育才街12号", 60, 520),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict, "sender") == {"name": "fail", "phone": "pass", "address": "pass"}
    assert said(verdict) == {"name": "pass", "phone": "pass", "address": "pass"}


@pytest.mark.parametrize("phone", ["1**-****-**78", "1** **** 5678", "1**-***-*78"])
def test_a_masked_number_in_groups_is_a_phone(phone: str, tmp_path: Path) -> None:
    read = scripted(
        ("[收] 王**", 20, 100), (f"电话：{phone}", 20, 160), ("浙江省金华市义乌市机场路88号3幢****", 20, 220)
    )
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == {"name": "pass", "phone": "pass", "address": "pass"}


@pytest.mark.parametrize("name", ["王*", "寄件方 王*"])
def test_a_masked_phone_close_behind_a_masked_name_is_none_of_its_stars(name: str, tmp_path: Path) -> None:
    right = 120 + 30 * len(name)
    read = scripted(
        ("收", 20, 40), ("李**", 120, 40), ("139******90", 400, 40), ("江苏省苏州市昆山市育才街12号", 120, 100),
        ("寄", 20, 240), (name, 120, 240), ("*******5678", right + 8, 240), ("浙江省金华市义乌市机场路88号", 120, 300),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


def test_a_name_in_an_unmarked_remark_fails_the_remark(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 20, 160),
        ("打不通请联系我同事李国栋", 20, 600),
    )  # fmt: skip
    assert said(check_photo(blank(tmp_path), read))["remark"] == "fail"


def test_boxes_are_in_pixels_of_the_photo_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    Image.new("L", (4800, 3000), 200).save(path)
    read = scripted(("*******5678", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 20, 160))
    phone = next(field for field in check_photo(path, read).fields if field.field == "phone")
    assert phone.box[:2] == [40, 200]


def test_a_photo_of_50_megapixels_is_read_small(tmp_path: Path) -> None:
    shapes: list[tuple[int, ...]] = []

    def read(picture: Any) -> Reading:
        shapes.append(picture.shape)
        return Reading([])

    path = tmp_path / "large.jpg"
    Image.new("L", (8200, 6200), 200).save(path)
    assert check_photo(path, read).verdict == "unreadable"
    assert max(shapes[0]) == 2400


def test_a_photo_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    shapes: list[tuple[int, ...]] = []

    def read(picture: Any) -> Reading:
        shapes.append(picture.shape)
        return Reading([])

    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (900, 600), 200).save(path, exif=exif)
    check_photo(path, read)
    assert shapes == [(900, 600, 3)]


def test_fields_that_stand_side_by_side_are_not_joined(tmp_path: Path) -> None:
    read = scripted(
        ("收", 20, 40), ("寄", 800, 40), ("王**", 20, 100), ("李**", 800, 100),
        ("138******78", 20, 160), ("139******90", 800, 160),
        ("浙江省金华市义乌市机场路88号3幢****", 20, 220), ("江苏省苏州市昆山市育才街12号", 800, 220),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert verdict.verdict == "pass"
    texts = {(field.party, field.field): field.text for field in verdict.fields}
    assert texts["receiver", "phone"] == texts["sender", "phone"] == "###******##"


def test_lost_stars_are_no_fault(tmp_path: Path) -> None:
    read = scripted(("收件人：王 13878", 20, 100), ("浙江省金华市义乌市机场路88号福田小区3幢", 20, 160))
    assert check_photo(blank(tmp_path), read).verdict == "pass"


def test_an_order_number_like_a_phone_is_no_phone(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 20, 160),
        ("客户单号：13812345678", 20, 700),
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == "pass"


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("浙江省金华市义乌市机场路88号福田小区3幢5楼", "pass"),
        ("浙江省金华市义乌市机场路88号福田小区3幢1802", "fail"),
        ("浙江省金华市义乌市机场路88号福田小区3-2-501", "fail"),
        ("浙江省金华市义乌市北苑街道后宅村5组12号", "fail"),
        ("浙江省金华市义乌市机场路88号福田小区3-*-***", "pass"),
        ("浙江省金华市义乌市机场路88号福田小区菜鸟驿站", "pass"),
    ],
)
def test_an_address_fails_by_a_room_and_by_nothing_else(address: str, verdict: str, tmp_path: Path) -> None:
    read = scripted(("收件人：王** 138******78", 20, 100), (address, 20, 160))
    assert check_photo(blank(tmp_path), read).verdict == verdict


def test_a_verdict_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王小明 13812345678", 20, 100), ("浙江省金华市义乌市机场路88号3幢501室", 20, 160)
    )
    row = msgspec.json.decode(msgspec.json.encode(check_photo(blank(tmp_path), read, name="a.jpg")))
    assert {"photo", "verdict", "fields", "layout", "codes"} <= row.keys()
    assert {"field", "party", "text", "verdict", "reason_zh", "box"} <= row["fields"][0].keys()
    said_of_it = msgspec.json.encode(row).decode()
    for secret in ("小明", "13812345678", "1234", "501"):
        assert secret not in said_of_it


def test_a_tag_beside_the_middle_of_its_block_parts_nothing(tmp_path: Path) -> None:
    read = scripted(
        ("王小明", 120, 100), ("13812345678", 300, 100), ("收", 20, 125), ("浙江省金华市义乌市机场路88号3幢****", 120, 150),
        ("李**", 120, 210), ("139******90", 300, 210), ("寄", 20, 235), ("江苏省苏州市昆山市育才街12号", 120, 260),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == {"name": "fail", "phone": "fail", "address": "pass"}
    assert said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


def test_a_tag_beside_the_first_line_opens_its_block(tmp_path: Path) -> None:
    read = scripted(
        ("收", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 120, 100), ("王小明", 120, 150), ("13812345678", 300, 150),
        ("寄", 20, 200), ("江苏省苏州市昆山市育才街12号", 120, 200), ("李**", 120, 250), ("139******90", 300, 250),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == {"name": "fail", "phone": "fail", "address": "pass"}


def test_a_room_that_was_broken_over_two_lines_is_seen(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100),
        ("浙江省金华市义乌市机场路88号福田小区3-", 20, 160),
        ("2-1801", 20, 205),
    )
    assert said(check_photo(blank(tmp_path), read))["address"] == "fail"


def test_a_phone_of_stars_alone_is_parted_from_the_name_that_hides_its_middle(tmp_path: Path) -> None:
    read = scripted(
        ("收", 20, 100), ("浙江省金华市义乌市北苑街道后山村5组***", 120, 100), ("王*明OOOOOOOOOOO", 120, 150),
        ("寄", 20, 260), ("江苏省苏州市昆山市育才街12号", 120, 260), ("李** 139******90", 120, 310),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


@pytest.mark.parametrize("goods", ["货物 床垫1800*2000", "床垫 1500*2000*200", "床垫1800x2000"])
def test_the_measures_of_goods_are_no_phone(goods: str, tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100),
        ("浙江省金华市义乌市机场路88号3幢****", 20, 160),
        (goods, 20, 600),
    )
    assert check_photo(blank(tmp_path), read).verdict == "pass"


def test_a_route_with_a_place_name_above_the_tag_is_no_address(tmp_path: Path) -> None:
    read = scripted(
        ("镇海-04", 120, 60), ("[收]", 20, 110), ("13812345678", 60, 160), ("浙江省宁波市镇海区车站路50号****", 60, 210),
        ("[寄]", 20, 400), ("李**", 60, 450), ("江苏省苏州市昆山市育才街12号", 60, 500),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == {"phone": "fail", "address": "pass"}
    assert said(verdict, "sender") == {"name": "pass", "address": "pass"}


def test_circles_below_an_address_that_were_read_as_zeros_are_no_room(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100),
        ("浙江省金华市义乌市机场路88号福田小区17幢", 20, 160),
        ("000", 20, 205),
    )
    assert said(check_photo(blank(tmp_path), read)) == {"name": "pass", "phone": "pass", "address": "pass"}


def test_the_stars_behind_a_broken_line_are_no_name(tmp_path: Path) -> None:
    read = scripted(
        ("浙江省金华市义乌市机场路88", 20, 100), ("号****", 20, 145), ("王小明 138******78", 20, 190)
    )
    assert said(check_photo(blank(tmp_path), read)) == {"address": "pass", "name": "fail", "phone": "pass"}


@pytest.mark.parametrize("phone", ["138-****-5678", "13812345678", "+86 138 1234 5678"])
def test_hyphens_and_spaces_hide_no_digit(phone: str, tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王**", 20, 100), (phone, 20, 160), ("浙江省金华市义乌市机场路88号3幢****", 20, 220)
    )
    assert said(check_photo(blank(tmp_path), read))["phone"] == "fail"


def test_an_english_label_is_judged(tmp_path: Path) -> None:
    read = scripted(
        ("SHIP TO", 20, 40), ("John Smith", 20, 100), ("+86 138 1234 5678", 20, 160),
        ("Room 1203, Bldg 3, 88 Nanjing West Rd, Shanghai", 20, 220),
    )  # fmt: skip
    assert said(check_photo(blank(tmp_path), read)) == {"name": "fail", "phone": "fail", "address": "fail"}


@pytest.mark.parametrize(
    "lines",
    [
        ("红烧牛肉面 28元", "电话 0571-88886666", "地址：文三路99号"),
        ("净含量 500g", "产地：安徽省合肥市", "保质期 12个月"),
    ],
)
def test_a_picture_with_a_phone_or_a_place_is_no_label(lines: tuple[str, ...], tmp_path: Path) -> None:
    read = scripted(*((line, 60, 100 + 90 * i) for i, line in enumerate(lines)))
    assert check_photo(blank(tmp_path), read).verdict == "unreadable"


def test_the_sender_above_a_consignee_that_was_not_read_stands_for_nobody(tmp_path: Path) -> None:
    read = scripted(
        ("赵** *******4934", 20, 100),
        ("浙江省金华市义乌市机场路88号3幢****", 20, 160),
        ("收件人信息", 20, 700),
    )
    assert check_photo(blank(tmp_path), read).verdict == "unreadable"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [("咨询热线 0571-85551234", "pass"), ("详询 400-820-8888", "pass"), ("客服小李 13812345678", "fail")],
)
def test_a_hotline_in_a_notice_is_no_persons_number(line: str, verdict: str, tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 20, 160), (line, 20, 700)
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == verdict


def test_stars_out_of_focus_are_no_room(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王**", 20, 40), ("138......*78", 20, 100), ("浙江省金华市义乌市机场路88号福田小区3幢", 20, 160),
        ("寄件人：李**", 20, 300), ("0571-......*12", 20, 360), ("江苏省苏州市昆山市育才街12号", 20, 420),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert verdict.verdict == "pass"
    assert said(verdict)["phone"] == said(verdict, "sender")["phone"] == "pass"


@pytest.mark.parametrize(
    ("name", "phone", "address"),
    [
        ("买买提·吐尔逊", "13812345678", "新疆维吾尔自治区喀什地区喀什市多来特巴格乡2村3组15号"),
        ("陳大文", "+852 61234567", "香港九龍油尖旺區彌敦道688號旺角中心8樓C室"),
        ("小鹿乱撞", "(0571) 8765 4321", "浙江省金华市义乌市机场路88号福田小区3幢1802"),
    ],
)
def test_names_and_numbers_of_every_kind_are_seen(
    name: str, phone: str, address: str, tmp_path: Path
) -> None:
    read = scripted(
        ("收", 20, 100), (name, 120, 100), (phone, 120 + 30 * len(name) + 40, 100), (address, 120, 160)
    )
    assert said(check_photo(blank(tmp_path), read)) == {"name": "fail", "phone": "fail", "address": "fail"}


def test_a_masked_number_from_hong_kong_passes(tmp_path: Path) -> None:
    read = scripted(("收件人：陳** +852 ******67", 20, 100), ("香港九龍油尖旺區彌敦道688號旺角中心", 20, 160))
    assert check_photo(blank(tmp_path), read).verdict == "pass"


def test_a_room_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：王** 138******78", 20, 100), ("浙江省金华市义乌市机场路88号3幢****", 20, 160), ("派送至2单元501", 20, 900)
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == "fail"


_RECEIVER = (
    ("收", 20, 100),
    ("王** 138******78", 120, 100),
    ("浙江省金华市义乌市机场路88号3幢****", 120, 145),
)


@pytest.mark.parametrize(
    ("heading", "verdict"),
    [("To 目的站", "pass"), ("To 王小明", "fail"), ("From 始发站", "pass")],
)
def test_a_heading_in_two_languages_is_no_name(heading: str, verdict: str, tmp_path: Path) -> None:
    assert check_photo(blank(tmp_path), scripted(*_RECEIVER, (heading, 800, 600))).verdict == verdict


def test_stars_before_the_last_digits_are_the_phones_not_the_names(tmp_path: Path) -> None:
    read = scripted(
        ("王小明", 120, 100), ("*******", 230, 100), ("4471", 450, 100), ("浙江省金华市义乌市机场路88号3幢****", 120, 145)
    )  # fmt: skip
    assert said(check_photo(blank(tmp_path), read)) == {"name": "fail", "phone": "pass", "address": "pass"}


def test_a_shop_with_a_short_number_is_the_sender(tmp_path: Path) -> None:
    read = scripted(*_RECEIVER, ("示例家纺 95711", 120, 230), ("江苏省苏州市昆山市育才街12号", 120, 275))
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


def test_a_date_broken_at_the_edge_of_its_column_is_one(tmp_path: Path) -> None:
    read = scripted(
        ("收", 20, 100), ("王**", 120, 100), ("17012345678(有效期至2026-1", 120, 145), ("2-01 23:59)", 120, 190),
        ("浙江省金华市义乌市机场路88号3幢****", 120, 235), ("2026-11-24", 120, 900),
    )  # fmt: skip
    assert said(check_photo(blank(tmp_path), read)) == {"name": "pass", "phone": "pass", "address": "pass"}


def test_a_tag_belongs_to_the_block_it_stands_in_not_to_the_one_above(tmp_path: Path) -> None:
    read = scripted(
        ("收件", 20, 100), ("王小明 13812345678", 110, 100), ("浙江省金华市义乌市机场路88号3幢****", 110, 145),
        ("寄件", 22, 190), ("李** *******1180", 110, 190), ("江苏省苏州市昆山市育才街12号", 110, 235),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert said(verdict) == {"name": "fail", "phone": "fail", "address": "pass"}
    assert said(verdict, "sender") == {"name": "pass", "phone": "pass", "address": "pass"}


def test_a_tag_below_an_address_begins_the_other_party_though_its_name_was_not_read(tmp_path: Path) -> None:
    read = scripted(*_RECEIVER, ("寄", 20, 205), ("江苏省苏州市昆山市育才街12号4幢3单元402室", 120, 225))
    verdict = check_photo(blank(tmp_path), read)
    assert (said(verdict)["address"], said(verdict, "sender")["address"]) == ("pass", "fail")


def test_an_address_from_the_province_on_below_another_is_the_other_partys(tmp_path: Path) -> None:
    read = scripted(
        ("收", 20, 100), ("王** 138******78", 120, 100), ("浙江省金华市义乌市机场路88号3幢****", 120, 145),
        ("江苏省苏州市昆山市育才街12号4幢3单元402室", 120, 215),
    )  # fmt: skip
    verdict = check_photo(blank(tmp_path), read)
    assert (said(verdict)["address"], said(verdict, "sender")["address"]) == ("pass", "fail")


def test_a_list_of_duties_is_no_label(tmp_path: Path) -> None:
    read = scripted(
        ("发货须知", 20, 100), ("三、退件统一放3号货架,登记后入库。", 20, 160), ("四、限速5公里,3号门通道不得堆货。", 20, 205)
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == "unreadable"


def test_a_label_cut_off_before_the_consignees_address_is_unreadable(tmp_path: Path) -> None:
    read = scripted(
        ("寄", 20, 100), ("李** 139******90", 120, 100), ("江苏省苏州市昆山市育才街12号", 120, 145),
        ("收", 20, 250), ("王** 138******78", 120, 250),
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == "unreadable"


def test_a_shadow_over_a_part_of_a_line_is_no_ink() -> None:
    line = np.full((48, 480, 3), 230, np.uint8)
    for left in range(8, 472, 16):
        line[12:36, left : left + 6] = 20
    shaded = (line * np.linspace(1, 0.45, 480)[None, :, None]).astype(np.uint8)
    black = 255 - line
    assert (ink_of(shaded) == ink_of(line)).all()
    assert (ink_of(black) == ink_of(line)).all()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # Base64 of random bytes that decode as GB 18030.
        ("77304016576909182K434747", CodeClass.TOKEN),
        ("07208978011016879M201208", CodeClass.TOKEN),
        (base64.b64encode("王小明 江苏省苏州市".encode("gb18030")).decode(), CodeClass.PERSONAL),
        (base64.b64encode("禚小明138".encode("gb18030")).decode(), CodeClass.PERSONAL),
    ],
)
def test_a_token_whose_bytes_are_rare_characters_is_nobodys_name(text: str, kind: CodeClass) -> None:
    assert classify_code(text) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("DC017686140284.3c32ebdcc986", CodeClass.TOKEN),
        ("HYK096330584169|d8861b48c3d0", CodeClass.TOKEN),
        ("wb=NF033424571614&t=800ff7bd52d649de", CodeClass.TOKEN),
        ("ZN103660912120-1-2-", CodeClass.WAYBILL),
        ("6cb9d0b2bc5c2230", CodeClass.TOKEN),
        ("078458272126", CodeClass.WAYBILL),
        ("DC017686140284,13912345678", CodeClass.PERSONAL),
        ("wang13912345678", CodeClass.PERSONAL),
        ("DC017686140284;0571-87990000", CodeClass.PERSONAL),
    ],
)
def test_the_digits_of_a_waybill_number_or_a_token_are_no_phone(text: str, kind: CodeClass) -> None:
    assert classify_code(text) is kind


def test_tokens_of_chance_are_hardly_ever_taken_for_personal_data() -> None:
    chance = random.Random(20261129)

    def digits(count: int) -> str:
        return "".join(chance.choices("0123456789", k=count))

    def hexadecimal(count: int) -> str:
        return "".join(chance.choices("0123456789abcdef", k=count))

    made = [
        token
        for _ in range(1000)
        for number in [f"{chance.choice(('DC', 'YT', 'HYK'))}{digits(chance.choice((11, 12, 13)))}"]
        for token in (
            f"{number}.{hexadecimal(12)}",
            f"{number}-{hexadecimal(8)}",
            f"{number} {digits(4)}",
            hexadecimal(16),
        )
    ]
    assert sum(classify_code(token) is CodeClass.PERSONAL for token in made) <= 0.004 * len(made)


def test_the_account_of_a_shop_is_no_link_to_an_order() -> None:
    assert judge_code(None, "https://weixin.qq.com/r/AbCdEfGhIjKlMnOpQrSt", Standard.MIN) is None
    assert judge_code(None, "https://shop.example/o?waybill=DC017686140284", Standard.MIN) is not None


@pytest.mark.parametrize(("left", "top", "star"), [(41, 8, True), (41, 8, False), (33, 8, True)])
def test_a_star_between_characters_of_narrow_type_is_seen_by_its_size_and_place(
    left: int, top: int, star: bool
) -> None:
    ink = np.zeros((48, 96), bool)
    ink[6:42, 12:36] = ink[6:42, 54:78] = True  # two characters whose middles were read at 24 and 66
    if star:
        ink[top : top + 10, left : left + 8] = True
    seen = loose_ink(ink, [24.0, 66.0], "王民")
    assert bool(seen) == (star and left == 41), "touching a character it is a part of it"


def test_a_label_that_may_go_on_below_the_photo_is_unreadable_without_an_address(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    Image.new("L", (1600, 200), 200).save(path)
    read = scripted(("收件人：王**", 300, 100), ("电话：*******2273", 700, 100))
    assert check_photo(path, read).verdict == "unreadable"
    assert check_photo(blank(tmp_path), read).verdict == "pass", "a station's sticker"


def test_a_date_broken_within_its_word_is_the_virtual_numbers(tmp_path: Path) -> None:
    read = scripted(
        ("收件人：毕*", 60, 100), ("17023318846转4471(隐私号,有", 60, 160), ("效期至2026-12-15)", 60, 220),
        ("山东省济南市历下区甸柳街道解放东路29号燕山苑4号楼", 60, 280), ("打印 2026-11-20 14:49", 60, 900),
    )  # fmt: skip
    assert check_photo(blank(tmp_path), read).verdict == "pass"


def test_the_number_of_a_station_is_no_consignees(tmp_path: Path) -> None:
    read = scripted(*_RECEIVER, ("网点电话:", 20, 900), ("13912345678", 200, 900))
    assert check_photo(blank(tmp_path), read).verdict == "pass"


@pytest.mark.parametrize("kind", ["EAN13", "EAN8", "UPCE", "DataBarExp", "DataBarLtd", "Code39Ext"])
def test_a_bar_code_of_goods_is_linear_and_begins_no_label(kind: str, tmp_path: Path) -> None:
    content = {
        "EAN13": "6901234567892", "EAN8": "69012341", "UPCE": "01234565", "DataBarExp": "(01)98898765432106",
        "DataBarLtd": "(01)00012345678905", "Code39Ext": "abc123",
    }[kind]  # fmt: skip
    label = label_with([], "773012345678901")
    bars = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=2)
    label.paste(Image.fromarray(np.asarray(bars)).resize((bars.shape[1], 100)), (60, 1100))
    path = tmp_path / "goods.png"
    label.save(path)
    verdict = check_photo(path, scripted(*_RECEIVER))
    assert {code.format for code in verdict.codes} <= _LINEAR
    assert len(verdict.codes) == 2
    assert {field.label for field in verdict.fields} == {1}
