import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waybillguard.events import AccessEvent, EventsError
from waybillguard.events.foreign import (
    Applied,
    LogAnswer,
    LogMapping,
    LogRequest,
    Suggestion,
    answer,
    import_log,
    read_log,
)
from waybillguard.events.foreign.jumps import jumps
from waybillguard.events.foreign.words import action_of, answer_of, fields, titles
from waybillguard.events.schema import Action

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CHINA = ZoneInfo("Asia/Shanghai")
HEAD = "操作时间,操作账号,操作类型,订单号\n"


def read(content: str | bytes, **changed: Any) -> tuple[Suggestion, Applied]:
    raw = content.encode() if isinstance(content, str) else content
    return import_log(raw, **({"tenant": "t", "zone": CHINA, "now": NOW} | changed))


def reasons(applied: Applied) -> list[tuple[int, str]]:
    return [(row.row, str(row.reason)) for row in applied.refused]


def test_an_erps_log_in_gbk_with_a_banner_is_read() -> None:
    text = (
        "操作日志导出,,,,\n操作时间,操作人,操作账号,操作类型,操作内容\n"
        "2026-11-02 09:00:00,李四,kf01,查看,查看订单 20261101000123 详情\n"
        "2026-11-02 09:01:00,李四,kf01,解密,解密收件人 订单号：20261101000124\n"
    )
    suggestion, applied = read(text.encode("gbk"))
    assert suggestion.mapping.columns == {
        "ts": "操作时间",
        "account": "操作账号",
        "person": "操作人",
        "action": "操作类型",
        "detail": "操作内容",
        "order_id": "操作内容",
    }
    assert [(e.action, e.account, e.person, e.order_id, e.exposed) for e in applied.events] == [
        ("view", "kf01", "李四", "20261101000123", False),
        ("reveal", "kf01", "李四", "20261101000124", True),
    ]
    assert applied.events[0].ts == datetime(2026, 11, 2, 1, tzinfo=UTC)


def test_a_workbook_is_read_with_its_sheets() -> None:
    book = openpyxl.Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet("二"))):
        assert sheet is not None
        sheet.append(["Time", "User", "Action", "Order No"])
        sheet.append([datetime(2026, 11, 2, 9, number), "amy", "print", 20261101000123])  # noqa: DTZ001 - a cell has none
    file = io.BytesIO()
    book.save(file)
    _, applied = read(file.getvalue())
    assert [event.order_id for event in applied.events] == ["20261101000123"] * 2
    assert [event.ts.minute for event in applied.events] == [0, 1]


@pytest.mark.parametrize("wrapped", [True, False])
def test_json_is_read_whole_or_a_line_each(wrapped: bool) -> None:
    rows = [
        {
            "log": {"opTime": 1_793_581_200_000 + n, "operator": "kf01"},
            "type": "打印面单",
            "waybillNo": f"YT{n}",
        }
        for n in range(3)
    ]
    text = (
        json.dumps({"code": 0, "data": {"list": rows}})
        if wrapped
        else "\n".join(json.dumps(row) for row in rows)
    )
    _, applied = read(text)
    assert [(event.account, event.action, event.order_id) for event in applied.events] == [
        ("kf01", "print", f"YT{n}") for n in range(3)
    ]


def test_a_damaged_record_of_json_does_not_stop_the_rest() -> None:
    good = '{"ts":"2026-11-02T09:00:0%d+08:00","user":"a","event":"search"}'
    _, applied = read(f"{good % 1}\n{{bad\n{good % 2}\n")
    assert len(applied.events) == 2
    assert reasons(applied) == [(2, "unreadable_row")]
    _, cut = read(f'[{good % 1},{good % 2},{{"ts":"2026')
    assert len(cut.events) == 2
    assert [reason for _, reason in reasons(cut)] == ["unreadable_row"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",kf01,查看,1", "no_time"),
        ("坏,kf01,查看,1", "bad_time"),
        ("2026-11-02,kf01,查看,1", "date_only"),
        ("2026-11-02T09:00:00+25:00,kf01,查看,1", "bad_zone"),
        ("2027-11-02 09:00:00,kf01,查看,1", "future"),
        ("1970-01-01 08:00:00,kf01,查看,1", "clock_jump"),
        ("2026-11-02 09:00:00,,查看,1", "no_account"),
        ("2026-11-02 09:00:00,kf01,,1", "no_action"),
        ("2026-11-02 09:00:00,kf01,喝茶,1", "unknown_action"),
        ("2026-11-02 09:00:00,=cmd|'/c calc'!A0,查看,1", "formula_in_field"),
        ("2026-11-02 09:00:00,kf01,查看,=HYPERLINK(1)", "formula_in_field"),
        (f"2026-11-02 09:00:00,{'k' * 600},查看,1", "too_long"),
        ("2026-11-02 09:00:00,kf01,查看,2.02611E+17", "order_precision_lost"),
        ("2026-11-02 09:00:00,kf01,查看,1,x,y", "column_count"),
        ("2026-11-02 08:59:00,kf00,查看,0", "duplicate"),
    ],
)
def test_a_damaged_row_is_named_and_stops_no_other(row: str, reason: str) -> None:
    before = "2026-11-02 08:59:00,kf00,查看,0\n"
    _, applied = read(HEAD + before + row + "\n2026-11-02 09:01:00,kf02,查看,2\n")
    assert reasons(applied) == [(2, reason)]
    assert [event.account for event in applied.events] == ["kf00", "kf02"]


def test_every_row_is_an_event_refused_or_ignored() -> None:
    rows = [f"2026-11-02 09:{n:02}:00,kf01,{('查看', '发货', '喝茶')[n % 3]},{n}" for n in range(30)]
    suggestion, _ = read(HEAD + "\n".join(rows))
    assert suggestion.unknown_words == {"发货": 10, "喝茶": 10}
    assert "unknown_words" in suggestion.questions
    decided = msgspec.structs.replace(suggestion.mapping, actions={"发货": "ignore"})
    _, applied = read(HEAD + "\n".join(rows), mapping=decided)
    assert (len(applied.events), applied.ignored, len(applied.refused), applied.rows) == (10, 10, 10, 30)


def test_labels_scanned_out_are_scans_where_a_person_maps_the_word_to_a_view() -> None:
    text = HEAD + "2026-11-02 09:00:00,kf01,扫描出库,1\n2026-11-02 09:01:00,kf01,查看,2\n"
    mapping = msgspec.structs.replace(read(text)[0].mapping, actions={"扫描出库": "view", "查看": "view"})
    _, applied = read(text, mapping=mapping)
    assert [(one.action, one.purpose, one.exposed) for one in applied.events] == [
        ("view", "scan", False), ("view", None, False),
    ]  # fmt: skip


def test_a_turned_round_name_is_put_straight() -> None:
    _, applied = read(HEAD + "2026-11-02 09:00:00,kf\u202e01,查看,1\n")
    assert [event.account for event in applied.events] == ["kf01"]


def test_a_title_may_name_the_zone_of_its_times() -> None:
    suggestion, applied = read("操作时间(GMT+9),操作账号,操作类型\n2026-11-02 09:00:00,kf01,查看\n")
    assert suggestion.mapping.zone == "Etc/GMT-9"
    assert applied.events[0].ts == datetime(2026, 11, 2, 0, tzinfo=UTC)


def test_a_decision_is_remembered_by_the_look_of_the_file() -> None:
    first, _ = read(HEAD + "2026-11-02 09:00:00,kf01,喝茶,1\n")
    decided = msgspec.structs.replace(first.mapping, actions={"喝茶": "view"}, zone="Asia/Tokyo")
    kept = msgspec.json.decode(msgspec.json.encode(decided), type=LogMapping)
    later, applied = read(
        HEAD + "2026-11-09 09:00:00,kf02,喝茶,2\n2026-11-09 09:00:00,kf02,打印,2\n", mapping=kept
    )
    assert later.fingerprint == first.fingerprint
    assert later.remembered
    assert [event.action for event in applied.events] == ["view", "print"]
    assert applied.events[0].ts == datetime(2026, 11, 9, 0, tzinfo=UTC)


def test_a_mapping_for_another_file_is_not_used() -> None:
    suggestion, applied = read(
        HEAD + "2026-11-02 09:00:00,kf01,查看,1\n", mapping=LogMapping(columns={"ts": "别的"})
    )
    assert not suggestion.remembered
    assert len(applied.events) == 1


def test_a_print_list_without_an_action_is_a_list_of_prints() -> None:
    suggestion, applied = read("打印时间,打印人,电脑名,快递单号\n2026-11-02 09:00:00,zhang,PC-01,YT1\n")
    assert suggestion.mapping.default_action == "print"
    assert [(e.account, e.workstation, e.order_id) for e in applied.events] == [("zhang", "PC-01", "YT1")]


def test_a_row_with_many_orders_is_an_event_each() -> None:
    _, applied = read(HEAD + '2026-11-02 09:00:00,kf01,批量导出,"A1,A2、A3 A1"\n')
    assert [(event.order_id, event.action) for event in applied.events] == [
        (f"A{n}", "export") for n in (1, 2, 3)
    ]
    assert len({event.event_id for event in applied.events}) == 3


def test_a_refused_sign_in_is_a_failed_one() -> None:
    _, applied = read(
        "time,user,action,result\n2026-11-02 09:00,amy,Login,FAILED\n2026-11-02 09:01,amy,Login,ok\n"
    )
    assert [(e.action, e.allowed) for e in applied.events] == [("login_failed", False), ("login", True)]


def test_the_same_decision_has_the_same_id_in_every_export() -> None:
    week = HEAD + "2026-11-02 09:00:00,kf01,查看,1\n"
    month = "订单号,操作账号,操作类型,操作时间\n1,kf01,查看,2026/11/02 09:00:00\n2,kf01,查看,2026/11/02 09:05:00\n"
    ids = {event.event_id for event in read(week)[1].events}
    assert ids < {event.event_id for event in read(month)[1].events}


def test_day_and_month_are_told_apart_where_the_file_allows_it() -> None:
    head = "Time,User,Action\n"
    assert read(head + "13/11/2026 09:00,a,view\n")[0].mapping.day_order == "dmy"
    assert read(head + "11/13/2026 09:00,a,view\n")[0].mapping.day_order == "mdy"
    unsure = read(head + "".join(f"{n}/11/2026 09:00,a,view\n" for n in range(1, 9)))[0]
    assert unsure.mapping.day_order == "dmy"
    assert "day_order" in unsure.questions


def test_work_at_night_asks_whether_the_times_are_utc() -> None:
    rows = "".join(f"2026-11-02 0{n % 6}:{n:02}:00,kf01,查看,{n}\n" for n in range(40))
    assert "zone" in read(HEAD + rows)[0].questions
    day = "".join(f"2026-11-02 1{n % 6}:{n:02}:00,kf01,查看,{n}\n" for n in range(40))
    assert "zone" not in read(HEAD + day)[0].questions


@pytest.mark.parametrize("newest_first", [True, False])
def test_rows_of_a_jumped_clock_are_refused(newest_first: bool) -> None:
    start = datetime(2026, 11, 2, 9, tzinfo=UTC)
    times = [start + timedelta(minutes=n) for n in range(50)]
    times[20:23] = [time - timedelta(days=90) for time in times[20:23]]
    if newest_first:
        times.reverse()
    rows = "".join(f"{time:%Y-%m-%d %H:%M:%S},kf01,查看,{n}\n" for n, time in enumerate(times))
    _, applied = read(HEAD + rows)
    assert {reason for _, reason in reasons(applied)} == {"clock_jump"}
    assert len(applied.refused) == 3
    assert len(applied.events) == 47


def test_logs_one_after_the_other_are_no_jumps() -> None:
    hour = 3_600_000_000
    assert jumps([n % 40 * 9 * hour for n in range(80)]) == frozenset()
    assert jumps([(n * 7919) % 1000 * hour for n in range(200)]) == frozenset()


def test_nothing_personal_of_a_free_text_is_kept() -> None:
    text = "操作时间,操作账号,操作类型,操作内容\n2026-11-02 09:00:00,kf01,查看,查看订单号 20261101000123 王小明 13800000000\n"
    _, applied = read(text)
    said = msgspec.json.encode(applied).decode()
    assert "王小明" not in said
    assert "13800000000" not in said
    assert applied.events[0].order_id == "20261101000123"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\x89PNG\r\n", b"PK\x03\x04 broken", b"\x00" * 40])
def test_what_is_no_log_is_said(content: bytes) -> None:
    with pytest.raises(EventsError):
        import_log(content, tenant="t", zone=CHINA, now=NOW)
    said = answer(LogRequest(content=content, tenant="t", zone="Asia/Shanghai", now=NOW))
    assert said.zh
    assert said.en


def test_question_and_answer_cross_a_process_border() -> None:
    request = LogRequest(
        content=(HEAD + "2026-11-02 09:00:00,kf01,查看,1\n").encode(),
        tenant="t",
        zone="Asia/Shanghai",
        now=NOW,
    )
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(request), type=LogRequest)
    said = msgspec.msgpack.decode(msgspec.msgpack.encode(answer(again)), type=LogAnswer)
    assert said.applied is not None
    assert isinstance(said.applied.events[0], AccessEvent)
    only = answer(msgspec.structs.replace(request, apply_mapping=False))
    assert only.applied is None
    assert only.suggestion is not None


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=8), st.sampled_from([",", "\t"]))
def test_any_rows_below_the_titles_are_all_accounted_for(rows: list[list[str]], separator: str) -> None:
    body = "\n".join(separator.join(row) for row in rows)
    text = (
        HEAD.replace(",", separator)
        + f"2026-11-02 09:00:00{separator}kf01{separator}查看{separator}1\n"
        + body
    )
    said = answer(
        LogRequest(content=text.encode(errors="replace"), tenant="t", zone="Asia/Shanghai", now=NOW)
    )
    if said.applied is None:
        assert said.zh
        return
    applied = said.applied
    assert {row.row for row in applied.refused} <= set(range(1, applied.rows + 1))
    assert applied.ignored + len(applied.refused) + len(applied.events) >= applied.rows


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_log_or_are_refused_in_words(content: bytes) -> None:
    said = answer(LogRequest(content=content, tenant="t", zone="Asia/Shanghai", now=NOW))
    assert (said.applied is not None) != bool(said.zh)


def test_the_words_of_the_tables_are_sound() -> None:
    for word in ("查看明文", "批量导出", "补打面单", "订单查询", "退出登录", "登录失败", "抓单"):
        assert action_of(word) in {*Action, "ignore"}
    assert {field for places in titles().values() for field, _ in places} == set(fields())
    assert answer_of("操作成功") is True
    assert answer_of("Denied") is False
    assert answer_of("?") is None


def test_ten_thousand_rows_take_less_than_a_few_seconds() -> None:
    rows = "".join(f"2026-11-02 09:{n // 60 % 60:02}:{n % 60:02},kf{n % 9},查看,{n}\n" for n in range(10_000))
    log = read_log((HEAD + rows).encode())
    assert len(log.rows) == 10_000
    assert "kf1" not in repr(log)


def test_half_a_character_of_a_json_log_is_none_that_is_kept() -> None:
    row = {"time": "2026-11-02 09:00:00", "user": "\ud800", "action": "导出", "orderId": "A1", "\udfff": "x"}
    suggestion, applied = read(json.dumps([row]))
    (event,) = applied.events
    assert event.account == "?"
    assert json.dumps(suggestion.titles, ensure_ascii=False).encode()


def test_titles_that_stand_again_on_each_page_are_no_rows() -> None:
    page = HEAD + "2026-11-02 09:00:00,kf01,查看,A1\n"
    _, applied = read(page + page.replace("A1", "A2"))
    assert [one.order_id for one in applied.events] == ["A1", "A2"]
    assert applied.rows == 2
