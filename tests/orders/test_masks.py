"""The masking table (column ``default``), row by row, and data that no mask may show."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import orders as orders_figures
from waybillguard.orders import masks_remark
from waybillguard.orders.address import Address, parse_address, parse_addresses
from waybillguard.orders.masks import (
    Level,
    mask_address,
    mask_contact,
    mask_field,
    mask_name,
    mask_phone,
    mask_remark,
    mask_rows,
)
from waybillguard.orders.names import compound_surnames


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        ("货号 HM-2031 两件", "货号 HM-2031 两件"),
        ("SKU：20250418006，蓝色", "SKU：20250418006，蓝色"),
        ("条码6901234567892", "条码6901234567892"),
        ("货号199-3000-1438", "****"),
        ("款号：13800001234", "****"),
        ("SKU+8613800001234", "****"),
        ("货号0579-85551234", "****"),
        ("条码330106198801020021", "****"),
        ("色号1602室", "****"),
        ("取件条码 8823，放门口", "取件****，放门口"),
        ("门锁型号905317", "****"),
        ("满199减20，11.11一起发", "满199减20，11.11一起发"),
        ("one three eight 1234 5678, two boxes", "****, two boxes"),
        ("台面1.4米x0.8米，138x1234x5678cm", "****1.4米x0.8米，****"),
        ("放张敏家，附张贺卡", "****，附张贺卡"),
    ],
)
def test_a_code_of_goods_shows_unless_it_looks_like_a_persons_number(remark: str, shown: str) -> None:
    assert mask_remark(remark) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王芳", "王**"),
        ("王小明", "王**"),
        ("欧阳修", "欧阳**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧**"),
        ("李", "**"),
        ("王先生", "王**"),
        ("A开心就好", "A**"),
        ("买买提·吐尔逊", "买**"),
        ("John Smith", "J**"),
        ("王*明", "王**"),
        ("*明", "**"),
        ("😀开心", "**"),
        ("某某贸易有限公司", "某**"),
        ("", ""),
    ],
)
def test_a_name_shows_its_surname_and_hides_its_length(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("某某贸易有限公司", "某某贸易有限公司"),
        ("某某贸易有限公司 王小明", "某某贸易有限公司 王**"),
        ("某某贸易有限公司（王小明）", "某某贸易有限公司（王**）"),
        ("王小明", "王**"),
    ],
)
def test_of_a_flagged_organisation_only_the_contact_is_masked(name: str, shown: str) -> None:
    assert mask_name(name, organisation=True) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "*******5678"),
        ("+8613812345678", "+86 *******5678"),
        ("8613812345678", "+86 *******5678"),
        ("008613812345678", "+86 *******5678"),
        ("0579-85551234", "0579-******34"),
        ("010-12345678", "010-******78"),
        ("0579-8555123", "0579-******3"),
        ("0579-85551234-802", "0579-******34-***"),
        ("400-858-2020", "**********"),
        ("95338", "*****"),
        ("+852 91234567", "+852 ******67"),
        ("+886 912345678", "+886 *******78"),
        ("+1 2125551234", "+1 ********34"),
        ("12345678901-1234", "*******8901-***"),
        ("138****5678", "*******5678"),
        ("13812345678/0579-85551234", "*******5678/0579-******34"),
        ("1381234567", "***********"),
        ("", ""),
    ],
)
def test_a_number_hides_six_digits_or_more(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_numbers_of_an_organisation_are_printed_where_the_table_says_so() -> None:
    assert mask_phone("400-858-2020", organisation=True) == "400-858-2020"
    assert mask_phone("95338", organisation=True) == "95338"
    assert mask_phone("13812345678", organisation=True) == "*******5678"


def test_a_virtual_number_is_printed_only_when_the_platform_attests_it() -> None:
    assert mask_phone("12345678901", extension="1234", attested_virtual=True) == "12345678901-1234"
    assert mask_phone("12345678901", extension="1234") == "*******8901-***"
    assert mask_phone("0579-85551234", extension="1", attested_virtual=True) == "0579-******34-***"


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("北苑街道机场路88号福田小区3幢2单元501室", "北苑街道机场路88号福田小区3幢****"),
        ("福田小区3号楼1801", "福田小区3号楼****"),
        ("福田小区A座1801", "福田小区A座****"),
        ("福田小区12户", "福田小区****"),
        ("福田小区3-2-501", "福田小区3幢****"),
        ("福田小区6幢1801", "福田小区6幢****"),
        ("福田小区3#501", "福田小区3幢****"),
        ("福田小区3幢三单元五楼东户", "福田小区3幢****"),
        ("福田小区三单元五楼东户", "福田小区****"),
        ("福田小区3幢9楼", "福田小区3幢****"),
        ("福田小区3幢西户", "福田小区3幢****"),
        ("福田小区３幢２单元５０１", "福田小区３幢****"),
        ("后宅村5组12号", "后宅村5组***"),
        ("后宅村12号", "后宅村***"),
        ("国贸大厦A座1203", "国贸大厦A座****"),
        ("国际商贸城商位28541", "国际商贸城****"),
        ("福田小区5栋312寝", "福田小区5栋****"),
        ("福田小区丰巢柜", "福田小区丰巢柜"),
        ("福田小区3幢菜鸟驿站", "福田小区3幢菜鸟驿站"),
        ("文三路138号东方通信大厦7楼前台", "文三路138号东方通信大厦****"),
        ("莘松路669弄14号1102室", "莘松路669弄14号****"),
        ("机场路88号老王家里面转左", "机场路88号****"),
        ("福田小区王小明13812345678", "福田小区****"),
        ("国贸大厦605-606室", "国贸大厦****"),
        ("青岩街141号店面", "青岩街****"),
        ("机场路88号", "机场路88号"),
        ("福田小区3幢", "福田小区3幢"),
        ("福田小区****", "福田小区****"),
    ],
)
def test_an_address_ends_at_the_building(detail: str, shown: str) -> None:
    address = Address("浙江省", "金华市", "义乌市", "", detail)
    assert mask_address(address) == "浙江省金华市义乌市" + shown


def test_strict_stops_at_the_street() -> None:
    town = parse_address("浙江省金华市义乌市北苑街道机场路88号福田小区3幢2单元501室")
    road = parse_address("浙江省金华市义乌市机场路88号福田小区3幢")
    assert mask_address(town, level=Level.STRICT) == "浙江省金华市义乌市北苑街道****"
    assert mask_address(road, level=Level.STRICT) == "浙江省金华市义乌市机场路****"


def test_a_municipality_is_printed_once() -> None:
    assert mask_address(parse_address("上海市黄浦区南京东路123号")) == "上海市黄浦区南京东路123号"
    assert mask_address(parse_address("湖北省仙桃市干河街道1号")) == "湖北省仙桃市干河街道****"


@pytest.mark.parametrize(
    "text",
    [
        "易碎，请放门口",
        "请下午3点后送",
        "红色L码2件",
        "放丰巢",
        "价格100元",
        "2026-05-01前发货",
        "谢谢老板",
        "",
    ],
)
def test_a_harmless_wish_is_kept(text: str) -> None:
    assert mask_remark(text) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("门禁1234#，张三13812345678", ["1234#", "三13", "13812345"]),
        ("门禁密码是 4321 井号键", ["4321"]),
        ("单元门密码#2580#", ["2580"]),
        ("微信：abc_123456", ["abc"]),
        ("加v信wxid_abc", ["wxid"]),
        ("身份证330782199001011234", ["33078219"]),
        ("邮箱a.b@qq.com", ["a.b"]),
        ("电话0579-85551234", ["855512"]),
        ("放3幢2单元501门口", ["2单元", "501"]),
        ("送到501室", ["501"]),
        ("收件人：欧阳娜娜", ["娜娜"]),
        ("找李四拿", ["李四"]),
        ("王小明先生收", ["小明"]),
        ("１３８１２３４５６７８", ["1381234", "１３８"]),
    ],
)
def test_a_remark_loses_what_identifies_or_lets_in(text: str, hidden: list[str]) -> None:
    assert not [part for part in hidden if part in mask_remark(text)]


def test_one_field_is_masked_by_its_name() -> None:
    assert mask_field("name", "王芳") == {"masked": "王**"}
    assert mask_field("phone", "13812345678") == {"masked": "*******5678"}
    assert mask_field("remark", "放门口") == {"masked": "放门口"}
    assert mask_field("address", "浙江省金华市义乌市机场路88号3幢501") == {
        "masked": "浙江省金华市义乌市机场路88号3幢****",
        "province": "浙江省",
        "city": "金华市",
        "district": "义乌市",
        "town": "",
    }
    with pytest.raises(ValueError, match="field"):
        mask_field("goods", "x")


def test_a_contact_is_masked_as_its_fields_are() -> None:
    address = parse_address("浙江省金华市义乌市机场路88号3幢501")
    masked = mask_contact("王芳", "13812345678", "", address, "找李四")
    assert (masked.name, masked.phone, masked.address, masked.remark) == (
        "王**",
        "*******5678",
        "浙江省金华市义乌市机场路88号3幢****",
        "****",
    )


def test_many_rows_are_masked_as_one_by_one() -> None:
    names = ["王芳", "欧阳娜娜", "John Smith", "*", "😀", ""]
    phones = ["13812345678", "0579-85551234", "+852 91234567", "x", "95338", ""]
    addresses = [
        parse_address(t)
        for t in ["义乌市机场路88号3幢501", "后宅村5组12号", "x", "", "北京路1号", "国贸大厦A座1203"]
    ]
    assert mask_rows(names, phones, addresses) == [
        (mask_name(n), mask_phone(p), mask_address(a))
        for n, p, a in zip(names, phones, addresses, strict=True)
    ]


def longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"[0-9]+", text)), default=0)


@given(st.text(max_size=20))
def test_no_name_shows_more_than_a_surname(name: str) -> None:
    shown = mask_name(name)
    assert len(shown.rstrip("*")) <= (2 if shown[:2] in compound_surnames() else 1)
    assert shown == "" or shown.endswith("**")
    assert name.strip() == "" or shown != name.strip() or set(shown) == {"*"}


@given(st.text(alphabet="0123456789+-() 转,*/x＋１２３", max_size=30))
def test_no_number_shows_more_than_five_digits_of_itself_in_a_row(text: str) -> None:
    assert longest_run(mask_phone(text)) < 6


@given(
    st.integers(3, 9),
    st.integers(0, 10**9 - 1),
    st.text(alphabet="abc转-,; 张", max_size=5),
    st.text(max_size=5),
)
def test_a_mobile_in_any_company_keeps_seven_digits_hidden(
    second: int, rest: int, before: str, after: str
) -> None:
    number = f"1{second}{rest:09}"
    for shown in (mask_phone(before + number + after), mask_remark(before + number + after)):
        assert number[:7] not in shown
        assert longest_run(shown) < 7 or number[:7] not in re.sub(r"\D", "", shown)


@given(st.text(max_size=40))
def test_what_the_grammar_does_not_understand_is_not_shown(tail: str) -> None:
    shown = mask_address(Address("浙江省", "金华市", "义乌市", "", "福田小区3幢" + tail))
    assert re.sub(r"[^0-9]", "", shown[len("浙江省金华市义乌市福田小区3幢") :]) == ""


@given(
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(100, 9999),
    st.sampled_from(["{}幢{}单元{}室", "{}-{}-{}", "{}号楼{}单元{}", "{}#{}-{}", "{}栋 {}单元 {}"]),
)
def test_a_room_is_hidden_in_every_way_of_writing_it(building: int, unit: int, room: int, form: str) -> None:
    shown = mask_address(
        Address("浙江省", "金华市", "义乌市", "", "机场路福田小区" + form.format(building, unit, room))
    )
    assert str(room) not in shown
    assert shown.endswith("****")


@given(st.text(alphabet="0123456789一二三村号弄路幢室楼单元 -#", max_size=30))
def test_an_address_never_shows_a_run_of_six_digits(detail: str) -> None:
    assert longest_run(mask_address(Address(detail=detail))) < 6


@pytest.mark.data
def test_units_of_real_addresses_are_hidden_and_roads_are_not(test_data: Path) -> None:
    rows = orders_figures.read_tagged(test_data / "addresses" / "ncap-dev.txt")
    addresses = parse_addresses(["".join(token for token, _ in row) for row in rows])
    figures = orders_figures.leaks(rows, addresses)
    assert figures["rows leaking"] <= 0.005
    assert figures["secret hidden"] >= 0.998
    assert figures["way hidden"] <= 0.01


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        ("李小明收，放门口", "****，放门口"),
        ("姜小花放门口", "****放门口"),
        ("王芳亲收", "****亲收"),
        ("周末签收，白天收", "周末签收，白天收"),
        ("请及时查收", "请及时查收"),
        ("请下午3点后送", "请下午3点后送"),
        ("换 XL 码，要蓝色，礼盒", "换 XL 码，要蓝色，礼盒"),
        ("给我妈的，65岁", "给我****"),
        ("微信转账，谢谢", "****，谢谢"),
        ("call Tom before delivery", "call **** before delivery"),
        ("🏠🗝", "****"),
    ],
)
def test_a_remark_shows_words_of_delivery_alone(remark: str, shown: str) -> None:
    assert mask_remark(remark) == shown


def test_every_word_of_the_list_shows_and_holds_no_number() -> None:
    for category, words in masks_remark._categories().items():
        for word in words:
            assert not re.search(r"[0-9]", word), (category, word)
            if category != "secret" and len(word) > 1:
                assert mask_remark(word) == word, (category, word)


def test_a_remark_of_ten_thousand_characters_is_answered() -> None:
    assert len(mask_remark("放门口" * 3_000 + "张三13800001111")) <= 10_000
    assert mask_remark("王" * 10_000) == "****"


@pytest.mark.parametrize(
    ("name", "detail", "shown"),
    [
        ("王小明", "王小明家机场路88号", "机场路88号"),
        ("李雷", "机场路88号(李雷)福田小区3幢", "机场路88号 福田小区3幢"),
        ("测试甲", "机场路88号(王小明收)福田小区3幢501", "机场路88号 福田小区3幢****"),
        ("王小明", "机场路(王小明收)701", "机场路****"),
        ("江南", "江南大道100号", "江南大道100号"),
        ("万达广场", "机场路88号万达广场B座1806", "机场路88号万达广场B座****"),
        ("测试甲", "高速收费站西路5号", "高速收费站西路5号"),
    ],
)
def test_a_name_within_an_address_is_not_shown(name: str, detail: str, shown: str) -> None:
    address = Address("浙江省", "金华市", "义乌市", "", detail)
    assert mask_contact(name, "", "", address).address == f"浙江省金华市义乌市{shown}"
    assert mask_rows([name], [""], [address])[0][2] == f"浙江省金华市义乌市{shown}"
