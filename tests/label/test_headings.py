"""Headings of a label: the party and field they announce, and texts that are not headings."""

import pytest

from waybillguard.label.check import TextLine
from waybillguard.label.check.evidence import Surroundings, judge_read
from waybillguard.label.check.fold import fold
from waybillguard.label.check.headings import heading_alone
from waybillguard.label.check.kinds import headed
from waybillguard.label.check.values import Party, Zone

RECEIVER, SENDER = Party.RECEIVER, Party.SENDER


@pytest.mark.parametrize(
    ("text", "party", "zone", "rest"),
    [
        ("收货方：王*", RECEIVER, None, "王*"),
        ("托运人 李* 138******78", SENDER, None, "李* 138******78"),
        ("收件人姓名：王*", RECEIVER, Zone.NAME, "王*"),
        ("收货人:联系人:王*", RECEIVER, Zone.NAME, "王*"),
        ("FROM蓝鸟服饰有限公司", SENDER, None, "蓝鸟服饰有限公司"),
        ("发尾号4806", SENDER, None, "尾号4806"),
        ("电 话 138******78", None, Zone.PHONE, "138******78"),
        ("客户备注：放门口", RECEIVER, Zone.REMARK, "放门口"),
        ("To 目的站", None, None, "To 目的站"),
        ("派件员签字", None, None, "派件员签字"),
        ("发货单号 20261121", None, None, "发货单号 20261121"),
    ],
)
def test_a_heading_is_taken_off_by_what_stands_behind_it(
    text: str, party: Party | None, zone: Zone | None, rest: str
) -> None:
    found = headed(TextLine(fold(text), 0, 0, 40))
    assert (found[0], found[1], found[2].text) == (party, zone, rest)


@pytest.mark.parametrize(
    "text", ["收", "【寄】", "收件人/TO", "发件方 FROM", "取件人：", "姓名", "Consignee 收货人"]
)
def test_a_heading_may_stand_alone(text: str) -> None:
    assert heading_alone(fold(text)) is not None


@pytest.mark.parametrize("text", ["到付", "收费 12.00", "发票", "送货上门", "寄存"])
def test_words_that_begin_like_a_heading_are_none(text: str) -> None:
    assert heading_alone(text) is None


def test_a_mobile_number_with_800_in_it_is_no_service_number() -> None:
    near = Surroundings(organisation=True)
    assert judge_read(Zone.PHONE, [TextLine("15800036241", 0, 0, 40)], near) is not None
    assert judge_read(Zone.PHONE, [TextLine("800-820-1234", 0, 0, 40)], near) is None
