"""Exports in various formats, and the orders read from them."""

import io
from itertools import islice

import pytest

from waybillguard.orders.errors import FileTooLargeError, HeaderNotFoundError, UnreadableFileError
from waybillguard.orders.limits import Limits
from waybillguard.orders.model import OrderRow
from waybillguard.orders.reader import read_cells, read_orders, read_rows
from waybillguard.orders.rows_cells import neutralise

HEAD = "订单号,收件人,手机,地址,商品名称,数量,备注\n"
PLACE = "浙江省金华市义乌市北苑街道机场路88号2幢"


def read(text: str | bytes, name: str = "orders.csv", **options: Limits) -> list[OrderRow]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_orders(io.BytesIO(data), name, **options))


def one(line: str, head: str = HEAD) -> OrderRow:
    (row,) = read(head + line + "\n")
    return row


def line(number: int = 1, **other: str) -> str:
    cells = {
        "order": f"A{number:03d}",
        "name": "测试甲",
        "phone": f"138{number:08d}",
        "place": PLACE,
        "goods": "棉袜",
        "count": "1",
        "remark": "",
    }
    return ",".join((cells | other).values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_rare_characters_survive_every_encoding(encoding: str) -> None:
    text = HEAD + line(name="𬭚䶮㛃") + "\n" + line(2, name="𠅤甲", remark="放门口😀") + "\n"
    data = text.encode(encoding)
    rows = read(b"\xfe\xff" + data if encoding == "utf-16-be" else data)
    assert [row.name for row in rows] == ["𬭚䶮㛃", "𠅤甲"]
    assert rows[1].remark == "放门口😀"


def test_characters_of_the_old_private_use_area_become_todays_code_points() -> None:
    data = (HEAD + line(name="甲X")).encode("gb18030").replace(b"X", b"\xfe\x59")
    assert read(data)[0].name == "甲\u9fb4"


def test_one_broken_byte_does_not_turn_a_utf8_file_into_gb18030() -> None:
    data = (HEAD + line(1) + "\n" + line(2, remark="坏X字") + "\n").encode().replace(b"X", b"\xff")
    rows = read(data)
    assert [row.name for row in rows] == ["测试甲", "测试甲"]
    assert "\ufffd" in rows[1].remark


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found_out(delimiter: str, ending: str) -> None:
    text = (HEAD + line(1) + "\n" + line(2) + "\n").replace(",", delimiter).replace("\n", ending)
    assert [row.order_no for row in read(text)] == ["A001", "A002"]


def test_titles_above_and_totals_below_are_no_orders() -> None:
    above = "某店十一月订单,,,,,,\n导出时间：2026-11-20,,,,,,\n\n"
    text = f"{above}{HEAD}{line(1)}\n,,,,,,\n{line(2)}\n合计,,,,,2,\n共2条,,,,,,\n制表：仓库,,审核：,,,,\n"
    assert [(row.row, row.order_no) for row in read(text)] == [(1, "A001"), (2, "A002")]


def test_a_header_repeated_in_mid_file_is_no_order() -> None:
    assert [row.row for row in read(HEAD + line(1) + "\n" + HEAD + line(2) + "\n")] == [1, 2]


def test_another_header_in_mid_file_changes_the_columns() -> None:
    text = (
        HEAD
        + line(1)
        + "\n手机,收件人,地址,订单号,商品名称,数量,备注\n13800000009,测试乙,"
        + PLACE
        + ",B1,帽,1,\n"
        + line(9)
    )
    rows = read(text)
    assert (rows[1].order_no, rows[1].name, rows[1].phone) == ("B1", "测试乙", "13800000009")
    assert len(rows) == 3


def test_a_header_of_two_rows_keeps_consignee_and_sender_apart() -> None:
    text = (
        "订单号,收件人,,,寄件人,,\n,姓名,电话,地址,姓名,电话,地址\n"
        f"A1,测试甲,13800000001,{PLACE},测试乙,13900000002,江苏省苏州市昆山市玉山镇前进路1号\n"
    )
    (row,) = read(text)
    assert (row.name, row.phone) == ("测试甲", "13800000001")
    assert row.sender is not None
    assert (row.sender.name, row.sender.phone, row.sender.district) == ("测试乙", "13900000002", "昆山市")


def test_sender_columns_before_the_consignees_are_not_taken_for_it() -> None:
    head = "寄件人,电话,地址,收件人,电话,地址\n"
    row = one(f"测试乙,13900000002,江苏省苏州市昆山市前进路1号,测试甲,13800000001,{PLACE}", head)
    assert (row.name, row.phone) == ("测试甲", "13800000001")


def test_a_buyers_nickname_is_never_the_name() -> None:
    row = one(f"A1,开心每一天,,13800000001,{PLACE}", "订单号,买家昵称,收货人,手机,地址\n")
    assert (row.status, row.reason, row.name) == ("reject", "no_name", "")


def test_the_platforms_order_number_goes_before_the_internal_one() -> None:
    head = "内部订单号,线上订单号,收货人,手机,地址\n"
    assert one(f"1001,TB9,测试甲,13800000001,{PLACE}", head).order_no == "TB9"
    assert one(f"1001,,测试甲,13800000001,{PLACE}", head).order_no == "1001"


def test_further_goods_lines_get_the_orders_fields() -> None:
    rows = read(HEAD + line(1, count="2") + "\n,,,,手套,3,\n" + line(2) + "\n")
    assert [(row.row, row.order_no, row.goods, row.quantity) for row in rows] == [
        (1, "A001", "棉袜", "2"),
        (2, "A001", "手套", "3"),
        (3, "A002", "棉袜", "1"),
    ]
    assert rows[1].phone == rows[0].phone


def test_nobody_gets_the_fields_of_a_row_that_was_refused_for_its_columns() -> None:
    rows = read(HEAD + line(1) + "\nA002,测试乙,13800000002\n,,,,手套,3,\n")
    assert [row.reason for row in rows] == ["", "column_count", "no_phone"]


def test_a_repeated_row_is_a_duplicate_and_other_goods_are_not() -> None:
    rows = read(HEAD + line(1) + "\n" + line(1) + "\n" + line(1, goods="手套") + "\n")
    assert [row.reason for row in rows] == ["", "duplicate", ""]


@pytest.mark.parametrize("cells", ["A1,测试甲,13800000001", f"A1,测试甲,13800000001,{PLACE},棉,袜,1,"])
def test_a_row_whose_fields_may_have_shifted_is_held(cells: str) -> None:
    row = one(cells)
    assert (row.status, row.reason, row.lane) == ("reject", "column_count", "")


def test_a_separator_at_the_end_of_every_row_shifts_nothing() -> None:
    text = HEAD + "".join(line(n) + ",\n" for n in range(1, 5))
    assert [row.reason for row in read(text)] == [""] * 4


def test_a_stray_quotation_mark_swallows_no_order() -> None:
    text = (
        HEAD + line(1, remark='"5寸') + "\n" + line(2) + "\n" + line(3, remark='"x"') + "\n" + line(4) + "\n"
    )
    assert [row.order_no for row in read(text)] == ["A001", "A002", "A003", "A004"]


def test_a_newline_in_quotation_marks_starts_no_row() -> None:
    rows = read(HEAD + line(1, remark='"第一行\n第二行"') + "\n" + line(2) + "\n")
    assert [row.row for row in rows] == [1, 2]
    assert rows[0].remark == "第一行\n第二行"


@pytest.mark.parametrize(
    "phone",
    [
        '="13800000001"',
        "'13800000001",
        "13800000001\t",
        "13800000001.0",
        "1.3800000001E+10",
        "+86 138-0000-0001",
    ],
)
def test_a_phone_is_freed_of_what_spreadsheets_put_around_it(phone: str) -> None:
    row = one(line(phone=f'"{phone.replace(chr(34), chr(34) * 2)}"'))
    assert (row.status, row.phone) == ("ok", "13800000001")


def test_a_phone_with_digits_lost_is_never_guessed() -> None:
    row = one(line(phone="1.38E+10"))
    assert (row.status, row.reason) == ("reject", "phone_precision_lost")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("name", "\"=cmd|' /C calc'!A0\""),
        ("place", "@SUM(1+1)*cmd"),
        ("name", "＝1+1"),
        ("phone", "=13800000001"),
    ],
)
def test_a_formula_in_a_contact_field_is_held(column: str, cell: str) -> None:
    row = one(line(**{column: cell}))
    assert (row.status, row.reason) == ("reject", "formula_in_field")


def test_a_formula_in_a_remark_stays_text_and_is_neutralised_on_output() -> None:
    row = one(line(remark="=1+1"))
    assert (row.status, row.remark) == ("ok", "=1+1")
    assert neutralise(row.remark) == "'=1+1"


def test_the_mark_that_keeps_a_cell_text_is_no_remark() -> None:
    head = "订单号,收件人,手机,地址,买家留言,卖家备注\n"
    assert one(f"A1,测试甲,13800000001,{PLACE},放门口,'", head).remark == "放门口"
    assert one(f"A1,测试甲,13800000001,{PLACE},'放门口,快发", head).remark == "放门口；快发"


def test_nul_bytes_are_dropped() -> None:
    assert one(line(name="测试\0甲")).name == "测试甲"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"name": "测**"}, "masked_name"),
        ({"phone": "138****0001"}, "masked_phone"),
        ({"place": "浙江省金华市义乌市北苑街道****"}, "masked_address"),
        ({"name": "~aB3dEfGh1jKlMnOpQrStUv==~1~"}, "ciphertext"),
    ],
)
def test_a_masked_row_becomes_a_reference_order_and_is_not_repaired(
    cells: dict[str, str], reason: str
) -> None:
    row = one(line(**cells))
    assert (row.status, row.reason, row.lane) == ("already_masked", reason, "A")
    kept = {
        "name": row.name,
        "phone": row.phone,
        "place": row.province + row.city + row.district + row.detail,
    }
    assert {key: kept[key] for key in cells} == cells


def test_a_number_in_the_name_column_is_swapped_columns() -> None:
    row = one(line(name="13800000001", phone="测试甲"))
    assert (row.status, row.reason) == ("reject", "swapped_columns")


def test_divisions_that_contradict_each_other_are_held() -> None:
    row = one(f"A1,测试甲,13800000001,广东省,杭州市,南山区,{PLACE}", "订单号,收件人,手机,省,市,区,详细地址\n")
    assert row.reason == "division_conflict"


def test_split_and_joined_addresses_come_to_the_same() -> None:
    split = one(
        "A1,测试甲,13800000001,浙江省,金华市,义乌市,北苑街道,机场路88号2幢",
        "订单号,收件人,手机,省,市,区,街道,详细地址\n",
    )
    joined = one(line())
    assert (split.province, split.city, split.district) == ("浙江省", "金华市", "义乌市")
    assert (split.district, split.detail) == (joined.district, joined.detail)


def test_name_number_and_address_in_one_cell_are_taken_apart() -> None:
    row = one(f'A1,"测试甲，13800000001，{PLACE}",棉袜', "订单号,收件信息,商品\n")
    assert (row.status, row.name, row.phone, row.district) == ("ok", "测试甲", "13800000001", "义乌市")


def test_a_virtual_number_keeps_extension_and_expiry() -> None:
    head = "订单号,收件人,虚拟号,虚拟号有效期,地址\n"
    row = one(f"A1,测试甲,17000000001-1234,2026-12-01 08:00:00,{PLACE}", head)
    assert (row.phone, row.extension) == ("17000000001", "1234")
    assert row.virtual_until == "2026-12-01T08:00:00+08:00"


@pytest.mark.parametrize(
    ("head", "lane"),
    [
        ("订单编号,买家会员名,收货人姓名,收货地址,联系手机,宝贝标题\n", "C"),
        ("订单号,收货人,手机,详细地址,拼单成功时间\n", "C"),
        ("订单编号,买家会员名,卖家会员名,收货人姓名,收货地址,联系手机,货品标题\n", "B"),
        ("订单号,收件人,手机,地址\n", "B"),
    ],
)
def test_the_lane_follows_the_platform_that_the_titles_show(head: str, lane: str) -> None:
    values = {
        "收货人姓名": "测试甲",
        "收货人": "测试甲",
        "收件人": "测试甲",
        "联系手机": "13800000001",
        "手机": "13800000001",
    }
    values |= {"收货地址": PLACE, "详细地址": PLACE, "地址": PLACE}
    cells = ",".join(values.get(title, "x") for title in head.strip().split(","))
    assert one(cells, head).lane == lane


@pytest.mark.parametrize(
    ("platform", "lane"), [("抖音", "C"), ("微信小店", "C"), ("1688", "B"), ("线下", "B")]
)
def test_the_lane_follows_a_platform_column(platform: str, lane: str) -> None:
    row = one(f"A1,{platform},测试甲,13800000001,{PLACE}", "订单号,平台,收件人,手机,地址\n")
    assert (row.lane, row.platform) == (lane, platform)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2026-11-20 10:11:12", "2026-11-20T10:11:12+08:00"),
        ("2026/11/2 9:05", "2026-11-02T09:05:00+08:00"),
        ("2026年11月2日", "2026-11-02"),
        ("2026-11-20T02:00:00Z", "2026-11-20T10:00:00+08:00"),
        ("20261120101112", "2026-11-20T10:11:12+08:00"),
        ("46346.5", "2026-11-20T12:00:00+08:00"),
        ("1795140672", "2026-11-20T10:11:12+08:00"),
        ("2026-11-20", "2026-11-20"),
        ("昨天", ""),
    ],
)
def test_times_are_written_in_chinese_time(cell: str, time: str) -> None:
    row = one(f"A1,{cell},测试甲,13800000001,{PLACE}", "订单号,下单时间,收件人,手机,地址\n")
    assert row.created_at == time


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"%PDF-1.7 x", b"PK\x03\x04rubbish", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_table_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(data)
    assert caught.value.zh != caught.value.en


def test_a_table_without_header_says_so() -> None:
    with pytest.raises(HeaderNotFoundError):
        read(line(1) + "\n" + line(2) + "\n")


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (HEAD + line(1), Limits(max_bytes=20)),
        ("订单号," * 5_000 + "\n", Limits()),
        (HEAD + line(1, remark="长" * 200_000), Limits()),
        (HEAD + line(1, remark="长" * 2_000), Limits(max_cell=1_000)),
        (HEAD + line(1) + "\n" + line(2), Limits(max_rows=1)),
    ],
)
def test_files_beyond_the_limits_are_refused_in_both_languages(text: str, limits: Limits) -> None:
    with pytest.raises(FileTooLargeError) as caught:
        read(text, limits=limits)
    assert caught.value.zh != caught.value.en


@pytest.mark.parametrize("end", ['"', ""])
def test_a_cell_of_26_megabytes_in_short_lines_costs_some_thousand_lines_and_no_more(end: str) -> None:
    text = HEAD + line(1) + "\n" + line(2, remark='"' + "ab\n" * 8_600_000 + end)
    rows = iter(read_orders(io.BytesIO(text.encode()), "orders.csv"))
    with pytest.raises(FileTooLargeError):
        list(islice(rows, 12_000))


def test_good_rows_after_a_quotation_that_never_ends_are_read() -> None:
    broken = line(2, remark='"open')
    text = f"{HEAD}{broken}\n" + "".join(f"{line(n)}\n" for n in range(3, 1_003))
    found = [row.order_no for row in read(text) if row.status != "reject"]
    assert len(found) >= 1_000


def test_cells_are_named_by_field() -> None:
    (cells,) = read_cells(io.BytesIO((HEAD + line(1)).encode()))
    assert (cells["order_no"], cells["phone"], cells["goods"]) == ("A001", "13800000001", "棉袜")


def test_a_second_address_line_is_part_of_the_address() -> None:
    head = "Order ID,Recipient Name,Phone,Address Line 1,Address Line 2,City,State"
    order = one("E1,王小明,13800138000,文三路9号,6幢101,杭州市,浙江省\n", head + "\n")
    assert order.detail == "文三路9号 6幢101"
    assert "101" not in order.masked.address


TITLES = {
    "order_no": "订单编号",
    "name": "收货人",
    "phone": "手机号码",
    "detail": "详细地址",
    "goods": "商品名称",
}


def row(number: str, name: str = "测试人甲", goods: str = "杯子", **more: str) -> dict[str, str]:
    return {
        "order_no": number, "name": name, "phone": "19900001111", "detail": "浙江省金华市义乌市机场路1号",
        "goods": goods, **more,
    }  # fmt: skip


def test_rows_handed_over_are_read_as_those_of_a_file() -> None:
    rows = [
        row("R1"),
        row("R2", phone="12"),
        row("R3", name=" 测试\t人乙 "),
        row("R1", goods="碗"),
        row("R1"),
    ]
    text = "\n".join(",".join(" ".join(one[key].split()) for key in TITLES) for one in rows)
    file = f"{','.join(TITLES.values())}\n{text}\n".encode()
    given = list(read_rows(TITLES, rows, "rows"))
    assert given == list(read_orders(io.BytesIO(file), "rows"))
    assert [one.status for one in given] == ["ok", "reject", "ok", "ok", "reject"]


def test_of_rows_handed_over_none_is_taken_for_a_total_a_header_or_nothing() -> None:
    rows = [row("R1"), {"name": "合计"}, dict(TITLES), {}, row("R2")]
    given = list(read_rows(TITLES, rows, "rows"))
    assert [one.row for one in given] == [1, 2, 3, 4, 5]
    assert [one.status for one in given] == ["ok", "reject", "reject", "reject", "ok"]


def test_a_further_goods_line_among_rows_handed_over_belongs_to_the_order_before() -> None:
    first, second = read_rows(TITLES, [row("R1"), {"order_no": "R1", "goods": "碗"}], "rows")
    assert (second.status, second.name, second.goods) == ("ok", first.name, "碗")
