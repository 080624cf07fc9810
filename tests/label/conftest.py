"""Invented labels for the tests of the label package."""

import random
from collections.abc import Callable

import msgspec
import pytest

from waybillguard.label.model import LabelContent

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_ORDINARY = LabelContent(
    waybill_no="SX7200000000020",
    sort_code="浙-义乌-08",
    hub="义乌集散",
    carrier="示例速运",
    name="测**",
    phone="*******5678",
    address="浙江省金华市义乌市北苑街道示例路88号云朵花园3幢****",
    goods_class="服装",
    reference="".join(random.Random(45).choices(BASE45, k=72)),
    ticket="7F3AC91E",
    station="站07",
    printed_at="2026-11-24 13:05",
)


@pytest.fixture(scope="session")
def make_content() -> Callable[..., LabelContent]:
    """Return an ordinary label with the named fields changed."""

    def make(**changes: object) -> LabelContent:
        return msgspec.structs.replace(_ORDINARY, **changes)

    return make


@pytest.fixture(scope="session")
def content() -> LabelContent:
    """An ordinary label."""
    return _ORDINARY


@pytest.fixture(scope="session")
def long_content(make_content: Callable[..., LabelContent]) -> LabelContent:
    """A label whose every field is long."""
    return make_content(
        waybill_no="YT1234567890123456-78",
        sort_code="内蒙-呼伦贝尔-鄂温克-112",
        hub="呼伦贝尔鄂温克族自治旗集散分拨转运中心",
        carrier="示范联合国际供应链速运",
        name="示范贸易进出口有限公司义乌分公司",
        phone="0579-******34-***",
        address="内蒙古自治区呼伦贝尔市鄂温克族自治旗示例镇团结路与民族大街交叉口东北角"
        "示范工业园区A12-3号楼第二物流中心****",
        goods_class="图书文具",
        ticket="7F3AC91E22D0",
        station="义乌北苑站07",
        printed_at="2026-11-24 13:05:59",
        attempt=3,
        sample=True,
        remark="易碎，轻放；请放驿站，先电联 ****",
    )
