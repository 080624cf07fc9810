"""Text outside names, phones and addresses: personal data is distinguished from data of items, shops and staff."""

import pytest

from waybillguard.label.check.codes import is_numbers_own
from waybillguard.label.check.elsewhere import left_of
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
        ("收件员:孙立强 13912345678", ""),
        ("揽收 黄志坚 13912345678", "05-11 09:02"),
        ("13912345678", "取件码"),
        ("祝您生日快乐", ""),
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
        (Zone.REMARK, "祝茅雨晴生日快乐 永远十八"),
        (Zone.GOODS, "私章1枚 刻字:于洪波印"),
        (Zone.REMARK, "人不在,到隔壁702找舒桂兰取件"),
        (Zone.REMARK, "交给收银台周若岚"),
        (Zone.UNKNOWN, "茅建平"),
        (Zone.UNKNOWN, "投保人:佟亚男 2026-10-12"),
        (Zone.REMARK, "白天打办公室2123307"),
        (Zone.REMARK, "送到8016,放门把手上"),
        (Zone.REMARK, "请送到5-B503前台"),
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


@pytest.mark.parametrize(
    ("text", "before", "shows"),
    [
        ("区志强", "安装师傅", False),
        ("13702489915", "安装师傅 区志强", False),
        ("0312-5570918", "调度: 宋文静", False),
        ("叫阿芳13719284456", "", True),
        ("小李 13812345678", "客服", True),
        ("13812345678", "电话", True),
        ("王小明 13812345678", "送", True),
        ("13812345678", "收件", True),
        ("13098705401", "货号", False),
    ],
)
def test_staff_may_show_beside_a_word_of_work_that_is_no_shops(text: str, before: str, shows: bool) -> None:
    assert _fails(Zone.STAFF, text, before) is shows


@pytest.mark.parametrize("text", ["箱号 15118700321", "图号 0519-85102837", "押金号 13359281100"])
def test_the_number_of_a_thing_is_no_phone_in_goods(text: str) -> None:
    assert not _fails(Zone.GOODS, text)
    assert _fails(
        Zone.GOODS, text.replace("号", "").replace("箱", "手机").replace("图", "电话").replace("押金", "联系")
    )


@pytest.mark.parametrize(
    "text",
    ["楼下大门按4417#进", "不在家就放对门1102", "挂203门把手上", "Please deliver to Room 318", "祝许嘉禾十岁生日快乐", "新郎卞志恒 新娘糜雨薇", "客户: 贺一鸣", "到场找现场袁大兵,他在岗亭"],
)  # fmt: skip
def test_what_a_remark_gives_away_is_seen(text: str) -> None:
    assert _fails(Zone.REMARK, text)


@pytest.mark.parametrize(
    "text", ["张小泉 剪刀 赠品", "王麻子 厨刀", "李师傅牌宣纸", "夏装 155/72 42套", "门锁 1203型"]
)
def test_goods_called_after_a_person_or_numbered_name_nobody(text: str) -> None:
    assert not _fails(Zone.GOODS, text)


@pytest.mark.parametrize("text", ["会员号 13812345678", "账号13812345678", "手机号 13812345678"])
def test_an_account_may_be_a_phone(text: str) -> None:
    assert _fails(Zone.GOODS, text)


def test_a_number_behind_the_tag_of_a_party_is_no_things() -> None:
    assert _fails(Zone.UNKNOWN, "13812345678", "收件")
    assert _fails(Zone.REMARK, "13812345678 打这个", "收货")
    assert not _fails(Zone.REMARK, "15902837746 请随货放回", "原运单")


def test_numbers_below_the_heading_of_a_column_are_things() -> None:
    lines = [
        TextLine(text, 100, 100 + 50 * i, 40, 300)
        for i, text in enumerate(["货号", "13020896216", "13098705401"])
    ]
    assert left_of(lines[2], lines) == "货号"
    assert judge_read(Zone.PHONE, [lines[2]], Surroundings(before="货号")) is None
    assert judge_read(Zone.PHONE, [lines[2]], Surroundings(before="收件")) is not None


def test_a_bar_code_like_a_mobile_number_is_a_waybill_where_every_phone_is_another() -> None:
    assert is_numbers_own("13900481726", ["153******8", "400-037-3535"])
    assert not is_numbers_own("13900481726", ["139******26"])
    assert not is_numbers_own("13900481726", [])


def test_a_name_asked_for_is_told_from_one_that_stands_before() -> None:
    assert not _fails(Zone.REMARK, "请放门口", "派件员:张师傅")
    assert _fails(Zone.REMARK, "请交给李娜", "联系人李建国 某站点某")
    assert _fails(Zone.REMARK, "同事李国栋", "打不通请联系我")


@pytest.mark.parametrize(
    "text",
    ["打印日期20261201", "打包2123307", "请送到2026-12-01", "送到1000件", "楼下2000米", "送到2026年"],
)  # fmt: skip
def test_dates_counts_and_words_of_printing_give_nobody_away(text: str) -> None:
    assert not _fails(Zone.REMARK, text)


@pytest.mark.parametrize("text", ["20-B012", "路由 12-A345"])
def test_a_sorting_code_is_no_room_outside_a_remark(text: str) -> None:
    assert not _fails(Zone.UNKNOWN, text)
    assert _fails(Zone.REMARK, text)
