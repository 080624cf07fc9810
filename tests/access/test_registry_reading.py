"""Account and payroll lists as people paste and export them."""

import io
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.access.errors import RegisterError
from waybillguard.access.registry_reading import read_accounts, read_merchants, read_payroll
from waybillguard.access.registry_times import read_moment

PASTED = (
    "所属系统\t子账号（必填）\t使用人\t工号\t角色\t账号状态\t最后登录时间\n"
    "某ERP\tzh01\t测试人甲\t007\t打单\t启用\t2026-11-20 08:00\n"
    "某店铺\tzh02\t\t\t\t已停用\t2026/1/3 9:05:07\n"
)


def test_a_pasted_list_is_read_by_its_titles(zone: timezone) -> None:
    found = read_accounts(PASTED, zone=zone)
    assert found.rejected == ()
    first, second = found.accounts
    assert (first.system, first.account, first.owner, first.number, first.role) == (
        "某ERP",
        "zh01",
        "测试人甲",
        "007",
        "打单",
    )
    assert (first.enabled, second.enabled) == (True, False)
    assert first.last_used == datetime(2026, 11, 20, 8, tzinfo=zone)
    assert second.last_used == datetime(2026, 1, 3, 9, 5, 7, tzinfo=zone)
    assert [one.row for one in found.accounts] == [1, 2]


def test_columns_that_nothing_is_taken_from_are_named() -> None:
    found = read_payroll("姓名,工号,入职日期,星座,紧急联系人\n测试人甲,007,2026-01-01,天秤,测试人乙\n")
    assert (len(found.people), found.unread) == (1, ("星座", "紧急联系人"))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_may_have_any_encoding_of_the_trade(zone: timezone, codec: str) -> None:
    text = PASTED.replace("\t", ",")
    assert read_accounts(text.encode(codec), zone=zone) == read_accounts(PASTED, zone=zone)


def test_a_workbook_is_read_with_its_dates(zone: timezone) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["店铺子账号导出"])
    sheet.append(["登录名", "姓名", "是否停用", "最近登录"])
    sheet.append(["zh01", "测试人甲", "否", datetime(2026, 11, 3, 9, 5)])  # noqa: DTZ001 - workbooks have no zones
    sheet.append(["zh02", "测试人乙", "是", None])
    stream = io.BytesIO()
    book.save(stream)
    found = read_accounts(stream.getvalue(), system="某店铺", zone=zone).accounts
    assert [(one.account, one.system, one.enabled) for one in found] == [
        ("zh01", "某店铺", True),
        ("zh02", "某店铺", False),
    ]
    assert found[0].last_used == datetime(2026, 11, 3, 9, 5, tzinfo=zone)


def test_a_damaged_row_is_named_by_number_and_does_not_stop_the_rest(zone: timezone) -> None:
    text = "账号,状态,系统\n,启用,某ERP\nzh02,启用,\nzh03,启用,某ERP\n" + "x" * 300 + ",启用,某ERP\n"
    found = read_accounts(text, zone=zone)
    assert [one.account for one in found.accounts] == ["zh03"]
    assert [(one.row, one.reason) for one in found.rejected] == [
        (1, "no_account"),
        (2, "no_system"),
        (4, "cell_too_long"),
    ]


def test_an_account_whose_last_use_cannot_be_read_stays_in_the_list(zone: timezone) -> None:
    found = read_accounts("账号,最后登录\nzh01,上周吧\n", system="某ERP", zone=zone)
    assert (len(found.accounts), found.accounts[0].last_used) == (1, None)


def test_a_state_in_words_that_nobody_knows_is_unknown_and_not_disabled(zone: timezone) -> None:
    assert read_accounts("账号,状态\nzh01,待审\n", system="某ERP", zone=zone).accounts[0].enabled is None


def test_titles_repeated_in_the_middle_are_no_account(zone: timezone) -> None:
    found = read_accounts("账号,状态\nzh01,启用\n账号,状态\nzh02,启用\n", system="某ERP", zone=zone)
    assert [one.account for one in found.accounts] == ["zh01", "zh02"]


@pytest.mark.parametrize("text", ["", "   ", "一,二\n三,四\n", "%PDF-1.7"])
def test_a_list_without_titles_is_refused_with_advice(zone: timezone, text: str) -> None:
    with pytest.raises(RegisterError) as caught:
        read_accounts(text, zone=zone)
    assert caught.value.zh


def test_a_payroll_list_is_read() -> None:
    text = "工号,姓名,入职日期,离职日期,用工形式,劳务公司\n007,测试人甲,2025-03-01,,正式,\n008,测试人乙,2026年10月1日,2026.11.1,日结,测试劳务\n"
    first, second = read_payroll(text).people
    assert (first.number, first.employed_from, first.employed_to, first.temp) == (
        "007",
        date(2025, 3, 1),
        None,
        False,
    )
    assert (second.employed_to, second.temp, second.agency) == (date(2026, 11, 1), True, "测试劳务")


def test_someone_who_left_without_a_date_is_read_as_left() -> None:
    found = read_payroll("工号,姓名,离职日期\n007,测试人甲,已离职\n008,测试人乙,下周\n,,2026-11-01\n")
    (left,) = found.people
    assert (left.number, left.left, left.employed_to) == ("007", True, None)
    assert [one.reason for one in found.rejected] == ["bad_date", "no_person"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03", (2026, 11, 3)),
        ("2026/11/3 9:05", (2026, 11, 3, 9, 5)),
        ("2026年11月3日 9时05分", (2026, 11, 3, 9, 5)),
        ("2026-11-03T09:05:06.123", (2026, 11, 3, 9, 5, 6)),
        ("46329.5", (2026, 11, 3, 12)),
    ],
)
def test_times_are_read_as_people_and_spreadsheets_write_them(text: str, moment: tuple[int, ...]) -> None:
    assert read_moment(text, UTC) == datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize("text", ["", "-", "无", "从未登录", "NULL"])
def test_a_cell_that_says_never_is_no_time(text: str) -> None:
    assert read_moment(text, UTC) is None


@pytest.mark.parametrize("text", ["2026-02-30", "昨天", "11/3/2026", "2026-11-03 25:00", "99999.9.9"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|day|hour"):
        read_moment(text, UTC)


@given(data=st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(zone: timezone, data: bytes) -> None:
    try:
        read_accounts(data, system="s", zone=zone)
    except RegisterError as error:
        refused = error.zh
    else:
        refused = "read"
    assert refused


@given(
    rows=st.lists(st.lists(st.text("账号状态启用0123-/:年月日ab \"'", max_size=12), max_size=5), max_size=8)
)
def test_random_rows_under_good_titles_are_each_read_or_rejected(
    zone: timezone, rows: list[list[str]]
) -> None:
    text = "账号\t状态\t最后登录\n" + "\n".join("\t".join(row) for row in rows)
    found = read_accounts(text, system="s", zone=zone)
    numbers = [one.row for one in found.accounts] + [one.row for one in found.rejected]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


SITES_LIST = "工号,姓名,场地\n007,测试人甲,yw-1\n008,测试人乙,二号仓\n009,测试人丙,\n010,测试人丁,三号仓\n"


def test_a_row_of_an_unknown_site_is_refused_by_number_and_the_rest_goes_on() -> None:
    found = read_payroll(SITES_LIST, sites=["YW-1", "二 号仓"])
    assert [one.site for one in found.people] == ["yw-1", "二号仓", ""]
    assert [(one.row, one.reason) for one in found.rejected] == [(4, "unknown_site")]


def test_without_sites_a_column_of_them_is_not_read() -> None:
    found = read_payroll(SITES_LIST)
    assert [one.site for one in found.people] == ["", "", "", ""]
    assert not found.rejected


MERCHANTS_LIST = (
    "商家名称,店铺\n山里干货行,山里干货\n云上服饰,云上小铺（抖音）\n,无主店\n云上服饰,山里干货\n"
    "云上服饰, 云上小铺(抖音)\n远处的商家,已有店\n只有名字,\n长,x" + "长" * 90 + "\n"
)


def test_a_list_of_merchants_names_each_row_it_refuses_and_the_rest_goes_on() -> None:
    found = read_merchants(MERCHANTS_LIST, taken={"已有店": "近处的商家"})
    assert [(one.row, one.merchant, one.shop) for one in found.merchants] == [
        (1, "山里干货行", "山里干货"),
        (2, "云上服饰", "云上小铺（抖音）"),
        (7, "只有名字", ""),
    ]
    assert [(one.row, one.reason) for one in found.rejected] == [
        (3, "no_merchant"),
        (4, "shop_taken"),
        (5, "repeated"),
        (6, "shop_taken"),
        (8, "cell_too_long"),
    ]


def test_a_shop_its_own_merchant_has_already_is_no_conflict() -> None:
    found = read_merchants("merchant,shop\nA Ltd,s1\n", taken={"S1": "a ltd"})
    assert (len(found.merchants), found.rejected) == (1, ())


def test_a_list_without_a_column_of_merchants_is_none() -> None:
    with pytest.raises(RegisterError, match="merchant"):
        read_merchants("shop,phone\ns1,1\n")


def test_of_several_columns_the_one_that_says_more_counts_wherever_it_stands(zone: timezone) -> None:
    listed = read_accounts("子账号,昵称,真实姓名\n店:打单1,小可爱,测试人甲\n", system="千牛", zone=zone)
    assert [one.owner for one in listed.accounts] == ["测试人甲"]
    (person,) = read_payroll("编号,工号,姓名\n1,A007,测试人甲\n").people
    assert person.number == "A007"


def test_a_contracts_end_is_no_last_day_where_the_list_says_who_left() -> None:
    text = "工号,姓名,合同到期,离职日期\n1,测试人甲,2027-12-31,2026-10-01\n2,测试人乙,2026-06-30,\n"
    assert [one.employed_to for one in read_payroll(text).people] == [date(2026, 10, 1), None]
    (alone,) = read_payroll("工号,姓名,合同到期\n1,测试人甲,2026-06-30\n").people
    assert alone.employed_to == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("title", "cell"), [("员工状态", "离职"), ("在职状态", "已离职"), ("是否在职", "否"), ("是否离职", "是")]
)
def test_a_column_that_says_who_left_is_read(title: str, cell: str) -> None:
    text = f"工号,姓名,{title},离职日期\n1,测试人甲,{cell},\n2,测试人乙,{cell},2026-10-01\n3,测试人丙,,\n"
    found = [(one.left, one.employed_to) for one in read_payroll(text).people]
    assert found == [(True, None), (False, date(2026, 10, 1)), (False, None)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03T01:05:00Z", "2026-11-03T09:05:00+08:00", "2026-11-03 上午9:05", "20261103090500", "1793667900",
        "1793667900000",
    ],
)  # fmt: skip
def test_times_of_systems_are_read_whatever_zone_they_name(text: str) -> None:
    east = timezone(timedelta(hours=8))
    assert read_moment(text, east) == datetime(2026, 11, 3, 9, 5, tzinfo=east)


def test_a_compact_day_is_a_day() -> None:
    (person,) = read_payroll("工号,姓名,入职日期,离职日期\n1,测试人甲,20250101,20260901\n").people
    assert (person.employed_from, person.employed_to) == (date(2025, 1, 1), date(2026, 9, 1))


def test_what_spreadsheets_put_round_a_number_is_taken_off(zone: timezone) -> None:
    listed = read_accounts('账号,姓名,工号\n="001",测试人甲\u200b,1001.0\n', system="ERP", zone=zone)
    assert [(one.account, one.owner, one.number) for one in listed.accounts] == [("001", "测试人甲", "1001")]


def test_an_account_called_as_a_title_is_an_account(zone: timezone) -> None:
    text = "操作员,启用\n操作员,启用\nuser,停用\n账号,状态\nuser,启用\n"
    found = read_accounts(text, system="ERP", zone=zone)
    assert [(one.account, one.enabled) for one in found.accounts] == [("user", False), ("user", True)]
    found = read_accounts("账号,状态\n操作员,启用\n张三,停用\n", system="ERP", zone=zone)
    assert [(one.account, one.enabled) for one in found.accounts] == [("操作员", True), ("张三", False)]
