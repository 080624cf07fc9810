"""Verdicts on names, phones and addresses read from a label; all persons and numbers are invented."""

import pytest

from waybillguard.label.check import TextLine
from waybillguard.label.check.addresses import UNIT
from waybillguard.label.check.elsewhere import attesting_lines
from waybillguard.label.check.evidence import Surroundings, judge_read
from waybillguard.label.check.fold import fold
from waybillguard.label.check.names import is_organisation
from waybillguard.label.check.text import redact
from waybillguard.label.check.values import Party, Zone


def _fails(zone: Zone, text: str, party: Party = Party.RECEIVER, *, organisation: bool = False) -> bool:
    line = TextLine(fold(text), 0, 0, 40, party=party)
    return judge_read(zone, [line], Surroundings(organisation=organisation)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "王芳", "王小明女士", "王小明女士收", "曲德海船长", "马建国主任", "苟医生", "联系人:赵六六", "张三丰（店长）",
        "爱吃榴莲的猫", "开心的小橙子", "静待花开", "A开心就好", "代购 苏婉婷", "护士长 邹丽华", "晨光文具店 李建国",
        "Nguyen Thi Hoa", "JOHN SMITH", "Ms Brandt", "O'Brien Kate", "Lily 王芳", "김철수", "扎西卓玛", "买买提·吐尔逊",
        "郝志远**", "欧阳娜娜**", "取梁志远", "小叶子Anna", "MissCandy",
    ],
)  # fmt: skip
def test_a_whole_name_is_seen(text: str) -> None:
    assert _fails(Zone.NAME, text)


@pytest.mark.parametrize(
    "text",
    [
        "王*", "王*女士", "·建华", "王x军", "屈XX", "林○○", "王某某", "石··", "孙--", "王小--", "唐*（医师）", "法官 向*", "J*** Smith",
        "M. K*****", "金*哲 (KIM *****)", "扎西**", "欧阳*", "值班护士", "车间主任", "前台", "素心斋", "老渔家", "成都亮晶灯饰", "第二小学",
        "云台寺", "渔XX18号", "Almaty Horse Gear LLP", "中铁四局项目部", "商家邱**", "翠姐源头好货直播间",
    ],
)  # fmt: skip
def test_a_masked_name_an_organisation_and_a_post_show_nobody(text: str) -> None:
    assert not _fails(Zone.NAME, text)


def test_a_person_beside_an_organisation_is_no_shop_of_it() -> None:
    assert _fails(Zone.NAME, "秦志远老师", organisation=True)
    assert not _fails(Zone.NAME, "好日选物铺", organisation=True)


@pytest.mark.parametrize("text", ["三味书屋", "晋味斋", "苗苗饰品", "半日书店", "匿名"])
def test_a_senders_short_name_may_be_a_shops(text: str) -> None:
    assert not _fails(Zone.NAME, text, Party.SENDER)


@pytest.mark.parametrize(
    "text",
    ["缦云珠宝(国贸店)", "常青藤文具(电商)", "九峰山天宁寺", "KOBO TRADING CO., LTD.", "NORDLYSOUTDOORAS", "Hengda Optics Co., Ltd."],
)  # fmt: skip
def test_an_organisation_is_known_by_its_trade_or_its_form(text: str) -> None:
    assert is_organisation(text)


def test_an_address_that_ends_like_a_temple_is_no_organisation() -> None:
    assert not is_organisation("安徽省合肥市蜀山区三里庵")


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "138****5678", "138 1234 5678", "138xxxx5678", "(139)****(6672)", "0579-85551234", "010-12****78", "010-*****678",
        "0928-***-514", "+886 912 345 870", "+852 9123 4567", "+1 212 555 0198", "１５８３６４０９２７１", "一三八一二三四五六七八",
        "138******78/13912345678", "138******78 13912345678", "短号661832", "17041230951转3320",
    ],
)  # fmt: skip
def test_a_phone_that_shows_too_much_is_seen(text: str) -> None:
    assert _fails(Zone.PHONE, text)


@pytest.mark.parametrize(
    "text",
    [
        "138******78", "138XXXXXX78", "0579-******34", "010-******78", "0579-******34-802", "022-****-**17转***", "138******78转1234",
        "138******78 139******34", "138******78 0571-******12", "手机138******78座机0571-******12", "+852 ******67", "+1 ***-***-**12",
        "尾号5678", "□□□□□□□3390", "1·········6", "135某某某某某某68", "一三九********", "09xx-xxx-558",
    ],
)  # fmt: skip
def test_a_phone_of_which_six_digits_are_hidden_passes(text: str) -> None:
    assert not _fails(Zone.PHONE, text)


@pytest.mark.parametrize("text", ["400-820-1234", "95338", "0731-96138"])
def test_a_service_number_of_an_organisation_may_show(text: str) -> None:
    assert not _fails(Zone.PHONE, text, organisation=True)


@pytest.mark.parametrize(
    "text",
    [
        "文三路90号5栋1单元", "一环路3-2-501", "万科城6号楼-1203", "6号楼 2-1203", "百汇大厦A座12F-03", "Flat B, 12/F, Tower 3, Hong Kong",
        "Room 1203, No. 88 Nanjing Rd", "12 Marina Blvd #12-03 Singapore", "Unit A, 8 King Road", "ngõ 12 số 34 phòng 1203",
        "住院部8楼内二科12床", "市一院3号楼5层0512病房", "3号楼2门501", "八号楼三门402", "信義路五段7號12樓之3", "四区2楼23458号",
        "二楼2186号商位", "会展中心B馆 11.2 H26 展位", "延安路88弄12号602", "八栋三〇一", "家园B座1203*", "李家村三组12号", "王家庄5号",
        "金色家园5楼西户", "澳门广场第3座12楼B", "写字楼3 1908", "锦绣苑5栋 1203", "302办公室", "创意园A12工位",
    ],
)  # fmt: skip
def test_a_room_in_every_way_of_writing_is_seen(text: str) -> None:
    assert _fails(Zone.ADDRESS, text)


@pytest.mark.parametrize(
    "text",
    [
        "文三路90号5栋****", "曹杨新村12号", "田林三村30号", "科兴科学园B座3单元门口", "中关村大街27号1101信箱", "酒仙桥路4号798艺术区",
        "世纪大道1168号东方金融广场B座12层", "快递柜3号柜A12格", "商贸城2楼6街****", "No. 88 Nanjing Road, Room ***", "12 Elm Road, Flat **",
        "ngõ 12, số 34", "信義路五段7號12樓", "和平東路12號之3", "G107国道1203公里处", "天津港3号门", "物流园7号库12号月台", "住院部6楼**病区**床",
        "公寓7号楼南门驿站", "中山路 1203号", "2号维修工位", "董家堡村三组", "12号宿舍楼", "景福里9号楼3层",
    ],
)  # fmt: skip
def test_what_may_show_of_an_address_is_no_room(text: str) -> None:
    assert not _fails(Zone.ADDRESS, text)


@pytest.mark.parametrize("text", ["沈阳鼎新 关志强", "宏远五金商行 联系人周建国", "和平饭庄 符传宗"])
def test_a_person_behind_a_place_or_a_firm_is_seen(text: str) -> None:
    assert _fails(Zone.NAME, text)


@pytest.mark.parametrize("text", ["寇艳茹", "查永胜"])
def test_a_rare_surname_with_the_characters_of_a_given_name_is_a_senders_too(text: str) -> None:
    assert _fails(Zone.NAME, text, Party.SENDER)
    assert _fails(Zone.NAME, text, organisation=True)


def test_the_words_of_a_service_are_nobodys_name() -> None:
    assert not _fails(Zone.NAME, "立即送达·小份文件")


@pytest.mark.parametrize(
    "text",
    [
        "正直镇石门村长岭组27号", "坝美镇法利村二组三十一号", "福佳新城12号2-6-1", "建设西路12号院6#2-11", "漓岸酒店(入住房1608)",
        "稻香新村26幢****(手写:402)", "3号楼*单元****(电梯出来左手2702)",
    ],
)  # fmt: skip
def test_a_household_or_a_room_in_an_unusual_place_is_seen(text: str) -> None:
    assert _fails(Zone.ADDRESS, text)


def test_a_number_abroad_may_show_what_leaves_five_digits_hidden() -> None:
    assert not _fails(Zone.PHONE, "+852 9*****28")
    assert _fails(Zone.PHONE, "+852 9123****")


def test_a_number_that_stands_once_more_where_it_is_told_to_be_virtual_is_virtual() -> None:
    number = TextLine("17090213344转2291", 0, 100, 40, 400, zone=Zone.PHONE)
    note = TextLine("虚拟号 有效期至2026-12-24", 0, 150, 40, 500, zone=Zone.PHONE)
    again = TextLine("17090213344转2291", 0, 900, 40, 400, zone=Zone.PHONE)
    assert attesting_lines([again], [number, note, again]) == [note]
    other = TextLine("13812345678", 0, 500, 40, 400, zone=Zone.PHONE)
    assert attesting_lines([again], [note, again]) == [note], "no other number that it could be about"
    assert attesting_lines([again], [note, other, again]) == []


def test_one_digit_by_itself_behind_a_masked_number_is_no_evidence() -> None:
    assert not _fails(Zone.PHONE, "189****72 2")
    assert _fails(Zone.PHONE, "189****722")


@pytest.mark.parametrize(
    "text",
    [
        "A01果果",
        "骨科 路主任",
        "三(2)班 龙老师",
        "云溪书店 孟店长",
        "财务部梁会计",
        "吴**/吴丽华",
        "白*、吴兴旺",
        "何师傅、小江",
    ],
)
def test_a_person_among_others_or_with_a_title_behind_a_place_is_seen(text: str) -> None:
    assert _fails(Zone.NAME, text)


@pytest.mark.parametrize(
    "text", ["收喻", "收邱*", "材料员", "店长", "骨科", "吴**/吴*", "白*、吴*旺", "一厂车间主任"]
)
def test_a_glued_heading_a_bare_post_and_masked_ones_among_others_show_nobody(text: str) -> None:
    assert not _fails(Zone.NAME, text)


@pytest.mark.parametrize(
    "text",
    [
        # Squares that OCR read as zeros and letters.
        "10000000774", "130000000008", "1000DC6C43", "13口口口000021", "130二00二072", "DOCDOC7031",
        "310012",  # a postcode, no square
    ],
)  # fmt: skip
def test_what_squares_are_read_as_is_no_digit(text: str) -> None:
    assert not _fails(Zone.PHONE, text)


def test_a_switchboard_and_service_numbers_in_any_grouping_may_show() -> None:
    line = TextLine("0571-87990000", 0, 0, 40)
    assert judge_read(Zone.PHONE, [line], Surroundings(before="总机")) is None
    assert judge_read(Zone.PHONE, [line], Surroundings()) is not None
    for text in ("400-816-2208转8033", "4008-0415-22", "95105688"):
        assert not _fails(Zone.PHONE, text, organisation=True)


@pytest.mark.parametrize(
    "text",
    [
        "红锦大道86号银都9幢17-4", "四平路775弄2号/1108", "建设大道12号/4栋/602", "金海湾大厦5楼-B03", "电子城2楼2C131", "恒丰厂宿舍C-605",
        "云谷宾馆8316", "复兴中路6号3楼后间", "怡景阁3座28楼B房", "牧民定居点西头第二户", "水泉沟5栋楼道301",
    ],
)  # fmt: skip
def test_a_room_behind_a_stroke_or_a_floor_is_seen(text: str) -> None:
    assert _fails(Zone.ADDRESS, text)


def test_a_hall_in_a_village_is_no_household() -> None:
    assert not _fails(Zone.ADDRESS, "北斗溪镇茅坡村6号厂房")
    assert _fails(Zone.ADDRESS, "北斗溪镇茅坡村6号")


def test_a_name_that_is_a_surname_of_two_alone_lost_its_mark() -> None:
    assert not _fails(Zone.NAME, "诸葛")
    assert _fails(Zone.NAME, "诸葛瑾瑜")


def test_a_masked_number_that_is_too_long_or_too_short_is_counted_with_doubt() -> None:
    for text in ("188******6*63", "186***131"):
        assert not _fails(Zone.PHONE, text)
    for text in ("138****5678", "186*****131", "138****567"):
        assert _fails(Zone.PHONE, text)


def test_places_named_after_units_and_shelves_are_no_rooms() -> None:
    assert not _fails(Zone.ADDRESS, "六户屯乡三单元桥村百户营屯")
    assert not _fails(Zone.ADDRESS, "沁芳园南门驿站货架号3-2-0817")


@pytest.mark.parametrize("text", ["小鹿爱乱撞", "小橘子不加糖", "我也不睡"])
def test_a_nickname_of_animals_and_fruit_is_whole(text: str) -> None:
    assert _fails(Zone.NAME, text)
    assert not _fails(Zone.NAME, "小熊童装店")


@pytest.mark.parametrize("text", ["138******1234", "138********1234", "1381234*******", "138****0086"])
def test_more_stars_and_digits_like_a_country_code_hide_no_digits(text: str) -> None:
    assert _fails(Zone.PHONE, text)


@pytest.mark.parametrize("text", ["0086 138******78", "+86138******78", "86-138******78"])
def test_a_country_code_is_no_digit_of_a_number(text: str) -> None:
    assert not _fails(Zone.PHONE, text)


def _phone(*texts: str, dates: str = "", before: str = "", others: tuple[str, ...] = ()) -> str | None:
    lines = [TextLine(fold(text), 0, 50 * i, 40) for i, text in enumerate(texts)]
    reason = judge_read(Zone.PHONE, lines, Surroundings(dates=dates, before=before, before_others=others))
    return None if reason is None else reason.rule


NOTE = "虚拟号有效期至2026-12-31"


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        (("13812345678转4821", "13987654321", NOTE), "PHN-01"),
        (("13987654321", "13812345678转4821", NOTE), "PHN-01"),
        (("17012345678", "138****5678", NOTE), "PHN-01"),
        (("13812345678转4821", "13812345678", NOTE), None),
        (("13812345678转4821", "13912345678转4822", NOTE), None),
        (("17012345678", "138******78", NOTE), None),
        (("400-820-7716", "17012345678", "虚拟号有效期至2026-12-15 2026-12-01 9:22"), None),
    ],
)
def test_beside_a_virtual_number_other_numbers_are_judged(texts: tuple[str, ...], rule: str | None) -> None:
    assert _phone(*texts) == rule


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("打印时间:2026-12-01 10:20 虚拟号有效期至2026-12-31", None),
        ("虚拟号 打印时间:2026-12-01 10:20", "PHN-05"),
        ("虚拟号 2026-12-01 10:20打印", "PHN-05"),
        ("虚拟号有效期2026-11-01至2026-12-31", None),
        ("虚拟号有效期2026-11-01~2026-12-31", None),
        ("虚拟号有效期2026-10-01至2026-11-30", "PHN-05"),
        ("虚拟号有效期至20261231", None),
        ("虚拟号有效期至20261101", "PHN-05"),
    ],
)
def test_an_expiry_is_told_from_the_time_of_printing_and_the_first_day(note: str, rule: str | None) -> None:
    assert _phone("13812345678转4821", note, dates="打印时间:2026-12-01 10:20") == rule


def test_a_switchboard_and_a_things_number_excuse_no_other_number() -> None:
    assert _phone("总机0571-88123456 手机13812345678") == "PHN-01"
    assert _phone("138****1234 总台0571-88123456") == "PHN-01"
    assert _phone("138******78 总机0571-88123456转802") is None
    assert _phone("0512-57****11", before="总机:") is None
    assert _phone("13020896216", "13812345678", before="编号") == "PHN-01"
    assert _phone("13020896216", "13812345678", before="编号", others=("编号",)) is None


@pytest.mark.parametrize(
    "text", ["王芳/李娜", "王芳、李娜", "张*/李娜", "李建国(自提)", "王芳(男)", "(自提)李建国"]
)
def test_short_names_and_names_with_a_note_are_whole(text: str) -> None:
    assert _fails(Zone.NAME, text)


@pytest.mark.parametrize(
    "text",
    ["王*/李*", "李*国(自提)", "丰巢柜", "快递柜", "自提柜", "代收点", "超市", "A座物业", "A区库房", "李宁(旗舰店)"],
)  # fmt: skip
def test_masked_names_with_a_note_and_places_show_nobody(text: str) -> None:
    assert not _fails(Zone.NAME, text)


def test_a_sender_may_be_called_after_a_person_or_stand_first_in_a_list() -> None:
    assert not _fails(Zone.NAME, "张小泉", Party.SENDER, organisation=True)
    assert not _fails(Zone.NAME, "A1美甲", Party.SENDER)
    assert _fails(Zone.NAME, "张小泉", organisation=True)
    assert _fails(Zone.NAME, "A00林林", Party.SENDER)


def test_a_room_with_a_letter_behind_a_building_is_seen() -> None:
    for building in ("12栋", "3号楼", "A座"):
        assert _fails(Zone.ADDRESS, f"幸福里{building}12A")
        assert not _fails(Zone.ADDRESS, f"幸福里{building}12F")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("上海市静安区长乐路300弄12号东厢房", "上海市静安区长乐路300弄12号****"),
        ("上海市静安区长乐路300弄12号亭子间", "上海市静安区长乐路300弄12号****"),
        ("李家村里坑12号", "李家村****"),
        ("c/o Wang Fang 12 Elm Road", "c/o****"),
        ("福田小区3幢501室", "福田小区3幢****"),
    ],
)
def test_what_fails_an_address_is_never_told(address: str, shown: str) -> None:
    reason = judge_read(Zone.ADDRESS, [TextLine(address, 0, 0, 40)], Surroundings())
    assert reason is not None
    assert redact(Zone.ADDRESS, address, reason, read=True) == shown


def test_an_address_that_failed_by_what_is_not_found_again_is_not_told_at_all() -> None:
    assert redact(Zone.ADDRESS, "浙江省义乌市机场路88号", UNIT, read=True) == "****"
    assert redact(Zone.ADDRESS, "浙江省义乌市机场路88号", UNIT) == "****"
    assert redact(Zone.ADDRESS, "浙江省义乌市机场路88号", None, read=True) == "浙江省义乌市机场路88号"
