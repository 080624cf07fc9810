"""The preview looks like the label but cannot be mistaken for a valid one."""

from waybillguard.label.codes import decode
from waybillguard.label.model import CodeKind, LabelSize
from waybillguard.label.preview import preview_content
from waybillguard.label.raster import draw

FIELDS = {
    "waybill_no": "SX7200000000020",
    "sort_code": "浙-义乌-08",
    "hub": "义乌集散",
    "carrier": "示例速运",
    "name": "测**",
    "phone": "*******5678",
    "address": "浙江省金华市义乌市示例路1号****",
    "goods_class": "服装",
    "remark": "",
}


def test_a_preview_is_marked_as_a_sample_and_has_no_ticket() -> None:
    content = preview_content(FIELDS)
    assert content.sample
    assert content.ticket == "预览"
    assert content.name == "测**"


def test_the_code_of_a_preview_opens_nothing() -> None:
    drawn = draw(preview_content(FIELDS), LabelSize.S76X130, 203)
    (reference,) = (box.text for box in decode(drawn.bitmap) if box.kind is CodeKind.QR)
    assert set(reference) == {"0"}


def test_an_order_without_numbers_or_contact_can_be_previewed_too() -> None:
    drawn = draw(preview_content(dict.fromkeys(FIELDS, "")), LabelSize.S76X130, 203)
    assert drawn.bitmap.any()
