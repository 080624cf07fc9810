"""Column titles: every row of the data files, and the meaning of whole headers."""

import csv
from importlib import resources

import pytest

from waybillguard.orders.headers import library, normalise, platform_key, platform_of_titles
from waybillguard.orders.headers_layout import find_layout
from waybillguard.orders.rows_plan import plan_of

FIELDS = {
    "address_more",
    "order_no",
    "waybill_no",
    "carrier",
    "sort_code",
    "shop",
    "platform",
    "created_at",
    "name",
    "company",
    "phone",
    "virtual",
    "extension",
    "virtual_until",
    "province",
    "city",
    "district",
    "town",
    "region",
    "address",
    "contact",
    "goods",
    "quantity",
    "remark",
    "buyer",
    "ignore",
    "sender_name",
    "sender_address",
    "sender_contact",
    "sender_company",
}


def rows(name: str) -> list[dict[str, str]]:
    text = resources.files("waybillguard.orders").joinpath("data", name).read_text("utf-8")
    assert text.startswith("#")
    assert "Source" in text
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def test_every_title_in_the_data_is_understood_as_its_row_says() -> None:
    known = library()
    for row in rows("headers.csv"):
        assert row["platform"] in known.platforms, row
        assert row["field"] in FIELDS, row
        assert 1 <= int(row["rank"]) <= 9, row
        assert row["mark"] in {
            "0",
            "1",
        }  # fmt: skip, row
        meaning = known.lookup(row["header"])
        assert meaning is not None, row
        assert meaning.rank <= int(row["rank"]), row


def test_no_title_means_two_different_things() -> None:
    seen: dict[str, str] = {}
    for row in rows("headers.csv"):
        field = seen.setdefault(normalise(row["header"]), row["field"])
        assert field == row["field"], row


def test_every_party_and_attribute_makes_a_title() -> None:
    known = library()
    parts = rows("headers_parts.csv")
    assert {row["kind"] for row in parts} == {"party", "attribute", "ending"}
    for row in parts:
        if row["kind"] == "party":
            assert row["value"] in {"consignee", "sender", "buyer"}, row
            assert known.lookup(row["word"] + "手机号") is not None, row
        elif row["kind"] == "ending":
            meaning = known.lookup("某某" + row["word"])
            assert meaning is not None, row
            assert meaning.field == row["value"], row
        else:
            assert row["value"] in FIELDS, row
            assert known.lookup("寄件人" + row["word"]) is not None, row
            assert (known.lookup(row["word"]) is not None) or row["bare"] == "0", row


def test_every_name_of_a_platform_is_recognised() -> None:
    for row in rows("headers_platforms.csv"):
        assert row["encrypted"] in {
            "0",
            "1",
        }  # fmt: skip, row
        assert row["kind"] in {"platform", "erp", "courier"}, row
        for name in row["names"].split("|"):
            assert platform_key(name) == row["key"], (row, name)


def test_the_platforms_that_issue_encrypted_waybills_are_those_of_the_contract() -> None:
    encrypted = {key for key, platform in library().platforms.items() if platform.encrypted}
    assert encrypted == {"taobao", "jd", "pinduoduo", "douyin", "kuaishou", "xiaohongshu", "wechat"}


@pytest.mark.parametrize(
    "platform", sorted({row["platform"] for row in rows("headers.csv") if row["mark"] == "1"})
)
def test_a_platforms_own_titles_show_it(platform: str) -> None:
    marks = [
        row["header"] for row in rows("headers.csv") if row["platform"] == platform and row["mark"] == "1"
    ]
    assert platform_of_titles(["订单号", "收件人", *marks]) == platform


@pytest.mark.parametrize(
    "title",
    ["＊收件人手机号（必填）", " 收件人 手机号 ", "收件人手机号:", "收件人的手机号", "*收件人手机号\ufeff"],
)
def test_decoration_does_not_hide_a_title(title: str) -> None:
    meaning = library().lookup(title)
    assert meaning is not None
    assert (meaning.field, meaning.party) == ("phone", "consignee")


@pytest.mark.parametrize(
    ("titles", "field", "columns"),
    [
        ("订单号 买家昵称 收货人 手机", "name", (2,)),
        ("订单号 买家姓名 手机 地址", "name", (1,)),
        ("订单号 收货人省份 收货人城市 收货人地区 收货人", "district", (3,)),
        ("订单编号 收货地区 收货地址 收件人手机", "region", (1,)),
        ("寄件人 寄件电话 收件人 收件电话 收件地址", "phone", (3,)),
        ("子订单编号 主订单编号 收件人 手机", "order_no", (1,)),
        ("修改后的收货地址 收货地址 收货人姓名", "address", (0, 1)),
        ("收方姓名 收方手机/固话* 收方省", "phone", (1,)),
        ("编号 姓名/电话/地址 商品", "contact", (1,)),
        ("收货人 联系电话 团员备注", "remark", (2,)),
    ],
)
def test_a_header_gives_each_field_its_columns(titles: str, field: str, columns: tuple[int, ...]) -> None:
    found = find_layout([titles.split()])
    assert found is not None
    assert found[1].columns.get(field) == columns


def test_the_second_phone_under_a_sender_is_the_senders() -> None:
    found = find_layout([["收件人", "收件人电话", "收件人地址", "寄件人", "电话", "地址"]])
    assert found is not None
    plan = plan_of(found[1])
    assert (plan.consignee.phone, plan.sender.phone, plan.sender.address) == ((1,), (4,), (5,))


@pytest.mark.parametrize(
    "titles", [["省", "市", "区"], ["商品编码", "商品名称", "单价"], ["订单号", "商品", "数量"]]
)
def test_a_table_without_consignee_is_no_table_of_orders(titles: list[str]) -> None:
    assert find_layout([titles]) is None


def test_a_row_of_data_is_no_header() -> None:
    assert find_layout([["A1", "测试甲", "13800000001", "浙江省义乌市"]]) is None


def test_a_bare_name_beside_the_consignees_own_is_not_the_consignees() -> None:
    found = find_layout(
        [["Name", "Lineitem quantity", "Shipping Name", "Shipping Phone", "Shipping Address1"]]
    )
    assert found is not None
    assert found[1].columns["name"] == (2,)
    assert found[1].columns["order_no"] == (0,)


def test_a_better_header_below_rows_of_a_table_is_another_tables() -> None:
    first = [["订单号", "收件人", "手机", "地址"], ["A1", "测试甲", "13800000001", "机场路88号"]]
    second = ["订单号", "收件人", "手机", "地址", "备注", "数量"]
    found = find_layout([*first, second])
    assert found is not None
    assert found[0] == 0
    notes = [["说明", "姓名和电话必填"], ["收件人", "电话"], ["不得", "为空", "13800000001"][:2]]
    found = find_layout([*notes, second])
    assert found is not None
    assert found[0] == len(notes)


@pytest.mark.parametrize(
    ("titles", "phone"),
    [
        ("单号 寄件人姓名 电话 地址 收件人姓名 电话.1 地址.1", (5,)),
        ("单号 寄件人 电话 收件人 手机 地址", (4,)),
        ("单号 收件人 电话 地址 寄件人 手机 寄件地址", (2,)),
        ("单号 收件人 手机 发货人 地址", (2,)),
        ("单号 收件人 电话1 电话2 地址", (2, 3)),
        ("单号 电话（寄件人） 姓名（收件人） 电话（收件人） 地址（收件人）", (3,)),
        ("Order Phone(Billing) Name(Shipping) Phone(Shipping) Address1(Shipping)", (3,)),
        ("单号 收件人 手机 地址 员工姓名 员工电话", (2,)),
    ],
)
def test_a_bare_phone_belongs_to_the_party_before_it_where_the_other_has_its_own(
    titles: str, phone: tuple[int, ...]
) -> None:
    found = find_layout([titles.split()])
    assert found is not None
    assert found[1].columns["phone"] == phone
