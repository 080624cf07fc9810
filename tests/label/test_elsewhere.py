"""What stands outside names, phones and addresses: a person's is told from a thing's, a shop's and staff's."""

import pytest

from waybillguard.label.check.evidence import Surroundings, judge_read
from waybillguard.label.check.values import TextLine, Zone


def _fails(zone: Zone, text: str, before: str = "") -> bool:
    near = Surroundings(before=before)
    return judge_read(zone, [TextLine(text, 0, 0, 40)], near) is not None


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("班次 13912345678", ""),
        ("筐号 TK-13912345678", ""),
        ("13912345678", "机身码"),
        ("7-139-1234-5678-20", ""),
        ("收派员 周志强 13912345678", ""),
        ("周志强 13912345678", "骑手"),
        ("0577-88991234", "网点 南塘"),
        ("黄玉米 3斤 白玉兰 2枝", ""),
        ("《孙志明诗选》1册", ""),
        ("运输单 330106202611183377", ""),
        ("客服 kefu01@shop.example", ""),
        ("3号库 A座二层", ""),
    ],
)
def test_what_is_nobodys_passes(text: str, before: str) -> None:
    assert not _fails(Zone.UNKNOWN, text, before)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (Zone.UNKNOWN, "团购头 周志强 13912345678"),
        (Zone.UNKNOWN, "改送打一三九一二三四五六七八"),
        (Zone.UNKNOWN, "签收人: 周志强"),
        (Zone.UNKNOWN, "2份 周志强 1份 吴秀兰"),
        (Zone.UNKNOWN, "请交门房吴秀兰代收"),
        (Zone.UNKNOWN, "身份证 330106198803072114"),
        (Zone.UNKNOWN, "挂在 5217 房门上"),
        (Zone.UNKNOWN, "楼下门禁 2580#"),
        (Zone.REMARK, "祝吴秀兰生日快乐"),
        (Zone.REMARK, "吴秀兰女士惠存"),
        (Zone.REMARK, "寄电子票到 wuxl77@mail.example"),
        (Zone.NOTICE, "找买家微信 13912345678"),
    ],
)
def test_what_is_a_persons_fails(zone: Zone, text: str) -> None:
    assert _fails(zone, text)


def test_a_date_below_attests_a_virtual_number() -> None:
    number, date = TextLine("17012345678-1234", 0, 0, 40), TextLine("(虚拟号,有效期至2026-12-05)", 0, 50, 40)
    near = Surroundings(dates="2026-11-29")
    assert judge_read(Zone.PHONE, [number, date], near) is None
    assert judge_read(Zone.PHONE, [number], near) is not None
