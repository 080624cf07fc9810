"""Orders pasted as one piece of text."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.orders.paste import parse_pasted

ADDRESS = "浙江省金华市义乌市北苑街道机场路88号福田小区3幢2单元501室"


@pytest.mark.parametrize("order", list(itertools.permutations(["李测", "13800001234", ADDRESS])))
@pytest.mark.parametrize("gap", [" ", "，", ",", "\n", "\t", "；"])
def test_name_number_and_address_come_in_any_order(order: tuple[str, ...], gap: str) -> None:
    row = parse_pasted(gap.join(order))
    assert (row.name, row.phone, row.district, row.status, row.lane) == (
        "李测",
        "13800001234",
        "义乌市",
        "ok",
        "B",
    )
    assert row.detail == "北苑街道机场路88号福田小区3幢2单元501室"


@pytest.mark.parametrize(
    "text",
    [
        "收货人：李测\n手机号码：13800001234\n所在地区：浙江省金华市义乌市北苑街道\n详细地址：机场路88号",
        "收件人: 李测 手机: 13800001234 地址: 浙江省金华市义乌市北苑街道机场路88号",
        "收货人:李测,电话:13800001234,地址:浙江省金华市义乌市北苑街道机场路88号",
        "【收货人】李测【电话】13800001234【地址】浙江省金华市义乌市北苑街道机场路88号",
        "姓名 李测 电话 13800001234 地址 浙江省金华市义乌市北苑街道机场路88号",
    ],
)
def test_labels_are_understood(text: str) -> None:
    row = parse_pasted(text)
    assert (row.name, row.phone, row.city, row.detail) == (
        "李测",
        "13800001234",
        "金华市",
        "北苑街道机场路88号",
    )


@pytest.mark.parametrize(
    "text",
    [
        "李测13800001234浙江省金华市义乌市机场路88号",
        "浙江省金华市义乌市机场路88号李测13800001234",
        "李测浙江省金华市义乌市机场路88号13800001234",
        "浙江省金华市义乌市机场路88号 李测收 13800001234",
    ],
)
def test_parts_without_anything_between_are_split(text: str) -> None:
    row = parse_pasted(text)
    assert (row.name, row.phone, row.detail) == ("李测", "13800001234", "机场路88号")


@pytest.mark.parametrize("name", ["欧阳测试", "王先生", "买买提·测试", "John Smith", "某某贸易有限公司"])
def test_names_of_every_kind_are_found(name: str) -> None:
    assert parse_pasted(f"{name} 13800001234 杭州市西湖区文三路1号").name == name


@pytest.mark.parametrize("sign", "+_&~\\^")
def test_one_sign_between_all_parts_is_a_break(sign: str) -> None:
    row = parse_pasted(sign.join(["浙江省", "金华市", "义乌市", "北苑街道机场路88号", "李测", "13800001234"]))
    assert (row.name, row.phone, row.district, row.detail) == (
        "李测",
        "13800001234",
        "义乌市",
        "北苑街道机场路88号",
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{ADDRESS} Sophie L. 13800001234", "Sophie L."),
        (f"13800001234 {ADDRESS} Mary Watson", "Mary Watson"),
        (f"{ADDRESS} 豆豆妈妈 13800001234", "豆豆妈妈"),
        (f"客户李测13800001234，{ADDRESS}", "李测"),
        (f"“李测” 13800001234 {ADDRESS}", "李测"),
        (f"电话13800001234地址{ADDRESS}姓名李测", "李测"),
        (f"收件人-李测\n电话-13800001234\n地址-{ADDRESS}", "李测"),
        (f"TO：李测\nMOB：13800001234\nADD：{ADDRESS}", "李测"),
    ],
)
def test_the_name_is_found_beside_latin_letters_signs_and_labels(text: str, name: str) -> None:
    row = parse_pasted(text)
    assert (row.name, row.phone, row.detail) == (
        name,
        "13800001234",
        "北苑街道机场路88号福田小区3幢2单元501室",
    )


def test_a_second_number_of_one_consignee_is_no_second_order() -> None:
    row = parse_pasted(f"李测 13800001234 {ADDRESS} 备用 13800005678")
    assert (row.status, row.phones) == ("ok", ("13800001234", "13800005678"))


def test_goods_and_remark_are_kept_apart() -> None:
    row = parse_pasted("李测 13800001234 杭州市西湖区文三路1号 红色毛衣2件 请放门口")
    assert (row.goods, row.remark) == ("红色毛衣2件", "请放门口")


def test_missing_levels_are_filled_in_and_abolished_ones_replaced() -> None:
    row = parse_pasted("李测 13800001234 杭州江干区凯旋路1号")
    assert (row.province, row.city, row.district) == ("浙江省", "杭州市", "上城区")


def test_an_extension_is_kept() -> None:
    row = parse_pasted("李测，18400001234-1234，上海市浦东新区张江路1号")
    assert (row.phone, row.extension) == ("18400001234", "1234")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("李测 杭州市西湖区文三路1号", "no_phone"),
        ("李测 1380000123 杭州市西湖区文三路1号", "bad_phone"),
        ("李测 1.38E+10 杭州市西湖区文三路1号", "phone_precision_lost"),
        ("13800001234 杭州市西湖区文三路1号", "no_name"),
        ("李测 13800001234", "no_address"),
        ("李测 13800001234 浙江省杭州市西湖区北京市朝阳区建国路1号", "division_conflict"),
        ("李测 13800001234 广东省广州市南山区粤海街道科苑路8号", "division_conflict"),
        (f"李测 13800001234 {ADDRESS}\n王测 13800005678 杭州市西湖区文三路1号", "several_orders"),
    ],
)
def test_a_row_that_lacks_a_part_is_refused_by_name(text: str, reason: str) -> None:
    row = parse_pasted(text)
    assert (row.status, row.reason, row.lane) == ("reject", reason, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("李* 13800001234 杭州市西湖区文三路1号", "masked_name"),
        ("李测 138****1234 杭州市西湖区文三路1号", "masked_phone"),
        ("李测 13800001234 杭州市西湖区****", "masked_address"),
        ("李测 ~AeUMxyz123456789012~CZLI~1~ 杭州市西湖区文三路1号", "ciphertext"),
    ],
)
def test_a_masked_part_makes_a_reference_order(text: str, reason: str) -> None:
    row = parse_pasted(text)
    assert (row.status, row.reason, row.lane) == ("already_masked", reason, "A")


def test_what_is_shown_is_masked() -> None:
    masked = parse_pasted(f"李测 13800001234 {ADDRESS}").masked
    assert (masked.name, masked.phone) == ("李**", "*******1234")
    assert masked.address == "浙江省金华市义乌市北苑街道机场路88号福田小区3幢****"


@given(st.text(max_size=120))
def test_any_text_gives_a_row(text: str) -> None:
    row = parse_pasted(text)
    assert row.status in {"ok", "reject", "already_masked"}
    assert row.phone == "" or row.status != "reject" or row.reason != "no_phone"


@given(
    st.lists(
        st.sampled_from(
            ["李测", "13800001234", "杭州市西湖区文三路1号", "备注：", "收货人：", "，", "\n", "2件", "电话"]
        ),
        max_size=10,
    )
)
def test_pieces_in_any_company_never_break_it(pieces: list[str]) -> None:
    parse_pasted("".join(pieces))


HAN_STREET = "湖北省武汉市洪山区珞喻路1037号"


@pytest.mark.parametrize(
    "text",
    [
        f"刘测 幺三九 一二三四 五六七八 {HAN_STREET}",
        f"刘测 壹叁玖壹贰叁肆伍陆柒捌 {HAN_STREET}",
        f"刘测 139一二三四5678 {HAN_STREET}",
        f"刘&nbsp;测&nbsp;13912345678&nbsp;{HAN_STREET}".replace("刘&nbsp;测", "刘测"),
        f"<p>刘测</p><p>13912345678</p><p>{HAN_STREET}</p>",
        f"我叫刘测，电话是13912345678，地址是{HAN_STREET}，谢谢老板",
        f"麻烦寄到{HAN_STREET} 刘测 13912345678",
        f"刘 测，13912345678，{HAN_STREET}",
        f"{HAN_STREET}-刘测-13912345678",
        f"收件人姓名刘测收件人手机号13912345678收件地址{HAN_STREET}",
        f"订单编号：2026112800123 刘测 13912345678 {HAN_STREET}",
        f"name: 刘测 tel: 13912345678 address: {HAN_STREET}",
        f"刘测，13912345678，{HAN_STREET}，加我微信lc8899",
        f"刘测，13912345678，{HAN_STREET}，身份证420106199001011234",
    ],
)
def test_what_people_write_is_read(text: str) -> None:
    row = parse_pasted(text)
    assert (row.status, row.name, row.phone) == ("ok", "刘测", "13912345678")
    assert (row.province, row.city, row.district, row.detail) == (
        "湖北省",
        "武汉市",
        "洪山区",
        "珞喻路1037号",
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("江苏 南京 鼓楼 汉中路8号 张测 13912345678", "张测"),
        ("@小红 13912345678 南京市鼓楼区汉中路8号", "小红"),
        ("阿依古丽.测试 13912345678 南京市鼓楼区汉中路8号", "阿依古丽·测试"),
        ("南京市鼓楼区汉中路8号 段小楼(收) 13912345678", "段小楼"),
        ("A-丽丽美甲店 13912345678 南京市鼓楼区汉中路8号双帆国际", "A-丽丽美甲店"),
    ],
)
def test_a_name_is_none_of_the_words_beside_it(text: str, name: str) -> None:
    row = parse_pasted(text)
    assert (row.name, row.district, row.detail[:5]) == (name, "鼓楼区", "汉中路8号")


@pytest.mark.parametrize(
    ("text", "district"), [("北京朝阳三里屯1号", "朝阳区"), ("广州天河体育西路1号", "天河区")]
)
def test_a_short_name_within_its_city_is_the_district(text: str, district: str) -> None:
    assert parse_pasted(f"李测 13800001234 {text}").district == district


@pytest.mark.parametrize(
    "text",
    [
        f"收件人：王小明 13800001234\n地址：{ADDRESS}",
        f"收件人：王小明（13800001234） 地址：{ADDRESS}",
        f"姓名：王小明 电话：13800001234、地址：{ADDRESS}",
        f"1、姓名：王小明2、电话：138000012343、地址：{ADDRESS}",
    ],
)
def test_a_number_beside_a_labelled_name_or_before_a_label_is_read_whole(text: str) -> None:
    row = parse_pasted(text)
    assert (row.status, row.name, row.phone) == ("ok", "王小明", "13800001234")


@pytest.mark.parametrize(
    "text",
    [
        f"王小明 13800001234、李芳 13800005678 {ADDRESS}",
        f"1、王小明 13800001234 {ADDRESS} 2、李芳 13800005678 同上",
        f"王小明13800001234\n{ADDRESS}\n李芳13800005678\n同一个地址",
    ],
)
def test_two_people_each_with_a_number_are_never_made_one(text: str) -> None:
    assert parse_pasted(text).reason == "several_orders"


def test_two_numbers_of_one_person_are_one_order() -> None:
    row = parse_pasted(f"13800001234 王小明 13800005678 {ADDRESS}")
    assert (row.status, row.name, row.phones) == ("ok", "王小明", ("13800001234", "13800005678"))
