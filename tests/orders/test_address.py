"""Splitting addresses into region, town and the rest."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import orders as orders_figures
from waybillguard.orders.address import Address, parse_address, parse_addresses
from waybillguard.orders.divisions import division_tree

YIWU = ("浙江省", "金华市", "义乌市")


def region(text: str) -> tuple[str, str, str]:
    address = parse_address(text)
    return address.province, address.city, address.district


@pytest.mark.parametrize(
    "text",
    [
        "浙江省金华市义乌市北苑街道机场路88号",
        "浙江金华义乌北苑街道机场路88号",
        "浙江省 金华市 义乌市 北苑街道机场路88号",
        "浙江省/金华市/义乌市/北苑街道机场路88号",
        "浙江省,金华市,义乌市,北苑街道机场路88号",
        "浙江省-金华市-义乌市-北苑街道机场路88号",
        "义乌市北苑街道机场路88号",
        "浙江省义乌市北苑街道机场路88号",
        "中国浙江省金华市义乌市北苑街道机场路88号",
        "322000 浙江省金华市义乌市北苑街道机场路88号",
        "浙江省金华市义乌市北苑街道机场路88号 322000",
        "浙江省金华市义乌市北苑街道机场路88号（邮编322000）",
        "收货地址：浙江省金华市义乌市北苑街道机场路88号",
        "浙江省 金华市 义乌市 浙江省金华市义乌市北苑街道机场路88号",
        "浙江省金华市null浙江省金华市义乌市北苑街道机场路88号",
    ],
)
def test_a_region_is_read_however_it_is_joined(text: str) -> None:
    assert parse_address(text) == Address(*YIWU, "北苑街道", "北苑街道机场路88号")


def test_a_town_written_twice_is_kept_once() -> None:
    address = parse_address("浙江省 金华市 义乌市 北苑街道 浙江省金华市义乌市北苑街道机场路88号")
    assert address.detail == "北苑街道机场路88号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海市黄浦区南京东路123号", ("上海市", "上海市", "黄浦区")),
        ("上海浦东张江路1号", ("上海市", "上海市", "浦东新区")),
        ("上海市市辖区徐汇区漕溪路1号", ("上海市", "上海市", "徐汇区")),
        ("湖北省仙桃市干河街道", ("湖北省", "仙桃市", "仙桃市")),
        ("海南省省直辖县级行政区划澄迈县金江镇", ("海南省", "澄迈县", "澄迈县")),
        ("吉林省吉林市船营区北京路1号", ("吉林省", "吉林市", "船营区")),
        ("广西省南宁市青秀区民族大道1号", ("广西壮族自治区", "南宁市", "青秀区")),
        ("恩施州利川市都亭街道", ("湖北省", "恩施土家族苗族自治州", "利川市")),
        ("香港特别行政区湾仔区轩尼诗道1号", ("香港特别行政区", "香港岛", "湾仔区")),
        ("江苏省苏州市工业园区星湖街328号", ("江苏省", "苏州市", "苏州工业园区")),
        ("宁波市镇海区骆驼街道1号", ("浙江省", "宁波市", "镇海区")),
        ("台州市路桥区金鹊小区1幢", ("浙江省", "台州市", "路桥区")),
    ],
)
def test_names_become_official(text: str, expected: tuple[str, str, str]) -> None:
    assert region(text) == expected


@pytest.mark.parametrize("text", ["北京路12号", "山东路5号", "上海东路9号", "南京路步行街", "永康市场路3号"])
def test_a_name_inside_a_roads_name_is_no_region(text: str) -> None:
    assert parse_address(text) == Address(detail=text)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("昆明市北京路88号", "北京路88号"),
        ("青岛市市南区山东路9号", "山东路9号"),
        ("南京市鼓楼区北京西路1号", "北京西路1号"),
        ("宁波市鄞州区鄞县大道中段1号", "鄞县大道中段1号"),
        ("上海市黄浦区南京东路123号", "南京东路123号"),
    ],
)
def test_a_road_after_its_region_keeps_its_name(text: str, detail: str) -> None:
    assert parse_address(text).detail == detail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("鼓楼区中山路1号", ("", "", "鼓楼区")),
        ("朝阳区建国路1号", ("", "", "朝阳区")),
        ("浙江省机场路1号", ("浙江省", "", "")),
        ("杭州市文三路1号", ("浙江省", "杭州市", "")),
    ],
)
def test_a_level_that_the_text_does_not_decide_stays_empty(text: str, expected: tuple[str, str, str]) -> None:
    assert region(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西湖区北山街道1号", ("浙江省", "杭州市", "西湖区")),
        ("浙江省温州市柳市镇1号", ("浙江省", "温州市", "乐清市")),
        ("慈溪匡堰镇1号", ("浙江省", "宁波市", "慈溪市")),
    ],
)
def test_a_town_decides_what_stands_above_it(text: str, expected: tuple[str, str, str]) -> None:
    assert region(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("杭州市江干区凯旋路1号", ("浙江省", "杭州市", "上城区")),
        ("杭州市江干区下沙街道1号", ("浙江省", "杭州市", "钱塘区")),
        ("安徽省巢湖市居巢区1号", ("安徽省", "合肥市", "巢湖市")),
        ("安徽省六安市寿县1号", ("安徽省", "淮南市", "寿县")),
        ("湖北省襄樊市樊城区1号", ("湖北省", "襄阳市", "樊城区")),
        ("四川省重庆市渝中区1号", ("重庆市", "重庆市", "渝中区")),
        ("上海闸北裕通路1号", ("上海市", "上海市", "静安区")),
        ("新疆昌吉州米泉市1号", ("新疆维吾尔自治区", "乌鲁木齐市", "米东区")),
    ],
)
def test_an_abolished_division_becomes_its_successor(text: str, expected: tuple[str, str, str]) -> None:
    assert region(text) == expected


def test_a_former_division_keeps_the_written_name_on_request() -> None:
    assert parse_address("杭州市江干区凯旋路1号", successors=False).district == "江干区"


@pytest.mark.parametrize(
    "text", ["广东省东莞市长安镇1号", "广东省东莞市东莞市长安镇1号", "广东东莞长安镇1号", "东莞市 长安镇 1号"]
)
def test_towns_of_a_city_without_districts_open_the_detail(text: str) -> None:
    address = parse_address(text)
    assert (address.province, address.city, address.district, address.town) == (
        "广东省",
        "东莞市",
        "",
        "长安镇",
    )
    assert address.detail.replace(" ", "") == "长安镇1号"


def test_two_regions_that_exclude_each_other_are_a_conflict() -> None:
    assert parse_address("浙江省杭州市西湖区北京市朝阳区建国路1号").conflict


def test_a_region_at_the_end_is_found() -> None:
    assert parse_address("文三路138号浙江省杭州市西湖区") == Address(
        "浙江省", "杭州市", "西湖区", "", "文三路138号"
    )


def test_columns_come_before_the_text() -> None:
    given_columns = {"province": "浙江省", "city": "金华市", "district": "义乌市"}
    assert parse_address("北苑街道机场路88号", **given_columns) == Address(
        *YIWU, "北苑街道", "北苑街道机场路88号"
    )
    assert parse_address("浙江省金华市义乌市机场路88号", **given_columns) == Address(*YIWU, "", "机场路88号")


def test_a_text_that_contradicts_its_columns_is_a_conflict() -> None:
    address = parse_address("杭州市西湖区文三路1号", province="浙江省", city="金华市", district="义乌市")
    assert address.conflict
    assert (address.province, address.city, address.district) == YIWU


def test_a_road_named_after_a_city_contradicts_no_column() -> None:
    address = parse_address("北京路1号", province="广东省", city="广州市", district="越秀区")
    assert (address.conflict, address.detail) == (False, "北京路1号")


def test_the_column_of_a_town_opens_the_detail() -> None:
    address = parse_address(
        "机场路88号", province="浙江省", city="金华市", district="义乌市", town="北苑街道"
    )
    assert (address.town, address.detail) == ("北苑街道", "北苑街道机场路88号")


def test_a_town_in_the_district_column_moves_to_the_detail() -> None:
    address = parse_address("1号", province="广东省", city="东莞市", district="长安镇")
    assert (address.district, address.town, address.detail) == ("", "长安镇", "长安镇1号")


def test_an_abolished_district_in_a_column_becomes_its_successor() -> None:
    assert parse_address("1号", province="上海", city="市辖区", district="卢湾区").district == "黄浦区"


def test_many_addresses_are_parsed_as_one_by_one() -> None:
    texts = ["浙江省金华市义乌市机场路88号", "北京路12号", ""]
    assert parse_addresses(texts) == [parse_address(text) for text in texts]


def test_every_county_is_found_by_its_full_path() -> None:
    tree = division_tree()
    wrong = [
        path
        for node, path in enumerate(tree.path)
        if tree.kind[node] == "d" and region("".join(dict.fromkeys(path)) + "人民路1号") != path
    ]
    assert wrong == []


@given(st.text(max_size=60))
def test_any_text_is_parsed_and_nothing_is_made_up(text: str) -> None:
    address = parse_address(text)
    assert all(character in text for character in address.detail)


@given(
    st.sampled_from(
        ["浙江省", "杭州市", "西湖区", "北京路", "义乌", "1号", " ", "/", "江干区", "北苑街道", "null"]
    ).map(str),
    st.data(),
)
def test_pieces_in_any_order_never_break_the_parser(first: str, data: st.DataObject) -> None:
    rest = data.draw(
        st.lists(
            st.sampled_from(["浙江省", "杭州市", "朝阳区", "南京东路", "中国", "下沙街道", "99", "-"]),
            max_size=6,
        )
    )
    parse_address(first + "".join(rest))


@pytest.mark.data
def test_districts_of_real_addresses_are_right(test_data: Path) -> None:
    rows = orders_figures.read_tagged(test_data / "addresses" / "ncap-dev.txt")
    texts = ["".join(token for token, _ in row) for row in rows]
    wanted = [orders_figures.first_levels(row) for row in rows]
    province, city, district = orders_figures.levels_right(wanted, parse_addresses(texts, successors=False))
    assert province >= 0.99
    assert city >= 0.98
    assert district >= 0.97


@pytest.mark.parametrize(
    ("text", "expected", "detail"),
    [
        ("廣東省廣州市天河區體育西路1號", ("广东省", "广州市", "天河区"), "體育西路1號"),
        ("上海市浦東新區世紀大道100號", ("上海市", "上海市", "浦东新区"), "世紀大道100號"),
        ("重慶市渝中區解放碑街道民權路28號", ("重庆市", "重庆市", "渝中区"), "解放碑街道民權路28號"),
    ],
)
def test_traditional_characters_name_the_same_region_and_the_detail_stays_as_written(
    text: str, expected: tuple[str, str, str], detail: str
) -> None:
    address = parse_address(text)
    assert (address.province, address.city, address.district) == expected
    assert address.detail == detail


def test_a_district_of_another_city_in_its_column_is_a_conflict() -> None:
    assert parse_address("文三路1号", province="浙江省", city="杭州市", district="朝阳区").conflict
    assert not parse_address("文三路1号", province="浙江省", city="杭州市", district="西湖区").conflict
    assert not parse_address("文三路1号", province="浙江省", city="杭州市", district="高新区").conflict
    assert not parse_address("文三路1号", province="江苏省", city="宿迁市", district="新城区").conflict


def test_what_the_text_says_goes_before_columns_in_latin_letters() -> None:
    address = parse_address("浙江省杭州市西湖区文三路1号", province="Zhejiang", city="Hangzhou")
    assert (address.province, address.city, address.district) == ("浙江省", "杭州市", "西湖区")


@pytest.mark.parametrize(
    ("text", "district", "detail"),
    [
        ("廣東省深圳市南山區粵海街道科苑路15號", "南山区", "粵海街道科苑路15號"),
        ("浙江省杭州市西湖區文三路1號", "西湖区", "文三路1號"),
    ],
)
def test_a_region_in_traditional_characters_leaves_nothing_behind(
    text: str, district: str, detail: str
) -> None:
    address = parse_address(text)
    assert (address.district, address.detail) == (district, detail)


@pytest.mark.parametrize(
    ("city", "district"),
    [("王小明", "13800000000"), ("放门卫处", ""), ("", "家里没人打电话"), ("李雷", "义乌市")],
)
def test_what_stands_in_a_regions_column_and_names_no_division_goes_to_the_rest(
    city: str, district: str
) -> None:
    address = parse_address("机场路88号3幢", province="浙江省", city=city, district=district)
    for stray in {city, district} - {"", "义乌市"}:
        assert stray in address.detail
        assert stray not in address.province + address.city + address.district + address.town
    assert address.detail.startswith("机场路88号3幢")


@pytest.mark.parametrize("district", ["滨海新区", "高新", "某某经济技术开发区"])
def test_a_district_that_no_list_knows_stays_the_district(district: str) -> None:
    address = parse_address("机场路88号", province="浙江省", city="金华市", district=district)
    assert (address.city, address.district, address.detail) == ("金华市", district, "机场路88号")
